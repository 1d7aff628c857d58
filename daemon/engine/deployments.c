/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "engine/alarm.h"
#include "engine/handle.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/plan.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "pki/chain.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define NAMES_MAX 100
#define CANDIDATES 50

void
ch_deployment_draft_free (ChDeploymentDraft *draft)
{
  g_free (draft->name);
  g_free (draft->server);
  g_strfreev (draft->names);
  g_free (draft->files);
  g_free (draft->action);
  g_free (draft->checks);
  g_free (draft);
}

static void
tell (ChWorld  *world,
      gint64    id,
      ChChange  change)
{
  if (world->watcher.deployment_changed != NULL)
    world->watcher.deployment_changed (world->watcher.data, id, change);
  ch_runner_wake (world->runner);
}

static char *
object_name (gint64 id)
{
  return g_strdup_printf ("deployment/%" G_GINT64_FORMAT, id);
}

static void
note (ChWorld            *world,
      const ChActor      *actor,
      const ChDeployment *deployment,
      const char         *action,
      const char         *text)
{
  g_autofree char *object = object_name (deployment->id);

  ch_world_log (world, actor, action, object, deployment->name, TRUE, "%s", text);
}

/* ---- which certificate ---- */

gboolean
ch_deployment_wants (const ChDeployment *deployment,
                     const char *const  *names)
{
  for (gsize i = 0; deployment->names[i] != NULL; i++)
    if (!ch_cert_covers (names, deployment->names[i]))
      return FALSE;

  return deployment->names[0] != NULL;
}

static void
make_due (ChDeployment *deployment,
          gint64        certificate_id)
{
  deployment->certificate_id = certificate_id;
  deployment->state = CH_DEPLOYMENT_STATE_PENDING;
  deployment->due = ch_now ();
  deployment->failures = 0;
  g_clear_pointer (&deployment->reason, g_free);
}

gboolean
ch_deployments_order_issued (ChWorld              *world,
                             const ChOrder        *order,
                             const ChCertificate  *certificate,
                             GError              **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (!deployment->enabled || deployment->certificate_id == certificate->id
          || !ch_deployment_wants (deployment, (const char *const *) certificate->names))
        continue;

      make_due (deployment, certificate->id);
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return deployments != NULL;
}

/* The longest-lived certificate of an issued order that serves the deployment; names are searched as
 * they are and, for wildcards, by what is behind the first label. */
static gboolean
find_certificate (ChWorld       *world,
                  ChDeployment  *deployment,
                  GError       **error)
{
  const char *states[] = { "issued", "reissuing", "renewing", NULL };
  const char *behind = strchr (deployment->names[0], '.');
  ChOrderFilter filter = { .states = (char **) states, .search = (char *) (behind != NULL ? behind + 1 : deployment->names[0]) };
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) orders = ch_store_page_orders (world->store, &filter, "-not-after", NULL, CANDIDATES, &next, error);

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    {
      const ChOrder *order = g_ptr_array_index (orders, i);
      g_autoptr(GPtrArray) certificates = ch_store_list_certificates (world->store, order->id, error);

      if (certificates == NULL)
        return FALSE;
      if (certificates->len == 0)
        continue;

      const ChCertificate *newest = g_ptr_array_index (certificates, 0);
      if (ch_deployment_wants (deployment, (const char *const *) newest->names))
        {
          make_due (deployment, newest->id);
          return TRUE;
        }
    }

  return orders != NULL;
}

/* ---- commands ---- */

static char **
normalise_names (char   **names,
                 GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_null_terminated (g_strv_length (names), g_free, TRUE);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      char *name = ch_name_normalise (names[i], error);

      if (name == NULL)
        return NULL;
      g_ptr_array_add (list, name);
    }

  if (list->len == 0 || list->len > NAMES_MAX)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs 1 to %d names"), NAMES_MAX);
      return NULL;
    }

  return (char **) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

static void
take_text (char      **member,
           const char *given)
{
  if (given == NULL)
    return;

  g_free (*member);
  *member = g_strdup (given);
}

