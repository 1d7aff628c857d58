/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "orders/actions.h"
#include "orders/boxes.h"
#include "orders/format.h"
#include "stack.h"

struct _ChOrderDetail
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkWidget *menu;
  GtkBox *boxes;
  GtkWidget *advice_group;
  GtkLabel *advice;
  GtkLabel *message;
  GtkWidget *buttons;
  GtkWidget *verify_button;
  GtkWidget *retry_button;
  GtkWidget *replace_button;

  ChOrderRow *order;          /* (owned) (nullable): as the list has it */
  ChOrder *live;              /* (owned) (nullable): all of it */
  gboolean folded;
};

enum
{
  PROP_ORDER = 1,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChOrderDetail, ch_order_detail, ADW_TYPE_BIN)

/* What is looked for first stands first. */
static GtkWidget *(*const boxes[]) (ChOrder *) = {
  ch_order_challenges_new,
  ch_order_steps_new,
  ch_order_certificates_new,
  ch_order_deployments_new,
  ch_order_facts_new,
  ch_order_plan_new,
  ch_order_notes_new,
  ch_order_events_new,
};

static void
show_buttons (ChOrderDetail *self)
{
  const char *state = ch_order_get_text (self->live, "State");
  gboolean verify = g_str_equal (state, "validating") || g_str_equal (state, "vetting");
  gboolean retry = g_str_equal (state, "failed") || g_str_equal (state, "rejected");
  gboolean replace = g_str_equal (state, "issued");

  gtk_widget_set_visible (self->verify_button, verify);
  gtk_widget_set_visible (self->retry_button, retry);
  gtk_widget_set_visible (self->replace_button, replace);
  gtk_widget_set_visible (self->buttons, verify || retry || replace);
}

static void
show_advice (ChOrderDetail *self)
{
  const char *advice = ch_row_string (ch_order_get_part (self->live, CH_ORDER_STORY), "Advice");
  const char *problem = ch_order_get_problem (self->live);

  gtk_label_set_label (self->advice, advice);
  gtk_widget_set_visible (self->advice_group, *advice != '\0');
  gtk_label_set_label (self->message, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->message), *problem != '\0');
}

static void
changed_cb (ChOrderDetail *self,
            int            part)
{
  if (part == CH_ORDER_STORY)
    show_advice (self);
  if (part != CH_ORDER_FACTS)
    return;

  show_buttons (self);
  ch_order_actions_update (GTK_WIDGET (self), self->live);
}

/* public */

void
ch_order_detail_set_service (ChOrderDetail *self,
                             ChService     *service)
{
  self->live = ch_order_new (service);
  g_signal_connect_object (self->live, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    gtk_box_append (self->boxes, boxes[i] (self->live));
  changed_cb (self, CH_ORDER_FACTS);
}

void
ch_order_detail_set_order (ChOrderDetail *self,
                           ChOrderRow    *order)
{
  g_autofree char *path = NULL;

  if (!g_set_object (&self->order, order))
    return;

  if (order != NULL)
    path = ch_path_new (CH_FOLDER_ORDERS, (gint64) ch_order_row_get_id (order));
  ch_order_set_path (self->live, path);
  gtk_widget_set_visible (self->menu, order != NULL);
  ch_stack_show (self->stack, order != NULL ? "order" : "none");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORDER]);
}

/* class */

static void
ch_order_detail_get_property (GObject    *object,
                              guint       property,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ChOrderDetail *self = CH_ORDER_DETAIL (object);

  switch (property)
    {
    case PROP_ORDER:
      g_value_set_object (value, self->order);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
ch_order_detail_set_property (GObject      *object,
                              guint         property,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ChOrderDetail *self = CH_ORDER_DETAIL (object);

  switch (property)
    {
    case PROP_ORDER:
      ch_order_detail_set_order (self, g_value_get_object (value));
      break;
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
ch_order_detail_dispose (GObject *object)
{
  ChOrderDetail *self = CH_ORDER_DETAIL (object);

  g_clear_object (&self->order);
  g_clear_object (&self->live);
  G_OBJECT_CLASS (ch_order_detail_parent_class)->dispose (object);
}

static void
ch_order_detail_class_init (ChOrderDetailClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_ORDER_ROW);

  G_OBJECT_CLASS (class)->get_property = ch_order_detail_get_property;
  G_OBJECT_CLASS (class)->set_property = ch_order_detail_set_property;
  G_OBJECT_CLASS (class)->dispose = ch_order_detail_dispose;

  properties[PROP_ORDER] = g_param_spec_object ("order", NULL, NULL, CH_TYPE_ORDER_ROW, flags);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/detail.ui");
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, stack);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, menu);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, boxes);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, advice_group);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, advice);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, message);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, buttons);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, verify_button);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, retry_button);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, replace_button);
  ch_format_bind (widget);
  ch_order_actions_install (widget);
}

static void
ch_order_detail_init (ChOrderDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_stack_show (self->stack, "none");
}
