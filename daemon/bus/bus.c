/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus.h"

#include "bus/internal.h"
#include "bus/objects.h"
#include "bus/orders.h"
#include "bus/watcher.h"

#include "lib/error.h"

static void
bus_clear (gpointer data)
{
  ChBus *bus = data;

  g_clear_pointer (&bus->subtrees, g_array_unref);
  g_clear_object (&bus->connection);
}

ChBus *
ch_bus_ref (ChBus *bus)
{
  return g_rc_box_acquire (bus);
}

void
ch_bus_unref (ChBus *bus)
{
  g_rc_box_release_full (bus, bus_clear);
}

void
ch_bus_emit (ChBus      *bus,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant   *parameters)
{
  g_autoptr(GError) error = NULL;

  if (!g_dbus_connection_emit_signal (bus->connection, NULL, path, interface, signal, parameters, &error))
    g_info ("Signal %s could not be sent: %s", signal, error->message);
}

static void
unexport (ChBus *bus)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bus->objects); i++)
    if (bus->objects[i] != 0)
      g_dbus_connection_unregister_object (bus->connection, bus->objects[i]);

  for (guint i = 0; i < bus->subtrees->len; i++)
    g_dbus_connection_unregister_subtree (bus->connection, g_array_index (bus->subtrees, guint, i));
}

ChBus *
ch_bus_new (ChWorld         *world,
            GDBusConnection *connection,
            GError         **error)
{
  g_autoptr(ChBus) bus = g_rc_box_new0 (ChBus);

  bus->world = world;
  bus->connection = g_object_ref (connection);
  bus->authority = ch_authority_new (connection, world->config->session);
  bus->subtrees = g_array_new (FALSE, FALSE, sizeof (guint));
  ch_order_feed_init (&bus->feed);

  if (!ch_objects_export (bus, error))
    {
      ch_error_from_gio (error);
      return NULL;
    }

  world->watcher = ch_bus_watcher (bus);
  return g_steal_pointer (&bus);
}

void
ch_bus_free (ChBus *bus)
{
  bus->closed = TRUE;
  bus->world->watcher = (ChWatcher) { NULL };
  unexport (bus);
  ch_order_feed_clear (&bus->feed);
  g_clear_pointer (&bus->authority, ch_authority_free);
  ch_bus_unref (bus);
}
