/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/client.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"

/* A service in a thread of its own, as the calls under test block. It answers methods from a
 * table; what is not in it fails with the error that the method's argument names. */

#define N_ORDERS 1203

static const char xml[] =
  "<node>"
  "<interface name='" CH_IFACE_MANAGER "'>"
  "  <method name='Fail'><arg type='s' direction='in'/></method>"
  "  <method name='ListOrders'><arg type='a{sv}' direction='in'/><arg type='s' direction='in'/>"
  "    <arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "    <arg type='aa{sv}' direction='out'/><arg type='s' direction='out'/></method>"
  "</interface>"
  "<interface name='org.freedesktop.DBus.ObjectManager'>"
  "  <method name='GetManagedObjects'><arg type='a{oa{sa{sv}}}' direction='out'/></method>"
  "</interface>"
  "</node>";

typedef struct
{
  GTestDBus *bus;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GDBusConnection *connection;    /* of the service */
  GMutex lock;
  GCond ready;
  ChClient *client;
  guint pages;                    /* how many the service gave */
} Fixture;

static void
answer_orders (Fixture               *fixture,
               GVariant              *parameters,
               GDBusMethodInvocation *call)
{
  g_autoptr(GVariantBuilder) rows = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  const char *cursor;
  g_autofree char *next = NULL;
  guint limit, first, last;

  g_variant_get_child (parameters, 2, "&s", &cursor);
  g_variant_get_child (parameters, 3, "u", &limit);
  first = (guint) g_ascii_strtoull (cursor, NULL, 10);
  last = MIN (first + limit, N_ORDERS);

  for (guint i = first; i < last; i++)
    {
      g_variant_builder_open (rows, G_VARIANT_TYPE ("a{sv}"));
      g_variant_builder_add (rows, "{sv}", "Id", g_variant_new_uint64 (i + 1));
      g_variant_builder_close (rows);
    }

  fixture->pages++;
  next = last < N_ORDERS ? g_strdup_printf ("%u", last) : g_strdup ("");
  g_dbus_method_invocation_return_value (call, g_variant_new ("(aa{sv}s)", rows, next));
}

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *call,
           gpointer               data)
{
  const char *error;

  if (g_str_equal (method, "ListOrders"))
    answer_orders (data, parameters, call);
  else if (g_str_equal (method, "GetManagedObjects"))
    g_dbus_method_invocation_return_value (call, g_variant_new_parsed (
      "({objectpath '/c': {'org.chancery.Chancery1.Server': {'Id': <uint64 10>}},"
      "  objectpath '/a': {'org.chancery.Chancery1.Account': {'Id': <uint64 1>}},"
      "  objectpath '/b': {'org.chancery.Chancery1.Server': {'Id': <uint64 9>}}},)"));
  else
    {
      g_variant_get_child (parameters, 0, "&s", &error);
      g_dbus_method_invocation_return_dbus_error (call, error, "Because.");
    }
}

static const GDBusInterfaceVTable vtable = { .method_call = called_cb };

static gboolean
tell_ready (gpointer data)
{
  Fixture *fixture = data;

  g_mutex_lock (&fixture->lock);
  g_cond_signal (&fixture->ready);
  g_mutex_unlock (&fixture->lock);
  return G_SOURCE_REMOVE;
}

static gpointer
serve (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GSource) idle = g_idle_source_new ();

  g_main_context_push_thread_default (fixture->context);
  fixture->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
        NULL, NULL);
  for (gsize i = 0; node->interfaces[i] != NULL; i++)
    g_dbus_connection_register_object (fixture->connection, CH_ROOT_PATH, node->interfaces[i], &vtable,
                                       fixture, NULL, NULL);
  reply = g_dbus_connection_call_sync (fixture->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                           g_variant_new ("(su)", CH_BUS_NAME, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);

  g_source_set_callback (idle, tell_ready, fixture, NULL);
  g_source_attach (idle, fixture->context);
  g_main_loop_run (fixture->loop);

  g_dbus_connection_close_sync (fixture->connection, NULL, NULL);
  g_clear_object (&fixture->connection);
  g_main_context_pop_thread_default (fixture->context);
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->context = g_main_context_new ();
  fixture->loop = g_main_loop_new (fixture->context, FALSE);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->ready);

  g_mutex_lock (&fixture->lock);
  fixture->thread = g_thread_new ("service", serve, fixture);
  g_cond_wait (&fixture->ready, &fixture->lock);
  g_mutex_unlock (&fixture->lock);

  fixture->client = ch_client_open (CH_CLIENT_BUS_ADDRESS, g_test_dbus_get_bus_address (fixture->bus), NULL,
                                    &error);
  g_assert_no_error (error);
}

