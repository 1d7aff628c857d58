/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/config.h"
#include "engine/policy.h"
#include "store/store.h"
#include "vault/vault.h"

typedef struct _ChJobs ChJobs;
typedef struct _ChJob ChJob;
typedef struct _ChRunner ChRunner;
typedef struct _ChWorkers ChWorkers;

/** ChChange: what happened to an object. */
typedef enum
{
  CH_CHANGE_ADDED,
  CH_CHANGE_CHANGED,
  CH_CHANGE_REMOVED,
} ChChange;

/**
 * ChWatcher: whom the engine tells about changes; the bus layer, or a test. Called on the main
 * loop, after the change is durable.
 */
typedef struct
{
  gpointer data;
  void (*order_changed) (gpointer data, gint64 id, ChChange change);
  void (*peer_changed) (gpointer data, ChPeerRole role, gint64 id, ChChange change);
  void (*deployment_changed) (gpointer data, gint64 id, ChChange change);
  void (*watch_changed) (gpointer data, gint64 id, ChChange change);
  void (*job_changed) (gpointer data, ChJob *job, ChChange change);
  void (*certificate_expiring) (gpointer data, const ChOrder *order, int days);   /* @days: below which; 0: ended */
  void (*event_added) (gpointer data, const ChEvent *event);
} ChWatcher;

/** ChWorld: what every part of the engine works with. Made and owned by main(). */
typedef struct
{
  const ChConfig *config;   /* (owned by main) */
  const ChPolicy *policy;   /* (owned by main) */
  ChStore *store;
  ChVault *vault;
  ChWorkers *workers;
  ChJobs *jobs;
  ChRunner *runner;
  ChWatcher watcher;
} ChWorld;

/**
 * ch_object_name:
 * @kind: "order", "account", "dns", "server", "deployment", …
 *
 * Returns: (transfer full): "order/12": what the audit log calls an object, and what the runner claims while a worker
 *   works on it
 */
char *ch_object_name (const char *kind,
                      gint64      id);

/** ChActor: who asks, as the audit log keeps it. */
typedef struct
{
  gint64 uid;               /* -1: the daemon itself */
  const char *authority;    /* "root", "owner", "polkit:<action>", "daemon" */
} ChActor;

/**
 * ch_world_log:
 * @object: "order/12", "dns/3", …
 * @name: the object's name for people
 * @ok: how it went
 *
 * Appends to the audit log and tells the journal and the watcher. An entry that cannot be written
 * is a warning in the journal and stops nothing.
 */
void ch_world_log (ChWorld       *world,
                   const ChActor *actor,
                   const char    *action,
                   const char    *object,
                   const char    *name,
                   gboolean       ok,
                   const char    *format,
                   ...) G_GNUC_PRINTF (7, 8);

/** ch_actor_daemon: the daemon itself. */
extern const ChActor ch_actor_daemon;
