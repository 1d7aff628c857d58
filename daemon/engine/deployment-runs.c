/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "engine/alarm.h"
#include "engine/deployment-gate.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* An SSH server takes ten sessions that are not yet logged in by itself (sshd_config(5), MaxStartups), and a reload is
 * best left alone for its moment. */
#define AT_ONCE_ON_A_SERVER 2

#define ASK_AGAIN (10 * 60)     /* seconds */

typedef struct
{
  ChInstall *install;   /* (owned) (nullable) */
  ChWorld *world;       /* (not owned) */
  char *object;         /* (owned): the claim */
} DueRun;

static void
due_run_free (gpointer data)
{
  DueRun *run = data;

  g_clear_pointer (&run->install, ch_install_free);
  g_free (run->object);
  g_free (run);
}

static void
due_run_end (DueRun *run)
{
  ch_runner_finish (run->world->runner, run->object, ch_install_end, g_steal_pointer (&run->install),
                    (GDestroyNotify) ch_install_free);
}

static void
due_run_perform (gpointer      data,
                 GCancellable *cancellable)
{
  DueRun *run = data;

  ch_install_perform (run->install, NULL, cancellable, NULL);
}

static void
due_run_done (gpointer      data,
              GCancellable *cancellable)
{
  due_run_end (data);
  due_run_free (data);
}

/* A run that cannot even begin has failed like any other; without a certificate, since its order was deleted, there is
 * nothing to be tried. */
static gboolean
begin_failed (ChWorld       *world,
              gint64         id,
              const GError  *why,
              GError       **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL)
    return FALSE;

  deployment->state = CH_DEPLOYMENT_STATE_FAILED;
  deployment->failures++;
  deployment->due = ch_now () + ch_backoff (deployment->failures, 60, 60 * 60, (guint64) id);
  g_clear_pointer (&deployment->reason, g_free);
  if (deployment->certificate_id == 0)
    {
      deployment->state = CH_DEPLOYMENT_STATE_IDLE;
      deployment->due = 0;
    }
  else
    deployment->reason = g_strdup (why->message);

  if (!ch_store_update_deployment (world->store, deployment, error)
      || !ch_store_wake_waves (world->store, ch_now (), error))
    return FALSE;

  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* What has failed goes on saying so while it waits to be tried again. */
static gboolean
write_wait (ChWorld       *world,
            ChDeployment  *deployment,
            ChGate        *gate,
            gint64         now,
            GError       **error)
{
  deployment->due = gate->until;
  if (deployment->state != CH_DEPLOYMENT_STATE_FAILED
      || (gate->until == 0 && !ch_deployment_is_paused (deployment, now)))
    {
      deployment->state = CH_DEPLOYMENT_STATE_PENDING;
      g_free (deployment->reason);
      deployment->reason = g_steal_pointer (&gate->reason);
    }
  return ch_store_update_deployment (world->store, deployment, error);
}

/* @waits: (out): whether it has to wait for something; then it says for what */
static gboolean
ask_gate (ChWorld   *world,
          gint64     id,
          gboolean  *waits,
          GError   **error)
{
  gint64 now = ch_now ();
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);
  g_auto(ChGate) gate = { NULL, 0 };

  if (deployment == NULL)
    return FALSE;

  *waits = FALSE;
  if (deployment->paused_until > 0 && !ch_deployment_is_paused (deployment, now))
    {
      if (!ch_deployment_catch_up (world, deployment, error)
          || !ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
      *waits = deployment->due == 0;
    }

  if (*waits || !ch_gate_ask (world, deployment, now, &gate, error))
    return *waits;

  *waits = gate.reason != NULL;
  return !*waits || write_wait (world, deployment, &gate, now, error);
}

/* Whoever has set a pause, a window or a wave wants no run that does not know of it. */
static gboolean
wait_unknown (ChWorld       *world,
              gint64         id,
              const GError  *why,
              GError       **error)
{
  gint64 now = ch_now ();
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);
  g_auto(ChGate) gate = { NULL, now + ASK_AGAIN };

  if (deployment == NULL)
    return FALSE;

  gate.reason = g_strdup_printf (_("It waits, since it is not known whether it may run now: %s; “chancery deploy run %s --now” "
                                   "does not wait"), why->message, deployment->name);
  return write_wait (world, deployment, &gate, now, error);
}

/* Returns: whether it has something to wait for, or that cannot be told. */
static gboolean
is_held_back (ChWorld *world,
              gint64   id)
{
  g_autoptr(GError) error = NULL, unwritten = NULL;
  gboolean waits;

  if (!ask_gate (world, id, &waits, &error))
    {
      waits = TRUE;
      if (!ch_runner_hold (world->runner, error) && !wait_unknown (world, id, error, &unwritten))
        ch_runner_hold (world->runner, unwritten);
    }

  if (waits)
    ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return waits;
}

static gboolean
has_room (ChWorld             *world,
          const ChDeployment  *deployment)
{
  gint64 n = 0;

  return ch_store_count_running (world->store, deployment->server_id, &n, NULL) && n < AT_ONCE_ON_A_SERVER;
}

