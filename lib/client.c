/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client.h"

#include "client-private.h"
#include "error.h"
#include "paths.h"
#include "row.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"
#define CONNECT_FLAGS (G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT \
                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION)

/* What the service has to answer in, when nobody is asked for a password meanwhile. */
#define PATIENCE_MS 60000
/* Rows of one page; the service allows no more. */
#define PAGE 500

struct _ChClient
{
  GObject parent_instance;

  GDBusConnection *connection;      /* (owned) */
  gboolean interactive;
  guint subscription;
  guint watch;
};

enum
{
  CHANGED,
  ORDERS_CHANGED,
  EVENT_ADDED,
  OBJECTS_CHANGED,
  SERVICE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChClient, ch_client, G_TYPE_OBJECT)

/* objects */

ChObject *
ch_object_new (const char *path,
               GVariant   *row)
{
  ChObject *object = g_new (ChObject, 1);

  object->path = g_strdup (path);
  object->row = g_variant_ref_sink (row);
  return object;
}

void
ch_object_free (ChObject *object)
{
  g_free (object->path);
  g_variant_unref (object->row);
  g_free (object);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 left = ch_row_number ((*(ChObject *const *) a)->row, "Id");
  gint64 right = ch_row_number ((*(ChObject *const *) b)->row, "Id");

  return (left > right) - (left < right);
}

static GPtrArray *
pick_objects (GVariant   *reply,
              const char *interface)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_object_free);
  g_autoptr(GVariantIter) iter = NULL;
  const char *path;
  GVariant *interfaces;

  g_variant_get (reply, "(a{oa{sa{sv}}})", &iter);
  while (g_variant_iter_loop (iter, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      g_autoptr(GVariant) row = g_variant_lookup_value (interfaces, interface, G_VARIANT_TYPE_VARDICT);

      if (row != NULL)
        g_ptr_array_add (list, ch_object_new (path, row));
    }

  g_ptr_array_sort (list, compare_ids);
  return list;
}

/* connecting */

static ChClient *
new_client (GDBusConnection *connection)
{
  ChClient *client = g_object_new (CH_TYPE_CLIENT, NULL);

  client->connection = g_object_ref (connection);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  return client;
}

static char *
find_address (ChClientBus   bus,
              const char   *address,
              GCancellable *cancellable,
              GError      **error)
{
  if (bus == CH_CLIENT_BUS_ADDRESS)
    return g_strdup (address);

  return g_dbus_address_get_for_bus_sync (bus == CH_CLIENT_BUS_SESSION ? G_BUS_TYPE_SESSION
                                          : G_BUS_TYPE_SYSTEM,
                                          cancellable, error);
}

static void
explain_no_bus (ChClientBus bus,
                const char *address,
                GError    **error)
{
  GError *ours = NULL;

  if (error == NULL)
    return;

  if (bus == CH_CLIENT_BUS_SYSTEM)
    ours = g_error_new (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS,
                        _("The system bus cannot be reached (%s)"), (*error)->message);
  else if (bus == CH_CLIENT_BUS_SESSION)
    ours = g_error_new (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS,
                        _("There is no session bus here (%s)"), (*error)->message);
  else
    ours = g_error_new (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS,
                        _("There is no bus at “%s” (%s)"), address, (*error)->message);

  g_error_free (*error);
  *error = ours;
}

ChClient *
ch_client_open (ChClientBus   bus,
                const char   *address,
                GCancellable *cancellable,
                GError      **error)
{
  g_autofree char *where = find_address (bus, address, cancellable, error);
  g_autoptr(GDBusConnection) connection = NULL;

  /* Registers the names of our errors, so that GDBus turns them into ChError. */
  (void) CH_ERROR;

  if (where != NULL)
    connection = g_dbus_connection_new_for_address_sync (where, CONNECT_FLAGS, NULL, cancellable, error);

  if (connection == NULL)
    {
      explain_no_bus (bus, address, error);
      return NULL;
    }

  return new_client (connection);
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  ChClientBus bus = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "bus"));
  ChClient *client = ch_client_open (bus, data, cancellable, &error);

  if (client == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, client, g_object_unref);
}

void
ch_client_open_async (ChClientBus         bus,
                      const char         *address,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, ch_client_open_async);
  g_task_set_task_data (task, g_strdup (address), g_free);
  g_object_set_data (G_OBJECT (task), "bus", GINT_TO_POINTER (bus));
  g_task_run_in_thread (task, open_in_thread);
}

ChClient *
ch_client_open_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ch_client_allow_interaction (ChClient *client)
{
  client->interactive = TRUE;
}

/* calls */

static GDBusCallFlags
call_flags (gboolean interactive)
{
  return interactive ? G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION : G_DBUS_CALL_FLAGS_NONE;
}

static int
call_patience (gboolean interactive)
{
  return interactive ? G_MAXINT : PATIENCE_MS;
}

