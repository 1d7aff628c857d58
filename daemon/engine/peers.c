/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "dns/provider.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/cleaner.h"
#include "engine/deployments-private.h"
#include "engine/handle.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
static void
drop_empty (GHashTable *table)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (*(const char *) value == '\0')
      g_hash_table_iter_remove (&iter);
}

static GHashTable *
copy_table (GHashTable *from,
            GHashTable *to)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (to, g_strdup (name), g_strdup (value));

  return to;
}

/* ---- add and edit: secrets go to the vault on a worker, then the row is written ---- */

typedef struct
{
  ChWorld *world;         /* (not owned) */
  ChPeer *peer;           /* (owned) */
  GHashTable *secrets;    /* (owned) */
  gint64 uid;
  char *authority;        /* (owned) */
  gboolean fresh;         /* a new peer */
  char *claim;            /* (owned) (nullable): nobody else changes or removes it meanwhile */
  GTask *task;            /* (owned) */
  GError *error;          /* (owned) (nullable) */
} Change;

static void
change_free (Change *change)
{
  g_clear_pointer (&change->peer, ch_peer_free);
  g_clear_pointer (&change->secrets, g_hash_table_unref);
  if (change->claim != NULL)
    ch_runner_release (change->world->runner, change->claim);
  g_free (change->claim);
  g_free (change->authority);
  g_clear_object (&change->task);
  g_clear_error (&change->error);
  g_free (change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static Change *
change_new (ChWorld       *world,
            GHashTable    *secrets,
            const ChActor *actor,
            GTask         *task)
{
  Change *change = g_new0 (Change, 1);

  change->world = world;
  change->secrets = copy_table (secrets, ch_secret_table_new ());
  change->uid = actor->uid;
  change->authority = g_strdup (actor->authority);
  change->task = task;
  return change;
}

static gboolean
change_claim (Change  *change,
              GError **error)
{
  char *claim = ch_object_name ("peer", change->peer->id);

  if (!ch_runner_claim (change->world->runner, claim))
    {
      g_free (claim);
      return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being changed just now; try again"), change->peer->name);
    }

  change->claim = claim;
  return TRUE;
}

static void
change_store_secrets (gpointer      data,
                      GCancellable *cancellable)
{
  Change *change = data;

  ch_secrets_store (change->world->vault, change->peer->id, change->peer->name, change->secrets,
                    cancellable, &change->error);
}

/* A new peer has its row first, because its id names its secrets. Until they are safe it is disabled
 * and has no date; a service that died in between takes such a row away at its start. */
static gboolean
write_peer (Change  *change,
            GError **error)
{
  ChStore *store = change->world->store;
  ChPeer *peer = change->peer;
  g_auto(GStrv) names = ch_secrets_names (peer->secrets, change->secrets);
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);
  g_autoptr(ChPeer) now = transaction != NULL ? ch_store_get_peer (store, peer->role, peer->id, error) : NULL;

  if (now == NULL)
    return FALSE;

  g_strfreev (peer->secrets);
  peer->secrets = g_steal_pointer (&names);
  /* Somebody may have disabled it meanwhile. */
  peer->state = now->state == CH_PEER_STATE_DISABLED && !change->fresh ? CH_PEER_STATE_DISABLED : CH_PEER_STATE_ENABLED;
  if (change->fresh)
    peer->created_at = ch_now ();
  g_clear_pointer (&peer->reason, g_free);
  peer->failures = 0;
  return ch_store_update_peer (store, peer, error)
         && ch_store_hurry_orders (store, peer->role, peer->id, ch_now (), error)
         && ch_store_transaction_commit (transaction, error);
}

/* A peer that could not be added leaves neither secrets nor a row. */
static void
undo_secrets (gpointer      data,
              GCancellable *cancellable)
{
  Change *change = data;

  ch_secrets_remove (change->world->vault, change->peer->id, NULL, NULL);
}

static void
undo_done (gpointer      data,
           GCancellable *cancellable)
{
  g_autoptr(Change) change = data;

  ch_store_remove_peer (change->world->store, change->peer->id, NULL);
  g_task_return_error (change->task, g_steal_pointer (&change->error));
}

static void
change_done (gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(Change) change = data;
  ChActor actor = { .uid = change->uid, .authority = change->authority };

  if (change->error == NULL && write_peer (change, &change->error))
    {
      ch_peer_hurry (change->world, change->peer);
      ch_peer_note (change->world, &actor, change->peer, change->fresh ? "add" : "edit", "%s",
            change->fresh ? _("Added") : _("Edited"));
      ch_peer_tell (change->world, change->peer, change->fresh ? CH_CHANGE_ADDED : CH_CHANGE_CHANGED);
      g_task_return_int (change->task, (gssize) change->peer->id);
    }
  else if (change->fresh)
    {
      ChWorkers *workers = change->world->workers;
      ch_workers_push (workers, undo_secrets, undo_done, g_steal_pointer (&change), NULL);
    }
  else
    g_task_return_error (change->task, g_steal_pointer (&change->error));
}

static gboolean
check_way (ChWorld       *world,
           const ChPeer  *peer,
           GError       **error)
{
  g_autoptr(ChAccess) access = peer->role == CH_PEER_ROLE_SERVER ? ch_access_new (world->store, peer, error) : NULL;

  return access != NULL || peer->role != CH_PEER_ROLE_SERVER;
}

static void
run_change (Change *change)
{
  ch_workers_push (change->world->workers, change_store_secrets, change_done, change, NULL);
}

void
ch_peer_add_async (ChWorld             *world,
                   ChPeerRole           role,
                   const char          *kind,
                   const char          *name,
                   GHashTable          *settings,
                   GHashTable          *secrets,
                   const ChActor       *actor,
                   GAsyncReadyCallback  callback,
                   gpointer             data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  g_autoptr(Change) change = change_new (world, secrets, actor, task);
  g_autoptr(GError) error = NULL;
  ChPeer *peer = change->peer = g_new0 (ChPeer, 1);

  g_task_set_source_tag (task, ch_peer_add_async);
  peer->role = role;
  peer->kind = g_strdup (kind);
  peer->name = g_strdup (name);
  peer->settings = copy_table (settings, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free));
  peer->state = CH_PEER_STATE_DISABLED;
  change->fresh = TRUE;
  drop_empty (peer->settings);
  drop_empty (change->secrets);

  if (!ch_peer_check (peer, change->secrets, TRUE, &error)
      || !check_way (world, peer, &error)
      || !ch_store_add_peer (world->store, peer, &error)
      || !change_claim (change, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    run_change (g_steal_pointer (&change));
}

gint64
ch_peer_add_finish (GAsyncResult  *result,
                    GError       **error)
{
  gssize id = g_task_propagate_int (G_TASK (result), error);

  return MAX (id, 0);
}

/* Checked before any secret is replaced. */
static gboolean
rename_peer (ChWorld     *world,
             ChPeer      *peer,
             const char  *name,
             GError     **error)
{
  if (name == NULL || g_str_equal (name, peer->name))
    return TRUE;

  g_autoptr(ChPeer) other = ch_store_find_peer (world->store, peer->role, name, NULL);
  if (other != NULL)
    return ch_error_set (error, CH_ERROR_EXISTS, _("The name “%s” is taken: choose another one"), name);
  if (!ch_access_check_unused (world->store, peer, error))
    return FALSE;

  g_free (peer->name);
  peer->name = g_strdup (name);
  return TRUE;
}

void
ch_peer_edit_async (ChWorld             *world,
                    ChPeerRole           role,
                    gint64               id,
                    const char          *name,
                    GHashTable          *settings,
                    GHashTable          *secrets,
                    const ChActor       *actor,
                    GAsyncReadyCallback  callback,
                    gpointer             data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  g_autoptr(Change) change = change_new (world, secrets, actor, task);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, ch_peer_edit_async);
  change->peer = ch_store_get_peer (world->store, role, id, &error);
  if (change->peer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!change_claim (change, &error) || !rename_peer (world, change->peer, name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_autoptr(GHashTable) before = copy_table (change->peer->settings,
                                             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free));
  copy_table (settings, change->peer->settings);
  drop_empty (change->peer->settings);

  if (!ch_peer_check (change->peer, change->secrets, FALSE, &error)
      || !ch_peer_check_kept_secrets (change->peer, before, change->secrets, &error)
      || !check_way (world, change->peer, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    run_change (g_steal_pointer (&change));
}

gboolean
ch_peer_edit_finish (GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error) > 0;
}

/* ---- enable, remove ---- */

gboolean
ch_peer_set_enabled (ChWorld        *world,
                     ChPeerRole      role,
                     gint64          id,
                     gboolean        enabled,
                     const ChActor  *actor,
                     GError        **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChPeer) peer = transaction != NULL ? ch_store_get_peer (world->store, role, id, error) : NULL;

  if (peer == NULL)
    return FALSE;
  if (peer->created_at == 0)
    return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is being added just now; try again"), peer->name);

  peer->state = enabled ? CH_PEER_STATE_ENABLED : CH_PEER_STATE_DISABLED;
  g_clear_pointer (&peer->reason, g_free);
  peer->failures = 0;
  if (!ch_store_update_peer (world->store, peer, error)
      || (enabled && !ch_store_hurry_orders (world->store, role, id, ch_now (), error))
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  if (enabled)
    ch_peer_hurry (world, peer);
  ch_peer_note (world, actor, peer, enabled ? "enable" : "disable", "%s", enabled ? _("Enabled") : _("Disabled"));
  ch_peer_tell (world, peer, CH_CHANGE_CHANGED);
  return TRUE;
}

static void
removal_wipe_secrets (gpointer      data,
                      GCancellable *cancellable)
{
  Change *change = data;

  ch_secrets_remove (change->world->vault, change->peer->id, cancellable, &change->error);
}

static void
removal_done (gpointer      data,
              GCancellable *cancellable)
{
  g_autoptr(Change) change = data;

  if (change->error != NULL)
    g_warning ("Secrets of %s that is removed are still in the vault: %s", change->peer->name, change->error->message);

  g_task_return_boolean (change->task, TRUE);
}

void
ch_peer_remove_async (ChWorld             *world,
                      ChPeerRole           role,
                      gint64               id,
                      const ChActor       *actor,
                      GAsyncReadyCallback  callback,
                      gpointer             data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  g_autoptr(GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(Change) change = change_new (world, none, actor, task);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, ch_peer_remove_async);
  change->peer = ch_store_get_peer (world->store, role, id, &error);

  /* The row goes first: while something needs it, it stays with all its secrets. */
  if (change->peer == NULL || !change_claim (change, &error)
      || !ch_access_check_unused (world->store, change->peer, &error) || !ch_store_remove_peer (world->store, id, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  ch_peer_note (world, actor, change->peer, "remove", "%s", _("Removed"));
  ch_peer_tell (world, change->peer, CH_CHANGE_REMOVED);
  ch_workers_push (world->workers, removal_wipe_secrets, removal_done, g_steal_pointer (&change), NULL);
}

gboolean
ch_peer_remove_finish (GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
ch_peers_resume (ChWorld *world,
                 GError **error)
{
  for (int role = CH_PEER_ROLE_ACCOUNT; role <= CH_PEER_ROLE_PROFILE; role++)
    {
      g_autoptr(GPtrArray) peers = ch_store_list_peers (world->store, role, error);

      for (guint i = 0; peers != NULL && i < peers->len; i++)
        {
          const ChPeer *peer = g_ptr_array_index (peers, i);

          if (peer->created_at == 0
              && (!ch_secrets_remove (world->vault, peer->id, NULL, error)
                  || !ch_store_remove_peer (world->store, peer->id, error)))
            return FALSE;
        }

      if (peers == NULL)
        return FALSE;
    }

  return TRUE;
}
