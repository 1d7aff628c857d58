/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tracker.h"

#include "ca/ca.h"
#include "engine/alarm.h"
#include "engine/effects.h"
#include "engine/peers-private.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* The CA's clock and ours may differ, and a change may show late: look a little further back. */
#define OVERLAP_SECONDS (60 * 60)
#define FUTURE_SECONDS (30 * 24 * 60 * 60)
/* Between questions for what is in force: after a change soon, then ever more rarely. */
#define SOON_SECONDS (15 * 60)
#define RARE_SECONDS (6 * 60 * 60)

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChPeer *account;      /* (owned) */
  char *object;         /* (owned): the claim */
  gint64 from;
  gint64 to;
  guint news;           /* orders that something happened to elsewhere */
  GPtrArray *changed;   /* (element-type ChCaOrder) (owned) (nullable) */
  GHashTable *by_number; /* (element-type utf8 ChCaOrder) (owned): @changed by the CA's number */
  GError *error;        /* (owned) (nullable) */
} Question;

static void
question_free (Question *question)
{
  g_clear_pointer (&question->account, ch_peer_free);
  g_clear_pointer (&question->by_number, g_hash_table_unref);
  g_clear_pointer (&question->changed, g_ptr_array_unref);
  g_clear_error (&question->error);
  g_free (question->object);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
ask (Question     *question,
     GCancellable *cancellable)
{
  if (question->account->state == CH_PEER_STATE_DISABLED)
    {
      ch_error_set (&question->error, CH_ERROR_WRONG_STATE, _("“%s” is disabled; enable it to go on"),
                    question->account->name);
      return;
    }

  const ChCa *ca = ch_ca_find (question->account->kind, &question->error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (question->world->vault, question->account,
                                                                cancellable, &question->error)
                                             : NULL;

  if (secrets == NULL)
    return;

  ChCaAccess access = { .settings = question->account->settings, .secrets = secrets };
  question->changed = ca->list_changed (&access, question->from, question->to, cancellable, &question->error);
}

static void
index_changed (Question *question)
{
  question->by_number = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; question->changed != NULL && i < question->changed->len; i++)
    {
      ChCaOrder *changed = g_ptr_array_index (question->changed, i);

      if (changed->ca_order != NULL)
        g_hash_table_insert (question->by_number, changed->ca_order, changed);
    }
}

static void
question_perform (gpointer      data,
                  GCancellable *cancellable)
{
  Question *question = data;

  ask (question, cancellable);
  if (question->changed == NULL)
    ch_effect_mend_error (&question->error, cancellable);
  index_changed (question);
}

static gboolean
tell_order (const Question *question,
            ChOrder        *order,
            GError        **error)
{
  ChWorld *world = question->world;
  const ChCaOrder *changed = order->ca_order != NULL ? g_hash_table_lookup (question->by_number, order->ca_order) : NULL;
  g_autoptr(GPtrArray) challenges = ch_store_list_challenges (world->store, order->id, error);
  ChFact fact = {
    .kind = question->error != NULL ? CH_FACT_FAILED : changed != NULL ? CH_FACT_STATUS : CH_FACT_UNCHANGED,
    .error = question->error,
    .ca = changed,
    .has_challenge = challenges != NULL && challenges->len > 0,
  };

  return challenges != NULL && ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error);
}

/* ---- what somebody did elsewhere ---- */

/* The certificate in force was reissued, not by us: nobody knows the key of the new one here, but it is collected. */
static void
adopt_reissue (ChOrder          *order,
               const ChCaOrder  *reissue,
               gint64            now)
{
  order->reissues_ca = g_steal_pointer (&order->ca_order);
  order->ca_order = g_strdup (reissue->ca_order);
  g_clear_pointer (&order->key_ref, g_free);
  g_clear_pointer (&order->csr, g_free);
  g_clear_pointer (&order->public_key, g_free);
  order->state = CH_ORDER_STATE_REISSUING;
  order->state_since = now;
  order->step = CH_ORDER_STEP_FETCH;
  order->due = now;
  order->failures = 0;
  order->replace_at = 0;
  g_free (order->reason);
  order->reason = g_strdup_printf (_("Was reissued elsewhere as %s; collects the new certificate"), reissue->ca_order);
}