static GVariant *
call (ChClient     *client,
      const char   *path,
      const char   *interface,
      const char   *method,
      GVariant     *parameters,
      const char   *reply_type,
      GCancellable *cancellable,
      GError      **error)
{
  return g_dbus_connection_call_sync (client->connection, CH_BUS_NAME, path, interface, method, parameters,
                                      G_VARIANT_TYPE (reply_type), call_flags (client->interactive),
                                      call_patience (client->interactive), cancellable, error);
}

GVariant *
ch_client_call (ChClient     *client,
                const char   *path,
                const char   *interface,
                const char   *method,
                GVariant     *parameters,
                const char   *reply_type,
                GCancellable *cancellable,
                GError      **error)
{
  GVariant *reply = call (client, path, interface, method, parameters, reply_type, cancellable, error);

  if (reply == NULL)
    ch_client_error_translate (error);

  return reply;
}

static void
call_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL)
    {
      g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
      return;
    }

  ch_client_error_translate (&error);
  g_task_return_error (task, error);
}

static void
call_async (ChClient           *client,
            const char         *path,
            const char         *interface,
            const char         *method,
            GVariant           *parameters,
            const char         *reply_type,
            gboolean            interactive,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            data)
{
  GTask *task = g_task_new (client, cancellable, callback, data);

  g_task_set_source_tag (task, call_async);
  g_dbus_connection_call (client->connection, CH_BUS_NAME, path, interface, method, parameters,
                          G_VARIANT_TYPE (reply_type), call_flags (interactive), call_patience (interactive),
                          cancellable, call_answered_cb, task);
}

void
ch_client_call_async (ChClient           *client,
                      const char         *path,
                      const char         *interface,
                      const char         *method,
                      GVariant           *parameters,
                      const char         *reply_type,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  call_async (client, path, interface, method, parameters, reply_type, client->interactive, cancellable, callback, data);
}

void
ch_client_act_async (ChClient           *client,
                     const char         *path,
                     const char         *interface,
                     const char         *method,
                     GVariant           *parameters,
                     const char         *reply_type,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            data)
{
  call_async (client, path, interface, method, parameters, reply_type, TRUE, cancellable, callback, data);
}

GVariant *
ch_client_call_finish (ChClient     *client,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GVariant *
ch_client_call_manager (ChClient     *client,
                        const char   *method,
                        GVariant     *parameters,
                        const char   *reply_type,
                        GCancellable *cancellable,
                        GError      **error)
{
  return ch_client_call (client, CH_ROOT_PATH, CH_IFACE_MANAGER, method, parameters, reply_type,
                         cancellable, error);
}

ChObject *
ch_client_get (ChClient     *client,
               const char   *path,
               const char   *interface,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GVariant) row = NULL;
  g_autoptr(GVariant) reply = call (client, path, PROPERTIES, "GetAll", g_variant_new ("(s)", interface),
                                    "(a{sv})",
                                    cancellable, &failure);

  /* GDBus says so of a path where there is nothing: every object has this method. */
  if (g_error_matches (failure, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is nothing at “%s” (any more)"), path);
      return NULL;
    }
  if (reply == NULL)
    {
      ch_client_error_translate (&failure);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  row = g_variant_get_child_value (reply, 0);
  return ch_object_new (path, row);
}

GPtrArray *
ch_client_list (ChClient     *client,
                const char   *interface,
                GCancellable *cancellable,
                GError      **error)
{
  g_autoptr(GVariant) reply = ch_client_call (client, CH_ROOT_PATH, OBJECT_MANAGER, "GetManagedObjects", NULL,
                                              "(a{oa{sa{sv}}})", cancellable, error);

  return reply == NULL ? NULL : pick_objects (reply, interface);
}

static void
list_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pick_objects (reply, g_task_get_task_data (task)),
                           (GDestroyNotify) g_ptr_array_unref);
}

void
ch_client_list_async (ChClient           *client,
                      const char         *interface,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  GTask *task = g_task_new (client, cancellable, callback, data);

  g_task_set_source_tag (task, ch_client_list_async);
  g_task_set_task_data (task, g_strdup (interface), g_free);
  ch_client_call_async (client, CH_ROOT_PATH, OBJECT_MANAGER, "GetManagedObjects", NULL, "(a{oa{sa{sv}}})",
                        cancellable, list_answered_cb, task);
}

