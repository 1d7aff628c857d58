/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "deploy/files.h"
#include "engine/alarm.h"
#include "engine/challenge-files.h"
#include "engine/handle.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/plan.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/windows.h"
#include "engine/web-roots.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "pki/chain.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAMES_MAX 100
#define WAVE_MOST 1000

void
ch_deployment_draft_free (ChDeploymentDraft *draft)
{
  g_free (draft->name);
  g_free (draft->server);
  g_strfreev (draft->names);
  g_free (draft->template);
  g_free (draft->files);
  g_free (draft->test);
  g_free (draft->action);
  g_free (draft->checks);
  g_free (draft->web_root);
  g_free (draft->challenge_folder);
  g_strfreev (draft->windows);
  g_clear_pointer (&draft->secrets, g_hash_table_unref);
  g_free (draft);
}

/* Orders say whether they are served. */
static void
tell_orders (ChWorld *world,
             GArray  *orders)
{
  if (world->watcher.order_changed == NULL || orders == NULL)
    return;

  for (guint i = 0; i < orders->len; i++)
    world->watcher.order_changed (world->watcher.data, g_array_index (orders, gint64, i), CH_CHANGE_CHANGED);
}

void
ch_deployment_tell (ChWorld  *world,
                    gint64    id,
                    ChChange  change)
{
  g_autoptr(GArray) orders = ch_store_list_deployed_orders (world->store, id, NULL);

  if (world->watcher.deployment_changed != NULL)
    world->watcher.deployment_changed (world->watcher.data, id, change);
  tell_orders (world, orders);
  ch_runner_wake (world->runner);
}

void
ch_deployment_note (ChWorld            *world,
                    const ChActor      *actor,
                    const ChDeployment *deployment,
                    const char         *action,
                    const char         *text)
{
  g_autofree char *object = ch_object_name ("deployment", deployment->id);

  ch_world_log (world, actor, action, object, deployment->name, TRUE, "%s", text);
}
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

