/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/watch-facts.h"

#include "lib/row.h"
#include "lib/times.h"
#include "model/words.h"
#include "shell/copy.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

static void
add (GtkListBox *list,
     const char *title,
     const char *text)
{
  if (*text != '\0')
    gtk_list_box_append (list, ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", text,
                                                "subtitle-lines", 0, NULL));
}

static void
add_time (GtkListBox *list,
          const char *title,
          gint64      time)
{
  g_autofree char *text = time != 0 ? ch_time_full (time) : g_strdup ("");

  add (list, title, text);
}

static GtkWidget *
new_facts (ChItem *watch)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkListBox *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  GVariant *row = ch_item_get_row (watch);
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = g_strjoinv (", ", names);
  g_autofree char *reason = ch_words_without_commands (ch_row_string (row, "Reason"));
  const char *fingerprint = ch_row_string (row, "Fingerprint");

  add (list, _("What to know"), reason);
  add (list, _("Subject"), ch_row_string (row, "Subject"));
  add (list, _("Names"), all);
  add (list, _("Issuer"), ch_row_string (row, "Issuer"));
  add_time (list, _("Valid from"), ch_row_number (row, "NotBefore"));
  add_time (list, _("Valid until"), ch_row_number (row, "NotAfter"));
  if (*fingerprint != '\0')
    {
      add (list, _("The service’s machine trusts it"),
           ch_row_flag (row, "Trusted") ? C_("trusted", "Yes") : C_("trusted", "No"));
      gtk_list_box_append (list, ch_copy_row_new (_("SHA-256"), fingerprint));
    }
  add_time (list, _("Looked at"), ch_row_number (row, "LookedAt"));
  add_time (list, _("Is looked at next"), ch_row_number (row, "NextLook"));
  gtk_widget_add_css_class (GTK_WIDGET (list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What was seen"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (list));
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
