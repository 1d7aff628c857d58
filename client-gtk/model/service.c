/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/service.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "model/objects.h"

#include <glib/gi18n.h>

/* How long changes are collected before one asks how everything stands. */
#define STATUS_MS 400
/* Between two tries to reach a bus that is not there. */
#define RETRY_S 3

struct _ChService
{
  GObject parent_instance;

  char *address;              /* (owned) (nullable) */
  ChClient *client;           /* (owned) (nullable) */
  ChObjects *objects;         /* (owned) */
  ChOrderModel *orders;       /* (owned) */
  GListStore *attention;      /* (owned) (element-type ChItem) */
  GVariant *status;           /* (owned) (nullable) */
  GHashTable *kinds;          /* (owned) (element-type utf8 GVariant): by role */
  GError *error;              /* (owned) (nullable) */
  GCancellable *opening;      /* (owned) (nullable) */
  GCancellable *asking;       /* (owned) (nullable): while GetStatus is under way */
  ChClientBus bus;
  ChServiceState state;
  guint status_source;
  guint retry_source;

  gboolean may_ask;           /* polkit may ask for a password even for reading */
  gboolean was_away;          /* the service was seen to be away */
  gboolean is_old;            /* the status that is asked for */
};

enum
{
  PROP_STATE = 1,
  PROP_CLIENT,
  PROP_STATUS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  KINDS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const roles[] = { "account", "dns", "server", "profile" };

G_DEFINE_FINAL_TYPE (ChService, ch_service, G_TYPE_OBJECT)

GVariant *
ch_no_options (void)
{
  return g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

/* state */

static void
set_state (ChService     *self,
           ChServiceState state,
           const GError  *error)
{
  g_autoptr(GError) old = g_steal_pointer (&self->error);

  self->state = state;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* The orders have states of their own, as they are read by themselves. */
static void
updated_cb (ChService *self)
{
  const GError *error = ch_objects_get_error (self->objects);

  if (error == NULL)
    error = ch_order_model_get_error (self->orders);

  if (self->client == NULL)
    return;
  if (error != NULL)
    set_state (self, CH_SERVICE_FAILED, error);
  else if (ch_order_model_get_state (self->orders) == CH_ORDER_MODEL_READY)
    set_state (self, CH_SERVICE_READY, NULL);
}

/* how everything stands */

static void schedule_status (ChService *self);

static void
take_attention (ChService *self)
{
  g_autoptr(GVariant) rows = ch_row_list (self->status, "Attention", "aa{sv}");
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      g_ptr_array_add (items, ch_item_new (ch_row_string (row, "Object"), row));
    }

  g_list_store_splice (self->attention, 0, g_list_model_get_n_items (G_LIST_MODEL (self->attention)),
                       items->pdata, items->len);
}

static void
take_status (ChService *self,
             GVariant  *status)
{
  g_autoptr(GVariant) old = g_steal_pointer (&self->status);
  g_autoptr(GVariant) before = old != NULL ? ch_row_list (old, "Attention", "aa{sv}") : NULL;
  g_autoptr(GVariant) after = ch_row_list (status, "Attention", "aa{sv}");

  self->status = g_variant_ref (status);
  if (before == NULL || !g_variant_equal (before, after))
    take_attention (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
status_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChService) self = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->asking)
    return;

  g_clear_object (&self->asking);
  /* What went wrong is told where the objects and orders are read. */
  if (reply != NULL)
    {
      g_autoptr(GVariant) status = g_variant_get_child_value (reply, 0);

      take_status (self, status);
    }
  if (self->is_old)
    schedule_status (self);
}

static gboolean
ask_status_cb (gpointer data)
{
  ChService *self = data;

  self->status_source = 0;
  self->is_old = self->asking != NULL;
  if (self->client == NULL || self->asking != NULL)
    return G_SOURCE_REMOVE;

  self->asking = g_cancellable_new ();
  ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetStatus",
                        g_variant_new ("(@a{sv})", ch_no_options ()), "(a{sv})", self->asking, status_cb,
                        g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
schedule_status (ChService *self)
{
  if (self->status_source == 0)
    self->status_source = g_timeout_add (STATUS_MS, ask_status_cb, self);
}

/* A job's lines change nothing about it. */
static void
changed_cb (ChService  *self,
            const char *path,
            const char *interface)
{
  if (!g_str_equal (interface, CH_IFACE_JOB))
    schedule_status (self);
}

/* kinds */

typedef struct
{
  ChService *self;            /* (owned) */
  const char *role;
} KindsQuestion;

static void
kinds_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree KindsQuestion *question = data;
  g_autoptr(ChService) self = question->self;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (reply == NULL || CH_CLIENT (source) != self->client)
    return;

  g_hash_table_insert (self->kinds, (gpointer) question->role, g_variant_get_child_value (reply, 0));
  g_signal_emit (self, signals[KINDS_CHANGED], 0);
}

/* A service that comes back may be another version. */
static void
ask_kinds (ChService *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      KindsQuestion *question = g_new (KindsQuestion, 1);

      question->self = g_object_ref (self);
      question->role = roles[i];
      ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListKinds",
                            g_variant_new ("(s)", roles[i]), "(aa{sv})", NULL, kinds_cb, question);
    }
}

