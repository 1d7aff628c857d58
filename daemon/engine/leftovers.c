/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/leftovers.h"

#include "engine/alarm.h"
#include "engine/cleaner.h"
#include "engine/effects.h"
#include "engine/job.h"
#include "engine/peers-private.h"
#include "engine/runner.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* One value, and what became of it. */
typedef struct
{
  ChTxtRecord *record;  /* (owned) */
  ChPeer *dns;          /* (owned) */
  GError *error;        /* (owned) (nullable) */
  gboolean tried;
} Value;

/* All values of one job. Their due time is 0 meanwhile, so that the cleaner leaves them alone, and takes them
 * up at the next start should the service die. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  GPtrArray *values;    /* (element-type Value) (owned) */
  guint n_busy;         /* of those that were asked for, the cleaner has these in hand already */
} Sweep;

static void
value_free (Value *value)
{
  ch_txt_record_free (value->record);
  g_clear_pointer (&value->dns, ch_peer_free);
  g_clear_error (&value->error);
  g_free (value);
}

static void
sweep_free (Sweep *sweep)
{
  g_clear_pointer (&sweep->values, g_ptr_array_unref);
  g_free (sweep);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sweep, sweep_free)

static Sweep *
sweep_new (ChWorld *world)
{
  Sweep *sweep = g_new0 (Sweep, 1);

  sweep->world = world;
  sweep->values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  return sweep;
}

/* ---- on the worker ---- */

