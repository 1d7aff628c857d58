/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include <gio/gio.h>

/** ChJob: a long piece of work that a client started. Read its members on the main loop only. */
struct _ChJob
{
  gint64 id;
  char *kind;           /* "account.verify", "dns.test", "server.test", "dns.clean", "deployment.run" */
  char *title;          /* for people */
  char *object;         /* the object path it is about */
  gint64 uid;           /* who started it */
  ChJobState state;
  double progress;      /* 0 to 1; below 0: not known */
  GPtrArray *lines;     /* (element-type utf8): what happened so far, sentences */
  GHashTable *result;   /* (element-type utf8 utf8) (nullable): once done */
  GError *error;        /* (nullable): once failed; always of CH_ERROR */
  gint64 started_at;
  gint64 finished_at;
  GCancellable *cancellable;
};

/**
 * ChJobWork: the work itself, on a worker.
 * @task: pass it to ch_job_say()
 *
 * Returns: (transfer full) (element-type utf8 utf8): the result, or %NULL with @error
 */
typedef GHashTable *(*ChJobWork) (ChJob *job, gpointer data, GCancellable *cancellable, GError **error);

/** ch_job_say: adds a line and sets the progress; from the worker, any time. */
void ch_job_say (ChJob *job, double progress, const char *format, ...) G_GNUC_PRINTF (3, 4);

/**
 * ch_job_start:
 * @work: what to do
 * @data: (transfer full): for @work
 * @free: (nullable): frees @data afterwards, on the main loop
 * @done: (nullable): called on the main loop before the end is told, to write down what came of it
 *
 * A caller (uid) may have 16 jobs running.
 *
 * Returns: (transfer none): the job, which lives for an hour after its end, or until 200 others have ended;
 *   %NULL with %CH_ERROR_LIMIT
 */
typedef void (*ChJobDone) (ChWorld *world, ChJob *job, gpointer data);
ChJob *ch_job_start (ChWorld *world, const char *kind, const char *title, const char *object,
                     const ChActor *actor, ChJobWork work, ChJobDone done, gpointer data,
                     GDestroyNotify free, GError **error);

/** ChJobReady: reads what the work needs, on the main loop, when the order is claimed. */
typedef gboolean (*ChJobReady) (gpointer data, GError **error);

/**
 * ch_job_start_with_order:
 * @order_id: is claimed first; the job waits for that as ch_runner_await_order() does
 * @ready: its %FALSE ends the job with the error
 * @done: called only when @work was; it releases the order
 *
 * As ch_job_start() otherwise.
 */
ChJob *ch_job_start_with_order (ChWorld *world, const char *kind, const char *title, gint64 order_id, const ChActor *actor,
                                ChJobReady ready, ChJobWork work, ChJobDone done, gpointer data, GDestroyNotify free,
                                GError **error);

/** ch_jobs_have_room: whether @actor may start one more job, or %FALSE with %CH_ERROR_LIMIT. */
gboolean ch_jobs_have_room (ChJobs *jobs, const ChActor *actor, GError **error);

/** ch_job_cancel: asks it to stop; it ends in the state cancelled when it did. */
void ch_job_cancel (ChJob *job);

ChJobs *ch_jobs_new (ChWorld *world);
void ch_jobs_free (ChJobs *jobs);
/** ch_jobs_get: (nullable) (transfer none) */
ChJob *ch_jobs_get (ChJobs *jobs, gint64 id);
/** ch_jobs_list: (transfer container) (element-type ChJob): oldest first */
GPtrArray *ch_jobs_list (ChJobs *jobs);
