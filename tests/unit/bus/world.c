/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

GVariant *
parse (const char *type,
       const char *text)
{
  g_autoptr(GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static void
signal_received_cb (GDBusConnection *connection,
                    const char      *sender,
                    const char      *path,
                    const char      *interface,
                    const char      *member,
                    GVariant        *parameters,
                    gpointer         data)
{
  World *world = data;

  GVariant *signal = g_variant_new ("(sssv)", path, interface, member, parameters);

  g_queue_push_tail (&world->signals, g_variant_ref_sink (signal));
}

static GDBusConnection *
connect_to (GTestDBus *test_bus)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (test_bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

void
world_set_up (World        *world,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_engine_reset ();
  fixture_set_up (&world->store, NULL);
  g_queue_init (&world->signals);
  world->test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (world->test_bus);
  world->service = connect_to (world->test_bus);
  world->client = connect_to (world->test_bus);
  world->config.session = TRUE;
  world->world.config = &world->config;
  world->world.store = world->store.store;
  world->policy = ch_policy_load (POLICY_FILE, NULL, &error);
  g_assert_no_error (error);
  world->world.policy = world->policy;
  world->bus = ch_bus_new (&world->world, world->service, &error);
  g_assert_no_error (error);
  g_dbus_connection_signal_subscribe (world->client, g_dbus_connection_get_unique_name (world->service),
                                      NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                      signal_received_cb, world, NULL);
}

static void
disconnect (GDBusConnection *connection)
{
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_object_unref (connection);
}

void
world_tear_down (World        *world,
                 gconstpointer data)
{
  g_clear_pointer (&world->bus, ch_bus_free);
  g_clear_pointer (&world->policy, ch_policy_free);
  g_queue_clear_full (&world->signals, (GDestroyNotify) g_variant_unref);
  disconnect (world->client);
  disconnect (world->service);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_test_dbus_down (world->test_bus);
  g_object_unref (world->test_bus);
  fixture_tear_down (&world->store, NULL);
  fake_engine_reset ();
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

GVariant *
world_call (World      *world,
            const char *path,
            const char *interface,
            const char *method,
            GVariant   *parameters,
            GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  g_dbus_connection_call (world->client, g_dbus_connection_get_unique_name (world->service), path, interface,
                          method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, replied_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_dbus_connection_call_finish (world->client, result, error);
}

GVariant *
world_ask (World      *world,
           const char *method,
           GVariant   *parameters)
{
  g_autoptr(GError) error = NULL;
  GVariant *reply = world_call (world, CH_ROOT_PATH, CH_IFACE_MANAGER, method, parameters, &error);

  g_assert_no_error (error);
  return reply;
}

void
world_refuses (World      *world,
               const char *path,
               const char *interface,
               const char *method,
               GVariant   *parameters,
               ChError     code,
               const char *part)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, path, interface, method, parameters, &error);

  g_assert_null (reply);
  g_assert_error (error, CH_ERROR, (int) code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

GVariant *
world_wait (World      *world,
            const char *member,
            char      **path)
{
  for (;;)
    {
      g_autoptr(GVariant) signal = g_queue_pop_head (&world->signals);
      const char *got = NULL;

      if (signal == NULL)
        {
          g_main_context_iteration (NULL, TRUE);
          continue;
        }

      g_variant_get_child (signal, 2, "&s", &got);
      if (!g_str_equal (got, member))
        continue;
      if (path != NULL)
        g_variant_get_child (signal, 0, "s", path);

      GVariant *parameters;
      g_variant_get_child (signal, 3, "v", &parameters);
      return parameters;
    }
}