/* In the loop: it may not run yet, and quitting before that is lost. */
static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
stop_service (Fixture *fixture)
{
  if (fixture->thread == NULL)
    return;

  g_autoptr(GSource) quit = g_idle_source_new ();
  g_source_set_callback (quit, quit_cb, fixture->loop, NULL);
  g_source_attach (quit, g_main_loop_get_context (fixture->loop));
  g_thread_join (g_steal_pointer (&fixture->thread));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->client);
  stop_service (fixture);
  g_main_loop_unref (fixture->loop);
  g_main_context_unref (fixture->context);
  g_mutex_clear (&fixture->lock);
  g_cond_clear (&fixture->ready);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
}

/* errors */

static void
check_error (GError     *error,
             const char *name)
{
  static const struct { const char *name; int code; } foreign[] = {
    { "org.freedesktop.DBus.Error.AccessDenied", CH_ERROR_NOT_AUTHORIZED },
    { "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", CH_ERROR_NOT_AUTHORIZED },
    { "org.freedesktop.DBus.Error.UnknownObject", CH_ERROR_NOT_FOUND },
    { "org.freedesktop.DBus.Error.InvalidArgs", CH_ERROR_INVALID },
    { "org.freedesktop.DBus.Error.LimitsExceeded", CH_ERROR_LIMIT },
    { "com.example.Whatever", CH_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    if (g_str_equal (foreign[i].name, name))
      {
        g_assert_error (error, CH_ERROR, foreign[i].code);
        return;
      }

  for (int code = 0; code < CH_ERROR_N_CODES; code++)
    if (g_str_equal (ch_error_name (code), name))
      g_assert_error (error, CH_ERROR, code);
}

static void
fail_with (Fixture    *fixture,
           const char *name)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_client_call_manager (fixture->client, "Fail", g_variant_new ("(s)", name), "()", NULL,
                                         &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, "Because.");
  check_error (error, name);
  g_assert_null (ch_client_call_manager (fixture->client, "Fail", g_variant_new ("(s)", name), "()", NULL,
                                         NULL));
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  for (int code = 0; code < CH_ERROR_N_CODES; code++)
    fail_with (fixture, ch_error_name (code));

  fail_with (fixture, "org.freedesktop.DBus.Error.AccessDenied");
  fail_with (fixture, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired");
  fail_with (fixture, "org.freedesktop.DBus.Error.UnknownObject");
  fail_with (fixture, "org.freedesktop.DBus.Error.InvalidArgs");
  fail_with (fixture, "org.freedesktop.DBus.Error.LimitsExceeded");
  fail_with (fixture, "com.example.Whatever");
}

static void
test_no_service (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  stop_service (fixture);
  g_assert_null (ch_client_list (fixture->client, CH_IFACE_SERVER, NULL, &error));
  g_assert_error (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE);
}

static void
test_no_bus (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const addresses[] = { "unix:path=/nonexistent/socket", "nonsense", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_client_open (CH_CLIENT_BUS_ADDRESS, addresses[i], NULL, &error));
      g_assert_error (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS);
    }
}

static void
test_nothing_there (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_client_get (fixture->client, CH_ROOT_PATH "/jobs/1", CH_IFACE_JOB, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* lists */

static void
check_servers (GPtrArray *servers,
               GError    *error)
{
  g_assert_no_error (error);
  g_assert_cmpuint (servers->len, ==, 2);
  g_assert_cmpstr (((ChObject *) g_ptr_array_index (servers, 0))->path, ==, "/b");
  g_assert_cmpint (ch_row_number (((ChObject *) g_ptr_array_index (servers, 1))->row, "Id"), ==, 10);
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) servers = ch_client_list (fixture->client, CH_IFACE_SERVER, NULL, &error);
  g_autoptr(GPtrArray) later = NULL;

  check_servers (servers, error);

  ch_client_list_async (fixture->client, CH_IFACE_SERVER, NULL, keep_result_cb, &result);
  later = ch_client_list_finish (fixture->client, wait_for (&result), &error);
  check_servers (later, error);
}

static void
test_async_errors (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) no_bus = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) opened = NULL;

  ch_client_call_async (fixture->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "Fail",
                        g_variant_new ("(s)", ch_error_name (CH_ERROR_IN_USE)), "()", NULL, keep_result_cb,
                            &result);
  g_assert_null (ch_client_call_finish (fixture->client, wait_for (&result), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);

  ch_client_open_async (CH_CLIENT_BUS_ADDRESS, "unix:path=/nonexistent/socket", NULL, keep_result_cb,
                        &opened);
  g_assert_null (ch_client_open_finish (wait_for (&opened), &no_bus));
  g_assert_error (no_bus, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS);
}

static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct { guint limit, rows, pages; } cases[] = {
    { 0, N_ORDERS, 3 }, { 1, 1, 1 }, { 500, 500, 1 }, { 501, 501, 2 }, { N_ORDERS, N_ORDERS, 3 },
        { 5000, N_ORDERS, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) rows = NULL;

      fixture->pages = 0;
      rows = ch_client_list_orders (fixture->client, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                                    "",
                                    cases[i].limit, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, cases[i].rows);
      g_assert_cmpuint (fixture->pages, ==, cases[i].pages);
      g_assert_cmpint (ch_row_number (g_ptr_array_index (rows, rows->len - 1), "Id"), ==, cases[i].rows);
    }
}

