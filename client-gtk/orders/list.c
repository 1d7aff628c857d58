/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/list.h"

#include "model/order-row.h"
#include "orders/format.h"
#include "orders/sorting.h"

struct _ChOrderList
{
  AdwBin parent_instance;

  GtkColumnView *view;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *state_column;
  GtkColumnViewColumn *product_column;
  GtkColumnViewColumn *end_column;
  GtkColumnViewColumn *term_column;
  GtkColumnViewColumn *served_column;
  GtkColumnViewColumn *account_column;

  GtkSelectionModel *model;   /* (owned) (nullable) */
  int room;
};

enum
{
  PROP_MODEL = 1,
  PROP_ROOM,
  N_PROPS
};

enum
{
  SORTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChOrderList, ch_order_list, ADW_TYPE_BIN)

char *
ch_order_list_get_sort (ChOrderList *self)
{
  return ch_sorting_read (self->view);
}

static void
sorter_changed_cb (ChOrderList *self)
{
  g_signal_emit (self, signals[SORTED], 0);
}

/* As the letters are large or small. */
static gboolean
has_room (ChOrderList *self,
          int          room,
          int          letters)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int letter = pango_font_metrics_get_approximate_char_width (metrics);

  pango_font_metrics_unref (metrics);
  return (gint64) room * PANGO_SCALE >= (gint64) letters * letter;
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

/* Told when it is asked for: setting the text of a tooltip asks the X server where the mouse is, each time. */
static gboolean
tell_name_cb (GtkLabel   *label,
              int         x,
              int         y,
              gboolean    by_keyboard,
              GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;

  gtk_tooltip_set_text (tooltip, gtk_label_get_label (label));
  return TRUE;
}

/* class */

static void
ch_order_list_get_property (GObject    *object,
                            guint       property,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ChOrderList *self = CH_ORDER_LIST (object);

  if (property == PROP_MODEL)
    g_value_set_object (value, self->model);
  else if (property == PROP_ROOM)
    g_value_set_int (value, self->room);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_order_list_set_property (GObject      *object,
                            guint         property,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ChOrderList *self = CH_ORDER_LIST (object);

  if (property == PROP_MODEL)
    g_set_object (&self->model, g_value_get_object (value));
  else if (property == PROP_ROOM)
    self->room = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_order_list_dispose (GObject *object)
{
  g_clear_object (&CH_ORDER_LIST (object)->model);
  G_OBJECT_CLASS (ch_order_list_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_child (widget, ChOrderList, view);
  gtk_widget_class_bind_template_child (widget, ChOrderList, name_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, state_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, product_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, end_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, term_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, served_column);
  gtk_widget_class_bind_template_child (widget, ChOrderList, account_column);
}

static void
ch_order_list_class_init (ChOrderListClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  g_type_ensure (CH_TYPE_ORDER_ROW);

  G_OBJECT_CLASS (class)->get_property = ch_order_list_get_property;
  G_OBJECT_CLASS (class)->set_property = ch_order_list_set_property;
  G_OBJECT_CLASS (class)->dispose = ch_order_list_dispose;
  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, GTK_TYPE_SELECTION_MODEL, flags);
  properties[PROP_ROOM] = g_param_spec_int ("room", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
  signals[SORTED] = g_signal_new ("sorted", CH_TYPE_ORDER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/list.ui");
  bind_children (widget);
  gtk_widget_class_bind_template_callback (widget, has_room);
  gtk_widget_class_bind_template_callback (widget, name_row_cb);
  gtk_widget_class_bind_template_callback (widget, tell_name_cb);
  ch_format_bind (widget);
}

static void
ch_order_list_init (ChOrderList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_sorting_add (self->name_column, "name");
  ch_sorting_add (self->state_column, "state");
  ch_sorting_add (self->product_column, "product");
  ch_sorting_add (self->end_column, "not-after");
  ch_sorting_add (self->term_column, "term-end");
  ch_sorting_add (self->served_column, "served");
  ch_sorting_add (self->account_column, "account");
  gtk_column_view_sort_by_column (self->view, self->name_column, GTK_SORT_ASCENDING);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (sorter_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
