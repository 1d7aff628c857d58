/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window.h"

#include "application.h"
#include "model/order-model.h"
#include "orders/page.h"
#include "stack.h"
#include "status-view.h"

#include <glib/gi18n.h>

/* A service that restarts is back before that, and nobody wants to see the list flash. */
#define GRACE_MS 1500

struct _ChWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack *stack;
  GtkMenuButton *menu_button;
  ChStatusView *status;
  ChOrdersPage *orders;

  ChOrderModel *model;        /* (owned) */
  GSettings *settings;        /* (owned) (nullable) */
  GCancellable *opening;      /* (owned) (nullable) */
  char *address;              /* (owned) (nullable) */
  ChClientBus bus;
  guint grace;
  gboolean may_ask;           /* polkit may ask for a password */
};

G_DEFINE_FINAL_TYPE (ChWindow, ch_window, ADW_TYPE_APPLICATION_WINDOW)

/* what is shown */

static gboolean
is_showing_orders (ChWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "orders") == 0;
}

static void
show_error (ChWindow     *self,
            const GError *error)
{
  g_clear_handle_id (&self->grace, g_source_remove);
  ch_status_view_show_error (self->status, error, self->bus, self->address);
  ch_stack_show (self->stack, "status");
}

static gboolean
grace_is_over_cb (gpointer data)
{
  ChWindow *self = data;

  self->grace = 0;
  show_error (self, ch_order_model_get_error (self->model));
  return G_SOURCE_REMOVE;
}

static void
show_waiting (ChWindow *self)
{
  ch_status_view_show_waiting (self->status);
  ch_stack_show (self->stack, "status");
}

static void
show_orders (ChWindow *self)
{
  g_clear_handle_id (&self->grace, g_source_remove);
  ch_stack_show (self->stack, "orders");
}

static void
updated_cb (ChWindow *self)
{
  const GError *error = ch_order_model_get_error (self->model);

  if (ch_order_model_get_state (self->model) == CH_ORDER_MODEL_READY)
    show_orders (self);
  else if (error != NULL && !is_showing_orders (self))
    show_error (self, error);
  else if (error != NULL && self->grace == 0)
    self->grace = g_timeout_add (GRACE_MS, grace_is_over_cb, self);
}

/* connecting */

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChWindow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ChClient) client = ch_client_open_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->opening)
    return;

  g_clear_object (&self->opening);
  if (client == NULL)
    {
      show_error (self, error);
      return;
    }

  if (self->may_ask)
    ch_client_allow_interaction (client);
  ch_order_model_set_client (self->model, client);
  ch_orders_page_set_client (self->orders, client);
}

static void
stop_opening (ChWindow *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
}

static void
open_client (ChWindow *self)
{
  stop_opening (self);
  show_waiting (self);
  self->opening = g_cancellable_new ();
  ch_client_open_async (self->bus, self->address, self->opening, opened_cb, g_object_ref (self));
}

/* actions */

static void
search_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ch_orders_page_start_search (CH_WINDOW (data)->orders);
}

static void
back_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  ch_orders_page_go_back (CH_WINDOW (data)->orders);
}

static void
reload_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ChWindow *self = data;

  if (ch_order_model_get_state (self->model) == CH_ORDER_MODEL_READY)
    ch_order_model_reload (self->model);
  else
    open_client (self);
}

static void
unlock_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ChWindow *self = data;

  self->may_ask = TRUE;
  open_client (self);
}

static const GActionEntry actions[] = {
  { .name = "search", .activate = search_cb },
  { .name = "back", .activate = back_cb },
  { .name = "reload", .activate = reload_cb },
  { .name = "unlock", .activate = unlock_cb },
};

/* class */

/* Without its schema, which an app that was not installed has not, the window forgets its size. */
static void
bind_settings (ChWindow *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, CH_APPLICATION_ID, TRUE);
  if (schema == NULL)
    return;

  self->settings = g_settings_new (CH_APPLICATION_ID);
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
ch_window_dispose (GObject *object)
{
  ChWindow *self = CH_WINDOW (object);

  g_clear_handle_id (&self->grace, g_source_remove);
  stop_opening (self);
  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->model, self);
      ch_order_model_set_client (self->model, NULL);
    }
  g_clear_object (&self->model);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ch_window_parent_class)->dispose (object);
}

static void
ch_window_finalize (GObject *object)
{
  g_free (CH_WINDOW (object)->address);
  G_OBJECT_CLASS (ch_window_parent_class)->finalize (object);
}

static void
ch_window_class_init (ChWindowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_ORDERS_PAGE);
  g_type_ensure (CH_TYPE_STATUS_VIEW);

  G_OBJECT_CLASS (class)->dispose = ch_window_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_window_finalize;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/window.ui");
  gtk_widget_class_bind_template_child (widget, ChWindow, stack);
  gtk_widget_class_bind_template_child (widget, ChWindow, menu_button);
  gtk_widget_class_bind_template_child (widget, ChWindow, status);
  gtk_widget_class_bind_template_child (widget, ChWindow, orders);
}

static void
ch_window_init (ChWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_waiting (self);

  self->model = ch_order_model_new ();
  g_signal_connect_swapped (self->model, "updated", G_CALLBACK (updated_cb), self);
  ch_orders_page_set_model (self->orders, self->model);
  bind_settings (self);
}

ChWindow *
ch_window_new (AdwApplication *application,
               ChClientBus     bus,
               const char     *address)
{
  ChWindow *self = g_object_new (CH_TYPE_WINDOW, "application", application, NULL);
  GMenu *menu = gtk_application_get_menu_by_id (GTK_APPLICATION (application), "main-menu");

  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
  ch_orders_page_set_menu (self->orders, G_MENU_MODEL (menu));
  self->bus = bus;
  self->address = g_strdup (address);
  open_client (self);
  return self;
}
