/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/bin.h"

#include "engine/alarm.h"
#include "engine/brought-key.h"
#include "engine/effects.h"
#include "engine/machine.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define DAY (24 * 60 * 60)
#define KEEP (30 * DAY)
#define UNUSED_SECONDS (60 * 60)

/* ---- removing what is due ---- */

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChBinKey *key;        /* (owned) */
  char *object;         /* (owned): the claim */
  GError *error;        /* (owned) (nullable) */
} Removal;

static void
removal_free (Removal *removal)
{
  g_clear_pointer (&removal->key, ch_bin_key_free);
  g_clear_error (&removal->error);
  g_free (removal->object);
  g_free (removal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
removal_perform (gpointer      data,
                 GCancellable *cancellable)
{
  Removal *removal = data;

  ch_checkpoint ("bin:before");
  ch_vault_remove (removal->world->vault, removal->key->ref, cancellable, &removal->error);
  ch_checkpoint ("bin:after");
}

/* A #ChWrite. */
static gboolean
removal_write (gpointer   data,
               GError   **error)
{
  Removal *removal = data;
  ChStore *store = removal->world->store;
  ChBinKey *key = removal->key;

  if (removal->error == NULL)
    return ch_store_remove_bin_key (store, key->id, error);

  key->due = ch_now () + ch_backoff (key->failures, 60, DAY, (guint64) key->id);
  return ch_store_update_bin_key (store, key, error);
}

static void
removal_done (gpointer      data,
              GCancellable *cancellable)
{
  Removal *removal = data;

  if (removal->error != NULL)
    {
      removal->key->failures++;
      g_warning ("A key in the bin cannot be removed: %s", removal->error->message);
    }
  ch_runner_finish (removal->world->runner, removal->object, removal_write, removal, (GDestroyNotify) removal_free);
}

/* What came to be used after all must never be removed. */
static gboolean
begin (Removal   *removal,
       gboolean  *in_use,
       GError   **error)
{
  ChStore *store = removal->world->store;

  if (!ch_store_key_is_used (store, removal->key->ref, in_use, error))
    return FALSE;
  if (*in_use)
    return ch_store_remove_bin_key (store, removal->key->id, error);

  removal->key->due = 0;
  return ch_store_update_bin_key (store, removal->key, error);
}

void
ch_bin_run (ChWorld *world,
            gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_bin_keys (world->store, now, world->config->workers, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  while (due != NULL && due->len > 0 && error == NULL && ch_runner_has_room (world->runner))
    {
      g_autoptr(Removal) removal = g_new0 (Removal, 1);
      gboolean in_use = FALSE;

      removal->world = world;
      removal->key = g_ptr_array_steal_index (due, 0);
      removal->object = ch_object_name ("bin", removal->key->id);
      if (!ch_runner_claim (world->runner, removal->object))
        continue;

      gboolean ok = begin (removal, &in_use, &error);
      if (ok && !in_use)
        {
          ch_workers_push (world->workers, removal_perform, removal_done, g_steal_pointer (&removal), NULL);
          continue;
        }
      if (!ok)
        ch_runner_hold (world->runner, error);
      ch_runner_release (world->runner, removal->object);
    }
}

gboolean
ch_bin_resume (ChWorld *world,
               GError **error)
{
  return ch_store_resume_bin_keys (world->store, ch_now (), error);
}

/* ---- putting ---- */

static ChBinKey *
new_key (const char    *ref,
         const ChOrder *order,
         const char    *public_key,
         gint64         keep)
{
  ChBinKey *key = g_new0 (ChBinKey, 1);

  key->ref = g_strdup (ref);
  key->order_id = order->id;
  key->name = g_strdup (order->names[0]);
  key->ca_order = g_strdup (order->ca_order);
  key->public_key = g_strdup (public_key);
  key->put_at = ch_now ();
  key->due = key->put_at + keep;
  return key;
}

static gboolean
put_unused (ChWorld        *world,
            const ChOrder  *order,
            const char     *ref,
            const char     *public_key,
            GError        **error)
{
  gboolean used;

  if (!ch_store_key_is_used (world->store, ref, &used, error) || used)
    return used;

  g_autoptr(ChBinKey) key = new_key (ref, order, public_key, KEEP);
  return ch_store_add_bin_key (world->store, key, error);
}

static gboolean
put (ChWorld        *world,
     const ChOrder  *order,
     const char     *ref,
     const char     *public_key,
     GHashTable     *seen,
     GError        **error)
{
  return ref == NULL || !g_hash_table_add (seen, (gpointer) ref) || put_unused (world, order, ref, public_key, error);
}

gboolean
ch_bin_put_order (ChWorld        *world,
                  const ChOrder  *order,
                  GPtrArray      *certificates,
                  GError        **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *own = g_strdup_printf ("key/%" PRId64, order->id);

  for (guint i = 0; i < certificates->len; i++)
    {
      const ChCertificate *certificate = g_ptr_array_index (certificates, i);

      if (!put (world, order, certificate->key_ref, certificate->public_key, seen, error))
        return FALSE;
    }
  if (!put (world, order, order->key_ref, order->public_key, seen, error))
    return FALSE;

  /* A service that died after it had made the key did not write down where it is; nothing was ever asked with it. */
  if (order->key_ref != NULL || g_hash_table_contains (seen, own))
    return TRUE;

  g_autoptr(ChBinKey) lost = new_key (own, order, NULL, 0);
  return ch_store_add_bin_key (world->store, lost, error);
}

gboolean
ch_bin_update_order (ChWorld  *world,
                     ChOrder  *order,
                     GError  **error)
{
  g_autoptr(ChOrder) before = ch_store_get_order (world->store, order->id, error);

  if (before == NULL || !ch_store_update_order (world->store, order, error))
    return FALSE;

  return before->key_ref == NULL || g_strcmp0 (before->key_ref, order->key_ref) == 0
         || put_unused (world, order, before->key_ref, before->public_key, error);
}

ChBinKey *
ch_bin_expect (ChWorld        *world,
               const char     *ref,
               const ChOrder  *order,
               GError        **error)
{
  g_autoptr(ChBinKey) key = new_key (ref, order, NULL, UNUSED_SECONDS);

  return ch_store_add_bin_key (world->store, key, error) ? g_steal_pointer (&key) : NULL;
}

gboolean
ch_bin_forget (ChWorld         *world,
               const ChBinKey  *key,
               GError         **error)
{
  return ch_store_remove_bin_key (world->store, key->id, error);
}

void
ch_bin_hurry (ChWorld  *world,
              ChBinKey *key)
{
  g_autoptr(GError) error = NULL;

  /* If that cannot be written now, it is due in an hour. */
  key->due = ch_now ();
  if (!ch_store_update_bin_key (world->store, key, &error))
    g_warning ("%s", error->message);
  ch_runner_wake (world->runner);
}

/* ---- what persons ask for ---- */

static void
note (ChWorld        *world,
      const ChActor  *actor,
      const ChBinKey *key,
      const char     *action,
      const char     *text)
{
  g_autofree char *object = ch_object_name ("order", key->order_id);

  ch_world_log (world, actor, action, object, key->name, TRUE, "%s", text);
}

static ChBinKey *
find (ChWorld  *world,
      gint64    id,
      GError  **error)
{
  g_autoptr(ChBinKey) key = ch_store_get_bin_key (world->store, id, error);

  if (key == NULL || key->due != 0)
    return g_steal_pointer (&key);

  ch_error_set (error, CH_ERROR_IN_USE, _("Key %" PRId64 " is being removed from the bin just now"), id);
  return NULL;
}

static GArray *
attach (ChWorld         *world,
        const ChBinKey  *key,
        GError         **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(GArray) ids = transaction == NULL ? NULL
    : ch_store_attach_key (world->store, key->ref, key->public_key != NULL ? key->public_key : "", error);

  if (ids != NULL && ids->len == 0)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND,
                    _("No order here has the public key of key %" PRId64 ", or the order has its key already. Import order %s from its "
                      "account: the key comes back with it"), key->id, key->ca_order != NULL ? key->ca_order : key->name);
      return NULL;
    }
  if (ids == NULL || !ch_bin_forget (world, key, error) || !ch_keys_attached (world, ids, error)
      || !ch_store_transaction_commit (transaction, error))
    return NULL;

  return g_steal_pointer (&ids);
}

GArray *
ch_bin_restore (ChWorld        *world,
                gint64          id,
                const ChActor  *actor,
                GError        **error)
{
  g_autoptr(ChBinKey) key = find (world, id, error);
  g_autoptr(GArray) ids = key != NULL ? attach (world, key, error) : NULL;

  if (ids == NULL)
    return NULL;

  note (world, actor, key, "key.restore", _("Took the private key back out of the bin"));
  for (guint i = 0; i < ids->len; i++)
    ch_order_tell (world, g_array_index (ids, gint64, i), CH_CHANGE_CHANGED);
  return g_steal_pointer (&ids);
}

gboolean
ch_bin_purge (ChWorld        *world,
              gint64          id,
              const ChActor  *actor,
              GError        **error)
{
  g_autoptr(ChBinKey) key = find (world, id, error);

  if (key == NULL)
    return FALSE;

  key->due = ch_now ();
  if (!ch_store_update_bin_key (world->store, key, error))
    return FALSE;

  note (world, actor, key, "key.purge", _("Removed the private key in the bin for good"));
  ch_runner_wake (world->runner);
  return TRUE;
}
