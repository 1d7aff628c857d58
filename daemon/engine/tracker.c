/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tracker.h"

#include "ca/ca.h"
#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/effects.h"
#include "engine/peers-private.h"
#include "engine/replacer.h"
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
/* Of what an answer changes is written at once, so that others need not wait: some milliseconds. */
#define PART 50

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
  GArray *tracked;      /* (element-type gint64) (owned) (nullable): the orders that wait for the answer */
  gboolean passed_over; /* something happened elsewhere to an order that is busy with something else */
  guint n_told;         /* of @tracked */
  guint n_followed;     /* of @changed */
  gboolean written;
  GError *error;        /* (owned) (nullable) */
} Question;

static void
question_free (Question *question)
{
  g_clear_pointer (&question->account, ch_peer_free);
  g_clear_pointer (&question->by_number, g_hash_table_unref);
  g_clear_pointer (&question->changed, g_ptr_array_unref);
  g_clear_pointer (&question->tracked, g_array_unref);
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
                GArray           *told,
                GError          **error)
{
  ChWorld *world = question->world;
  g_autoptr(ChOrder) order = NULL;

  if (!ch_store_find_order_by_ca (world->store, question->account->id, reissue->reissues, &order, error))
    return FALSE;

  if (order == NULL || ch_order_state_is_final (order->state))
    return TRUE;
  if (order->step != CH_ORDER_STEP_NONE)
    {
      question->passed_over = TRUE;
      return TRUE;
    }

  adopt_reissue (order, reissue, ch_now ());
  if (!ch_bin_update_order (world, order, error))
    return FALSE;

  ch_order_note (world, &ch_actor_daemon, order, "order.reissued-elsewhere", order->reason);
  g_array_append_val (told, order->id);
  return TRUE;
}

/* The order was renewed, not by us: it would be paid twice if it were renewed by itself now. */
static gboolean
follow_renewal (Question         *question,
                const ChCaOrder  *renewal,
                GArray           *told,
                GError          **error)
{
  ChWorld *world = question->world;
  g_autoptr(ChOrder) order = NULL;

  if (!ch_store_find_order_of_number (world->store, question->account->id, renewal->renews, &order, error))
    return FALSE;

  /* While we renew it ourselves, it may be that very order, whose answer has not come. */
  if (order == NULL || order->state != CH_ORDER_STATE_ISSUED || !order->auto_renew)
    return TRUE;

  order->auto_renew = FALSE;
  g_free (order->reason);
  order->reason = g_strdup_printf (_("Was renewed elsewhere as %s; “chancery order import” brings that order here. This one is no longer "
                                     "renewed by itself"), renewal->ca_order);
  if (!ch_replacer_renewed_elsewhere (world, order, ch_now (), error) || !ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_order_note (world, &ch_actor_daemon, order, "order.renewed-elsewhere", order->reason);
  g_array_append_val (told, order->id);
  return TRUE;
}

static gboolean
follow_unknown (Question         *question,
                const ChCaOrder  *changed,
                GArray           *told,
                GError          **error)
{
  gboolean lives = changed->status == CH_CA_WAITING || changed->status == CH_CA_HELD || changed->status == CH_CA_ISSUED;

  if (changed->reissues != NULL && changed->status == CH_CA_ISSUED)
    return follow_reissue (question, changed, told, error);

  return changed->renews == NULL || !lives || follow_renewal (question, changed, told, error);
}

/* @told: (element-type gint64): takes what is told */
static gboolean
follow (Question         *question,
        const ChCaOrder  *changed,
        GArray           *told,
        GError          **error)
{
  ChWorld *world = question->world;
  g_autoptr(ChOrder) order = NULL;
  ChFact fact = { .kind = CH_FACT_MENTIONED, .ca = changed };

  if (!ch_store_find_order_by_ca (world->store, question->account->id, changed->ca_order, &order, error))
    return FALSE;
  if (order == NULL)
    return follow_unknown (question, changed, told, error);
  if (order->step == CH_ORDER_STEP_TRACK || ch_order_state_is_final (order->state))
    return TRUE;

  ChOrderState state = order->state;
  ChOrderStep step = order->step;
  if (!ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error))
    return FALSE;

  if (order->state != state || order->step != step)
    g_array_append_val (told, order->id);
  return TRUE;
}

