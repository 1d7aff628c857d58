/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include "engine/alarm.h"
#include "engine/deployments.h"
#include "engine/job.h"
#include "engine/orders.h"
#include "engine/peers.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "fakes.h"
#include "lib/error.h"

/* An engine with a real store and a real vault in a folder of its own, fake connectors, a clock that only the
 * test moves, and workers that take turns with the main loop: what happens is the same at every run. */
typedef struct
{
  char *folder;
  char *database;
  ChConfig *config;
  ChPolicy *policy;
  ChWorld world;
  GString *changes;     /* what the watcher was told: "order/1:changed " … */
  char *remains;        /* (nullable) (owned): of world_die() */
} World;

/** world_init: begins a test program. What the engine logs is shown with --verbose only. */
void world_init (int *argc, char ***argv);

/** world_new: an empty one. @start: as a service starts */
World *world_new (void);
/** world_new_from: one with the state in @folder (transfer full). */
World *world_new_from (char *folder);
/** world_open: opens what world_close() closed, and starts. */
void world_open (World *world);
/** world_close: stops as a service does. */
void world_close (World *world);
/** world_drop: closes it and removes its folder; the fakes live on. */
void world_drop (World *world);
/** world_free: the fakes go, too. */
void world_free (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/** world_run: everything that happens within the next @seconds; 0: what happens now. */
void world_run (World *world, gint64 seconds);

/** world_snapshot: (transfer full): a folder with the state as it is on the disk now. */
char *world_snapshot (World *world);

/** world_die: the service is dead from now on, also as a #FakeHook. @world: a #World */
void world_die (gpointer world);
/** world_rise: closes the dead @world (transfer full) and opens what was on the disk when it died. */
World *world_rise (World *world);

/** world_refuse_writes: from now on the database refuses what is written, as on a full disk; or takes it again. */
void world_refuse_writes (World *world, gboolean refuse);

/** world_sql: what a hand in the database might do. */
void world_sql (World *world, const char *sql);

/** world_set_clock: what time it is; goes back, too. */
void world_set_clock (gint64 now);
/** world_rings: how often the alarm has rung. */
guint world_rings (void);
/** world_most_at_once: how many pieces of work were open at the same time at most, since the last call. */
guint world_most_at_once (void);

extern const ChActor somebody;

/* ---- what the tests begin with ---- */
gint64 world_add_peer (World *world, ChPeerRole role, const char *name);
/** world_add_order: writes an order down that begins with making its key; @dns: 0: by hand */
gint64 world_add_order (World *world, const char *name, gint64 account, gint64 dns);
gint64 world_add_deployment (World *world, const char *name, const char *for_name, gint64 server, const char *path);

/* (transfer full) */
ChOrder *world_order (World *world, gint64 id);
ChPeer *world_peer (World *world, ChPeerRole role, gint64 id);
ChDeployment *world_deployment (World *world, gint64 id);
/** world_txt_count: how many TXT records the store remembers. */
guint world_txt_count (World *world);

/** world_pairs: (transfer full): a table of names and values, ended by NULL. */
GHashTable *world_pairs (const char *name, ...) G_GNUC_NULL_TERMINATED;

/** assert_order: its state and step. */
void assert_order (World *world, gint64 id, const char *state, const char *step);
