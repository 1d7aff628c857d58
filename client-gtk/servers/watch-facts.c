/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/watch-facts.h"

#include "lib/row.h"
#include "lib/times.h"
#include "shell/copy.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

static void
add (GtkWidget  *group,
     const char *title,
     const char *text)
{
  if (*text != '\0')
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", text,
                                                "subtitle-lines", 0, NULL));
}

static void
add_time (GtkWidget  *group,
          const char *title,
          gint64      time)
{
  g_autofree char *text = time != 0 ? ch_time_full (time) : g_strdup ("");

  add (group, title, text);
}

static GtkWidget *
new_facts (ChItem *watch)
{
  GtkWidget *group = adw_preferences_group_new ();
  GVariant *row = ch_item_get_row (watch);
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = g_strjoinv (", ", names);
  const char *fingerprint = ch_row_string (row, "Fingerprint");

  add (group, _("What to know"), ch_row_string (row, "Reason"));
  add (group, _("Subject"), ch_row_string (row, "Subject"));
  add (group, _("Names"), all);
  add (group, _("Issuer"), ch_row_string (row, "Issuer"));
  add_time (group, _("Valid from"), ch_row_number (row, "NotBefore"));
  add_time (group, _("Valid until"), ch_row_number (row, "NotAfter"));
  if (*fingerprint != '\0')
    {
      add (group, _("The service’s machine trusts it"),
           ch_row_flag (row, "Trusted") ? C_("trusted", "Yes") : C_("trusted", "No"));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), ch_copy_row_new (_("SHA-256"), fingerprint));
    }
  add_time (group, _("Looked at"), ch_row_number (row, "LookedAt"));
  add_time (group, _("Is looked at next"), ch_row_number (row, "NextLook"));
  return group;
}

void
ch_watch_facts_show (GtkWidget *where,
                     ChItem    *watch)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                                    "transient-for", gtk_widget_get_root (where), "modal", TRUE,
                                    "destroy-with-parent", TRUE, "default-width", 480, "default-height", 600,
                                    "width-request", 320, "title", ch_item_get_text (watch, "Name"), NULL);

  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (new_facts (watch)));
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  ch_closes_on_escape (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}
