/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/authority.h"
#include "bus/bus.h"

/* What the files of this folder share. */

/** ChOrderFeed: changes of the list of orders that were not told yet. */
typedef struct
{
  guint64 generation;     /* of the last OrdersChanged; the first is 1 */
  GHashTable *pending;    /* (element-type gint64) (owned): a set of ids; at most CH_ORDERS_CHANGED_MAX + 1 */
  guint timer;            /* source id, 0: nothing is pending */
} ChOrderFeed;

struct _ChBus
{
  ChWorld *world;               /* (not owned) */
  GDBusConnection *connection;  /* (owned) */
  ChAuthority *authority;       /* (owned) */
  ChOrderFeed feed;
  guint objects[2];             /* registrations at the root: Manager, ObjectManager */
  GArray *subtrees;             /* (element-type guint) (owned): registrations of the folders */
  gboolean closed;
};

/** ch_bus_ref: for as long as a call is under way. */
ChBus *ch_bus_ref (ChBus *bus);
void ch_bus_unref (ChBus *bus);

/** ch_bus_emit: sends a signal to everybody; @parameters may be floating. */
void ch_bus_emit (ChBus *bus, const char *path, const char *interface, const char *signal,
                  GVariant *parameters);
