/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "dcv/http.h"
#include "deploy/target.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/challenge-files.h"
#include "engine/proof.h"
#include "engine/web-roots.h"
#include "engine/workers.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* The files of an order stand on every server that shows one of its names. A place on a server takes one file at a time:
 * an order gets all of its places or none, and one that waits holds none, so that orders never wait for each other. */

#define TURN_SECONDS 300      /* after this, who is not getting on gives way to who waits */

typedef struct
{
  ChChallengeFile *file;  /* (owned) */
  ChPeer *server;         /* (owned) (nullable): as yet */
  ChAccess *access;       /* (owned) (nullable): as yet */
  gboolean stood;         /* it was seen standing once */
} ChFilePut;

static void
put_free (ChFilePut *put)
{
  g_clear_pointer (&put->file, ch_challenge_file_free);
  g_clear_pointer (&put->access, ch_access_free);
  g_clear_pointer (&put->server, ch_peer_free);
  g_free (put);
}

/* ---- before ---- */

/* Where it is to stand, and what of ours stands there already. */
static gboolean
add_place (ChEffect           *effect,
           const ChWebRoot    *root,
           const ChChallenge  *challenge,
           GError            **error)
{
  ChStore *store = effect->world->store;

  for (guint i = 0; i < effect->files->len; i++)
    {
      const ChChallengeFile *other = ((const ChFilePut *) effect->files->pdata[i])->file;

      if (other->server_id == root->server_id && g_str_equal (other->path, root->path))
        return TRUE;
    }

  ChFilePut *put = g_new0 (ChFilePut, 1);
  g_ptr_array_add (effect->files, put);
  if (!ch_store_find_challenge_file (store, root->server_id, root->path, &put->file, error))
    return FALSE;
  put->server = ch_store_get_peer (store, CH_PEER_ROLE_SERVER, root->server_id, error);
  if (put->server == NULL)
    return FALSE;

  if (put->file == NULL)
    {
      ChChallengeFile *file = put->file = g_new0 (ChChallengeFile, 1);

      file->server_id = root->server_id;
      file->order_id = effect->order->id;
      file->root = g_strdup (root->root);
      file->path = g_strdup (root->path);
      file->content = g_strdup (challenge->value);
      file->ours = TRUE;
      file->state = CH_TXT_STATE_ADDING;
      file->created_at = ch_now ();
    }
  put->stood = put->file->state == CH_TXT_STATE_PRESENT;
  return TRUE;
}

static gboolean
find_places (ChEffect  *effect,
             GError   **error)
{
  for (guint i = 0; i < effect->challenges->len; i++)
    {
      ChChallenge *challenge = g_ptr_array_index (effect->challenges, i);
      g_autoptr(GPtrArray) roots = ch_web_roots_find (effect->world->store, challenge->location, error);

      if (roots == NULL)
        return FALSE;
      if (roots->len == 0)
        g_ptr_array_add (effect->by_hand, challenge);
      for (guint j = 0; j < roots->len; j++)
        if (!add_place (effect, g_ptr_array_index (roots, j), challenge, error))
          return FALSE;
    }

  return TRUE;
}

static gboolean
is_free (const ChEffect         *effect,
         const ChChallengeFile  *file)
{
  const ChChallenge *challenge = effect->challenges->pdata[0];

  return file->id == 0
         || (file->order_id == effect->order->id && file->state != CH_TXT_STATE_REMOVING
             && g_str_equal (file->content, challenge->value));
}

/* (transfer full) */
static char *
say_turn (const ChEffect  *effect,
          const ChFilePut *put)
{
  const ChChallenge *challenge = effect->challenges->pdata[0];
  const ChChallengeFile *file = put->file;
  g_autofree char *url = ch_dcv_http_url (challenge->location);

  if (file->state == CH_TXT_STATE_REMOVING && file->reason != NULL)
    return g_strdup_printf (_("Waits until the file of order %" PRId64 " is gone from “%s”: %s"), file->order_id, put->server->name,
                            file->reason);
  if (file->order_id == effect->order->id)
    return g_strdup_printf (_("Waits until the file of before is gone from “%s”"), put->server->name);

  return g_strdup_printf (_("Waits until order %" PRId64 " is done with %s on “%s”"), file->order_id, url, put->server->name);
}