static gboolean
take_draft (ChWorld                  *world,
            ChDeployment             *deployment,
            const ChDeploymentDraft  *draft,
            GError                  **error)
{
  if (draft->server != NULL)
    {
      g_autoptr(ChPeer) server = ch_store_find_peer (world->store, CH_PEER_ROLE_SERVER, draft->server, error);

      if (server == NULL)
        return FALSE;
      deployment->server_id = server->id;
    }

  if (draft->names != NULL)
    {
      char **names = normalise_names (draft->names, error);

      if (names == NULL)
        return FALSE;
      g_strfreev (deployment->names);
      deployment->names = names;
    }

  take_text (&deployment->name, draft->name);
  take_text (&deployment->files, draft->files);
  take_text (&deployment->action, draft->action);
  take_text (&deployment->checks, draft->checks);
  return TRUE;
}

static gboolean
check_deployment (ChWorld       *world,
                  ChDeployment  *deployment,
                  GError       **error)
{
  if (!ch_handle_check (deployment->name, error))
    return FALSE;
  if (deployment->server_id == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs a server"));
  if (deployment->names == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs the names that it is for"));

  g_autoptr(ChPlan) plan = ch_plan_parse (deployment->files, deployment->action, deployment->checks,
                                          world->config->programs, error);
  return plan != NULL;
}

gint64
ch_deployment_add (ChWorld                  *world,
                   const ChDeploymentDraft  *draft,
                   const ChActor            *actor,
                   GError                  **error)
{
  g_autoptr(ChDeployment) deployment = g_new0 (ChDeployment, 1);

  deployment->files = g_strdup ("[]");
  deployment->action = g_strdup ("{}");
  deployment->checks = g_strdup ("[]");
  deployment->enabled = TRUE;
  deployment->created_at = ch_now ();
  if (!take_draft (world, deployment, draft, error)
      || !check_deployment (world, deployment, error)
      || !find_certificate (world, deployment, error)
      || !ch_store_add_deployment (world->store, deployment, error))
    return 0;

  note (world, actor, deployment, "deployment.add", _("Added"));
  tell (world, deployment->id, CH_CHANGE_ADDED);
  return deployment->id;
}

gboolean
ch_deployment_edit (ChWorld                  *world,
                    gint64                    id,
                    const ChDeploymentDraft  *draft,
                    const ChActor            *actor,
                    GError                  **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL || !take_draft (world, deployment, draft, error)
      || !check_deployment (world, deployment, error)
      || (deployment->enabled && !find_certificate (world, deployment, error))
      || !ch_store_update_deployment (world->store, deployment, error))
    return FALSE;

  note (world, actor, deployment, "deployment.edit", _("Edited"));
  tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_deployment_set_enabled (ChWorld        *world,
                           gint64          id,
                           gboolean        enabled,
                           const ChActor  *actor,
                           GError        **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL)
    return FALSE;

  deployment->enabled = enabled;
  deployment->state = enabled ? CH_DEPLOYMENT_STATE_IDLE : CH_DEPLOYMENT_STATE_STOPPED;
  deployment->due = 0;
  if ((enabled && !find_certificate (world, deployment, error))
      || !ch_store_update_deployment (world->store, deployment, error))
    return FALSE;

  note (world, actor, deployment, enabled ? "deployment.enable" : "deployment.disable", enabled ? _("Enabled") : _("Stopped"));
  tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_deployment_remove (ChWorld        *world,
                      gint64          id,
                      const ChActor  *actor,
                      GError        **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL)
    return FALSE;
  if (deployment->state == CH_DEPLOYMENT_STATE_RUNNING)
    return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being run; wait for its end"), deployment->name);
  if (!ch_store_remove_deployment (world->store, id, error))
    return FALSE;

  note (world, actor, deployment, "deployment.remove", _("Removed; what it installed stays"));
  tell (world, id, CH_CHANGE_REMOVED);
  return TRUE;
}

/* ---- runs ---- */

typedef struct
{
  ChInstall *install;   /* (owned) */
  ChRunner *runner;     /* (not owned) */
  char *object;         /* (owned): the claim */
  GError *error;        /* (owned) (nullable) */
  gboolean ended;       /* how it went is written down */
} DueRun;

static void
due_run_perform (gpointer      data,
                 GCancellable *cancellable)
{
  DueRun *run = data;

  ch_install_perform (run->install, NULL, cancellable, &run->error);
}

static void
due_run_done (gpointer      data,
              GCancellable *cancellable)
{
  DueRun *run = data;

  ch_install_end (run->install, run->error);
  ch_runner_release (run->runner, run->object);
  ch_install_free (run->install);
  g_clear_error (&run->error);
  g_free (run->object);
  g_free (run);
}

/* A run that cannot even begin has failed like any other. */
static void
begin_failed (ChWorld      *world,
              gint64        id,
              const GError *why)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, NULL);

  if (deployment == NULL)
    return;

  deployment->state = CH_DEPLOYMENT_STATE_FAILED;
  deployment->failures++;
  deployment->due = ch_now () + ch_backoff (deployment->failures, 60, 60 * 60, (guint64) id);
  g_free (deployment->reason);
  deployment->reason = g_strdup (why->message);
  if (ch_store_update_deployment (world->store, deployment, NULL))
    tell (world, id, CH_CHANGE_CHANGED);
}

