/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/page.h"

#include "lib/paths.h"
#include "new-order/dialog.h"
#include "orders/detail.h"
#include "orders/format.h"
#include "orders/import-dialog.h"
#include "orders/sorting.h"
#include "shell/sidebar-button.h"
#include "stack.h"

#include <string.h>

struct _ChOrdersPage
{
  ChPage parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_pane;
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
  guint64 wanted;             /* to be selected once it is in the list; 0: none */
};

G_DEFINE_FINAL_TYPE (ChOrdersPage, ch_orders_page, CH_TYPE_PAGE)

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

static gboolean
ch_orders_page_back (ChPage *page)
{
  return adw_leaflet_navigate (CH_ORDERS_PAGE (page)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* searching and sorting */

static void
ch_orders_page_search (ChPage *page)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (page);

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
select_wanted (ChOrdersPage *self)
{
  guint position;

  if (self->wanted == 0 || !ch_order_model_find (self->model, self->wanted, &position))
    return;

  self->wanted = 0;
  gtk_single_selection_set_selected (self->selection, position);
}

/* An order that the search does not find is looked for in all. */
static void
ch_orders_page_open (ChPage     *page,
                     const char *path)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (page);
  const char *last = strrchr (path, '/');
  gint64 id;

  if (last == NULL || !ch_path_parse_id (last + 1, &id))
    return;

  self->wanted = (guint64) id;
  select_wanted (self);
  if (self->wanted != 0)
    gtk_editable_set_text (self->search_entry, "");
}

static void
ch_orders_page_add (ChPage *page)
{
  ch_order_dialog_show (GTK_WIDGET (page), ch_page_get_service (page), CH_ORDER_NEW, NULL);
}

static void
import_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ch_import_dialog_show (widget, ch_page_get_service (CH_PAGE (widget)));
}

static void
updated_cb (ChOrdersPage *self)
{
  gboolean filtered = ch_order_model_is_filtered (self->model);
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0;

  if (ch_order_model_get_state (self->model) != CH_ORDER_MODEL_READY)
    return;

  ch_stack_show (self->stack, !empty ? "list" : filtered ? "no-match" : "none");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), !empty || filtered);
  select_wanted (self);
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

/* class */

static void
ch_orders_page_dispose (GObject *object)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (object);

  g_clear_object (&self->model);
  G_OBJECT_CLASS (ch_orders_page_parent_class)->dispose (object);
}

static void
ch_orders_page_constructed (GObject *object)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (object);
  ChService *service = ch_page_get_service (CH_PAGE (self));

  G_OBJECT_CLASS (ch_orders_page_parent_class)->constructed (object);
  self->model = g_object_ref (ch_service_get_orders (service));
  g_signal_connect_object (self->model, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  ch_order_detail_set_service (self->detail, service);
  sorting_changed_cb (self);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  updated_cb (self);
}

static void
bind_children (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, leaflet);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, list_pane);
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
  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);

  CH_PAGE_CLASS (class)->search = ch_orders_page_search;
  CH_PAGE_CLASS (class)->add = ch_orders_page_add;
  CH_PAGE_CLASS (class)->back = ch_orders_page_back;
  CH_PAGE_CLASS (class)->open = ch_orders_page_open;
  G_OBJECT_CLASS (class)->constructed = ch_orders_page_constructed;
  G_OBJECT_CLASS (class)->dispose = ch_orders_page_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/page.ui");
  bind_children (widget);
  gtk_widget_class_install_action (widget, "orders.import", NULL, import_action);
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
