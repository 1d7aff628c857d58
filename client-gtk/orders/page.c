/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/page.h"

#include "lib/paths.h"
#include "new-order/dialog.h"
#include "orders/bulk.h"
#include "orders/choice.h"
#include "orders/detail.h"
#include "orders/filter-bar.h"
#include "orders/import-dialog.h"
#include "orders/list.h"
#include "shell/sidebar-button.h"
#include "stack.h"

#include <string.h>

struct _ChOrdersPage
{
  ChPage parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_pane;
  GtkEditable *search_entry;
  ChOrderFilterBar *filter_bar;
  GtkStack *stack;
  ChOrderList *list;
  GtkSelectionModel *selection;
  GtkStack *pane;
  ChOrderDetail *detail;
  ChOrderBulk *bulk;

  ChOrderModel *model;        /* (owned) (nullable) */
  guint64 wanted;             /* to be selected once it is in the list; 0: none */
  GArray *chosen;             /* (owned) (nullable): ids, while the list is replaced */
  int room;                   /* pixels from side to side */
};

enum
{
  PROP_ROOM = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChOrdersPage, ch_orders_page, CH_TYPE_PAGE)

/* panes */

/* What list and order ask for at least, side by side, and what an order takes. */
#define ROOM_FOR_TWO (320 + 340)
#define ORDER_ROOM 400

/* In a narrow window: what is chosen if anything is, else the list. In a wide one it stands beside the list, and
 * the focus stays where it is. The leaflet folds only if there are two that have no room. */
static void
show_right_pane (ChOrdersPage *self)
{
  g_autoptr(GtkBitset) chosen = gtk_selection_model_get_selection (self->selection);
  guint64 n = gtk_bitset_get_size (chosen);
  g_autoptr(ChOrderRow) row =
    n == 1 ? g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_nth (chosen, 0)) : NULL;

  ch_order_detail_set_order (self->detail, row);
  gtk_stack_set_visible_child (self->pane, n > 1 ? GTK_WIDGET (self->bulk) : GTK_WIDGET (self->detail));
  gtk_widget_set_visible (GTK_WIDGET (self->pane), n > 0 || self->room < ROOM_FOR_TWO);
  if (!adw_leaflet_get_folded (self->leaflet))
    return;

  adw_leaflet_set_visible_child (self->leaflet, n > 0 ? GTK_WIDGET (self->pane) : self->list_pane);
  if (n > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->pane));
}

static void
chosen_cb (ChOrdersPage *self)
{
  if (self->model != NULL && self->chosen == NULL)
    show_right_pane (self);
}

static void
resized_cb (ChOrdersPage *self,
            int           width)
{
  self->room = width;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOM]);
  chosen_cb (self);
}

/* Who went back to the list may want the same order again. */
static void
pane_changed_cb (ChOrdersPage *self)
{
  if (adw_leaflet_get_folded (self->leaflet)
      && adw_leaflet_get_visible_child (self->leaflet) == self->list_pane)
    gtk_selection_model_unselect_all (self->selection);
}

static gboolean
is_alone (gpointer self,
          gboolean folded,
          gboolean has_neighbour)
{
  return folded || !has_neighbour;
}

static int
list_room (gpointer self,
           int      room,
           gboolean folded,
           gboolean has_neighbour)
{
  return folded || !has_neighbour ? room : MAX (room - ORDER_ROOM, 0);
}

static gboolean
ch_orders_page_back (ChPage *page)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (page);

  if (adw_leaflet_get_folded (self->leaflet))
    return adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->pane)))
    return FALSE;

  gtk_selection_model_unselect_all (self->selection);
  return TRUE;
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
filter_changed_cb (ChOrdersPage *self)
{
  if (self->model != NULL)
    ch_order_model_set_filter (self->model, ch_order_filter_bar_get (self->filter_bar));
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
sorted_cb (ChOrdersPage *self)
{
  g_autofree char *sort = ch_order_list_get_sort (self->list);

  if (self->model != NULL)
    ch_order_model_set_sort (self->model, sort);
}

/* the list */

static void
replacing_cb (ChOrdersPage *self)
{
  self->chosen = ch_choice_get (self->selection, self->model);
  gtk_selection_model_unselect_all (self->selection);
}

static void
restore_choice (ChOrdersPage *self)
{
  g_autoptr(GArray) chosen = g_steal_pointer (&self->chosen);

  if (chosen == NULL)
    return;
  if (chosen->len > 0)
    ch_choice_set (self->selection, self->model, chosen);
  show_right_pane (self);
}

static void
select_wanted (ChOrdersPage *self)
{
  guint position;

  if (self->wanted == 0 || !ch_order_model_find (self->model, self->wanted, &position))
    return;

  self->wanted = 0;
  gtk_selection_model_select_item (self->selection, position, TRUE);
}

/* An order that search and filter do not find is looked for in all. */
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
  if (self->wanted == 0)
    return;

  gtk_editable_set_text (self->search_entry, "");
  ch_order_filter_bar_reset (self->filter_bar);
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
  gtk_widget_set_visible (GTK_WIDGET (self->filter_bar), !empty || filtered);
  restore_choice (self);
  select_wanted (self);
}

