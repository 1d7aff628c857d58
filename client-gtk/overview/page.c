/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/page.h"

#include "lib/paths.h"
#include "overview/attention.h"
#include "overview/comings.h"
#include "overview/counts.h"
#include "shell/sidebar-button.h"

struct _ChOverviewPage
{
  ChPage parent_instance;

  GtkWidget *content;         /* hidden until it is known how everything stands */
  GtkListBox *attention;
  GtkListBox *calm;
  ChComings *comings;
  GtkListBox *doings;
  GtkListBox *health;
};

G_DEFINE_FINAL_TYPE (ChOverviewPage, ch_overview_page, CH_TYPE_PAGE)

static GtkWidget *
new_attention_row (gpointer item,
                   gpointer data)
{
  return ch_attention_row_new (ch_page_get_service (data), item);
}

/* The same row stays, and with it who has the focus. */
static void
set_calm_row (ChOverviewPage *self,
              GVariant       *status)
{
  g_autoptr(GtkWidget) row = g_object_ref_sink (ch_attention_row_new_calm (status));
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self->calm));

  if (old != NULL && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (old)),
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row))))
    return;

  if (old != NULL)
    gtk_list_box_remove (self->calm, old);
  gtk_list_box_append (self->calm, row);
}

/* Either what needs a person, or the one row that says that nothing does. */
static void
show_calm (ChOverviewPage *self,
           GVariant       *status)
{
  GListModel *attention = ch_service_get_attention (ch_page_get_service (CH_PAGE (self)));
  gboolean is_calm = g_list_model_get_n_items (attention) == 0;

  if (is_calm)
    set_calm_row (self, status);
  gtk_widget_set_visible (GTK_WIDGET (self->calm), is_calm);
  gtk_widget_set_visible (GTK_WIDGET (self->attention), !is_calm);
}

static void
status_changed_cb (ChOverviewPage *self)
{
  ChService *service = ch_page_get_service (CH_PAGE (self));
  GVariant *status = ch_service_get_status (service);

  gtk_widget_set_visible (self->content, status != NULL);
  if (status == NULL)
    return;

  show_calm (self, status);
  ch_counts_fill_doings (self->doings, status, ch_service_get_list (service, CH_IFACE_JOB));
  ch_counts_fill_health (self->health, status);
}

static void
ch_overview_page_constructed (GObject *object)
{
  ChOverviewPage *self = CH_OVERVIEW_PAGE (object);
  ChService *service = ch_page_get_service (CH_PAGE (self));

  G_OBJECT_CLASS (ch_overview_page_parent_class)->constructed (object);
  gtk_list_box_bind_model (self->attention, ch_service_get_attention (service), new_attention_row, self,
                           NULL);
  ch_comings_set_service (self->comings, service);
  g_signal_connect_object (service, "notify::status", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ch_service_get_list (service, CH_IFACE_JOB), "changed",
                           G_CALLBACK (status_changed_cb), self, G_CONNECT_SWAPPED);
  status_changed_cb (self);
}

static void
ch_overview_page_class_init (ChOverviewPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_COMINGS);
  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);
  G_OBJECT_CLASS (class)->constructed = ch_overview_page_constructed;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/overview/page.ui");
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, content);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, attention);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, calm);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, comings);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, doings);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, health);
}

static void
ch_overview_page_init (ChOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
