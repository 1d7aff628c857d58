/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/runs-dialog.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static const char *
result_text (const char *result)
{
  if (g_str_equal (result, "running"))
    return C_("run", "Running");
  if (g_str_equal (result, "deployed"))
    return C_("run", "Deployed");
  if (g_str_equal (result, "failed"))
    return C_("run", "Failed");
  if (g_str_equal (result, "interrupted"))
    return C_("run", "Interrupted");
  return result;
}

static GtkWidget *
new_step (GVariant *step)
{
  gboolean ok = ch_row_flag (step, "Ok");
  g_autofree char *at = ch_time_second (ch_row_number (step, "At"));
  GtkWidget *row = ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", ch_row_string (step, "Text"),
                                    "title-lines", 0, "subtitle", at, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name",
                                  ok ? "object-select-symbolic" : "dialog-error-symbolic", "tooltip-text",
                                  ok ? C_("step", "Done") : C_("step", "Failed"), NULL);

  gtk_widget_add_css_class (icon, ok ? "dim-label" : "error");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

static GtkWidget *
new_run (GVariant *run,
         gboolean  first)
{
  g_autoptr(GVariant) steps = ch_row_list (run, "Steps", "aa{sv}");
  g_autofree char *at = ch_time_full (ch_row_number (run, "StartedAt"));
  const char *error = ch_row_string (run, "Error");
  g_autofree char *text = *error != '\0' ? g_strdup_printf ("%s · %s", at, error) : g_strdup (at);
  GtkWidget *row = ch_text_row_new (ADW_TYPE_EXPANDER_ROW, "title",
                                    result_text (ch_row_string (run, "Result")), "expanded", first, NULL);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), text);
  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr(GVariant) step = g_variant_get_child_value (steps, i);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (row), new_step (step));
    }
  return row;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(AdwPreferencesGroup) group = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);
  g_autoptr(GVariant) runs = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  g_autofree char *problem = reply == NULL ? g_markup_escape_text (error->message, -1) : NULL;

  adw_preferences_group_set_description (group, problem != NULL                    ? problem
                                                : g_variant_n_children (runs) == 0 ? _("It has not run yet.")
                                                                                   : NULL);
  for (gsize i = 0; runs != NULL && i < g_variant_n_children (runs); i++)
    {
      g_autoptr(GVariant) run = g_variant_get_child_value (runs, i);

      adw_preferences_group_add (group, new_run (run, i == 0));
    }
}

void
ch_runs_dialog_show (GtkWidget *where,
                     ChService *service,
                     ChItem    *item)
{
  g_autofree char *title = g_strdup_printf (_("Runs of “%s”"), ch_item_get_text (item, "Name"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                                    "transient-for", gtk_widget_get_root (where), "modal", TRUE,
                                    "destroy-with-parent", TRUE, "default-width", 560, "default-height", 560,
                                    "width-request", 320, "title", title, NULL);
  ChClient *client = ch_service_get_client (service);

  gtk_widget_set_vexpand (page, TRUE);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), box);
  ch_closes_on_escape (GTK_WINDOW (window));
  if (client != NULL)
    ch_client_call_async (client, ch_item_get_path (item), CH_IFACE_DEPLOYMENT, "ListRuns",
                          g_variant_new ("(u)", 20), "(aa{sv})", NULL, listed_cb, g_object_ref (group));
  gtk_window_present (GTK_WINDOW (window));
}