/* Whoever has had the place for long, and is not being worked on now, comes after those that wait. */
static gboolean
ask_for_turn (ChEffect               *effect,
              const ChChallengeFile  *file,
              GError                **error)
{
  ChWorld *world = effect->world;
  gint64 now = ch_now ();

  if (file->order_id == effect->order->id || file->state == CH_TXT_STATE_REMOVING || now < file->created_at + TURN_SECONDS)
    return TRUE;

  g_autoptr(ChOrder) holder = ch_store_get_order (world->store, file->order_id, error);
  if (holder == NULL)
    return FALSE;
  if (holder->due == 0 || (holder->failures == 0 && holder->step != CH_ORDER_STEP_TRACK))
    return TRUE;

  g_autofree char *text = g_strdup_printf (_("Lets order %" PRId64 " have its turn with “%s”"), effect->order->id, file->path);
  ChFact fact = { .kind = CH_FACT_TURN_OVER, .text = text };
  g_array_append_val (effect->yielded, holder->id);
  return ch_order_apply_fact (world, holder, &fact, NULL, &ch_actor_daemon, error)
         && ch_challenge_files_release (world, holder->id, now, error);
}

static gboolean
take_turn (ChEffect  *effect,
           GError   **error)
{
  for (guint i = 0; i < effect->files->len; i++)
    {
      const ChFilePut *put = g_ptr_array_index (effect->files, i);

      if (is_free (effect, put->file))
        continue;
      if (effect->text == NULL)
        effect->text = say_turn (effect, put);
      effect->kind = CH_FACT_TAKEN;
      if (!ask_for_turn (effect, put->file, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_wanted (const ChEffect *effect,
           gint64          id)
{
  for (guint i = 0; i < effect->files->len; i++)
    if (((const ChFilePut *) effect->files->pdata[i])->file->id == id)
      return TRUE;

  return FALSE;
}

/* Where it need not stand any more, since a deployment is another one now; and all of it while it waits. */
static gboolean
leave_places (ChEffect  *effect,
              GError   **error)
{
  ChStore *store = effect->world->store;
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (store, effect->order->id, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      ChChallengeFile *file = g_ptr_array_index (files, i);

      if (file->state == CH_TXT_STATE_REMOVING || (effect->kind != CH_FACT_TAKEN && is_wanted (effect, file->id)))
        continue;
      file->state = CH_TXT_STATE_REMOVING;
      file->due = ch_now ();
      file->failures = 0;
      if (!ch_store_update_challenge_file (store, file, error))
        return FALSE;
    }

  return files != NULL;
}

static gboolean
note_put (ChEffect   *effect,
          ChFilePut  *put,
          GError    **error)
{
  put->access = ch_access_new (effect->world->store, put->server, error);
  if (put->access == NULL)
    return FALSE;

  put->file->state = CH_TXT_STATE_ADDING;
  put->file->failures++;
  return put->file->id == 0 ? ch_store_add_challenge_file (effect->world->store, put->file, error)
                            : ch_store_update_challenge_file (effect->world->store, put->file, error);
}

gboolean
ch_effect_note_files (ChEffect  *effect,
                      GError   **error)
{
  effect->files = g_ptr_array_new_with_free_func ((GDestroyNotify) put_free);
  effect->by_hand = g_ptr_array_new ();
  effect->yielded = g_array_new (FALSE, FALSE, sizeof (gint64));
  effect->kind = CH_FACT_PUBLISHED;
  if (!find_places (effect, error) || !take_turn (effect, error) || !leave_places (effect, error))
    return FALSE;

  for (guint i = 0; effect->kind != CH_FACT_TAKEN && i < effect->files->len; i++)
    if (!note_put (effect, g_ptr_array_index (effect->files, i), error))
      return FALSE;

  return TRUE;
}

/* ---- on the worker ---- */

typedef struct
{
  ChStore *store;
  const ChChallengeFile *file;
  GError *error;
} Note;

/* A #ChWork. */
static void
note_folders_cb (gpointer      data,
                 GCancellable *cancellable)
{
  Note *note = data;

  ch_store_note_challenge_folders (note->store, note->file->id, note->file->made, &note->error);
}

/* What we are about to make is written down first, so that it is removed after a crash, too. */
static gboolean
note_folders (ChEffect         *effect,
              ChChallengeFile  *file,
              guint             missing,
              GCancellable     *cancellable,
              GError          **error)
{
  Note note = { effect->world->store, file, NULL };

  if (missing <= file->made)
    return TRUE;

  file->made = missing;
  ch_workers_cross (note_folders_cb, &note, cancellable);
  if (note.error == NULL)
    return TRUE;

  g_propagate_error (error, note.error);
  return FALSE;
}

static gboolean
put_file (ChEffect      *effect,
          ChFilePut     *put,
          GCancellable  *cancellable,
          GError       **error)
{
  ChChallengeFile *file = put->file;
  const ChTarget *target = ch_target_find (put->server->kind, error);
  const ChServerAccess *access = target != NULL ? ch_access_load (put->access, effect->world->vault, cancellable, error) : NULL;
  gboolean existed = FALSE;
  guint missing = 0;

  if (access == NULL)
    return FALSE;

  ChTargetProof proof = { .root = file->root, .below = file->path + strlen (file->root) + 1, .content = file->content };
  if (!target->survey (access, &proof, &missing, cancellable, error)
      || !note_folders (effect, file, missing, cancellable, error))
    return FALSE;
  ch_checkpoint ("publish:noted");

  if (!target->publish (access, &proof, &existed, cancellable, error))
    return FALSE;
  ch_checkpoint ("publish:put");

  /* What stood there at the first try was put there by somebody else; at a later one it may be our own of a try whose end
   * we did not see. */
  file->ours = put->stood ? file->ours || !existed : !existed || file->failures > 1;
  file->state = CH_TXT_STATE_PRESENT;
  return TRUE;
}

gboolean
ch_effect_put_files (ChEffect      *effect,
                     GCancellable  *cancellable,
                     GError       **error)
{
  if (effect->kind == CH_FACT_TAKEN)
    return TRUE;

  for (guint i = 0; i < effect->files->len; i++)
    {
      ChFilePut *put = g_ptr_array_index (effect->files, i);

      if (!put_file (effect, put, cancellable, error))
        {
          g_prefix_error (error, _("The server “%s”: "), put->server->name);
          return FALSE;
        }
    }

  return TRUE;
}

/* ---- afterwards ---- */

static gboolean
apply_put (ChEffect               *effect,
           const ChChallengeFile  *file,
           GError                **error)
{
  ChStore *store = effect->world->store;
  g_autoptr(ChChallengeFile) fresh = ch_store_get_challenge_file (store, file->id, error);

  if (fresh == NULL)
    return FALSE;

  /* Nobody needs it any more since then: it stays due. */
  if (fresh->state != CH_TXT_STATE_REMOVING)
    fresh->state = file->state;
  fresh->ours = file->ours;
  return ch_store_update_challenge_file (store, fresh, error);
}

gboolean
ch_effect_apply_files (ChEffect  *effect,
                       GError   **error)
{
  if (effect->files == NULL || effect->kind == CH_FACT_TAKEN)
    return TRUE;

  for (guint i = 0; i < effect->files->len; i++)
    if (!apply_put (effect, ((const ChFilePut *) effect->files->pdata[i])->file, error))
      return FALSE;

  return TRUE;
}

gboolean
ch_effect_puts (const ChEffect    *effect,
                const ChChallenge *challenge)
{
  return effect->by_hand == NULL || !g_ptr_array_find (effect->by_hand, challenge, NULL);
}
