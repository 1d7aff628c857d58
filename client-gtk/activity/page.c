/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "activity/page.h"

#include "form/file.h"
#include "lib/row.h"
#include "lib/times.h"
#include "model/event-model.h"
#include "shell/sidebar-button.h"
#include "shell/tell.h"
#include "stack.h"

#include <glib/gi18n.h>

struct _ChActivityPage
{
  ChPage parent_instance;

  GtkEditable *search;
  GtkDropDown *noun;
  GtkToggleButton *failed;
  GtkStack *stack;
  GtkNoSelection *selection;
  GtkWidget *reading;

  ChEventModel *events;       /* (owned) */
  const char *exporting;      /* (nullable): "csv" or "json" while the rest is read for it */
};

G_DEFINE_FINAL_TYPE (ChActivityPage, ch_activity_page, CH_TYPE_PAGE)

/* As the drop-down of the template lists them. */
static const char *const nouns[] = { "", "order", "deployment", "account", "dns", "server", "profile" };

/* rows */

static char *
event_text (gpointer unused,
            ChItem  *event)
{
  return event != NULL ? g_strdup (ch_item_get_text (event, "Text")) : NULL;
}

static char *
event_facts (gpointer unused,
             ChItem  *event)
{
  g_autofree char *at = event != NULL ? ch_time_second (ch_item_get_number (event, "At")) : NULL;
  g_autofree char *who = event != NULL ? ch_event_who (event) : NULL;
  const char *name = event != NULL ? ch_item_get_text (event, "Name") : "";
  const char *object = event != NULL ? ch_item_get_text (event, "Object") : "";

  if (event == NULL)
    return NULL;
  if (*object == '\0')
    return g_strdup_printf ("%s · %s · %s", at, who, ch_item_get_text (event, "Action"));
  return g_strdup_printf ("%s · %s · %s · %s%s%s", at, who, ch_item_get_text (event, "Action"), object,
                          *name != '\0' ? " " : "", name);
}

static char *
event_icon (gpointer unused,
            ChItem  *event)
{
  return g_strdup (event == NULL || ch_row_flag (ch_item_get_row (event), "Ok") ? "object-select-symbolic"
                                                                                : "dialog-error-symbolic");
}

static char *
event_result (gpointer unused,
              ChItem  *event)
{
  return g_strdup (event == NULL || ch_row_flag (ch_item_get_row (event), "Ok") ? C_("event", "Done")
                                                                                : C_("event", "Failed"));
}

static GStrv
event_classes (gpointer unused,
               ChItem  *event)
{
  const char *const classes[] = { event == NULL || ch_row_flag (ch_item_get_row (event), "Ok") ? "dim-label"
                                                                                               : "error",
                                  NULL };

  return g_strdupv ((char **) classes);
}

/* GTK 4.8 names a row by its type; readers of the screen want what it says. */
static void
name_row_cb (GtkLabel *label)
{
  GtkWidget *texts = gtk_widget_get_parent (GTK_WIDGET (label));
  GtkWidget *line = texts != NULL ? gtk_widget_get_parent (texts) : NULL;
  GtkWidget *row = line != NULL ? gtk_widget_get_parent (line) : NULL;

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_label_get_label (label), -1);
}

static void
activated_cb (GtkListView    *view,
              guint           position,
              ChActivityPage *self)
{
  g_autoptr(ChItem) event = g_list_model_get_item (G_LIST_MODEL (self->events), position);

  if (event != NULL && *ch_item_get_path (event) != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "s", ch_item_get_path (event));
}

/* filtering */

static void
filter_changed_cb (ChActivityPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (self->search));
  guint chosen = gtk_drop_down_get_selected (self->noun);

  if (self->events != NULL)
    ch_event_model_set_filter (self->events, g_strstrip (text), nouns[MIN (chosen, G_N_ELEMENTS (nouns) - 1)],
                               gtk_toggle_button_get_active (self->failed));
}

static void
stop_search_cb (ChActivityPage *self)
{
  gtk_editable_set_text (self->search, "");
}

/* exporting */

static void
written_cb (const char *path,
            gpointer    data)
{
  g_autofree char *text = g_strdup_printf (_("Written to %s"), path);

  ch_tell (data, text);
}

static void
not_written_cb (const GError *error,
                gpointer      data)
{
  ch_tell_error (data, _("The file was not written"), error);
}

