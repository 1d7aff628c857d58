/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/challenge-files.h"

#include "deploy/target.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/effects.h"
#include "engine/machine.h"
#include "engine/peers-private.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ChWorld *world;         /* (not owned) */
  ChChallengeFile *file;  /* (owned) */
  ChPeer *server;         /* (owned) */
  ChAccess *access;       /* (owned) (nullable): it cannot be reached; @error says why */
  char *object;           /* (owned): the claim */
  GError *error;          /* (owned) (nullable) */
} Removal;

static void
removal_free (Removal *removal)
{
  g_clear_pointer (&removal->file, ch_challenge_file_free);
  g_clear_pointer (&removal->access, ch_access_free);
  g_clear_pointer (&removal->server, ch_peer_free);
  g_clear_error (&removal->error);
  g_free (removal->object);
  g_free (removal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

/* ---- which ---- */

static gboolean
mark (ChStore          *store,
      ChChallengeFile  *file,
      gint64            now,
      GError          **error)
{
  file->state = CH_TXT_STATE_REMOVING;
  file->due = now;
  file->failures = 0;
  return ch_store_update_challenge_file (store, file, error);
}

gboolean
ch_challenge_files_release (ChWorld  *world,
                            gint64    order_id,
                            gint64    now,
                            GError  **error)
{
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (world->store, order_id, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    if (!mark (world->store, g_ptr_array_index (files, i), now, error))
      return FALSE;

  return files != NULL;
}

gboolean
ch_challenge_files_hurry (ChWorld  *world,
                          gint64    server_id,
                          GError  **error)
{
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (world->store, 0, error);
  gint64 now = ch_now ();

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      ChChallengeFile *file = g_ptr_array_index (files, i);

      if ((server_id != 0 && file->server_id != server_id) || file->state != CH_TXT_STATE_REMOVING || file->due <= now)
        continue;

      file->due = now;
      if (!ch_store_update_challenge_file (world->store, file, error))
        return FALSE;
    }

  ch_runner_wake (world->runner);
  return files != NULL;
}

/* One entry of the log for each server. */
static gboolean
note_request (ChWorld        *world,
              const ChActor  *actor,
              GError        **error)
{
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (world->store, 0, error);
  g_autoptr(GHashTable) told = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const ChChallengeFile *file = g_ptr_array_index (files, i);
      g_autoptr(ChPeer) server = file->state == CH_TXT_STATE_REMOVING && g_hash_table_add (told, (gpointer) &file->server_id)
        ? ch_store_get_peer (world->store, CH_PEER_ROLE_SERVER, file->server_id, NULL) : NULL;

      if (server != NULL)
        ch_peer_note (world, actor, server, "clean", "%s", _("Removes left-over challenge files now"));
    }

  return files != NULL;
}

gboolean
ch_challenge_files_remove (ChWorld        *world,
                           const ChActor  *actor,
                           GError        **error)
{
  return note_request (world, actor, error) && ch_challenge_files_hurry (world, 0, error);
}

static gboolean
is_needed (ChWorld               *world,
           const ChChallengeFile *file)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, file->order_id, NULL);

  return order != NULL && file->state != CH_TXT_STATE_REMOVING
         && (order->state == CH_ORDER_STATE_VALIDATING || order->state == CH_ORDER_STATE_VETTING
             || order->state == CH_ORDER_STATE_REISSUING);
}

gboolean
ch_challenge_files_resume (ChWorld  *world,
                           GError  **error)
{
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (world->store, 0, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      ChChallengeFile *file = g_ptr_array_index (files, i);

      if (is_needed (world, file) || (file->state == CH_TXT_STATE_REMOVING && file->due != 0))
        continue;
      if (!mark (world->store, file, ch_now (), error))
        return FALSE;
    }

  return files != NULL;
}

gboolean
ch_challenge_files_look_again (ChWorld  *world,
                               GError  **error)
{
  g_autoptr(GPtrArray) orders = ch_store_list_orders_awaiting_file (world->store, error);
  ChFact fact = { .kind = CH_FACT_PROVE_ASKED };

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    {
      ChOrder *order = g_ptr_array_index (orders, i);

      if (!ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error))
        return FALSE;
      ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
    }

  return orders != NULL;
}

/* ---- removing ---- */

/* What stood there before us is left alone, and that is a success. */
static gboolean
withdraw (const Removal  *removal,
          GCancellable   *cancellable,
          GError        **error)
{
  const ChChallengeFile *file = removal->file;
  const ChTarget *target = file->ours ? ch_target_find (removal->server->kind, error) : NULL;
  const ChServerAccess *access = target != NULL ? ch_access_load (removal->access, removal->world->vault, cancellable, error) : NULL;

  if (access == NULL)
    return !file->ours;

  ChTargetProof proof = {
    .root = file->root,
    .below = file->path + strlen (file->root) + 1,
    .content = file->content,
    .made = file->made,
  };
  return target->withdraw (access, &proof, cancellable, error);
}

static void
removal_perform (gpointer      data,
                 GCancellable *cancellable)
{
  Removal *removal = data;

  ch_checkpoint ("unpublish:before");
  if (removal->error == NULL && !withdraw (removal, cancellable, &removal->error))
    ch_effect_mend_error (&removal->error, cancellable);
  ch_checkpoint ("unpublish:after");
}

static void
note_failure (ChChallengeFile *file,
              const GError    *why)
{
  file->failures++;
  file->due = ch_now () + ch_backoff (file->failures, 10, 60 * 60, (guint64) file->id);
  g_free (file->reason);
  file->reason = g_strdup (why->message);
}

/* A #ChWrite. Whoever waits for the place looks again. */
static gboolean
removal_write (gpointer   data,
               GError   **error)
{
  Removal *removal = data;
  ChWorld *world = removal->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL
      || (removal->error != NULL && !ch_store_update_challenge_file (world->store, removal->file, error))
      || (removal->error == NULL && (!ch_store_remove_challenge_file (world->store, removal->file->id, error)
                                     || !ch_store_hurry_turns (world->store, ch_now (), error)))
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, removal->file->order_id, CH_CHANGE_CHANGED);
  return TRUE;
}

static void
removal_done (gpointer      data,
              GCancellable *cancellable)
{
  Removal *removal = data;

  if (removal->error != NULL)
    note_failure (removal->file, removal->error);
  ch_runner_finish (removal->world->runner, removal->object, removal_write, removal, (GDestroyNotify) removal_free);
}

static gboolean
begin (Removal  *removal,
       GError  **error)
{
  ChStore *store = removal->world->store;

  removal->file->due = 0;
  removal->server = ch_store_get_peer (store, CH_PEER_ROLE_SERVER, removal->file->server_id, error);
  if (removal->server == NULL || !ch_store_update_challenge_file (store, removal->file, error))
    return FALSE;

  removal->access = ch_access_new (store, removal->server, &removal->error);
  return TRUE;
}

void
ch_challenge_files_run (ChWorld *world,
                        gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_challenge_files (world->store, now, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  while (due != NULL && due->len > 0 && error == NULL && ch_runner_has_room (world->runner))
    {
      g_autoptr(Removal) removal = g_new0 (Removal, 1);

      removal->world = world;
      removal->file = g_ptr_array_steal_index (due, 0);
      removal->object = ch_object_name ("file", removal->file->id);
      if (!ch_runner_claim (world->runner, removal->object))
        continue;

      if (begin (removal, &error))
        ch_workers_push (world->workers, removal_perform, removal_done, g_steal_pointer (&removal), NULL);
      else
        {
          ch_runner_hold (world->runner, error);
          ch_runner_release (world->runner, removal->object);
        }
    }
}
