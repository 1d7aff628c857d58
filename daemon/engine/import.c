/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import.h"

#include "engine/alarm.h"
#include "engine/deployments-private.h"
#include "engine/effects.h"
#include "engine/import-private.h"
#include "engine/peers-private.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/tracker.h"
#include "engine/workers.h"
#include "lib/checkpoint.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/times.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* What is written at a time: so much that a transaction is worth its while, and little enough for the main loop. */
#define BATCH 100
/* No account is older than the interface (docs/globalsign.md). */
#define BEGINNING G_GINT64_CONSTANT (1104537600)
#define TROUBLES_MAX 200
#define STATES_MAX 20

typedef struct
{
  ChWorld *world;           /* (not owned) */
  ChJob *job;               /* (not owned): once it runs */
  ChPeer *account;          /* (owned) */
  char *wish;               /* (owned): what is imported, as the store keeps it */
  char **states;            /* (owned) (nullable) */
  char *name;               /* (owned) (nullable): lower case */
  gint64 from;
  gint64 to;
  gint64 began;
  gint64 first;             /* when the first order was placed that was found, 0: none yet */
  gint64 until;             /* how far it is */
  GPtrArray *items;         /* (element-type ChImportItem) (owned): to be written */
  guint seen;               /* since the last transaction, those that nobody wanted, too */
  guint said;               /* of how many orders a line told last */
  guint troubles;
  gint64 uid;
  char *authority;          /* (owned) */
  ChImportCount count;
  GError *error;            /* (owned) (nullable): of a transaction */
} Import;

static void
import_free (Import *import)
{
  g_clear_pointer (&import->account, ch_peer_free);
  g_clear_pointer (&import->items, g_ptr_array_unref);
  g_clear_error (&import->error);
  g_strfreev (import->states);
  g_free (import->name);
  g_free (import->wish);
  g_free (import->authority);
  g_free (import);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Import, import_free)

/* ---- on the main loop: one transaction ---- */

/* What changes from now on is asked for from the import's beginning. */
static gboolean
follow_account (const Import  *import,
                GError       **error)
{
  ChStore *store = import->world->store;
  g_autoptr(ChTrack) track = ch_store_get_track (store, import->account->id, error);

  if (track == NULL)
    return FALSE;

  if (track->seen_to == 0)
    {
      track->seen_to = import->began;
      if (!ch_store_set_track (store, track, error))
        return FALSE;
    }
  return ch_tracker_follow (import->world, import->account->id, ch_now (), error);
}

static gboolean
write_items (Import        *import,
             ChImportTurn  *turn,
             GError       **error)
{
  ChStore *store = import->world->store;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL)
    return FALSE;

  for (guint i = 0; i < import->items->len; i++)
    if (!ch_import_write (turn, import->items->pdata[i], error))
      return FALSE;

  return follow_account (import, error)
         && ch_store_set_import (store, import->account->id, import->wish, import->until, error)
         && ch_store_transaction_commit (transaction, error);
}

static void
tell_all (ChImportTurn *turn)
{
  GHashTableIter iter;
  gpointer id, change;

  g_hash_table_iter_init (&iter, turn->told);
  while (g_hash_table_iter_next (&iter, &id, &change))
    ch_order_tell (turn->world, *(gint64 *) id, (ChChange) GPOINTER_TO_INT (change));
}

/* A #ChWork, on the main loop. */
static void
write_batch (gpointer      data,
             GCancellable *cancellable)
{
  Import *import = data;
  ChImportTurn turn = {
    .world = import->world, .account_id = import->account->id, .actor = { import->uid, import->authority },
    .now = ch_now (), .count = import->count,
    .told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };

  if (write_items (import, &turn, &import->error))
    {
      import->count = turn.count;
      tell_all (&turn);
    }
  g_hash_table_unref (turn.told);
}

/* ---- on the worker ---- */

static void
say_troubles (Import *import)
{
  for (guint i = 0; i < import->items->len; i++)
    {
      const ChImportItem *item = import->items->pdata[i];

      if (item->trouble != NULL && import->troubles++ < TROUBLES_MAX)
        ch_job_say (import->job, -1, "%s", item->trouble);
    }
}

/* Fewer lines, the longer it takes. */
static void
say_progress (Import *import)
{
  gint64 from = import->first != 0 ? MAX (import->first, import->from) : import->from;
  double progress = import->to > from ? (double) (import->until - from) / (double) (import->to - from) : 1;

  if (import->count.found < import->said + MAX (BATCH, import->said / 20))
    return;

  g_autofree char *day = ch_time_day (import->until);
  import->said = import->count.found;
  ch_job_say (import->job, CLAMP (progress, 0, 0.99), _("%u orders until %s: %u new, %u updated, %u skipped"), import->count.found,
              day, import->count.added, import->count.updated, import->count.skipped);
}