/* What stops one value stops all of its account. */
static gboolean
is_of_account (const GError *error)
{
  static const ChError codes[] = {
    CH_ERROR_CREDENTIALS, CH_ERROR_UNREACHABLE, CH_ERROR_TLS, CH_ERROR_CLOCK, CH_ERROR_VAULT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, CH_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

/* @stopped: (element-type gint64 GError): accounts that need not be asked again */
static void
remove_value (Value        *value,
              Sweep        *sweep,
              GHashTable   *stopped,
              GCancellable *cancellable)
{
  const GError *known = g_hash_table_lookup (stopped, &value->dns->id);

  if (known != NULL)
    value->error = g_error_copy (known);
  else if (!ch_cleaner_take_away (sweep->world, value->record, value->dns, cancellable, &value->error)
           && is_of_account (value->error))
    g_hash_table_insert (stopped, &value->dns->id, value->error);

  value->tried = !g_cancellable_is_cancelled (cancellable) || value->error == NULL;
}

static void
say (ChJob       *job,
     double       progress,
     const Value *value)
{
  const char *place = value->record->name;
  const char *account = value->dns->name;

  if (value->error == NULL)
    ch_job_say (job, progress, _("%" PRId64 ": removed the value at %s (“%s”)"), value->record->id, place, account);
  else
    ch_job_say (job, progress, _("%" PRId64 ": the value at %s (“%s”) is still there: %s"), value->record->id, place,
                account, value->error->message);
}

static GHashTable *
sweep_work (ChJob         *job,
            gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Sweep *sweep = data;
  g_autoptr(GHashTable) stopped = g_hash_table_new (g_int64_hash, g_int64_equal);
  const GError *first = NULL;
  guint failed = 0;

  if (sweep->n_busy > 0)
    ch_job_say (job, -1, ngettext ("%u value is being removed already", "%u values are being removed already", sweep->n_busy),
                sweep->n_busy);
  else if (sweep->values->len == 0)
    ch_job_say (job, -1, _("No TXT value is left over"));

  for (guint i = 0; i < sweep->values->len; i++)
    {
      Value *value = g_ptr_array_index (sweep->values, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      remove_value (value, sweep, stopped, cancellable);
      if (value->tried)
        say (job, (i + 1.0) / sweep->values->len, value);
      failed += value->tried && value->error != NULL;
      first = first != NULL ? first : value->error;
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (failed == 0)
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  ch_error_set (error, first->domain == CH_ERROR ? (ChError) first->code : CH_ERROR_FAILED,
                ngettext ("%u of %u value is still there and is tried again later: %s",
                          "%u of %u values are still there and are tried again later: %s", sweep->values->len),
                failed, sweep->values->len, first->message);
  return NULL;
}

/* ---- afterwards ---- */

static gboolean
write_value (ChStore      *store,
             const Value  *value,
             GError      **error)
{
  g_autoptr(GError) local = NULL;
  gboolean gone = value->tried && value->error == NULL;

  if (gone ? ch_store_remove_txt_record (store, value->record->id, &local)
           : ch_store_update_txt_record (store, value->record, &local))
    return TRUE;
  /* It went with its order meanwhile. */
  if (g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* A #ChWrite. */
static gboolean
sweep_write (gpointer   data,
             GError   **error)
{
  Sweep *sweep = data;
  ChWorld *world = sweep->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < sweep->values->len; i++)
    if (!write_value (world->store, g_ptr_array_index (sweep->values, i), error))
      return FALSE;
  if (!ch_store_transaction_commit (transaction, error))
    return FALSE;

  for (guint i = 0; i < sweep->values->len; i++)
    {
      const Value *value = g_ptr_array_index (sweep->values, i);

      if (value->tried)
        ch_peer_note_outcome (world, value->dns, value->error);
      if (value->record->order_id != 0)
        ch_order_tell (world, value->record->order_id, CH_CHANGE_CHANGED);
    }
  return TRUE;
}

static void
note_id (GHashTable  *result,
         const char  *key,
         gint64       id)
{
  const char *before = g_hash_table_lookup (result, key);

  g_hash_table_insert (result, g_strdup (key), before != NULL ? g_strdup_printf ("%s %" PRId64, before, id)
                                                              : g_strdup_printf ("%" PRId64, id));
}

/* A #ChJobDone. */
static void
sweep_done (ChWorld  *world,
            ChJob    *job,
            gpointer  data)
{
  Sweep *sweep = data;
  Sweep *outcome;

  /* Also of a job that has failed: what it could do, it did. */
  g_clear_pointer (&job->result, g_hash_table_unref);
  job->result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < sweep->values->len; i++)
    {
      Value *value = g_ptr_array_index (sweep->values, i);

      if (!value->tried)
        value->record->due = ch_now ();
      else if (value->error != NULL)
        ch_cleaner_note_failure (value->record, value->error);
      if (value->tried)
        note_id (job->result, value->error == NULL ? "removed" : "failed", value->record->id);
    }

  outcome = g_memdup2 (sweep, sizeof *sweep);
  sweep->values = NULL;
  ch_runner_finish (world->runner, NULL, sweep_write, outcome, (GDestroyNotify) sweep_free);
}

/* ---- beginning ---- */

static gboolean
find_one (ChStore    *store,
          GPtrArray  *found,
          guint64     id,
          GError    **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(ChTxtRecord) record = ch_store_get_txt_record (store, (gint64) MIN (id, G_MAXINT64), &local);

  if (record == NULL && !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (record == NULL || record->state != CH_TXT_STATE_REMOVING)
    return ch_error_set (error, CH_ERROR_NOT_FOUND,
                         _("There is no left-over TXT value %" PRIu64 "; it may be gone by now"), id);

  for (guint i = 0; i < found->len; i++)
    if (((const ChTxtRecord *) g_ptr_array_index (found, i))->id == record->id)
      return TRUE;

  g_ptr_array_add (found, g_steal_pointer (&record));
  return TRUE;
}

/* (transfer full) (element-type ChTxtRecord): each once */
static GPtrArray *
find_records (ChStore        *store,
              const guint64  *ids,
              gsize           n_ids,
              GError        **error)
{
  if (n_ids == 0)
    return ch_store_list_leftovers (store, 0, 0, error);

  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_txt_record_free);
  for (gsize i = 0; i < n_ids; i++)
    if (!find_one (store, found, ids[i], error))
      return NULL;

  return g_steal_pointer (&found);
}

/* What has no due time is being removed at this moment. */
static gboolean
take (Sweep      *sweep,
      GPtrArray  *records,
      GError    **error)
{
  ChStore *store = sweep->world->store;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL)
    return FALSE;

  while (records->len > 0)
    {
      g_autoptr(ChTxtRecord) record = g_ptr_array_steal_index (records, 0);

      if (record->due == 0)
        {
          sweep->n_busy++;
          continue;
        }

      ChPeer *dns = ch_store_get_peer (store, CH_PEER_ROLE_DNS, record->dns_account_id, error);
      record->due = 0;
      if (dns == NULL || !ch_store_update_txt_record (store, record, error))
        {
          g_clear_pointer (&dns, ch_peer_free);
          return FALSE;
        }

      Value *value = g_new0 (Value, 1);
      *value = (Value) { .record = g_steal_pointer (&record), .dns = dns };
      g_ptr_array_add (sweep->values, value);
    }

  return ch_store_transaction_commit (transaction, error);
}

/* One entry of the log for each account. */
static void
note_request (Sweep         *sweep,
              const ChActor *actor)
{
  g_autoptr(GHashTable) told = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < sweep->values->len; i++)
    {
      const ChPeer *dns = ((const Value *) g_ptr_array_index (sweep->values, i))->dns;

      if (g_hash_table_add (told, (gpointer) &dns->id))
        ch_peer_note (sweep->world, actor, dns, "clean", "%s", _("Removes left-over TXT values now"));
    }
}

ChJob *
ch_leftovers_remove (ChWorld        *world,
                     const guint64  *ids,
                     gsize           n_ids,
                     const ChActor  *actor,
                     GError        **error)
{
  g_autoptr(Sweep) sweep = sweep_new (world);
  g_autoptr(GPtrArray) records = find_records (world->store, ids, n_ids, error);

  if (records == NULL || !ch_jobs_have_room (world->jobs, actor, error) || !take (sweep, records, error))
    return NULL;

  note_request (sweep, actor);
  return ch_job_start (world, "dns.clean", _("Remove left-over TXT values"), CH_ROOT_PATH, actor, sweep_work, sweep_done,
                       g_steal_pointer (&sweep), (GDestroyNotify) sweep_free, error);
}