GPtrArray *
ch_client_list_finish (ChClient     *client,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static guint
page_size (guint limit,
           guint have)
{
  return limit == 0 ? PAGE : MIN (limit - have, PAGE);
}

GPtrArray *
ch_client_list_orders (ChClient     *client,
                       GVariant     *filter,
                       const char   *sort,
                       guint         limit,
                       GCancellable *cancellable,
                       GError      **error)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (filter);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autofree char *cursor = g_strdup ("");

  do
    {
      g_autoptr(GVariant) page = NULL;
      g_autoptr(GVariantIter) iter = NULL;
      GVariant *row;

      page = ch_client_call_manager (client, "ListOrders",
                                     g_variant_new ("(@a{sv}ssu)", kept, sort, cursor,
                                                    page_size (limit, rows->len)),
                                     "(aa{sv}s)", cancellable, error);
      if (page == NULL)
        return NULL;

      g_clear_pointer (&cursor, g_free);
      g_variant_get (page, "(aa{sv}s)", &iter, &cursor);
      while ((row = g_variant_iter_next_value (iter)) != NULL)
        g_ptr_array_add (rows, row);
    }
  while (*cursor != '\0' && (limit == 0 || rows->len < limit));

  return g_steal_pointer (&rows);
}

/* changes */

static void
manager_signal (ChClient   *client,
                const char *name,
                GVariant   *parameters)
{
  if (g_str_equal (name, "OrdersChanged") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(tat)")))
    {
      guint64 generation;
      g_autoptr(GVariant) ids = NULL;

      g_variant_get (parameters, "(t@at)", &generation, &ids);
      g_signal_emit (client, signals[ORDERS_CHANGED], 0, generation, ids);
    }
  else if (g_str_equal (name, "EventAdded") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(a{sv})")))
    {
      g_autoptr(GVariant) event = g_variant_get_child_value (parameters, 0);

      g_signal_emit (client, signals[EVENT_ADDED], 0, event);
    }
}

static void
signal_cb (GDBusConnection *connection,
           const char      *sender,
           const char      *path,
           const char      *interface,
           const char      *name,
           GVariant        *parameters,
           gpointer         data)
{
  g_autoptr(ChClient) client = g_weak_ref_get (data);

  if (client == NULL)
    return;

  if (g_str_equal (interface, CH_IFACE_MANAGER))
    manager_signal (client, name, parameters);
  else if (g_str_equal (interface, OBJECT_MANAGER))
    g_signal_emit (client, signals[OBJECTS_CHANGED], 0);
  else if (g_str_equal (interface, PROPERTIES)
           && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    {
      const char *changed;

      g_variant_get_child (parameters, 0, "&s", &changed);
      g_signal_emit (client, signals[CHANGED], 0, path, changed);
    }
}

static void
appeared_cb (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         data)
{
  g_autoptr(ChClient) client = g_weak_ref_get (data);

  if (client != NULL)
    g_signal_emit (client, signals[SERVICE_CHANGED], 0, TRUE);
}

static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         data)
{
  g_autoptr(ChClient) client = g_weak_ref_get (data);

  if (client != NULL)
    g_signal_emit (client, signals[SERVICE_CHANGED], 0, FALSE);
}

/* Callbacks may still be on their way when a client ends, so they hold no plain pointer to it. */
static gpointer
new_weak (ChClient *client)
{
  GWeakRef *weak = g_new (GWeakRef, 1);

  g_weak_ref_init (weak, client);
  return weak;
}

static void
free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

void
ch_client_subscribe (ChClient *client)
{
  if (client->subscription != 0)
    return;

  client->subscription = g_dbus_connection_signal_subscribe (client->connection, CH_BUS_NAME, NULL, NULL,
                                                             NULL, NULL,
                                                             G_DBUS_SIGNAL_FLAGS_NONE, signal_cb,
                                                             new_weak (client), free_weak);
  client->watch = g_bus_watch_name_on_connection (client->connection, CH_BUS_NAME,
                                                  G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                  appeared_cb, vanished_cb, new_weak (client), free_weak);
}

gboolean
ch_client_is_closed (ChClient *client)
{
  return g_dbus_connection_is_closed (client->connection);
}

/* class */

static void
ch_client_dispose (GObject *object)
{
  ChClient *client = CH_CLIENT (object);

  g_clear_handle_id (&client->watch, g_bus_unwatch_name);
  if (client->subscription != 0)
    g_dbus_connection_signal_unsubscribe (client->connection, client->subscription);
  client->subscription = 0;
  g_clear_object (&client->connection);

  G_OBJECT_CLASS (ch_client_parent_class)->dispose (object);
}

static guint
new_signal (const char *name,
            guint       n,
            GType       first,
            GType       second)
{
  return g_signal_new (name, CH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, first,
                       second);
}

static void
ch_client_class_init (ChClientClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_client_dispose;

  signals[CHANGED] = new_signal ("changed", 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[ORDERS_CHANGED] = new_signal ("orders-changed", 2, G_TYPE_UINT64, G_TYPE_VARIANT);
  signals[EVENT_ADDED] = new_signal ("event-added", 1, G_TYPE_VARIANT, G_TYPE_NONE);
  signals[OBJECTS_CHANGED] = new_signal ("objects-changed", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[SERVICE_CHANGED] = new_signal ("service-changed", 1, G_TYPE_BOOLEAN, G_TYPE_NONE);
}

static void
ch_client_init (ChClient *client)
{
}
