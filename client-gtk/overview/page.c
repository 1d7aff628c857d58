/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/page.h"

#include "shell/sidebar-button.h"
#include "stack.h"

struct _ChOverviewPage
{
  ChPage parent_instance;

  GtkStack *stack;
  GtkListBox *attention;
};

G_DEFINE_FINAL_TYPE (ChOverviewPage, ch_overview_page, CH_TYPE_PAGE)

static GtkWidget *
new_row (gpointer item,
         gpointer data)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", ch_item_get_text (item, "Name"),
                                 "subtitle", ch_item_get_text (item, "Text"), "activatable", TRUE,
                                 "action-name", "win.open", NULL);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", ch_item_get_path (item));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
attention_changed_cb (ChOverviewPage *self)
{
  GListModel *attention = ch_service_get_attention (ch_page_get_service (CH_PAGE (self)));

  ch_stack_show (self->stack, g_list_model_get_n_items (attention) > 0 ? "attention" : "good");
}

static void
ch_overview_page_constructed (GObject *object)
{
  ChOverviewPage *self = CH_OVERVIEW_PAGE (object);
  GListModel *attention = ch_service_get_attention (ch_page_get_service (CH_PAGE (self)));

  G_OBJECT_CLASS (ch_overview_page_parent_class)->constructed (object);
  gtk_list_box_bind_model (self->attention, attention, new_row, NULL, NULL);
  g_signal_connect_object (attention, "items-changed", G_CALLBACK (attention_changed_cb), self, G_CONNECT_SWAPPED);
  attention_changed_cb (self);
}

static void
ch_overview_page_class_init (ChOverviewPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);
  G_OBJECT_CLASS (class)->constructed = ch_overview_page_constructed;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/overview/page.ui");
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget, ChOverviewPage, attention);
}

static void
ch_overview_page_init (ChOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
