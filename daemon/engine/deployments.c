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
#define CANDIDATES 500

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
  return g_strdup_printf ("deployment/%" PRId64, id);
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

/* The longest-lived certificate of an issued order whose names match @search. */
static gboolean
search_certificate (ChWorld       *world,
                    const char    *search,
                    ChDeployment  *deployment,
                    gint64        *found,
                    GError       **error)
{
  const char *states[] = { "issued", "reissuing", "renewing", NULL };
  ChOrderFilter filter = { .states = (char **) states, .search = (char *) search };
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) orders = ch_store_page_orders (world->store, &filter, "-not-after", NULL, CANDIDATES, &next, error);

  for (guint i = 0; orders != NULL && i < orders->len && *found == 0; i++)
    {
      const ChOrder *order = g_ptr_array_index (orders, i);
      g_autoptr(GPtrArray) certificates = ch_store_list_certificates (world->store, order->id, error);

      if (certificates == NULL)
        return FALSE;

      const ChCertificate *newest = certificates->len > 0 ? g_ptr_array_index (certificates, 0) : NULL;
      if (newest != NULL && ch_deployment_wants (deployment, (const char *const *) newest->names))
        *found = newest->id;
    }

  return orders != NULL;
}

/* Orders are searched by the name as it is, by the wildcard that would cover it, and by what is behind its first label,
 * since a CA may add that name. A deployment without a certificate for all its names is idle. */
static gboolean
find_certificate (ChWorld       *world,
                  ChDeployment  *deployment,
                  GError       **error)
{
  const char *dot = strchr (deployment->names[0], '.');
  const char *behind = dot != NULL ? dot + 1 : deployment->names[0];
  g_autofree char *wildcard = g_strconcat ("*.", behind, NULL);
  const char *searches[] = { deployment->names[0], wildcard, behind };
  gint64 found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (searches) && found == 0; i++)
    if (!search_certificate (world, searches[i], deployment, &found, error))
      return FALSE;

  make_due (deployment, found);
  if (found == 0)
    {
      deployment->state = CH_DEPLOYMENT_STATE_IDLE;
      deployment->due = 0;
    }
  return TRUE;
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
has_path (const ChPlan *plan,
          const char   *path)
{
  for (guint i = 0; i < plan->files->len; i++)
    if (g_str_equal (((const ChPlanFile *) g_ptr_array_index (plan->files, i))->path, path))
      return TRUE;

  return FALSE;
}

/* Two deployments that write the same file would undo each other for ever. */
static gboolean
check_paths (ChWorld             *world,
             const ChDeployment  *deployment,
             const ChPlan        *plan,
             GError             **error)
{
  g_autoptr(GPtrArray) others = ch_store_list_deployments (world->store, error);

  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      const ChDeployment *other = g_ptr_array_index (others, i);
      g_autoptr(ChPlan) theirs = other->id != deployment->id && other->server_id == deployment->server_id
        ? ch_plan_parse (other->files, other->action, other->checks, NULL) : NULL;

      for (guint j = 0; theirs != NULL && j < theirs->files->len; j++)
        {
          const ChPlanFile *file = g_ptr_array_index (theirs->files, j);

          if (has_path (plan, file->path))
            return ch_error_set (error, CH_ERROR_EXISTS, _("The deployment “%s” writes %s already"),
                                 other->name, file->path);
        }
    }

  return others != NULL;
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

  g_autoptr(ChPlan) plan = ch_plan_parse (deployment->files, deployment->action, deployment->checks, error);
  return plan != NULL && check_paths (world, deployment, plan, error);
}

/* What a run that is under way, or died, has left beside the files can only be put in order by a run with the same
 * files: the first of them tells how far it was (deploy/install.c). */
static gboolean
check_no_open_run (ChWorld             *world,
                   const ChDeployment  *deployment,
                   GError             **error)
{
  g_autoptr(GPtrArray) runs = ch_store_list_runs (world->store, deployment->id, 1, error);
  const ChRun *last = runs != NULL && runs->len > 0 ? g_ptr_array_index (runs, 0) : NULL;

  if (last != NULL && g_str_equal (last->result, "running"))
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("“%s” is being run; edit its files after the end of the run"), deployment->name);
  if (last != NULL && g_str_equal (last->result, "interrupted"))
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("The last run of “%s” was interrupted, and only a new one can put its files in order: "
                           "run it, then edit its files"), deployment->name);

  return runs != NULL;
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
  gboolean moves_files = draft->files != NULL || draft->server != NULL;

  if (deployment == NULL
      || (moves_files && !check_no_open_run (world, deployment, error))
      || !take_draft (world, deployment, draft, error)
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

  g_autofree char *object = object_name (id);

  if (deployment == NULL)
    return FALSE;
  if (!ch_runner_claim (world->runner, object))
    return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being run; wait for its end"), deployment->name);

  gboolean removed = ch_store_remove_deployment (world->store, id, error);
  ch_runner_release (world->runner, object);
  if (!removed)
    return FALSE;

  note (world, actor, deployment, "deployment.remove", _("Removed; what it installed stays"));
  tell (world, id, CH_CHANGE_REMOVED);
  return TRUE;
}

/* ---- runs ---- */

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

  if (!ch_store_update_deployment (world->store, deployment, error))
    return FALSE;

  tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

static void
begin_due (ChWorld *world,
           gint64   id)
{
  g_autofree char *object = object_name (id);
  g_autoptr(GError) error = NULL, unwritten = NULL;

  if (!ch_runner_claim (world->runner, object))
    return;

  ChInstall *install = ch_install_begin (world, id, &error);
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
  tell (world, id, CH_CHANGE_CHANGED);
  ch_workers_push (world->workers, due_run_perform, due_run_done, run, NULL);
}

void
ch_deployments_run_due (ChWorld *world,
                        gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_deployments (world->store, now, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  for (guint i = 0; due != NULL && i < due->len && ch_runner_has_room (world->runner); i++)
    begin_due (world, ((const ChDeployment *) g_ptr_array_index (due, i))->id);
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
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

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
  due_run_end (data);
}

ChJob *
ch_deployment_run (ChWorld        *world,
                   gint64          id,
                   const ChActor  *actor,
                   GError        **error)
{
  g_autofree char *object = object_name (id);
  g_autofree char *path = ch_path_new (CH_FOLDER_DEPLOYMENTS, id);

  if (!ch_jobs_have_room (world->jobs, actor, error))
    return NULL;

  if (!ch_runner_claim (world->runner, object))
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("It is being run already"));
      return NULL;
    }

  ChInstall *install = ch_install_begin (world, id, error);
  if (install == NULL)
    {
      ch_runner_release (world->runner, object);
      return NULL;
    }

  DueRun *run = g_new0 (DueRun, 1);
  run->world = world;
  run->install = install;
  run->object = g_steal_pointer (&object);

  g_autofree char *title = g_strdup_printf (_("Run deployment %" PRId64), id);
  ChJob *job = ch_job_start (world, "deployment.run", title, path, actor, job_perform, job_done, run,
                             due_run_free, error);

  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, NULL);
  if (deployment != NULL)
    note (world, actor, deployment, "deployment.run", _("Asked to run now"));
  tell (world, id, CH_CHANGE_CHANGED);
  return job;
}