static gboolean
follow_reissue (Question         *question,
                const ChCaOrder  *reissue,
                GPtrArray        *told,
                GError          **error)
{
  ChWorld *world = question->world;
  g_autoptr(GError) local = NULL;
  g_autoptr(ChOrder) order = ch_store_find_order_by_ca (world->store, question->account->id, reissue->reissues, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (order == NULL || order->state != CH_ORDER_STATE_ISSUED || order->step != CH_ORDER_STEP_NONE)
    return TRUE;

  adopt_reissue (order, reissue, ch_now ());
  if (!ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_order_note (world, &ch_actor_daemon, order, "order.reissued-elsewhere", order->reason);
  g_ptr_array_add (told, g_steal_pointer (&order));
  return TRUE;
}

/* @told: what has been told already, and takes what is told now */
static gboolean
follow (Question         *question,
        const ChCaOrder  *changed,
        GPtrArray        *told,
        GError          **error)
{
  ChWorld *world = question->world;
  g_autoptr(GError) local = NULL;
  g_autoptr(ChOrder) order = ch_store_find_order_by_ca (world->store, question->account->id, changed->ca_order, &local);
  ChFact fact = { .kind = CH_FACT_MENTIONED, .ca = changed };

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (order == NULL)
    return changed->reissues == NULL || changed->status != CH_CA_ISSUED || follow_reissue (question, changed, told, error);
  if (order->step == CH_ORDER_STEP_TRACK || ch_order_state_is_final (order->state))
    return TRUE;

  ChOrderState state = order->state;
  ChOrderStep step = order->step;
  if (!ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error))
    return FALSE;

  if (order->state != state || order->step != step)
    g_ptr_array_add (told, g_steal_pointer (&order));
  return TRUE;
}

static gboolean
follow_all (Question   *question,
            GPtrArray  *told,
            GError    **error)
{
  guint before = told->len;

  GHashTableIter iter;
  gpointer changed;

  g_hash_table_iter_init (&iter, question->by_number);
  while (g_hash_table_iter_next (&iter, NULL, &changed))
    if (!follow (question, changed, told, error))
      return FALSE;

  question->news = told->len - before;
  return TRUE;
}

/* What was not answered is asked again from where the last answer ended. */
static gboolean
note_seen (const Question  *question,
           GError         **error)
{
  ChStore *store = question->world->store;
  g_autoptr(ChTrack) track = ch_store_get_track (store, question->account->id, error);
  g_autoptr(GError) local = NULL;
  gint64 now = ch_now ();

  if (track == NULL)
    return FALSE;

  gboolean any = ch_store_oldest_followed (store, question->account->id, &local) != 0;
  if (question->error == NULL)
    {
      track->seen_to = question->to - OVERLAP_SECONDS;
      track->quiet = question->news > 0 ? 0 : MIN (track->quiet + 1, 100);
    }
  track->due = any ? now + ch_backoff (track->quiet + 1, SOON_SECONDS, RARE_SECONDS, (guint64) track->id) : 0;
  return ch_store_set_track (store, track, error);
}

/* A #ChWrite. */
static gboolean
question_write (gpointer   data,
                GError   **error)
{
  Question *question = data;
  ChWorld *world = question->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(GPtrArray) orders = transaction != NULL
    ? ch_store_list_orders_in_step (world->store, question->account->id, CH_ORDER_STEP_TRACK, error) : NULL;

  if (orders == NULL)
    return FALSE;

  for (guint i = 0; i < orders->len; i++)
    if (!tell_order (question, g_ptr_array_index (orders, i), error))
      return FALSE;

  if (!follow_all (question, orders, error)
      || !note_seen (question, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  for (guint i = 0; i < orders->len; i++)
    ch_order_tell (world, ((const ChOrder *) g_ptr_array_index (orders, i))->id, CH_CHANGE_CHANGED);
  ch_peer_note_outcome (world, question->account, question->error);
  return TRUE;
}

static void
question_done (gpointer      data,
               GCancellable *cancellable)
{
  Question *question = data;

  ch_runner_finish (question->world->runner, question->object, question_write, question,
                    (GDestroyNotify) question_free);
}

/* They are under way now: without a due time, like any step. */
static gboolean
note_begin (ChWorld    *world,
            gint64      account_id,
            GPtrArray  *orders,
            GError    **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChTrack) track = transaction != NULL ? ch_store_get_track (world->store, account_id, error) : NULL;

  if (track == NULL)
    return FALSE;

  /* Not again until it is answered, or, if the service dies, until then. */
  track->due = ch_now () + SOON_SECONDS;
  if (!ch_store_set_track (world->store, track, error))
    return FALSE;

  for (guint i = 0; i < orders->len; i++)
    {
      ChOrder *order = g_ptr_array_index (orders, i);

      order->due = 0;
      if (!ch_store_update_order (world->store, order, error))
        return FALSE;
    }

  return ch_store_transaction_commit (transaction, error);
}

/* Since the last answer, or since the oldest of them was placed: an order that has not changed since costs nothing more.
 * What is in the future was written before the clock was set back. */
static gint64
ask_from (ChWorld  *world,
          gint64    account_id,
          gint64    now,
          GError  **error)
{
  g_autoptr(ChTrack) track = ch_store_get_track (world->store, account_id, error);
  gint64 from;

  if (track == NULL)
    return 0;

  from = track->seen_to != 0 ? track->seen_to : ch_store_oldest_followed (world->store, account_id, error);
  return from == 0 || from > now ? now - FUTURE_SECONDS : from;
}

void
ch_tracker_ask (ChWorld *world,
                gint64   account_id)
{
  g_autoptr(Question) question = g_new0 (Question, 1);
  g_autoptr(GError) error = NULL;

  question->world = world;
  question->object = ch_object_name ("account", account_id);
  if (!ch_runner_claim (world->runner, question->object))
    return;

  g_autoptr(GPtrArray) orders = ch_store_list_orders_in_step (world->store, account_id, CH_ORDER_STEP_TRACK, &error);
  question->from = ask_from (world, account_id, ch_now (), &error);
  if (orders != NULL && question->from != 0 && note_begin (world, account_id, orders, &error))
    question->account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, account_id, &error);
  if (question->account == NULL)
    {
      ch_runner_hold (world->runner, error);
      ch_runner_release (world->runner, question->object);
      return;
    }

  question->from -= OVERLAP_SECONDS;
  question->to = ch_now () + OVERLAP_SECONDS;
  ch_workers_push (world->workers, question_perform, question_done, g_steal_pointer (&question), NULL);
}

void
ch_tracker_run (ChWorld *world,
                gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_tracks (world->store, now, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  for (guint i = 0; due != NULL && i < due->len && ch_runner_has_room (world->runner); i++)
    ch_tracker_ask (world, ((const ChTrack *) g_ptr_array_index (due, i))->id);
}

gboolean
ch_tracker_follow (ChWorld  *world,
                   gint64    account_id,
                   gint64    now,
                   GError  **error)
{
  g_autoptr(ChTrack) track = ch_store_get_track (world->store, account_id, error);

  if (track == NULL)
    return FALSE;
  if (track->due != 0)
    return TRUE;

  track->due = now + SOON_SECONDS;
  track->quiet = 0;
  return ch_store_set_track (world->store, track, error);
}
