/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/job.h"

#include "engine/alarm.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

#define RUNNING_MAX 16
#define LINES_MAX 1000
#define KEEP_SECONDS (60 * 60)
#define KEEP_MAX 200

struct _ChJobs
{
  ChWorld *world;       /* (not owned) */
  GPtrArray *list;      /* (element-type ChJob) (owned): oldest first */
  gint64 last_id;
  guint forget;         /* source id, 0: none */
};

/* One job while it runs. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChJob *job;           /* (not owned): the list keeps it */
  gint64 order_id;      /* what is claimed for it, 0: nothing */
  ChJobReady ready;     /* (nullable) */
  ChJobWork work;
  ChJobDone done;
  gpointer data;        /* (owned) */
  GDestroyNotify free;
  GHashTable *result;   /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
} Run;

/* A line on its way from the worker to the main loop. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  gint64 job_id;
  double progress;
  char *text;           /* (owned) */
} Line;

static GPrivate current_world;    /* of the worker that runs a job: whom ch_job_say() tells */

static void
job_free (ChJob *job)
{
  g_free (job->kind);
  g_free (job->title);
  g_free (job->object);
  g_clear_pointer (&job->lines, g_ptr_array_unref);
  g_clear_pointer (&job->result, g_hash_table_unref);
  g_clear_error (&job->error);
  g_clear_object (&job->cancellable);
  g_free (job);
}

ChJobs *
ch_jobs_new (ChWorld *world)
{
  ChJobs *jobs = g_new0 (ChJobs, 1);

  jobs->world = world;
  jobs->list = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
  return jobs;
}

void
ch_jobs_free (ChJobs *jobs)
{
  g_clear_handle_id (&jobs->forget, g_source_remove);
  g_ptr_array_unref (jobs->list);
  g_free (jobs);
}

ChJob *
ch_jobs_get (ChJobs *jobs,
             gint64  id)
{
  for (guint i = 0; i < jobs->list->len; i++)
    {
      ChJob *job = g_ptr_array_index (jobs->list, i);

      if (job->id == id)
        return job;
    }

  return NULL;
}

GPtrArray *
ch_jobs_list (ChJobs *jobs)
{
  return g_ptr_array_ref (jobs->list);
}

static void
tell (ChWorld  *world,
      ChJob    *job,
      ChChange  change)
{
  if (world->watcher.job_changed != NULL)
    world->watcher.job_changed (world->watcher.data, job, change);
}

/* ---- lines ---- */

