/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/page.h"

#include "jobs/view.h"
#include "lib/paths.h"
#include "lib/times.h"
#include "shell/sidebar-button.h"
#include "shell/tell.h"
#include "stack.h"

#include <glib/gi18n.h>

struct _ChJobsPage
{
  ChPage parent_instance;

  GtkStack *stack;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ChJobsPage, ch_jobs_page, CH_TYPE_PAGE)

/* a row */

typedef struct
{
  AdwActionRow *row;          /* (not owned): has this */
  GtkWidget *icon;
  GtkWidget *progress;
  GtkWidget *cancel;
} JobRow;

static char *
describe (ChItem *job)
{
  const char *state = ch_item_get_text (job, "State");
  const char *message = g_str_equal (state, "failed") ? ch_item_get_text (job, "ErrorMessage") : "";
  gint64 finished = ch_item_get_number (job, "FinishedAt");
  g_autofree char *when = ch_time_relative (finished != 0 ? finished : ch_item_get_number (job, "StartedAt"));

  return g_strdup_printf ("%s · %s", *message != '\0' ? message : ch_job_state_text (state), when);
}

static void
update_row (JobRow     *parts,
            GParamSpec *pspec,
            ChItem     *job)
{
  const char *state = ch_item_get_text (job, "State");
  gboolean is_running = g_str_equal (state, "running");
  g_autofree char *text = describe (job);
  double fraction = -1;

  g_variant_lookup (ch_item_get_row (job), "Progress", "d", &fraction);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (parts->row), ch_item_get_text (job, "Title"));
  adw_action_row_set_subtitle (parts->row, text);
  gtk_image_set_from_icon_name (GTK_IMAGE (parts->icon), ch_job_state_icon (state));
  gtk_widget_set_css_classes (parts->icon, (const char *[]) {
    g_str_equal (state, "failed") ? "error" : "dim-label", NULL });
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (parts->progress), CLAMP (fraction, 0, 1));
  gtk_widget_set_visible (parts->progress, is_running && fraction >= 0);
  gtk_widget_set_visible (parts->cancel, is_running);
}

static void
row_changed_cb (ChItem     *job,
                GParamSpec *pspec,
                GtkWidget  *row)
{
  update_row (g_object_get_data (G_OBJECT (row), "parts"), pspec, job);
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GtkWidget) row = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    ch_tell_error (row, _("The job was not cancelled"), error);
}

static void
cancel_cb (GtkWidget *button,
           ChItem    *job)
{
  ChPage *page = CH_PAGE (gtk_widget_get_ancestor (button, CH_TYPE_PAGE));
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);

  ch_service_act_async (ch_page_get_service (page), ch_item_get_path (job), CH_IFACE_JOB, "Cancel", NULL,
                        "()", NULL, cancelled_cb, g_object_ref (row));
}

static void
activated_cb (GtkWidget *row,
              ChItem    *job)
{
  ChPage *page = CH_PAGE (gtk_widget_get_ancestor (row, CH_TYPE_PAGE));

  ch_job_dialog_show (row, ch_page_get_service (page), ch_item_get_path (job));
}

static GtkWidget *
new_row (gpointer item,
         gpointer data)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "activatable", TRUE,
                                 "subtitle-lines", 3, NULL);
  JobRow *parts = g_new0 (JobRow, 1);

  parts->row = ADW_ACTION_ROW (row);
  parts->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  parts->progress = g_object_new (GTK_TYPE_PROGRESS_BAR, "valign", GTK_ALIGN_CENTER, "width-request", 80,
                                  NULL);
  parts->cancel = g_object_new (GTK_TYPE_BUTTON, "icon-name", "process-stop-symbolic", "valign",
                                GTK_ALIGN_CENTER, "tooltip-text", _("Cancel This Job"), NULL);
  gtk_widget_add_css_class (parts->cancel, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->cancel), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Cancel This Job"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Progress"), -1);
  adw_action_row_add_prefix (parts->row, parts->icon);
  adw_action_row_add_suffix (parts->row, parts->progress);
  adw_action_row_add_suffix (parts->row, parts->cancel);
  g_object_set_data_full (G_OBJECT (row), "parts", parts, g_free);

  g_signal_connect_object (item, "notify::row", G_CALLBACK (row_changed_cb), row, G_CONNECT_DEFAULT);
  g_signal_connect_object (parts->cancel, "clicked", G_CALLBACK (cancel_cb), item, G_CONNECT_DEFAULT);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), item, G_CONNECT_DEFAULT);
  update_row (parts, NULL, item);
  return row;
}

/* the page */

static void
jobs_changed_cb (ChJobsPage *self)
{
  ChItemList *jobs = ch_service_get_list (ch_page_get_service (CH_PAGE (self)), CH_IFACE_JOB);

  ch_stack_show (self->stack, g_list_model_get_n_items (G_LIST_MODEL (jobs)) > 0 ? "list" : "empty");
}

static void
ch_jobs_page_open (ChPage     *page,
                   const char *path)
{
  ch_job_dialog_show (GTK_WIDGET (page), ch_page_get_service (page), path);
}

/* class */

static void
ch_jobs_page_constructed (GObject *object)
{
  ChJobsPage *self = CH_JOBS_PAGE (object);
  ChItemList *jobs = ch_service_get_list (ch_page_get_service (CH_PAGE (self)), CH_IFACE_JOB);

  G_OBJECT_CLASS (ch_jobs_page_parent_class)->constructed (object);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (jobs), new_row, NULL, NULL);
  g_signal_connect_object (jobs, "changed", G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);
  jobs_changed_cb (self);
}

static void
ch_jobs_page_class_init (ChJobsPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);
  CH_PAGE_CLASS (class)->open = ch_jobs_page_open;
  G_OBJECT_CLASS (class)->constructed = ch_jobs_page_constructed;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/jobs/page.ui");
  gtk_widget_class_bind_template_child (widget, ChJobsPage, stack);
  gtk_widget_class_bind_template_child (widget, ChJobsPage, list);
}

static void
ch_jobs_page_init (ChJobsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