/* An empty text takes it away. */
static void
take_place (char      **member,
            const char *given)
{
  take_text (member, given);
  if (given != NULL && *given == '\0')
    g_clear_pointer (member, g_free);
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
  take_place (&deployment->template, draft->template);
  take_text (&deployment->files, draft->files);
  take_text (&deployment->test, draft->test);
  take_text (&deployment->action, draft->action);
  take_text (&deployment->checks, draft->checks);
  take_place (&deployment->web_root, draft->web_root);
  take_place (&deployment->challenge_folder, draft->challenge_folder);
  if (draft->has_wave)
    deployment->wave = draft->wave;
  if (draft->secrets != NULL)
    {
      char **names = ch_secrets_names (deployment->secrets, draft->secrets);

      g_strfreev (deployment->secrets);
      deployment->secrets = names;
    }
  if (draft->windows != NULL)
    {
      g_strfreev (deployment->windows);
      deployment->windows = g_strdupv (draft->windows);
    }
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
        ? ch_plan_parse (other, NULL) : NULL;

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
check_server (ChWorld             *world,
              const ChDeployment  *deployment,
              const ChPlan        *plan,
              GError             **error)
{
  g_autoptr(ChPeer) server = ch_store_get_peer (world->store, CH_PEER_ROLE_SERVER, deployment->server_id, error);
  const ChTarget *target = server != NULL ? ch_target_find (server->kind, error) : NULL;

  if (target != NULL && ch_web_root_has (deployment) && target->publish == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Servers of the kind “%s” take no challenge files yet"), target->kind);

  return target != NULL && ch_plan_check_target (plan, target, error);
}

static gboolean
check_secrets (const ChPlan *plan,
               GHashTable   *secrets,
               GError      **error)
{
  const ChPlanFile *store = ch_plan_key_store (plan);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (!g_str_equal (name, CH_DEPLOYMENT_PASSWORD))
        return ch_error_set (error, CH_ERROR_INVALID, _("A deployment has no secret “%.60s”, only “%s”"), (char *) name,
                             CH_DEPLOYMENT_PASSWORD);
      if (store != NULL && !ch_form_check_password (store->format, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_deployment (ChWorld                  *world,
                  ChDeployment             *deployment,
                  const ChDeploymentDraft  *draft,
                  GError                  **error)
{
  if (!ch_handle_check (deployment->name, error))
    return FALSE;
  if (deployment->server_id == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs a server"));
  if (deployment->names == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs the names that it is for"));
  /* Only when one is named: a template that changes does not change what was made with it. */
  if (draft->template != NULL && *draft->template != '\0'
      && !ch_deployment_apply_template (world, deployment, draft, error))
    return FALSE;
  if (deployment->wave > WAVE_MOST)
    return ch_error_set (error, CH_ERROR_INVALID, _("A wave is a number from 0 to %d"), WAVE_MOST);
  if (!ch_windows_check ((const char *const *) deployment->windows, error))
    return FALSE;

  g_autoptr(ChPlan) plan = ch_plan_parse (deployment, error);
  return plan != NULL && check_server (world, deployment, plan, error) && check_paths (world, deployment, plan, error)
         && (draft->secrets == NULL || check_secrets (plan, draft->secrets, error));
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

/* Orders that wait for a person who puts their file may have somebody else now; if that cannot be written, they find it out
 * at one of their next looks. */
static void
look_again (ChWorld            *world,
            const ChDeployment *deployment)
{
  if (ch_web_root_has (deployment) && deployment->enabled)
    ch_challenge_files_look_again (world, NULL);
}

static gint64
add_row (ChWorld                  *world,
         const ChDeploymentDraft  *draft,
         gboolean                  open,
         GError                  **error)
{
  g_autoptr(ChDeployment) deployment = g_new0 (ChDeployment, 1);

  deployment->files = g_strdup ("[]");
  deployment->test = g_strdup ("{}");
  deployment->action = g_strdup ("{}");
  deployment->checks = g_strdup ("[]");
  deployment->enabled = open;
  deployment->state = open ? CH_DEPLOYMENT_STATE_IDLE : CH_DEPLOYMENT_STATE_STOPPED;
  deployment->created_at = open ? ch_now () : 0;
  if (!take_draft (world, deployment, draft, error)
      || !check_deployment (world, deployment, draft, error)
      || (open && !ch_deployment_find_certificate (world, deployment, error))
      || !ch_store_add_deployment (world->store, deployment, error))
    return 0;

  return deployment->id;
}

static void
tell_added (ChWorld       *world,
            gint64         id,
            const ChActor *actor)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, NULL);

  if (deployment != NULL)
    {
      ch_deployment_note (world, actor, deployment, "deployment.add", _("Added"));
      look_again (world, deployment);
    }
  ch_deployment_tell (world, id, CH_CHANGE_ADDED);
}

gint64
ch_deployment_add (ChWorld                  *world,
                   const ChDeploymentDraft  *draft,
                   const ChActor            *actor,
                   GError                  **error)
{
  gint64 id = add_row (world, draft, TRUE, error);

  if (id != 0)
    tell_added (world, id, actor);
  return id;
}

gint64
ch_deployment_reserve (ChWorld                  *world,
                       const ChDeploymentDraft  *draft,
                       GError                  **error)
{
  return add_row (world, draft, FALSE, error);
}

gboolean
ch_deployment_open (ChWorld       *world,
                    gint64         id,
                    const ChActor *actor,
                    GError       **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL)
    return FALSE;

  deployment->enabled = TRUE;
  deployment->state = CH_DEPLOYMENT_STATE_IDLE;
  deployment->created_at = ch_now ();
  if (!ch_deployment_find_certificate (world, deployment, error)
      || !ch_store_update_deployment (world->store, deployment, error))
    return FALSE;

  tell_added (world, id, actor);
  return TRUE;
}

/* (transfer full): the deployment as it will be */
static ChDeployment *
edited (ChWorld                  *world,
        gint64                    id,
        const ChDeploymentDraft  *draft,
        GError                  **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);
  gboolean moves_files = draft->files != NULL || draft->server != NULL || draft->template != NULL;

  if (deployment == NULL)
    return NULL;
  if (deployment->created_at == 0)
    {
      ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being added just now; try again"), deployment->name);
      return NULL;
    }
  if ((moves_files && !check_no_open_run (world, deployment, error))
      || !take_draft (world, deployment, draft, error)
      || !check_deployment (world, deployment, draft, error))
    return NULL;

  return g_steal_pointer (&deployment);
}

gboolean
ch_deployment_check_edit (ChWorld                  *world,
                          gint64                    id,
                          const ChDeploymentDraft  *draft,
                          GError                  **error)
{
  g_autoptr(ChDeployment) deployment = edited (world, id, draft, error);

  return deployment != NULL;
}

gboolean
ch_deployment_edit (ChWorld                  *world,
                    gint64                    id,
                    const ChDeploymentDraft  *draft,
                    const ChActor            *actor,
                    GError                  **error)
{
  g_autoptr(ChDeployment) deployment = edited (world, id, draft, error);

  if (deployment == NULL
      || (deployment->enabled && !ch_deployment_find_certificate (world, deployment, error))
      || !ch_store_update_deployment (world->store, deployment, error)
      || !ch_store_wake_waves (world->store, ch_now (), error))
    return FALSE;

  ch_deployment_note (world, actor, deployment, "deployment.edit", _("Edited"));
  look_again (world, deployment);
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
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
  if (deployment->created_at == 0)
    return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being added just now; try again"), deployment->name);

  deployment->enabled = enabled;
  deployment->state = enabled ? CH_DEPLOYMENT_STATE_IDLE : CH_DEPLOYMENT_STATE_STOPPED;
  deployment->due = 0;
  if ((enabled && !ch_deployment_find_certificate (world, deployment, error))
      || !ch_store_update_deployment (world->store, deployment, error)
      || !ch_store_wake_waves (world->store, ch_now (), error))
    return FALSE;

  ch_deployment_note (world, actor, deployment, enabled ? "deployment.enable" : "deployment.disable", enabled ? _("Enabled") : _("Stopped"));
  look_again (world, deployment);
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_deployment_remove (ChWorld        *world,
                      gint64          id,
                      const ChActor  *actor,
                      GError        **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  g_autofree char *object = ch_object_name ("deployment", id);

  if (deployment == NULL)
    return FALSE;
  if (!ch_runner_claim (world->runner, object))
    return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being run; wait for its end"), deployment->name);

  g_autoptr(GArray) orders = ch_store_list_deployed_orders (world->store, id, NULL);
  gboolean removed = ch_store_remove_deployment (world->store, id, error)
                     && ch_store_wake_waves (world->store, ch_now (), error);
  ch_runner_release (world->runner, object);
  if (!removed)
    return FALSE;

  if (deployment->secrets != NULL && deployment->secrets[0] != NULL)
    ch_deployment_forget_secrets (world, id);
  ch_deployment_note (world, actor, deployment, "deployment.remove", _("Removed; what it installed stays"));
  ch_deployment_tell (world, id, CH_CHANGE_REMOVED);
  tell_orders (world, orders);
  return TRUE;
}
