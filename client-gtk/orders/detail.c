/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "orders/format.h"
#include "stack.h"

struct _ChOrderDetail
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkWidget *advice_group;
  GtkLabel *advice;
  GtkListBox *story;
  GtkLabel *message;

  ChOrderRow *order;          /* (owned) (nullable) */
  char *path;                 /* (owned) (nullable): of the order */
  ChClient *client;           /* (owned) (nullable) */
  GVariant *told;             /* (owned) (nullable): the story that is shown */
  GCancellable *asking;       /* (owned) (nullable): while Explain is under way */
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

/* the story */

static GtkWidget *
new_line (GVariant *line)
{
  const char *kind = ch_row_string (line, "Kind");
  g_autofree char *time = ch_time_minute (ch_row_number (line, "At"));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 0,
                                 "title", ch_row_string (line, "Text"), "subtitle", time, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (ch_format_line_icon (kind));

  gtk_widget_set_tooltip_text (icon, ch_format_line_title (kind));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ch_format_line_title (kind), -1);
  if (g_str_equal (kind, "problem"))
    gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

static void
clear_story (ChOrderDetail *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->story))) != NULL)
    gtk_list_box_remove (self->story, row);
  g_clear_pointer (&self->told, g_variant_unref);
  gtk_widget_set_visible (GTK_WIDGET (self->story), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->message), FALSE);
  gtk_widget_set_visible (self->advice_group, FALSE);
}

static void
tell_story (ChOrderDetail *self,
            GVariant      *story)
{
  g_autoptr(GVariant) lines = ch_row_list (story, "Lines", "aa{sv}");
  const char *advice = ch_row_string (story, "Advice");

  clear_story (self);
  self->told = g_variant_ref (story);
  gtk_label_set_label (self->advice, advice);
  gtk_widget_set_visible (self->advice_group, *advice != '\0');

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr(GVariant) line = g_variant_get_child_value (lines, i);

      gtk_list_box_append (self->story, new_line (line));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->story), g_variant_n_children (lines) > 0);
}

static void
explained_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(ChOrderDetail) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);
  g_autoptr(GVariant) story = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->asking)
    return;

  g_clear_object (&self->asking);
  /* The window says that the service is away; what was told stays readable meanwhile. */
  if (reply == NULL && error->domain == CH_CLIENT_ERROR)
    return;
  if (reply == NULL)
    {
      clear_story (self);
      gtk_label_set_label (self->message, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->message), TRUE);
      return;
    }

  story = g_variant_get_child_value (reply, 0);
  if (self->told == NULL || !g_variant_equal (story, self->told))
    tell_story (self, story);
}

static void
stop_asking (ChOrderDetail *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

static void
ask (ChOrderDetail *self)
{
  stop_asking (self);
  if (self->client == NULL || self->path == NULL)
    return;

  self->asking = g_cancellable_new ();
  ch_client_call_async (self->client, self->path, CH_IFACE_ORDER, "Explain",
                        g_variant_new ("(@a{sv})", g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)),
                        "(a{sv})", self->asking, explained_cb, g_object_ref (self));
}

/* following the service */

static void
changed_cb (ChOrderDetail *self,
            const char    *path)
{
  if (g_strcmp0 (path, self->path) == 0)
    ask (self);
}

static void
service_changed_cb (ChOrderDetail *self,
                    gboolean       present)
{
  if (present)
    ask (self);
}

/* public */

void
ch_order_detail_set_client (ChOrderDetail *self,
                            ChClient      *client)
{
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, client);
  g_signal_connect_object (client, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ask (self);
}

void
ch_order_detail_set_order (ChOrderDetail *self,
                           ChOrderRow    *order)
{
  if (!g_set_object (&self->order, order))
    return;

  g_clear_pointer (&self->path, g_free);
  if (order != NULL)
    self->path = ch_path_new (CH_FOLDER_ORDERS, (gint64) ch_order_row_get_id (order));

  clear_story (self);
  ask (self);
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

  stop_asking (self);
  g_clear_object (&self->order);
  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->told, g_variant_unref);
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
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, advice_group);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, advice);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, story);
  gtk_widget_class_bind_template_child (widget, ChOrderDetail, message);
  ch_format_bind (widget);
}

static void
ch_order_detail_init (ChOrderDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_stack_show (self->stack, "none");
}