/* connecting */

static void
service_changed_cb (ChService *self,
                    gboolean   present)
{
  if (!present)
    {
      g_autoptr(GError) error = g_error_new_literal (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE,
                                                      _("The service chanceryd has ended."));

      /* While nothing was answered yet the question itself may start the service. */
      if (self->state == CH_SERVICE_READY)
        set_state (self, CH_SERVICE_FAILED, error);
      if (ch_client_is_closed (self->client))
        ch_service_open (self);
    }
  else if (self->was_away)
    {
      ch_objects_reload (self->objects);
      ask_status_cb (self);
      ask_kinds (self);
    }

  self->was_away = !present;
}

static void
drop_client (ChService *self)
{
  g_clear_handle_id (&self->status_source, g_source_remove);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->opening);
  g_clear_object (&self->asking);

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  self->was_away = FALSE;
  self->is_old = FALSE;
}

static void
take_client (ChService *self,
             ChClient  *client)
{
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "orders-changed", G_CALLBACK (schedule_status), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "objects-changed", G_CALLBACK (schedule_status), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ch_client_subscribe (client);

  ch_objects_set_client (self->objects, client);
  ch_order_model_set_client (self->orders, client);
  ask_status_cb (self);
  ask_kinds (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
}

static gboolean
retry_cb (gpointer data)
{
  ChService *self = data;

  self->retry_source = 0;
  ch_service_open (self);
  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChService) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ChClient) client = ch_client_open_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->opening)
    return;

  g_clear_object (&self->opening);
  if (client == NULL)
    {
      self->retry_source = g_timeout_add_seconds (RETRY_S, retry_cb, self);
      set_state (self, CH_SERVICE_FAILED, error);
      return;
    }

  if (self->may_ask)
    ch_client_allow_interaction (client);
  take_client (self, client);
}

/* public */

ChService *
ch_service_new (ChClientBus bus,
                const char *address)
{
  ChService *self = g_object_new (CH_TYPE_SERVICE, NULL);

  self->bus = bus;
  self->address = g_strdup (address);
  return self;
}

void
ch_service_open (ChService *self)
{
  drop_client (self);
  self->opening = g_cancellable_new ();
  ch_client_open_async (self->bus, self->address, self->opening, opened_cb, g_object_ref (self));
}

void
ch_service_close (ChService *self)
{
  drop_client (self);
  ch_objects_set_client (self->objects, NULL);
  ch_order_model_set_client (self->orders, NULL);
}

void
ch_service_reload (ChService *self)
{
  if (self->client == NULL || ch_client_is_closed (self->client))
    {
      ch_service_open (self);
      return;
    }

  ch_objects_reload (self->objects);
  ch_order_model_reload (self->orders);
  ask_status_cb (self);
}

void
ch_service_unlock (ChService *self)
{
  self->may_ask = TRUE;
  ch_service_open (self);
}

ChServiceState
ch_service_get_state (ChService *self)
{
  return self->state;
}

const GError *
ch_service_get_error (ChService *self)
{
  return self->error;
}

ChClient *
ch_service_get_client (ChService *self)
{
  return self->client;
}

ChClientBus
ch_service_get_bus (ChService   *self,
                    const char **address)
{
  *address = self->address;
  return self->bus;
}

