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

/* The CA's clock and ours may differ, and a change may show late: look a little further back. */
#define OVERLAP_SECONDS (60 * 60)

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
question_perform (gpointer      data,
                  GCancellable *cancellable)
{
  Question *question = data;
  const ChCa *ca = ch_ca_find (question->account->kind, &question->error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (question->world->vault, question->account,
                                                                cancellable, &question->error)
                                             : NULL;

  if (secrets == NULL)
    return;

  ChCaAccess access = { .settings = question->account->settings, .secrets = secrets };
  question->changed = ca->list_changed (&access, question->from, question->to, cancellable, &question->error);
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

static void
question_done (gpointer      data,
               GCancellable *cancellable)
{
  g_autoptr(Question) question = data;
  ChWorld *world = question->world;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) orders = ch_store_list_orders_in_step (world->store, question->account->id,
                                                              CH_ORDER_STEP_TRACK, &error);

  for (guint i = 0; orders != NULL && i < orders->len && error == NULL; i++)
    {
      ChOrder *order = g_ptr_array_index (orders, i);

      if (tell_order (question, order, &error))
        ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
    }

  if (error != NULL)
    g_warning ("%s: %s", question->object, error->message);

  ch_peer_note_outcome (world, question->account, question->error);
  ch_runner_release (world->runner, question->object);
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

/* Since the oldest of them was placed: an order that has not changed since costs nothing more. */
static gint64
first_placed (GPtrArray *orders,
              gint64     now)
{
  gint64 first = now;

  for (guint i = 0; i < orders->len; i++)
    first = MIN (first, ((const ChOrder *) g_ptr_array_index (orders, i))->placed_at);

  return first;
}

void
ch_tracker_ask (ChWorld *world,
                gint64   account_id)
{
  g_autoptr(Question) question = g_new0 (Question, 1);
  g_autoptr(GError) error = NULL;

  question->world = world;
  question->object = g_strdup_printf ("account/%" G_GINT64_FORMAT, account_id);
  if (!ch_runner_claim (world->runner, question->object))
    return;

  g_autoptr(GPtrArray) orders = ch_store_list_orders_in_step (world->store, account_id, CH_ORDER_STEP_TRACK, &error);
  if (orders != NULL && note_begin (world, orders, &error))
    question->account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, account_id, &error);
  if (question->account == NULL)
    {
      g_warning ("%s: %s", question->object, error->message);
      ch_runner_release (world->runner, question->object);
      return;
    }

  question->to = ch_now () + OVERLAP_SECONDS;
  question->from = first_placed (orders, ch_now ()) - OVERLAP_SECONDS;
  ch_workers_push (world->workers, question_perform, question_done, g_steal_pointer (&question), NULL);
}