static gboolean
flush (Import        *import,
       GCancellable  *cancellable,
       GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  ch_checkpoint ("import:before");
  ch_workers_cross (write_batch, import, cancellable);
  ch_checkpoint ("import:after");
  if (import->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&import->error));
      return FALSE;
    }

  say_troubles (import);
  say_progress (import);
  g_ptr_array_set_size (import->items, 0);
  import->seen = 0;
  return TRUE;
}

static gboolean
is_wanted (const Import        *import,
           const ChImportItem  *item)
{
  const char *state = ch_nick (CH_TYPE_ORDER_STATE, ch_import_state (item, import->began));
  gboolean named = import->name == NULL;

  if (import->states != NULL && !g_strv_contains ((const char *const *) import->states, state))
    return FALSE;

  for (gsize i = 0; !named && item->ca->names != NULL && item->ca->names[i] != NULL; i++)
    named = strstr (item->ca->names[i], import->name) != NULL;
  return named || (item->ca->common_name != NULL && strstr (item->ca->common_name, import->name) != NULL);
}

/* What list_placed() calls, with what it needs besides. */
typedef struct
{
  Import *import;
  GCancellable *cancellable;
} Listing;

/* A #ChCaFound. */
static gboolean
found_cb (ChCaOrder *order,
          gint64     until,
          gpointer   data,
          GError   **error)
{
  Listing *listing = data;
  Import *import = listing->import;
  g_autoptr(ChImportItem) item = ch_import_item_new (order, import->began);

  if (import->first == 0)
    import->first = order->ordered_at;
  import->until = MAX (import->until, until);
  import->seen++;
  if (is_wanted (import, item))
    g_ptr_array_add (import->items, g_steal_pointer (&item));

  return import->seen < BATCH || flush (import, listing->cancellable, error);
}

static const struct { ChOrderState state; ChCaStatus status; } statuses[] = {
  { CH_ORDER_STATE_VALIDATING, CH_CA_WAITING }, { CH_ORDER_STATE_VETTING, CH_CA_HELD },
  { CH_ORDER_STATE_ISSUED, CH_CA_ISSUED }, { CH_ORDER_STATE_EXPIRED, CH_CA_ISSUED },
  { CH_ORDER_STATE_CANCELLED, CH_CA_CANCELLED }, { CH_ORDER_STATE_REVOKED, CH_CA_REVOKED },
  { CH_ORDER_STATE_REJECTED, CH_CA_REJECTED },
};

static const ChCaStatus *
status_of (const char *state)
{
  int value;

  for (gsize i = 0; ch_from_nick (CH_TYPE_ORDER_STATE, state, &value, NULL) && i < G_N_ELEMENTS (statuses); i++)
    if ((int) statuses[i].state == value)
      return &statuses[i].status;

  return NULL;
}