static gboolean
follow_part (Question   *question,
             guint       until,
             GArray     *told,
             GError    **error)
{
  for (guint i = question->n_followed; i < until; i++)
    {
      const ChCaOrder *changed = g_ptr_array_index (question->changed, i);

      /* Of one that is there twice the last counts. */
      if (changed->ca_order != NULL && g_hash_table_lookup (question->by_number, changed->ca_order) == changed
          && !follow (question, changed, told, error))
        return FALSE;
    }

  return TRUE;
}

/* What was not answered is asked again from where the last answer ended, and so is what has to wait. */
static gboolean
note_seen (const Question  *question,
           guint            news,
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
      if (!question->passed_over)
        track->seen_to = question->to - OVERLAP_SECONDS;
      track->quiet = news > 0 ? 0 : MIN (track->quiet + 1, 100);
    }
  track->due = any ? now + ch_backoff (track->quiet + 1, SOON_SECONDS, RARE_SECONDS, (guint64) track->id) : 0;
  return ch_store_set_track (store, track, error);
}

static gboolean
tell_part (Question   *question,
           guint       until,
           GArray     *told,
           GError    **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (ids, &g_array_index (question->tracked, gint64, question->n_told), until - question->n_told);
  g_autoptr(GPtrArray) orders = ch_store_get_orders (question->world->store, ids, error);

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    {
      ChOrder *order = g_ptr_array_index (orders, i);

      /* Somebody may have cancelled it meanwhile. */
      if (order->step != CH_ORDER_STEP_TRACK)
        continue;
      if (!tell_order (question, order, error))
        return FALSE;
      g_array_append_val (told, order->id);
    }

  return orders != NULL;
}

/* A #ChWrite of a part: first those that wait for the answer, then those that it mentions. What was seen is noted with the
 * last part: when the service dies before, the same is asked again, and what was written already is no news then. */
static gboolean
question_write (gpointer   data,
                GError   **error)
{
  Question *question = data;
  ChWorld *world = question->world;
  g_autoptr(GArray) told = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
    return FALSE;
  if (question->tracked == NULL)
    question->tracked = ch_store_list_ids_in_step (world->store, question->account->id, CH_ORDER_STEP_TRACK, error);
  if (question->tracked == NULL)
    return FALSE;

  guint n_changed = question->changed != NULL ? question->changed->len : 0, news = 0;
  guint n_told = MIN (question->n_told + PART, question->tracked->len);
  guint n_followed = MIN (question->n_followed + PART - (n_told - question->n_told), n_changed);
  gboolean is_last = n_told == question->tracked->len && n_followed == n_changed;

  if (!tell_part (question, n_told, told, error))
    return FALSE;
  news = told->len;
  if (!follow_part (question, n_followed, told, error))
    return FALSE;
  news = told->len - news;
  if ((is_last && !note_seen (question, question->news + news, error)) || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  question->n_told = n_told;
  question->n_followed = n_followed;
  question->news += news;
  question->written = is_last;
  for (guint i = 0; i < told->len; i++)
    ch_order_tell (world, g_array_index (told, gint64, i), CH_CHANGE_CHANGED);
  if (is_last)
    {
      ch_peer_note_outcome (world, question->account, question->error);
      ch_replacer_answered (world, question->account->id, question->error);
    }
  return TRUE;
}

/* A #ChWritten. */
static gboolean
question_is_written (gconstpointer data)
{
  return ((const Question *) data)->written;
}

static void
question_done (gpointer      data,
               GCancellable *cancellable)
{
  Question *question = data;

  ch_runner_finish_in_parts (question->world->runner, question->object, question_write, question_is_written, question,
                             (GDestroyNotify) question_free);
}

/* They are under way now: without a due time, like any step. */
static gboolean
note_begin (ChWorld  *world,
            gint64    account_id,
            GError  **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChTrack) track = transaction != NULL ? ch_store_get_track (world->store, account_id, error) : NULL;

  if (track == NULL)
    return FALSE;

  /* Not again until it is answered, or, if the service dies, until then. */
  track->due = ch_now () + SOON_SECONDS;
  if (!ch_store_set_track (world->store, track, error)
      || !ch_store_begin_step (world->store, account_id, CH_ORDER_STEP_TRACK, error))
    return FALSE;

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

  question->from = ask_from (world, account_id, ch_now (), &error);
  if (question->from != 0 && note_begin (world, account_id, &error))
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
