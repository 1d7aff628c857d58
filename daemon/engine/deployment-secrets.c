/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* A deployment that is added or edited: its secrets go to the vault on a worker, then the row is written. */
typedef struct
{
  ChWorld *world;             /* (not owned) */
  gint64 id;
  ChDeploymentDraft *draft;   /* (owned) */
  gint64 uid;
  char *authority;            /* (owned) */
  gboolean fresh;             /* a new deployment */
  GTask *task;                /* (owned) */
  GError *error;              /* (owned) (nullable) */
} Change;

static void
change_free (Change *change)
{
  ch_deployment_draft_free (change->draft);
  g_free (change->authority);
  g_clear_object (&change->task);
  g_clear_error (&change->error);
  g_free (change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static Change *
change_new (ChWorld             *world,
            gint64               id,
            ChDeploymentDraft   *draft,
            const ChActor       *actor,
            GAsyncReadyCallback  callback,
            gpointer             data)
{
  Change *change = g_new0 (Change, 1);

  change->world = world;
  change->id = id;
  change->draft = draft;
  change->uid = actor->uid;
  change->authority = g_strdup (actor->authority);
  change->fresh = id == 0;
  change->task = g_task_new (NULL, NULL, callback, data);
  return change;
}

static gboolean
has_secrets (const Change *change)
{
  return change->draft->secrets != NULL && g_hash_table_size (change->draft->secrets) > 0;
}

static void
change_store_secrets (gpointer      data,
                      GCancellable *cancellable)
{
  Change *change = data;
  g_autofree char *label = ch_object_name ("deployment", change->id);

  ch_deployment_secrets_store (change->world->vault, change->id, label, change->draft->secrets,
                               cancellable, &change->error);
}

/* What could not be added leaves neither secrets nor a row. */
static void
undo (Change *change)
{
  ch_store_remove_deployment (change->world->store, change->id, NULL);
  ch_deployment_forget_secrets (change->world, change->id);
}

static void
change_done (gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(Change) change = data;
  ChActor actor = { .uid = change->uid, .authority = change->authority };
  gboolean ok = change->error == NULL
                && (change->fresh ? ch_deployment_open (change->world, change->id, &actor, &change->error)
                                  : ch_deployment_edit (change->world, change->id, change->draft, &actor, &change->error));

  if (!ok && change->fresh)
    undo (change);
  if (ok)
    g_task_return_int (change->task, (gssize) change->id);
  else
    g_task_return_error (change->task, g_steal_pointer (&change->error));
}

static void
run (Change *change)
{
  ch_workers_push (change->world->workers, change_store_secrets, change_done, change, NULL);
}

static void
answer (Change   *change,
        gboolean  ok,
        GError   *error)
{
  if (ok)
    g_task_return_int (change->task, (gssize) change->id);
  else
    g_task_return_error (change->task, error);
}

void
ch_deployment_add_async (ChWorld             *world,
                         ChDeploymentDraft   *draft,
                         const ChActor       *actor,
                         GAsyncReadyCallback  callback,
                         gpointer             data)
{
  g_autoptr(Change) change = change_new (world, 0, draft, actor, callback, data);
  GError *error = NULL;

  g_task_set_source_tag (change->task, ch_deployment_add_async);
  change->id = has_secrets (change) ? ch_deployment_reserve (world, draft, &error)
                                    : ch_deployment_add (world, draft, actor, &error);
  if (change->id == 0 || !has_secrets (change))
    answer (change, change->id != 0, error);
  else
    run (g_steal_pointer (&change));
}

gint64
ch_deployment_add_finish (GAsyncResult  *result,
                          GError       **error)
{
  gssize id = g_task_propagate_int (G_TASK (result), error);

  return MAX (id, 0);
}

void
ch_deployment_edit_async (ChWorld             *world,
                          gint64               id,
                          ChDeploymentDraft   *draft,
                          const ChActor       *actor,
                          GAsyncReadyCallback  callback,
                          gpointer             data)
{
  g_autoptr(Change) change = change_new (world, id, draft, actor, callback, data);
  GError *error = NULL;

  g_task_set_source_tag (change->task, ch_deployment_edit_async);
  if (!has_secrets (change))
    answer (change, ch_deployment_edit (world, id, draft, actor, &error), error);
  else if (!ch_deployment_check_edit (world, id, draft, &error))
    answer (change, FALSE, error);
  else
    run (g_steal_pointer (&change));
}

gboolean
ch_deployment_edit_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error) > 0;
}

/* ---- forgetting ---- */

typedef struct
{
  ChWorld *world;
  gint64 id;
  GError *error;
} Wipe;

static void
wipe_secrets (gpointer      data,
              GCancellable *cancellable)
{
  Wipe *wipe = data;

  ch_deployment_secrets_remove (wipe->world->vault, wipe->id, cancellable, &wipe->error);
}

static void
wipe_done (gpointer      data,
           GCancellable *cancellable)
{
  Wipe *wipe = data;

  if (wipe->error != NULL)
    g_warning ("Secrets of a deployment that is removed are still in the vault: %s", wipe->error->message);
  g_clear_error (&wipe->error);
  g_free (wipe);
}

void
ch_deployment_forget_secrets (ChWorld *world,
                              gint64   id)
{
  Wipe *wipe = g_new0 (Wipe, 1);

  wipe->world = world;
  wipe->id = id;
  ch_workers_push (world->workers, wipe_secrets, wipe_done, wipe, NULL);
}

gboolean
ch_deployments_drop_reserved (ChWorld *world,
                              GError **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->created_at == 0
          && (!ch_deployment_secrets_remove (world->vault, deployment->id, NULL, error)
              || !ch_store_remove_deployment (world->store, deployment->id, error)))
        return FALSE;
    }

  return deployments != NULL;
}
