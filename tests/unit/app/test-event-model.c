/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/event-model.h"

#include "lib/paths.h"

/* The audit log against a service in this very program, on a bus of its own. */

static const char xml[] =
  "<node><interface name='" CH_IFACE_MANAGER "'>"
  "  <method name='ListEvents'><arg type='a{sv}' direction='in'/><arg type='t' direction='in'/><arg type='u' direction='in'/>"
  "    <arg type='aa{sv}' direction='out'/></method>"
  "  <signal name='EventAdded'><arg type='a{sv}'/></signal>"
  "</interface></node>";

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;    /* of the service */
  GDBusNodeInfo *node;
  guint registration;
  guint64 newest;                 /* it has all entries from 1 on; each tenth failed */
  guint calls;                    /* it got */
  ChClient *client;
  ChEventModel *model;
} Fixture;

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
  Fixture *fixture = data;
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  guint64 before;
  guint limit;

  fixture->calls++;
  g_variant_get (parameters, "(@a{sv}tu)", NULL, &before, &limit);
  for (guint64 id = before != 0 ? before - 1 : fixture->newest; id > 0 && limit-- > 0; id--)
    {
      g_autofree char *object = g_strdup_printf ("%s/%u", id % 2 ? "order" : "dns", (guint) id);

      g_variant_builder_open (&rows, G_VARIANT_TYPE ("a{sv}"));
      g_variant_builder_add (&rows, "{sv}", "Id", g_variant_new_uint64 (id));
      g_variant_builder_add (&rows, "{sv}", "Object", g_variant_new_string (object));
      g_variant_builder_add (&rows, "{sv}", "Ok", g_variant_new_boolean (id % 10 != 0));
      g_variant_builder_add (&rows, "{sv}", "Text", g_variant_new_string (id == 42 ? "Überaus SELTEN" : "Often"));
      g_variant_builder_close (&rows);
    }
  g_dbus_method_invocation_return_value (call, g_variant_new ("(aa{sv})", &rows));
}

static const GDBusInterfaceVTable vtable = { .method_call = called_cb };

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static gint64
id_at (Fixture *fixture,
       guint    position)
{
  g_autoptr(ChItem) event = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);

  return event != NULL ? ch_item_get_number (event, "Id") : 0;
}

static void
await_count (Fixture *fixture,
             guint    n)
{
  while (count (fixture) != n)
    g_main_context_iteration (NULL, TRUE);
}

static void
await_end (Fixture *fixture)
{
  while (!ch_event_model_is_complete (fixture->model))
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (fixture->bus), flags, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->node = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  fixture->registration = g_dbus_connection_register_object (fixture->connection, CH_ROOT_PATH, fixture->node->interfaces[0], &vtable,
                                                             fixture, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (fixture->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", CH_BUS_NAME, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       &error);
  g_assert_no_error (error);

  fixture->newest = 1200;
  fixture->client = ch_client_open (CH_CLIENT_BUS_ADDRESS, g_test_dbus_get_bus_address (fixture->bus), NULL, &error);
  g_assert_no_error (error);
  ch_client_subscribe (fixture->client);
  fixture->model = ch_event_model_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  ch_event_model_set_client (fixture->model, NULL);
  g_dbus_connection_unregister_object (fixture->connection, fixture->registration);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->model);
  g_clear_object (&fixture->client);
  g_dbus_connection_close_sync (fixture->connection, NULL, NULL);
  g_clear_object (&fixture->connection);
  g_clear_pointer (&fixture->node, g_dbus_node_info_unref);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

/* One page is enough until somebody looks further. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  ch_event_model_set_client (fixture->model, fixture->client);
  await_count (fixture, 500);
  g_assert_cmpint (id_at (fixture, 0), ==, 1200);
  g_assert_cmpuint (fixture->calls, ==, 1);

  for (guint i = 0; i < 500; i += 50)
    id_at (fixture, i);
  id_at (fixture, 499);
  await_count (fixture, 1000);
  g_assert_cmpint (id_at (fixture, 999), ==, 201);

  ch_event_model_read_all (fixture->model);
  await_end (fixture);
  g_assert_cmpuint (count (fixture), ==, 1200);
  g_assert_cmpint (id_at (fixture, 1199), ==, 1);
}

/* Letters in whatever case, in the past, too; and both kinds of filter. */
static void
test_filters (Fixture       *fixture,
              gconstpointer  data)
{
  ch_event_model_set_client (fixture->model, fixture->client);
  ch_event_model_set_filter (fixture->model, "überaus selten", "", FALSE);
  await_end (fixture);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_cmpint (id_at (fixture, 0), ==, 42);

  ch_event_model_set_filter (fixture->model, "", "order", FALSE);
  g_assert_cmpuint (count (fixture), ==, 600);
  ch_event_model_set_filter (fixture->model, "", "order", TRUE);
  g_assert_cmpuint (count (fixture), ==, 0);
  ch_event_model_set_filter (fixture->model, "", "dns", TRUE);
  g_assert_cmpuint (count (fixture), ==, 120);
  g_autoptr(ChItem) event = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_cmpstr (ch_item_get_path (event), ==, CH_ROOT_PATH "/dns/1200");
}

static void
add (Fixture *fixture,
     guint    n)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  fixture->newest += n;
  g_dbus_connection_emit_signal (fixture->connection, NULL, CH_ROOT_PATH, CH_IFACE_MANAGER, "EventAdded",
                                 g_variant_new ("(a{sv})", &row), NULL);
}

static void
test_new_ones (Fixture       *fixture,
               gconstpointer  data)
{
  ch_event_model_set_client (fixture->model, fixture->client);
  await_count (fixture, 500);
  add (fixture, 3);
  await_count (fixture, 503);
  g_assert_cmpint (id_at (fixture, 0), ==, 1203);
  g_assert_cmpint (id_at (fixture, 3), ==, 1200);

  /* So many that there would be a hole. */
  add (fixture, 700);
  while (id_at (fixture, 0) != 1903)
    g_main_context_iteration (NULL, TRUE);
  ch_event_model_read_all (fixture->model);
  await_end (fixture);
  for (guint i = 0; i < 1903; i++)
    g_assert_cmpint (id_at (fixture, i), ==, 1903 - i);
}

#define ADD(name, function) g_test_add ("/app/event-model/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pages", test_pages);
  ADD ("filters", test_filters);
  ADD ("new-ones", test_new_ones);
  return g_test_run ();
}