ChOrderModel *
ch_service_get_orders (ChService *self)
{
  return self->orders;
}

ChItemList *
ch_service_get_list (ChService  *self,
                     const char *interface)
{
  return ch_objects_get_list (self->objects, interface);
}

ChItem *
ch_service_find (ChService  *self,
                 const char *path)
{
  return ch_objects_find (self->objects, path);
}

GVariant *
ch_service_get_kinds (ChService  *self,
                      const char *role)
{
  return g_hash_table_lookup (self->kinds, role);
}

GVariant *
ch_service_get_kind (ChService  *self,
                     const char *role,
                     const char *kind)
{
  GVariant *kinds = ch_service_get_kinds (self, role);

  for (gsize i = 0; kinds != NULL && i < g_variant_n_children (kinds); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (kinds, i);

      if (g_str_equal (ch_row_string (row, "kind"), kind))
        return g_steal_pointer (&row);
    }

  return NULL;
}

GVariant *
ch_service_get_status (ChService *self)
{
  return self->status;
}

GListModel *
ch_service_get_attention (ChService *self)
{
  return G_LIST_MODEL (self->attention);
}

guint
ch_service_count_attention (ChService  *self,
                            const char *folder)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->attention));
  g_autofree char *prefix = folder != NULL ? g_strdup_printf ("%s/%s/", CH_ROOT_PATH, folder) : g_strdup ("");
  guint n = 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (G_LIST_MODEL (self->attention), i);

      if (g_str_has_prefix (ch_item_get_path (item), prefix))
        n++;
    }
  return n;
}

/* acting */

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  GVariant *reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

void
ch_service_act_async (ChService          *self,
                      const char         *path,
                      const char         *interface,
                      const char         *method,
                      GVariant           *parameters,
                      const char         *reply_type,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr(GVariant) kept = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;

  g_task_set_source_tag (task, ch_service_act_async);
  if (self->client == NULL)
    g_task_return_new_error (task, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE, "%s",
                             _("The service chanceryd cannot be reached just now; "
                               "try again once it is back."));
  else
    ch_client_act_async (self->client, path, interface, method, kept, reply_type, cancellable, acted_cb,
                         g_steal_pointer (&task));
}

GVariant *
ch_service_act_finish (ChService    *self,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* class */

static void
ch_service_get_property (GObject    *object,
                         guint       property,
                         GValue     *value,
                         GParamSpec *pspec)
{
  ChService *self = CH_SERVICE (object);

  if (property == PROP_STATE)
    g_value_set_int (value, (int) self->state);
  else if (property == PROP_CLIENT)
    g_value_set_object (value, self->client);
  else if (property == PROP_STATUS)
    g_value_set_variant (value, self->status);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_service_dispose (GObject *object)
{
  ChService *self = CH_SERVICE (object);

  g_signal_handlers_disconnect_by_data (self->objects, self);
  g_signal_handlers_disconnect_by_data (self->orders, self);
  ch_service_close (self);
  G_OBJECT_CLASS (ch_service_parent_class)->dispose (object);
}

static void
ch_service_finalize (GObject *object)
{
  ChService *self = CH_SERVICE (object);

  g_free (self->address);
  g_object_unref (self->objects);
  g_object_unref (self->orders);
  g_object_unref (self->attention);
  g_hash_table_unref (self->kinds);
  g_clear_pointer (&self->status, g_variant_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ch_service_parent_class)->finalize (object);
}

static void
ch_service_class_init (ChServiceClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  G_OBJECT_CLASS (class)->get_property = ch_service_get_property;
  G_OBJECT_CLASS (class)->dispose = ch_service_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_service_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CH_TYPE_CLIENT, flags);
  properties[PROP_STATUS] = g_param_spec_variant ("status", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);

  signals[KINDS_CHANGED] = g_signal_new ("kinds-changed", CH_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
}

static void
ch_service_init (ChService *self)
{
  self->objects = ch_objects_new ();
  self->orders = ch_order_model_new ();
  self->attention = g_list_store_new (CH_TYPE_ITEM);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
  g_signal_connect_swapped (self->objects, "updated", G_CALLBACK (updated_cb), self);
  g_signal_connect_swapped (self->orders, "updated", G_CALLBACK (updated_cb), self);
}
