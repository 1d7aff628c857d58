/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/runs-dialog.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "servers/deployment-acts.h"
#include "servers/pause-dialog.h"
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

/* the dialog */

struct _ChRunsDialog
{
  AdwWindow parent_instance;

  GtkWidget *run;
  GtkWidget *roll_back;
  GtkWidget *pause;
  GtkWidget *resume;
  AdwPreferencesGroup *group;
  GPtrArray *rows;            /* (owned) (element-type GtkWidget) (not owned): of @group */

  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) */
  GVariant *runs;             /* (owned) (nullable): that are shown */
};

#define CH_TYPE_RUNS_DIALOG (ch_runs_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChRunsDialog, ch_runs_dialog, CH, RUNS_DIALOG, AdwWindow)
G_DEFINE_FINAL_TYPE (ChRunsDialog, ch_runs_dialog, ADW_TYPE_WINDOW)

static void
show_runs (ChRunsDialog *self,
           GVariant     *runs)
{
  /* What somebody has folded out stays so while nothing changes. */
  if (self->runs != NULL && g_variant_equal (self->runs, runs))
    return;

  g_clear_pointer (&self->runs, g_variant_unref);
  self->runs = g_variant_ref (runs);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);

  for (gsize i = 0; i < g_variant_n_children (runs); i++)
    {
      g_autoptr(GVariant) run = g_variant_get_child_value (runs, i);
      GtkWidget *row = new_run (run, i == 0);

      adw_preferences_group_add (self->group, row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChRunsDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);
  g_autoptr(GVariant) runs = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autofree char *problem = reply == NULL ? g_markup_escape_text (error->message, -1) : NULL;

  /* Closed meanwhile. */
  if (self->item == NULL)
    return;

  if (runs != NULL && g_variant_n_children (runs) == 0)
    problem = g_strdup (_("It has not run yet."));
  adw_preferences_group_set_description (self->group, problem);
  if (runs != NULL)
    show_runs (self, runs);
}

static void
update (ChRunsDialog *self)
{
  ChClient *client = ch_service_get_client (self->service);
  gboolean is_paused = ch_deployment_is_paused (self->item);
  g_autofree char *pause = is_paused ? ch_deployment_describe_pause (self->item) : g_strdup ("");
  g_autofree char *title = g_markup_escape_text (pause, -1);

  gtk_widget_set_visible (self->pause, !is_paused);
  gtk_widget_set_visible (self->resume, is_paused);
  adw_preferences_group_set_title (self->group, title);
  if (client != NULL)
    ch_client_call_async (client, ch_item_get_path (self->item), CH_IFACE_DEPLOYMENT, "ListRuns",
                          g_variant_new ("(u)", 20), "(aa{sv})", NULL, listed_cb, g_object_ref (self));
}

static void
clicked_cb (GtkWidget    *button,
            ChRunsDialog *self)
{
  GtkWidget *where = GTK_WIDGET (self->group);

  if (button == self->run)
    ch_deployment_run (where, self->service, self->item);
  else if (button == self->roll_back)
    ch_deployment_roll_back (where, self->service, self->item);
  else if (button == self->pause)
    ch_pause_dialog_show (where, self->service, self->item);
  else
    ch_deployment_resume (where, self->service, self->item);
}

static GtkWidget *
add_button (ChRunsDialog *self,
            GtkWidget    *box,
            const char   *label)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_DEFAULT);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

void
ch_runs_dialog_show (GtkWidget *where,
                     ChService *service,
                     ChItem    *item)
{
  g_autofree char *title = g_strdup_printf (_("Runs of “%s”"), ch_item_get_text (item, "Name"));
  ChRunsDialog *self = g_object_new (CH_TYPE_RUNS_DIALOG, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                                     "transient-for", gtk_widget_get_root (where), "modal", TRUE,
                                     "destroy-with-parent", TRUE, "default-width", 560, "default-height", 560,
                                     "width-request", 320, "title", title, NULL);

  self->service = g_object_ref (service);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::row", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_runs_dialog_dispose (GObject *object)
{
  ChRunsDialog *self = CH_RUNS_DIALOG (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->service);
  g_clear_object (&self->item);
  g_clear_pointer (&self->runs, g_variant_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_runs_dialog_parent_class)->dispose (object);
}

static void
ch_runs_dialog_class_init (ChRunsDialogClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_runs_dialog_dispose;
}

static void
ch_runs_dialog_init (ChRunsDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = g_object_new (GTK_TYPE_BOX, "spacing", 6, "homogeneous", TRUE, NULL);

  self->rows = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->run = add_button (self, buttons, _("_Run Now"));
  self->pause = add_button (self, buttons, _("_Pause…"));
  self->resume = add_button (self, buttons, _("R_esume"));
  self->roll_back = add_button (self, buttons, _("Roll _Back…"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), buttons);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), self->group);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (self), g_object_new (ADW_TYPE_TOAST_OVERLAY, "child", box, NULL));
  ch_closes_on_escape (GTK_WINDOW (self));
}