static gboolean
line_cb (gpointer data)
{
  Line *line = data;
  ChJob *job = ch_jobs_get (line->world->jobs, line->job_id);

  if (job != NULL && job->state == CH_JOB_STATE_RUNNING)
    {
      if (job->lines->len < LINES_MAX)
        g_ptr_array_add (job->lines, g_steal_pointer (&line->text));
      if (line->progress >= 0)
        job->progress = line->progress;
      tell (line->world, job, CH_CHANGE_CHANGED);
    }

  return G_SOURCE_REMOVE;
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

void
ch_job_say (ChJob      *job,
            double      progress,
            const char *format,
            ...)
{
  Line *line = g_new0 (Line, 1);
  va_list args;

  line->world = g_private_get (&current_world);
  line->job_id = job->id;
  line->progress = progress;
  va_start (args, format);
  line->text = g_strdup_vprintf (format, args);
  va_end (args);
  /* The same priority as the end of the work, so that no line comes after it. */
  g_idle_add_full (G_PRIORITY_DEFAULT, line_cb, line, line_free);
}

/* ---- running ---- */

static void
run_perform (gpointer      data,
             GCancellable *cancellable)
{
  Run *run = data;

  g_private_set (&current_world, run->world);
  run->result = run->work (run->job, run->data, cancellable, &run->error);
  g_private_set (&current_world, NULL);
}

static gboolean forget_cb (gpointer data);

/* One timer for the job that ended first; none while there is none. */
static void
arm_forget (ChWorld *world)
{
  for (guint i = 0; i < world->jobs->list->len && world->jobs->forget == 0; i++)
    {
      const ChJob *job = g_ptr_array_index (world->jobs->list, i);

      if (job->state != CH_JOB_STATE_RUNNING)
        world->jobs->forget = g_timeout_add_seconds (KEEP_SECONDS + 1, forget_cb, world);
    }
}

static gboolean
forget_cb (gpointer data)
{
  ChWorld *world = data;
  gint64 now = ch_now ();

  for (guint i = world->jobs->list->len; i > 0; i--)
    {
      ChJob *job = g_ptr_array_index (world->jobs->list, i - 1);

      if (job->state != CH_JOB_STATE_RUNNING && (job->finished_at + KEEP_SECONDS <= now || job->finished_at > now))
        {
          tell (world, job, CH_CHANGE_REMOVED);
          g_ptr_array_remove_index (world->jobs->list, i - 1);
        }
    }

  world->jobs->forget = 0;
  arm_forget (world);
  return G_SOURCE_REMOVE;
}

/* Whoever may start jobs must not fill the memory with those that ended: the oldest go, but not @last. */
static void
forget_oldest (ChWorld     *world,
               const ChJob *last)
{
  guint ended = 0;

  for (guint i = world->jobs->list->len; i > 0; i--)
    {
      ChJob *job = g_ptr_array_index (world->jobs->list, i - 1);

      if (job == last || job->state == CH_JOB_STATE_RUNNING || ++ended < KEEP_MAX)
        continue;

      tell (world, job, CH_CHANGE_REMOVED);
      g_ptr_array_remove_index (world->jobs->list, i - 1);
    }
}

static void
run_done (gpointer      data,
          GCancellable *cancellable)
{
  Run *run = data;
  ChJob *job = run->job;

  ch_error_from_gio (&run->error);
  job->result = g_steal_pointer (&run->result);
  job->error = g_steal_pointer (&run->error);
  job->finished_at = ch_now ();
  if (job->error == NULL)
    job->state = CH_JOB_STATE_DONE;
  else if (g_error_matches (job->error, CH_ERROR, CH_ERROR_CANCELLED))
    job->state = CH_JOB_STATE_CANCELLED;
  else
    job->state = CH_JOB_STATE_FAILED;
  if (job->state == CH_JOB_STATE_DONE)
    job->progress = 1;

  if (run->done != NULL)
    run->done (run->world, job, run->data);
  if (run->free != NULL)
    run->free (run->data);

  tell (run->world, job, CH_CHANGE_CHANGED);
  forget_oldest (run->world, job);
  arm_forget (run->world);
  g_free (run);
}

static guint
count_running (ChJobs *jobs,
               gint64  uid)
{
  guint running = 0;

  for (guint i = 0; i < jobs->list->len; i++)
    {
      const ChJob *job = g_ptr_array_index (jobs->list, i);

      running += job->uid == uid && job->state == CH_JOB_STATE_RUNNING;
    }

  return running;
}

gboolean
ch_jobs_have_room (ChJobs         *jobs,
                   const ChActor  *actor,
                   GError        **error)
{
  if (count_running (jobs, actor->uid) >= RUNNING_MAX)
    return ch_error_set (error, CH_ERROR_LIMIT, _("You have %d jobs running; wait for one to end or cancel it"), RUNNING_MAX);

  return TRUE;
}

/* (transfer full) (nullable) */
static Run *
run_new (ChWorld         *world,
         const char      *kind,
         const char      *title,
         const char      *object,
         const ChActor   *actor,
         GError         **error)
{
  if (!ch_jobs_have_room (world->jobs, actor, error))
    return NULL;

  ChJob *job = g_new0 (ChJob, 1);
  job->id = ++world->jobs->last_id;
  job->kind = g_strdup (kind);
  job->title = g_strdup (title);
  job->object = g_strdup (object);
  job->uid = actor->uid;
  job->progress = -1;
  job->lines = g_ptr_array_new_with_free_func (g_free);
  job->started_at = ch_now ();
  job->cancellable = g_cancellable_new ();
  g_ptr_array_add (world->jobs->list, job);
  tell (world, job, CH_CHANGE_ADDED);

  Run *run = g_new0 (Run, 1);
  run->world = world;
  run->job = job;
  return run;
}

ChJob *
ch_job_start (ChWorld         *world,
              const char      *kind,
              const char      *title,
              const char      *object,
              const ChActor   *actor,
              ChJobWork        work,
              ChJobDone        done,
              gpointer         data,
              GDestroyNotify   free_data,
              GError         **error)
{
  Run *run = run_new (world, kind, title, object, actor, error);

  if (run == NULL)
    {
      if (free_data != NULL)
        free_data (data);
      return NULL;
    }

  ChJob *job = run->job;
  *run = (Run) { .world = world, .job = job, .work = work, .done = done, .data = data, .free = free_data };
  ch_workers_push (world->workers, run_perform, run_done, run, job->cancellable);
  return job;
}

static void
run_claimed (gpointer      data,
             const GError *why)
{
  Run *run = data;
  g_autofree char *object = ch_object_name ("order", run->order_id);

  if (why != NULL)
    run->error = g_error_copy (why);
  else if (!run->ready (run->data, &run->error))
    ch_runner_release (run->world->runner, object);

  if (run->error == NULL)
    {
      ch_workers_push (run->world->workers, run_perform, run_done, run, run->job->cancellable);
      return;
    }

  run->done = NULL;
  run_done (run, NULL);
}

ChJob *
ch_job_start_with_order (ChWorld         *world,
                         const char      *kind,
                         const char      *title,
                         gint64           order_id,
                         const ChActor   *actor,
                         ChJobReady       ready,
                         ChJobWork        work,
                         ChJobDone        done,
                         gpointer         data,
                         GDestroyNotify   free_data,
                         GError         **error)
{
  g_autofree char *path = ch_path_new (CH_FOLDER_ORDERS, order_id);
  Run *run = run_new (world, kind, title, path, actor, error);

  if (run == NULL)
    {
      free_data (data);
      return NULL;
    }

  ChJob *job = run->job;
  *run = (Run) { .world = world, .job = job, .order_id = order_id, .ready = ready, .work = work, .done = done, .data = data,
                 .free = free_data };
  if (!ch_runner_await_order (world->runner, order_id, job->cancellable, run_claimed, run))
    g_ptr_array_add (job->lines, g_strdup (_("Waits until what is under way with the order has ended")));
  return job;
}

void
ch_job_cancel (ChJob *job)
{
  g_cancellable_cancel (job->cancellable);
}
