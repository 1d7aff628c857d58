/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include <gio/gio.h>

/* The D-Bus face of the engine: it authorises, translates, and tells of changes. Main loop only. */

typedef struct _ChBus ChBus;

/**
 * ch_bus_new:
 * @world: (not nullable): what the commands work on; outlives the bus
 * @connection: a connection to a message bus, also asked for callers' credentials and for polkit
 *
 * Exports everything and fills @world's watcher. Own the bus name only afterwards, so that nobody
 * finds a name without objects.
 *
 * Returns: (transfer full): the face, or %NULL with %CH_ERROR_FAILED
 */
ChBus *ch_bus_new (ChWorld         *world,
                   GDBusConnection *connection,
                   GError         **error);

/**
 * ch_bus_free:
 *
 * Takes everything off the connection and empties the watcher. Calls that the engine still works
 * on are answered when it is done with them; calls that wait for authorisation are refused.
 */
void ch_bus_free (ChBus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChBus, ch_bus_free)