/* changes */

typedef struct
{
  GString *seen;
} Listener;

static void
changed_cb (ChClient *client, const char *path, const char *interface, Listener *listener)
{
  g_string_append_printf (listener->seen, "changed %s %s\n", path, interface);
}

static void
orders_changed_cb (ChClient *client, guint64 generation, GVariant *ids, Listener *listener)
{
  g_string_append_printf (listener->seen, "orders %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT "\n", generation,
                          g_variant_n_children (ids));
}

static void
event_added_cb (ChClient *client, GVariant *event, Listener *listener)
{
  g_string_append_printf (listener->seen, "event %s\n", ch_row_string (event, "Text"));
}

static void
objects_changed_cb (ChClient *client, Listener *listener)
{
  g_string_append (listener->seen, "objects\n");
}

static void
service_changed_cb (ChClient *client, gboolean present, Listener *listener)
{
  g_string_append (listener->seen, present ? "there\n" : "gone\n");
}

static void
listen_until (Listener   *listener,
              const char *wanted)
{
  while (strstr (listener->seen->str, wanted) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
emit (Fixture    *fixture,
      const char *path,
      const char *interface,
      const char *name,
      const char *parameters)
{
  GVariant *value = g_variant_new_parsed (parameters);

  g_assert_true (g_dbus_connection_emit_signal (fixture->connection, NULL, path, interface, name, value,
                                                NULL));
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  Listener listener = { g_string_new (NULL) };

  g_signal_connect (fixture->client, "changed", G_CALLBACK (changed_cb), &listener);
  g_signal_connect (fixture->client, "orders-changed", G_CALLBACK (orders_changed_cb), &listener);
  g_signal_connect (fixture->client, "event-added", G_CALLBACK (event_added_cb), &listener);
  g_signal_connect (fixture->client, "objects-changed", G_CALLBACK (objects_changed_cb), &listener);
  g_signal_connect (fixture->client, "service-changed", G_CALLBACK (service_changed_cb), &listener);
  ch_client_subscribe (fixture->client);
  ch_client_subscribe (fixture->client);
  listen_until (&listener, "there\n");

  /* Signals with wrong types are no news. */
  emit (fixture, CH_ROOT_PATH, CH_IFACE_MANAGER, "OrdersChanged", "('x',)");
  emit (fixture, CH_ROOT_PATH, CH_IFACE_MANAGER, "EventAdded", "(1,)");
  emit (fixture, "/o", "org.freedesktop.DBus.Properties", "PropertiesChanged", "('x',)");
  emit (fixture, "/o", "org.freedesktop.DBus.Properties", "PropertiesChanged",
        "('" CH_IFACE_ORDER "', @a{sv} {'State': <'issued'>}, @as [])");
  emit (fixture, CH_ROOT_PATH, CH_IFACE_MANAGER, "OrdersChanged", "(uint64 7, @at [1, 2])");
  emit (fixture, CH_ROOT_PATH, CH_IFACE_MANAGER, "EventAdded", "(@a{sv} {'Text': <'Added'>},)");
  emit (fixture, CH_ROOT_PATH, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved",
        "(objectpath '/x', @as [])");
  listen_until (&listener, "objects\n");
  g_assert_cmpstr (listener.seen->str, ==,
                   "there\nchanged /o " CH_IFACE_ORDER "\norders 7 2\nevent Added\nobjects\n");

  stop_service (fixture);
  listen_until (&listener, "gone\n");
  g_signal_handlers_disconnect_by_data (fixture->client, &listener);
  g_string_free (listener.seen, TRUE);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ch_client_list (fixture->client, CH_IFACE_SERVER, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/client/errors", test_errors },
    { "/client/no-service", test_no_service },
    { "/client/no-bus", test_no_bus },
    { "/client/nothing-there", test_nothing_there },
    { "/client/list", test_list },
    { "/client/async-errors", test_async_errors },
    { "/client/pages", test_pages },
    { "/client/changes", test_changes },
    { "/client/cancel", test_cancel },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
