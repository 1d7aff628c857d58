/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "orders/detail.h"
#include "orders/format.h"
#include "orders/sorting.h"
#include "stack.h"

struct _ChOrdersPage
{
  AdwBin parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_pane;
  GtkMenuButton *menu_button;
  GtkEditable *search_entry;
  GtkStack *stack;
  GtkColumnView *view;
  GtkSingleSelection *selection;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *state_column;
  GtkColumnViewColumn *end_column;
  GtkColumnViewColumn *account_column;
  ChOrderDetail *detail;

  ChOrderModel *model;        /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ChOrdersPage, ch_orders_page, ADW_TYPE_BIN)

/* panes */

/* In a narrow window: the order if there is one, else the list. In a wide one both are seen, and the
 * focus stays where it is. */
static void
show_right_pane_cb (ChOrdersPage *self)
{
  ChOrderRow *row = gtk_single_selection_get_selected_item (self->selection);

  ch_order_detail_set_order (self->detail, row);
  if (!adw_leaflet_get_folded (self->leaflet))
    return;

  adw_leaflet_set_visible_child (self->leaflet, row != NULL ? GTK_WIDGET (self->detail) : self->list_pane);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->detail));
}

/* Who went back to the list may want the same order again. */
static void
pane_changed_cb (ChOrdersPage *self)
{
  if (adw_leaflet_get_folded (self->leaflet)
      && adw_leaflet_get_visible_child (self->leaflet) == self->list_pane)
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

static gboolean
is_alone (gpointer self,
          gboolean folded,
          gboolean has_neighbour)
{
  return folded || !has_neighbour;
}

void
ch_orders_page_go_back (ChOrdersPage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* searching and sorting */

void
ch_orders_page_start_search (ChOrdersPage *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_pane);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
search_changed_cb (ChOrdersPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (self->search_entry));

  if (self->model != NULL)
    ch_order_model_set_search (self->model, g_strstrip (text));
}

static void
search_done_cb (ChOrdersPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
stop_search_cb (ChOrdersPage *self)
{
  gtk_editable_set_text (self->search_entry, "");
  search_done_cb (self);
}

static void
sorting_changed_cb (ChOrdersPage *self)
{
  g_autofree char *sort = ch_sorting_read (self->view);

  if (self->model != NULL)
    ch_order_model_set_sort (self->model, sort);
}

/* the list */

static void
updated_cb (ChOrdersPage *self)
{
  gboolean filtered = ch_order_model_is_filtered (self->model);
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0;

  if (ch_order_model_get_state (self->model) != CH_ORDER_MODEL_READY)
    return;

  ch_stack_show (self->stack, !empty ? "list" : filtered ? "no-match" : "none");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), !empty || filtered);
}

/* GTK 4.8 names a row by its type; readers of the screen want the order's name. */
static void
name_row_cb (GtkWidget *label)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_label_get_label (GTK_LABEL (label)), -1);
}

/* public */

void
ch_orders_page_set_model (ChOrdersPage *self,
                          ChOrderModel *model)
{
  self->model = g_object_ref (model);
  g_signal_connect_object (model, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  sorting_changed_cb (self);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (model));
}

void
ch_orders_page_set_client (ChOrdersPage *self,
                           ChClient     *client)
{
  ch_order_detail_set_client (self->detail, client);
}

void
ch_orders_page_set_menu (ChOrdersPage *self,
                         GMenuModel   *menu)
{
  gtk_menu_button_set_menu_model (self->menu_button, menu);
}

/* class */

static void
ch_orders_page_dispose (GObject *object)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (object);

  g_clear_object (&self->model);
  G_OBJECT_CLASS (ch_orders_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, leaflet);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, list_pane);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, menu_button);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, search_entry);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, stack);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, view);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, selection);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, name_column);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, state_column);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, end_column);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, account_column);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, detail);
}

static void
ch_orders_page_class_init (ChOrdersPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_ORDER_DETAIL);
  g_type_ensure (CH_TYPE_ORDER_ROW);

  G_OBJECT_CLASS (class)->dispose = ch_orders_page_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/page.ui");
  bind_children (widget);
  gtk_widget_class_bind_template_callback (widget, show_right_pane_cb);
  gtk_widget_class_bind_template_callback (widget, pane_changed_cb);
  gtk_widget_class_bind_template_callback (widget, is_alone);
  gtk_widget_class_bind_template_callback (widget, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget, search_done_cb);
  gtk_widget_class_bind_template_callback (widget, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget, name_row_cb);
  ch_format_bind (widget);
}

static void
ch_orders_page_init (ChOrdersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_stack_show (self->stack, "list");

  ch_sorting_add (self->name_column, "name");
  ch_sorting_add (self->state_column, "state");
  ch_sorting_add (self->end_column, "not-after");
  ch_sorting_add (self->account_column, "account");
  gtk_column_view_sort_by_column (self->view, self->name_column, GTK_SORT_ASCENDING);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (sorting_changed_cb), self, G_CONNECT_SWAPPED);
}