/* class */

static void
ch_orders_page_get_property (GObject    *object,
                             guint       property,
                             GValue     *value,
                             GParamSpec *pspec)
{
  if (property == PROP_ROOM)
    g_value_set_int (value, CH_ORDERS_PAGE (object)->room);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_orders_page_dispose (GObject *object)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->chosen, g_array_unref);
  G_OBJECT_CLASS (ch_orders_page_parent_class)->dispose (object);
}

static void
follow_choice (ChOrdersPage *self)
{
  g_autoptr(GtkSelectionFilterModel) orders = gtk_selection_filter_model_new (self->selection);

  ch_order_bulk_set_orders (self->bulk, G_LIST_MODEL (orders));
}

static void
ch_orders_page_constructed (GObject *object)
{
  ChOrdersPage *self = CH_ORDERS_PAGE (object);
  ChService *service = ch_page_get_service (CH_PAGE (self));

  G_OBJECT_CLASS (ch_orders_page_parent_class)->constructed (object);
  self->model = g_object_ref (ch_service_get_orders (service));
  g_signal_connect_object (self->model, "replacing", G_CALLBACK (replacing_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  ch_order_detail_set_service (self->detail, service);
  ch_order_bulk_set_service (self->bulk, service);
  follow_choice (self);
  ch_order_filter_bar_set_service (self->filter_bar, service);
  sorted_cb (self);
  filter_changed_cb (self);
  gtk_multi_selection_set_model (GTK_MULTI_SELECTION (self->selection), G_LIST_MODEL (self->model));
  show_right_pane (self);
  updated_cb (self);
}

static void
bind_children (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, leaflet);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, list_pane);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, search_entry);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, filter_bar);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, stack);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, list);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, selection);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, pane);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, detail);
  gtk_widget_class_bind_template_child (widget, ChOrdersPage, bulk);
}

static void
ch_orders_page_class_init (ChOrdersPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_ORDER_BULK);
  g_type_ensure (CH_TYPE_ORDER_DETAIL);
  g_type_ensure (CH_TYPE_ORDER_FILTER_BAR);
  g_type_ensure (CH_TYPE_ORDER_LIST);
  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);

  CH_PAGE_CLASS (class)->search = ch_orders_page_search;
  CH_PAGE_CLASS (class)->add = ch_orders_page_add;
  CH_PAGE_CLASS (class)->back = ch_orders_page_back;
  CH_PAGE_CLASS (class)->open = ch_orders_page_open;
  G_OBJECT_CLASS (class)->constructed = ch_orders_page_constructed;
  G_OBJECT_CLASS (class)->dispose = ch_orders_page_dispose;
  G_OBJECT_CLASS (class)->get_property = ch_orders_page_get_property;
  properties[PROP_ROOM] = g_param_spec_int ("room", NULL, NULL, 0, G_MAXINT, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/page.ui");
  bind_children (widget);
  gtk_widget_class_install_action (widget, "orders.import", NULL, import_action);
  gtk_widget_class_bind_template_callback (widget, chosen_cb);
  gtk_widget_class_bind_template_callback (widget, pane_changed_cb);
  gtk_widget_class_bind_template_callback (widget, is_alone);
  gtk_widget_class_bind_template_callback (widget, list_room);
  gtk_widget_class_bind_template_callback (widget, resized_cb);
  gtk_widget_class_bind_template_callback (widget, sorted_cb);
  gtk_widget_class_bind_template_callback (widget, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget, search_done_cb);
  gtk_widget_class_bind_template_callback (widget, stop_search_cb);
}

static void
ch_orders_page_init (ChOrdersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_stack_show (self->stack, "list");
}