static gboolean
list_all (Import        *import,
          GCancellable  *cancellable,
          GError       **error)
{
  const ChCa *ca = ch_ca_find (import->account->kind, error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (import->world->vault, import->account, cancellable, error) : NULL;
  /* Of one state the CA need not tell the others. */
  const ChCaStatus *status = import->states != NULL && import->states[0] != NULL && import->states[1] == NULL
    ? status_of (import->states[0]) : NULL;
  Listing listing = { import, cancellable };

  if (secrets == NULL)
    return FALSE;

  ChCaAccess access = { .settings = import->account->settings, .secrets = secrets };
  if (!ca->list_placed (&access, import->from, import->to, status, found_cb, &listing, cancellable, error))
    return FALSE;

  import->until = import->to;
  return flush (import, cancellable, error);
}

static GHashTable *
result_of (const Import *import)
{
  GHashTable *result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const struct { const char *name; guint number; } facts[] = {
    { "found", import->count.found }, { "new", import->count.added }, { "updated", import->count.updated },
    { "certificates", import->count.certificates }, { "skipped", import->count.skipped },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    g_hash_table_insert (result, g_strdup (facts[i].name), g_strdup_printf ("%u", facts[i].number));
  return result;
}

static GHashTable *
import_work (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Import *import = data;
  g_autofree char *from = ch_time_day (import->from);

  import->job = job;
  if (import->until != 0)
    ch_job_say (job, 0, _("Goes on from %s, where the same import ended before its end"), from);
  import->until = MAX (import->until, import->from);
  if (list_all (import, cancellable, error))
    {
      if (import->troubles > TROUBLES_MAX)
        ch_job_say (job, -1, _("%u more orders had trouble like these"), import->troubles - TROUBLES_MAX);
      return result_of (import);
    }

  if (import->count.found > 0)
    {
      g_autofree char *day = ch_time_day (import->until);
      ch_job_say (job, -1, _("%u orders until %s are here; the same import goes on from there"), import->count.found, day);
    }
  return NULL;
}

/* ---- the end ---- */

/* Those that had nothing to install may have it now. */
static gboolean
wake_deployments (ChWorld  *world,
                  GError  **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_deployments (world->store, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      ChDeployment *deployment = list->pdata[i];

      if (!deployment->enabled || deployment->certificate_id != 0)
        continue;
      if (!ch_deployment_find_certificate (world, deployment, error))
        return FALSE;
      if (deployment->certificate_id == 0)
        continue;
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
      ch_deployment_tell (world, deployment->id, CH_CHANGE_CHANGED);
    }

  return list != NULL;
}

static void
import_done (ChWorld  *world,
             ChJob    *job,
             gpointer  data)
{
  Import *import = data;
  ChActor actor = { import->uid, import->authority };
  g_autoptr(GError) error = NULL;

  ch_peer_note_outcome (world, import->account, job->error);
  if (import->count.found > 0 && !wake_deployments (world, &error))
    g_warning ("%s", error->message);
  if (job->error != NULL)
    return;

  /* If it cannot be forgotten now, it is found finished the next time. */
  if (!ch_store_set_import (world->store, import->account->id, import->wish, 0, error == NULL ? &error : NULL))
    g_warning ("The end of an import cannot be written down");
  ch_peer_note (world, &actor, import->account, "import", _("Imported %u orders: %u new, %u updated, %u skipped"), import->count.found,
                import->count.added, import->count.updated, import->count.skipped);
}

/* ---- the beginning ---- */

static gboolean
check_states (char    **states,
              GError  **error)
{
  for (gsize i = 0; states != NULL && states[i] != NULL; i++)
    {
      int state;

      if (!ch_from_nick (CH_TYPE_ORDER_STATE, states[i], &state, error))
        return FALSE;
      if (i >= STATES_MAX || status_of (states[i]) == NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("No order of a CA is “%s”; these states can be imported: validating, vetting, "
                                                        "issued, expired, cancelled, revoked, rejected"), states[i]);
    }

  return TRUE;
}

/* One that is wrong would begin anew, which costs time and nothing else. */
static char *
write_wish (const ChImportWish *wish)
{
  g_autofree char *states = wish->states != NULL ? g_strjoinv (",", wish->states) : g_strdup ("");

  return g_strdup_printf ("%" PRId64 " %" PRId64 " %s %s", wish->from, wish->to, states, wish->name != NULL ? wish->name : "");
}

static gboolean
check_free (ChWorld       *world,
            const ChPeer  *account,
            const char    *path,
            GError       **error)
{
  g_autoptr(GPtrArray) jobs = ch_jobs_list (world->jobs);

  for (guint i = 0; i < jobs->len; i++)
    {
      const ChJob *job = jobs->pdata[i];

      if (job->state == CH_JOB_STATE_RUNNING && g_str_equal (job->kind, "account.import") && g_str_equal (job->object, path))
        return ch_error_set (error, CH_ERROR_IN_USE, _("Job %" PRId64 " imports from “%s” already; wait for its end or cancel it"),
                             job->id, account->name);
    }

  return TRUE;
}

static gboolean
take_wish (Import              *import,
           const ChImportWish  *wish,
           GError             **error)
{
  gint64 until = 0;

  if (import->account->state == CH_PEER_STATE_DISABLED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is disabled; enable it to go on"), import->account->name);

  import->began = ch_now ();
  import->from = wish->from > 0 ? wish->from : BEGINNING;
  import->to = wish->to > 0 ? wish->to : import->began;
  if (import->from > import->to)
    return ch_error_set (error, CH_ERROR_INVALID, _("The time to import begins after its end"));
  if (!check_states (wish->states, error))
    return FALSE;

  import->wish = write_wish (wish);
  import->states = wish->states != NULL && wish->states[0] != NULL ? g_strdupv (wish->states) : NULL;
  import->name = wish->name != NULL && *wish->name != '\0' ? g_utf8_strdown (wish->name, -1) : NULL;
  if (!wish->restart && !ch_store_get_import (import->world->store, import->account->id, import->wish, &until, error))
    return FALSE;

  if (until > import->from)
    import->from = import->until = MIN (until, import->to);
  return TRUE;
}

ChJob *
ch_account_import (ChWorld             *world,
                   gint64               account_id,
                   const ChImportWish  *wish,
                   const ChActor       *actor,
                   GError             **error)
{
  g_autoptr(Import) import = g_new0 (Import, 1);
  g_autofree char *path = ch_path_new (CH_FOLDER_ACCOUNTS, account_id);

  import->world = world;
  import->uid = actor->uid;
  import->authority = g_strdup (actor->authority);
  import->items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_import_item_free);
  import->account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, account_id, error);
  if (import->account == NULL || !check_free (world, import->account, path, error) || !take_wish (import, wish, error))
    return NULL;

  g_autofree char *title = g_strdup_printf (_("Import the orders of %s"), import->account->name);
  return ch_job_start (world, "account.import", title, path, actor, import_work, import_done, g_steal_pointer (&import),
                       (GDestroyNotify) import_free, error);
}
