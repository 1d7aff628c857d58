/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/view.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

/* Where the service does not know how far a job is. */
#define PULSE_MS 120

struct _ChJobView
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *state;
  GtkProgressBar *progress;
  GtkListBox *lines;
  GtkListBox *result;
  GtkButton *cancel;

  ChService *service;         /* (owned) */
  ChItem *job;                /* (owned) (nullable): until the models have it */
  char *path;                 /* (owned) */
  guint n_lines;              /* that are shown */
  guint pulse;
};

G_DEFINE_FINAL_TYPE (ChJobView, ch_job_view, ADW_TYPE_BIN)

static const struct
{
  const char *state;
  const char *icon;
  const char *text;
} states[] = {
  { "running", "content-loading-symbolic", NC_("job", "Running") },
  { "done", "object-select-symbolic", NC_("job", "Done") },
  { "failed", "dialog-error-symbolic", NC_("job", "Failed") },
  { "cancelled", "process-stop-symbolic", NC_("job", "Cancelled") },
};

/* What results of jobs are called here, in the order in which they are shown; others come afterwards, as the
 * service names them. */
static const struct
{
  const char *key;
  const char *text;
} results[] = {
  { "found", NC_("job result", "Orders found") },
  { "new", NC_("job result", "New here") },
  { "updated", NC_("job result", "Updated") },
  { "certificates", NC_("job result", "Certificates") },
  { "skipped", NC_("job result", "Skipped") },
};

const char *
ch_job_state_text (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      return g_dpgettext2 (NULL, "job", states[i].text);

  return state;
}

const char *
ch_job_state_icon (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      return states[i].icon;

  return states[0].icon;
}

/* what is shown */

static gboolean
pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (CH_JOB_VIEW (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
show_progress (ChJobView *self,
               GVariant  *row,
               gboolean   is_running)
{
  double fraction = -1;

  g_variant_lookup (row, "Progress", "d", &fraction);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_running);
  if (fraction >= 0 || !is_running)
    {
      g_clear_handle_id (&self->pulse, g_source_remove);
      gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
    }
  else if (self->pulse == 0)
    self->pulse = g_timeout_add (PULSE_MS, pulse_cb, self);
}

static void
show_lines (ChJobView *self,
            GVariant  *row)
{
  g_auto(GStrv) lines = ch_row_strings (row, "Lines");
  guint n = g_strv_length (lines);

  for (; self->n_lines < n; self->n_lines++)
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", lines[self->n_lines], "xalign", 0.0, "wrap",
                                       TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE,
                                       "focusable", FALSE, "margin-top", 8, "margin-bottom", 8,
                                       "margin-start", 12, "margin-end", 12, NULL);

      gtk_list_box_append (self->lines,
                           g_object_new (GTK_TYPE_LIST_BOX_ROW, "child", label, "activatable", FALSE, NULL));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->lines), n > 0);
}

static gboolean
is_known (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    if (g_str_equal (results[i].key, key))
      return TRUE;

  return FALSE;
}

static void
add_result (ChJobView  *self,
            const char *title,
            const char *value)
{
  if (*value != '\0')
    gtk_list_box_append (self->result,
                         ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", value, NULL));
}

static void
show_result (ChJobView *self,
             GVariant  *row)
{
  g_autoptr(GVariant) all = ch_row_list (row, "Result", "a{ss}");
  const char *name, *value;
  GVariantIter iter;
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index (self->result, 0)) != NULL)
    gtk_list_box_remove (self->result, GTK_WIDGET (old));

  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    if (g_variant_lookup (all, results[i].key, "&s", &value))
      add_result (self, g_dpgettext2 (NULL, "job result", results[i].text), value);

  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
    if (!is_known (name))
      add_result (self, name, value);
  gtk_widget_set_visible (GTK_WIDGET (self->result), gtk_list_box_get_row_at_index (self->result, 0) != NULL);
}

static void
show_state (ChJobView *self)
{
  const char *state = ch_item_get_text (self->job, "State");
  const char *message = ch_item_get_text (self->job, "ErrorMessage");

  gtk_image_set_from_icon_name (self->icon, ch_job_state_icon (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]) {
    g_str_equal (state, "failed") ? "error" : g_str_equal (state, "done") ? "success" : "dim-label", NULL });
  gtk_label_set_label (self->title, ch_item_get_text (self->job, "Title"));
  gtk_label_set_label (self->state, g_str_equal (state, "failed") && *message != '\0'
                                        ? message
                                        : ch_job_state_text (state));
}

static void
update (ChJobView *self)
{
  GVariant *row = ch_item_get_row (self->job);
  gboolean is_running = g_str_equal (ch_item_get_text (self->job, "State"), "running");

  show_state (self);
  show_progress (self, row, is_running);
  show_lines (self, row);
  show_result (self, row);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), is_running);
}

static void
look_for_job_cb (ChJobView *self)
{
  ChItem *job = ch_service_find (self->service, self->path);

  if (job == NULL || job == self->job)
    return;

  /* A service that was restarted has new jobs at old paths. */
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  g_signal_connect_object (job, "notify::row", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* cancelling */

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(ChJobView) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel), TRUE);
  if (reply == NULL)
    gtk_label_set_label (self->state, error->message);
}

static void
cancel_cb (ChJobView *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel), FALSE);
  ch_service_act_async (self->service, self->path, CH_IFACE_JOB, "Cancel", NULL, "()", NULL, cancelled_cb,
                        g_object_ref (self));
}

/* public */

ChJobView *
ch_job_view_new (ChService  *service,
                 const char *path)
{
  ChJobView *self = g_object_new (CH_TYPE_JOB_VIEW, NULL);

  self->service = g_object_ref (service);
  self->path = g_strdup (path);
  g_signal_connect_object (ch_service_get_list (service, CH_IFACE_JOB), "changed",
                           G_CALLBACK (look_for_job_cb), self, G_CONNECT_SWAPPED);
  look_for_job_cb (self);
  return self;
}

void
ch_job_dialog_show (GtkWidget  *where,
                    ChService  *service,
                    const char *path)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *view = GTK_WIDGET (ch_job_view_new (service, path));
  GtkRoot *parent = gtk_widget_get_root (where);
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                                    "transient-for", parent, "modal", TRUE, "default-width", 480,
                                    "default-height", 420, "width-request", 320, "title",
                                    C_("window title", "Job"), "destroy-with-parent", TRUE, NULL);

  gtk_widget_set_vexpand (view, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), view);
  adw_window_set_content (ADW_WINDOW (window), box);
  ch_closes_on_escape (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}

/* class */

static void
ch_job_view_dispose (GObject *object)
{
  ChJobView *self = CH_JOB_VIEW (object);

  g_clear_handle_id (&self->pulse, g_source_remove);
  g_clear_object (&self->service);
  g_clear_object (&self->job);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (ch_job_view_parent_class)->dispose (object);
}

static void
ch_job_view_class_init (ChJobViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_job_view_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/jobs/view.ui");
  gtk_widget_class_bind_template_child (widget, ChJobView, icon);
  gtk_widget_class_bind_template_child (widget, ChJobView, title);
  gtk_widget_class_bind_template_child (widget, ChJobView, state);
  gtk_widget_class_bind_template_child (widget, ChJobView, progress);
  gtk_widget_class_bind_template_child (widget, ChJobView, lines);
  gtk_widget_class_bind_template_child (widget, ChJobView, result);
  gtk_widget_class_bind_template_child (widget, ChJobView, cancel);
  gtk_widget_class_bind_template_callback (widget, cancel_cb);
}

static void
ch_job_view_init (ChJobView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
