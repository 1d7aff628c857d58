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

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChPeer *account;      /* (owned) */
  char *object;         /* (owned): the claim */
  gint64 from;
  gint64 to;
  GPtrArray *changed;   /* (element-type ChCaOrder) (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
} Question;

static void
question_free (Question *question)
{
  g_clear_pointer (&question->account, ch_peer_free);
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
question_perform (gpointer      data,
                  GCancellable *cancellable)
{
  Question *question = data;

  ask (question, cancellable);
  if (question->changed == NULL)
    ch_effect_mend_error (&question->error, cancellable);
}

static const ChCaOrder *
find_changed (const Question *question,
              const ChOrder  *order)
{
  for (guint i = 0; question->changed != NULL && i < question->changed->len; i++)
    {
      const ChCaOrder *changed = g_ptr_array_index (question->changed, i);

      if (g_strcmp0 (changed->ca_order, order->ca_order) == 0)
        return changed;
    }

  return NULL;
}

static gboolean
tell_order (const Question *question,
            ChOrder        *order,
            GError        **error)
{
  ChWorld *world = question->world;
  const ChCaOrder *changed = find_changed (question, order);
  g_autoptr(GPtrArray) challenges = ch_store_list_challenges (world->store, order->id, error);
  ChFact fact = {
    .kind = question->error != NULL ? CH_FACT_FAILED : changed != NULL ? CH_FACT_STATUS : CH_FACT_UNCHANGED,
    .error = question->error,
    .ca = changed,
    .has_challenge = challenges != NULL && challenges->len > 0,
  };

  return challenges != NULL && ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error);
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

  if (!ch_store_transaction_commit (transaction, error))
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
            GPtrArray  *orders,
            GError    **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
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

/* Since the oldest of them was placed: an order that has not changed since costs nothing more. One that was
 * placed in the future was placed before the clock was set back. */
static gint64
first_placed (GPtrArray *orders,
              gint64     now)
{
  gint64 first = now;

  for (guint i = 0; i < orders->len; i++)
    {
      const ChOrder *order = g_ptr_array_index (orders, i);
      gint64 placed = order->reissues_ca != NULL ? order->state_since : order->placed_at;

      first = MIN (first, placed > now ? now - FUTURE_SECONDS : placed);
    }

  return first;
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
  if (orders != NULL && note_begin (world, orders, &error))
    question->account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, account_id, &error);
  if (question->account == NULL)
    {
      ch_runner_hold (world->runner, error);
      ch_runner_release (world->runner, question->object);
      return;
    }

  question->to = ch_now () + OVERLAP_SECONDS;
  question->from = first_placed (orders, ch_now ()) - OVERLAP_SECONDS;
  ch_workers_push (world->workers, question_perform, question_done, g_steal_pointer (&question), NULL);
}