static void
begin_due (ChWorld *world,
           gint64   id)
{
  g_autofree char *object = ch_object_name ("deployment", id);
  g_autoptr(GError) error = NULL, unwritten = NULL;

  if (!ch_runner_claim (world->runner, object))
    return;

  if (is_held_back (world, id))
    {
      ch_runner_release (world->runner, object);
      return;
    }

  ChInstall *install = ch_install_begin (world, id, 0, &error);
  if (install == NULL)
    {
      if (!ch_runner_hold (world->runner, error) && !begin_failed (world, id, error, &unwritten))
        ch_runner_hold (world->runner, unwritten);
      ch_runner_release (world->runner, object);
      return;
    }

  DueRun *run = g_new0 (DueRun, 1);
  run->install = install;
  run->world = world;
  run->object = g_steal_pointer (&object);
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  ch_workers_push (world->workers, due_run_perform, due_run_done, run, NULL);
}

/* What is due on a server that has enough to do is not listed, so that it hides no other server's: when something has
 * begun, the list may have become another one. */
void
ch_deployments_run_due (ChWorld *world,
                        gint64   now)
{
  g_autoptr(GError) error = NULL;
  guint limit = 4 * world->config->workers;
  g_autoptr(GPtrArray) due = ch_store_list_due_deployments (world->store, now, AT_ONCE_ON_A_SERVER, limit, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  for (guint i = 0; due != NULL && i < due->len && ch_runner_has_room (world->runner); i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (due, i);

      if (has_room (world, deployment))
        begin_due (world, deployment->id);
    }
}

void
ch_deployments_hurry (ChWorld *world,
                      gint64   server_id)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, NULL);
  gint64 now = ch_now ();

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->server_id != server_id || deployment->state != CH_DEPLOYMENT_STATE_FAILED
          || deployment->due <= now)
        continue;

      deployment->due = now;
      ch_store_update_deployment (world->store, deployment, NULL);
    }
}

gboolean
ch_deployments_resume (ChWorld  *world,
                       GError  **error)
{
  g_autoptr(GPtrArray) deployments = ch_deployments_drop_reserved (world, error) ? ch_store_list_deployments (world->store, error) : NULL;

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->state != CH_DEPLOYMENT_STATE_RUNNING)
        continue;

      deployment->state = deployment->enabled ? CH_DEPLOYMENT_STATE_PENDING : CH_DEPLOYMENT_STATE_STOPPED;
      deployment->due = deployment->enabled ? ch_now () : 0;
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return deployments != NULL && ch_store_close_open_runs (world->store, ch_now (), error)
         && ch_store_wake_waves (world->store, ch_now (), error);
}

/* ---- the job of a person who wants it now ---- */

static GHashTable *
job_perform (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  DueRun *run = data;

  if (!ch_install_perform (run->install, job, cancellable, error))
    return NULL;

  return g_hash_table_new (g_str_hash, g_str_equal);
}

static void
job_done (ChWorld  *world,
          ChJob    *job,
          gpointer  data)
{
  due_run_end (data);
}

/* Waves are for what runs by itself; a pause and windows are told to the person. */
static gboolean
check_gate (ChWorld  *world,
            gint64    id,
            GError  **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);
  g_auto(ChGate) gate = { NULL, 0 };

  if (deployment == NULL || !ch_gate_ask_person (world, deployment, ch_now (), &gate, error))
    return FALSE;
  if (gate.reason != NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("%s. “chancery deploy run %s --now” runs it all the same"),
                         gate.reason, deployment->name);
  return TRUE;
}

static ChJob *
start_job (ChWorld        *world,
           gint64          id,
           gint64          back_to,
           const ChActor  *actor,
           GError        **error)
{
  g_autofree char *object = ch_object_name ("deployment", id);
  g_autofree char *path = ch_path_new (CH_FOLDER_DEPLOYMENTS, id);
  g_autofree char *title = g_strdup_printf (back_to != 0 ? _("Take deployment %" PRId64 " back") : _("Run deployment %" PRId64), id);

  if (!ch_runner_claim (world->runner, object))
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("It is being run already"));
      return NULL;
    }

  ChInstall *install = ch_install_begin (world, id, back_to, error);
  if (install == NULL)
    {
      ch_runner_release (world->runner, object);
      return NULL;
    }

  DueRun *run = g_new0 (DueRun, 1);
  run->world = world;
  run->install = install;
  run->object = g_steal_pointer (&object);
  ChJob *job = ch_job_start (world, back_to != 0 ? "deployment.rollback" : "deployment.run", title, path, actor,
                             job_perform, job_done, run, due_run_free, error);

  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, NULL);
  if (deployment != NULL && back_to != 0)
    ch_deployment_note (world, actor, deployment, "deployment.rollback", _("Asked to go back to the certificate before"));
  else if (deployment != NULL)
    ch_deployment_note (world, actor, deployment, "deployment.run", _("Asked to run now"));
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return job;
}

ChJob *
ch_deployment_run (ChWorld        *world,
                   gint64          id,
                   gboolean        at_once,
                   const ChActor  *actor,
                   GError        **error)
{
  if (!ch_jobs_have_room (world->jobs, actor, error) || (!at_once && !check_gate (world, id, error)))
    return NULL;

  return start_job (world, id, 0, actor, error);
}

ChJob *
ch_deployment_rollback (ChWorld        *world,
                        gint64          id,
                        const ChActor  *actor,
                        GError        **error)
{
  g_autoptr(ChDeployment) deployment = NULL;
  gint64 back_to;

  if (!ch_jobs_have_room (world->jobs, actor, error)
      || (deployment = ch_store_get_deployment (world->store, id, error)) == NULL
      || (back_to = ch_deployment_find_before (world, deployment, error)) == 0)
    return NULL;

  return start_job (world, id, back_to, actor, error);
}