static void
export_now (ChActivityPage *self)
{
  gboolean csv = g_str_equal (self->exporting, "csv");
  GListModel *list = G_LIST_MODEL (self->events);
  g_autoptr(GBytes) content = csv ? ch_event_export_csv (list) : ch_event_export_json (list);

  self->exporting = NULL;
  ch_file_write (GTK_WIDGET (self), _("Export the Activity"),
                 csv ? "chancery-activity.csv" : "chancery-activity.json", content, written_cb,
                 not_written_cb, self);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChActivityPage *self = CH_ACTIVITY_PAGE (widget);

  self->exporting = g_str_equal (g_variant_get_string (parameter, NULL), "csv") ? "csv" : "json";
  if (ch_event_model_is_complete (self->events))
    export_now (self);
  else
    ch_event_model_read_all (self->events);
}

/* the page */

static void
updated_cb (ChActivityPage *self)
{
  const GError *error = ch_event_model_get_error (self->events);
  gboolean complete = ch_event_model_is_complete (self->events);
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->events)) == 0;

  ch_stack_show (self->stack, empty && complete ? "none" : "list");
  gtk_widget_set_visible (self->reading, empty && !complete);
  if (self->exporting != NULL && complete)
    export_now (self);
  else if (self->exporting != NULL && error != NULL)
    {
      self->exporting = NULL;
      ch_tell_error (GTK_WIDGET (self), _("The activity could not be read to its beginning"), error);
    }
}

static void
client_changed_cb (ChActivityPage *self)
{
  ch_event_model_set_client (self->events, ch_service_get_client (ch_page_get_service (CH_PAGE (self))));
}

static void
ch_activity_page_search (ChPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (CH_ACTIVITY_PAGE (page)->search));
}

/* class */

static void
ch_activity_page_constructed (GObject *object)
{
  ChActivityPage *self = CH_ACTIVITY_PAGE (object);

  G_OBJECT_CLASS (ch_activity_page_parent_class)->constructed (object);
  self->events = ch_event_model_new ();
  g_signal_connect_object (self->events, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ch_page_get_service (CH_PAGE (self)), "notify::client",
                           G_CALLBACK (client_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->events));
  ch_stack_show (self->stack, "list");
  client_changed_cb (self);
}

static void
ch_activity_page_dispose (GObject *object)
{
  ChActivityPage *self = CH_ACTIVITY_PAGE (object);

  if (self->events != NULL)
    ch_event_model_set_client (self->events, NULL);
  g_clear_object (&self->events);
  G_OBJECT_CLASS (ch_activity_page_parent_class)->dispose (object);
}

static void
ch_activity_page_class_init (ChActivityPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (CH_TYPE_ITEM);
  CH_PAGE_CLASS (class)->search = ch_activity_page_search;
  G_OBJECT_CLASS (class)->constructed = ch_activity_page_constructed;
  G_OBJECT_CLASS (class)->dispose = ch_activity_page_dispose;
  gtk_widget_class_install_action (widget, "activity.export", "s", export_action);
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/activity/page.ui");
  gtk_widget_class_bind_template_child (widget, ChActivityPage, search);
  gtk_widget_class_bind_template_child (widget, ChActivityPage, noun);
  gtk_widget_class_bind_template_child (widget, ChActivityPage, failed);
  gtk_widget_class_bind_template_child (widget, ChActivityPage, stack);
  gtk_widget_class_bind_template_child (widget, ChActivityPage, selection);
  gtk_widget_class_bind_template_child (widget, ChActivityPage, reading);
  gtk_widget_class_bind_template_callback (widget, event_text);
  gtk_widget_class_bind_template_callback (widget, event_facts);
  gtk_widget_class_bind_template_callback (widget, event_icon);
  gtk_widget_class_bind_template_callback (widget, event_result);
  gtk_widget_class_bind_template_callback (widget, event_classes);
  gtk_widget_class_bind_template_callback (widget, name_row_cb);
  gtk_widget_class_bind_template_callback (widget, activated_cb);
  gtk_widget_class_bind_template_callback (widget, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget, stop_search_cb);
}

static void
ch_activity_page_init (ChActivityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* What can be pressed of a drop-down is a button in it, and that has no name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->noun))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("What it is about"), -1);
}