static void
begin_due (ChWorld *world,
           gint64   id)
{
  g_autofree char *object = object_name (id);
  g_autoptr(GError) error = NULL;

  if (!ch_runner_claim (world->runner, object))
    return;

  ChInstall *install = ch_install_begin (world, id, &error);
  if (install == NULL)
    {
      begin_failed (world, id, error);
      ch_runner_release (world->runner, object);
      return;
    }

  DueRun *run = g_new0 (DueRun, 1);
  run->install = install;
  run->runner = world->runner;
  run->object = g_steal_pointer (&object);
  tell (world, id, CH_CHANGE_CHANGED);
  ch_workers_push (world->workers, due_run_perform, due_run_done, run, NULL);
}

void
ch_deployments_run_due (ChWorld *world,
                        gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_deployments (world->store, now, &error);

  for (guint i = 0; due != NULL && i < due->len; i++)
    begin_due (world, ((const ChDeployment *) g_ptr_array_index (due, i))->id);

  if (error != NULL)
    g_warning ("Deployments cannot be read: %s", error->message);
}

gboolean
ch_deployments_resume (ChWorld  *world,
                       GError  **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->state != CH_DEPLOYMENT_STATE_RUNNING)
        continue;

      deployment->state = CH_DEPLOYMENT_STATE_PENDING;
      deployment->due = ch_now ();
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return deployments != NULL && ch_store_close_open_runs (world->store, ch_now (), error);
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
  DueRun *run = data;

  ch_install_end (run->install, job->error);
  run->ended = TRUE;
  ch_runner_release (world->runner, run->object);
}

static void
job_free (gpointer data)
{
  DueRun *run = data;

  /* Too many jobs: it never began. */
  if (run->install != NULL && !run->ended)
    {
      ch_error_set (&run->error, CH_ERROR_CANCELLED, _("It was not begun"));
      ch_install_end (run->install, run->error);
      g_clear_error (&run->error);
    }
  g_clear_pointer (&run->install, ch_install_free);
  g_free (run->object);
  g_free (run);
}

ChJob *
ch_deployment_run (ChWorld        *world,
                   gint64          id,
                   const ChActor  *actor,
                   GError        **error)
{
  g_autofree char *object = object_name (id);
  g_autofree char *path = ch_path_new (CH_FOLDER_DEPLOYMENTS, id);

  if (!ch_runner_claim (world->runner, object))
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("It is being run already"));
      return NULL;
    }

  DueRun *run = g_new0 (DueRun, 1);
  run->object = g_strdup (object);
  run->install = ch_install_begin (world, id, error);
  if (run->install == NULL)
    {
      ch_runner_release (world->runner, object);
      job_free (run);
      return NULL;
    }

  g_autofree char *title = g_strdup_printf (_("Run deployment %" PRId64), id);
  ChJob *job = ch_job_start (world, "deployment.run", title, path, actor, job_perform, job_done, run, job_free, error);
  if (job == NULL)
    ch_runner_release (world->runner, object);

  tell (world, id, CH_CHANGE_CHANGED);
  return job;
}
