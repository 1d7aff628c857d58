/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/runner.h"

#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/challenge-files.h"
#include "engine/cleaner.h"
#include "engine/deployments-private.h"
#include "engine/drift.h"
#include "engine/effects.h"
#include "engine/expiry.h"
#include "engine/mailer.h"
#include "engine/replacer.h"
#include "engine/tracker.h"
#include "engine/watches.h"
#include "engine/workers.h"
#include "lib/error.h"

/* After the database could not be read or written. */
#define HOLD_SECONDS 10
/* What lies further ahead than any wait is from a clock that was wrong. */
#define FAR_SECONDS (2 * 60 * 60)

struct _ChRunner
{
  ChWorld *world;         /* (not owned) */
  ChAlarm *alarm;         /* (owned) */
  ChClaims *claims;       /* (owned): "order/3" … that a worker works on */
  GQueue unwritten;       /* (element-type Outcome) (owned): done, but the database would not take it */
  GQueue parts;           /* (element-type Outcome) (owned): written in part */
  guint next_part;        /* source id, 0: none */
  gint64 hold_until;      /* nothing is begun before, since the database cannot be used */
  gint64 last_run;
  guint wake;             /* source id, 0: none */
  guint turn;             /* which of the lists of what is due comes first */
  gboolean stopping;
};

/* What came of some work. */
typedef struct
{
  char *object;           /* (owned) (nullable): the claim */
  ChWrite write;
  ChWritten written;      /* (nullable): all is written at once */
  gpointer data;          /* (owned) */
  GDestroyNotify free;
} Outcome;

static void run_due (ChRunner *runner);

static void
outcome_free (Outcome *outcome)
{
  outcome->free (outcome->data);
  g_free (outcome->object);
  g_free (outcome);
}

static gboolean
ring_cb (gpointer data)
{
  run_due (data);
  return G_SOURCE_REMOVE;
}

static gboolean
wake_cb (gpointer data)
{
  ChRunner *runner = data;

  runner->wake = 0;
  run_due (runner);
  return G_SOURCE_REMOVE;
}

ChRunner *
ch_runner_new (ChWorld *world)
{
  ChRunner *runner = g_new0 (ChRunner, 1);

  runner->world = world;
  runner->alarm = ch_alarm_new (ring_cb, runner);
  runner->claims = ch_claims_new ();
  return runner;
}

void
ch_runner_free (ChRunner *runner)
{
  g_clear_handle_id (&runner->wake, g_source_remove);
  ch_alarm_free (runner->alarm);
  g_clear_handle_id (&runner->next_part, g_source_remove);
  g_queue_clear_full (&runner->parts, (GDestroyNotify) outcome_free);
  g_queue_clear_full (&runner->unwritten, (GDestroyNotify) outcome_free);
  ch_claims_free (runner->claims);
  g_free (runner);
}

void
ch_runner_stop (ChRunner *runner)
{
  runner->stopping = TRUE;
  g_clear_handle_id (&runner->wake, g_source_remove);
  g_clear_handle_id (&runner->next_part, g_source_remove);
  ch_alarm_set (runner->alarm, 0);
  ch_claims_stop (runner->claims);
}

void
ch_runner_wake (ChRunner *runner)
{
  if (runner->wake == 0 && !runner->stopping)
    runner->wake = g_idle_add (wake_cb, runner);
}

gboolean
ch_runner_has_room (ChRunner *runner)
{
  guint workers = runner->world->config->workers;

  return ch_claims_count (runner->claims) < workers - workers / 4;
}

gboolean
ch_runner_claim (ChRunner   *runner,
                 const char *object)
{
  return ch_claims_take (runner->claims, object);
}

void
ch_runner_release (ChRunner   *runner,
                   const char *object)
{
  ch_claims_release (runner->claims, object);
  ch_runner_wake (runner);
}

gboolean
ch_runner_await_order (ChRunner     *runner,
                       gint64        id,
                       GCancellable *cancellable,
                       ChClaimed     claimed,
                       gpointer      data)
{
  /* The alarm is to ring when it has waited too long. */
  ch_runner_wake (runner);
  return ch_claims_await_order (runner->claims, id, cancellable, claimed, data);
}

/* ---- what came out ---- */

gboolean
ch_runner_hold (ChRunner     *runner,
                const GError *error)
{
  if (!g_error_matches (error, CH_ERROR, CH_ERROR_STORE)
      && !g_error_matches (error, CH_ERROR, CH_ERROR_NO_SPACE))
    return FALSE;

  g_warning ("The database cannot be used, tries again in %d s: %s", HOLD_SECONDS, error->message);
  runner->hold_until = ch_now () + HOLD_SECONDS;
  if (!runner->stopping)
    ch_alarm_set (runner->alarm, runner->hold_until);
  return TRUE;
}

static gboolean write_part_cb (gpointer data);

/* @outcome: (transfer full). Behind what else is to be done on the main loop. */
static void
queue_part (ChRunner *runner,
            Outcome  *outcome)
{
  g_queue_push_tail (&runner->parts, outcome);
  if (runner->next_part == 0 && !runner->stopping)
    runner->next_part = g_idle_add (write_part_cb, runner);
}

/* @outcome: (transfer full). What the database refuses for another reason is about something that was removed. */
static gboolean
write_down (ChRunner *runner,
            Outcome  *outcome)
{
  g_autoptr(GError) error = NULL;

  if (!outcome->write (outcome->data, &error))
    {
      if (ch_runner_hold (runner, error))
        {
          g_queue_push_head (&runner->unwritten, outcome);
          return FALSE;
        }
      g_warning ("%s: %s", outcome->object != NULL ? outcome->object : "?", error->message);
    }
  else if (outcome->written != NULL && !outcome->written (outcome->data))
    {
      queue_part (runner, outcome);
      return TRUE;
    }

  if (outcome->object != NULL)
    ch_runner_release (runner, outcome->object);
  ch_runner_wake (runner);
  outcome_free (outcome);
  return TRUE;
}

static gboolean
write_part_cb (gpointer data)
{
  ChRunner *runner = data;

  runner->next_part = 0;
  write_down (runner, g_queue_pop_head (&runner->parts));
  if (runner->next_part == 0 && !g_queue_is_empty (&runner->parts) && !runner->stopping)
    runner->next_part = g_idle_add (write_part_cb, runner);
  return G_SOURCE_REMOVE;
}

void
ch_runner_finish_in_parts (ChRunner       *runner,
                           const char     *object,
                           ChWrite         write,
                           ChWritten       written,
                           gpointer        data,
                           GDestroyNotify  free_data)
{
  Outcome *outcome = g_new0 (Outcome, 1);

  *outcome = (Outcome) { g_strdup (object), write, written, data, free_data };
  write_down (runner, outcome);
}

void
ch_runner_finish (ChRunner       *runner,
                  const char     *object,
                  ChWrite         write,
                  gpointer        data,
                  GDestroyNotify  free_data)
{
  ch_runner_finish_in_parts (runner, object, write, NULL, data, free_data);
}

/* ---- orders ---- */

static void
effect_done (gpointer      data,
             GCancellable *cancellable)
{
  ChEffect *effect = data;
  g_autofree char *object = ch_object_name ("order", effect->order->id);

  ch_runner_finish (effect->world->runner, object, ch_effect_apply, effect, (GDestroyNotify) ch_effect_free);
}

/* A step that cannot even begin has failed like any other. */
static void
begin_failed (ChRunner     *runner,
              gint64        id,
              const GError *why)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) fresh = ch_store_get_order (runner->world->store, id, &error);
  ChFact fact = { .kind = CH_FACT_FAILED, .error = why };

  if (fresh != NULL && ch_order_apply_fact (runner->world, fresh, &fact, NULL, &ch_actor_daemon, &error))
    ch_order_tell (runner->world, id, CH_CHANGE_CHANGED);
  else
    ch_runner_hold (runner, error);
}

static void
begin (ChRunner      *runner,
       const ChOrder *order)
{
  g_autofree char *object = ch_object_name ("order", order->id);
  g_autoptr(GError) error = NULL;

  if (!ch_runner_claim (runner, object))
    return;

  ChEffect *effect = ch_effect_prepare (runner->world, order, &error);
  if (effect != NULL)
    {
      ch_workers_push (runner->world->workers, ch_effect_perform, effect_done, effect, NULL);
      return;
    }

  if (!ch_runner_hold (runner, error))
    begin_failed (runner, order->id, error);
  ch_runner_release (runner, object);
}

static void
run_orders (ChWorld *world,
            gint64   now)
{
  ChRunner *runner = world->runner;
  g_autoptr(GError) error = NULL;
  guint most = world->config->workers + ch_claims_count (runner->claims);
  g_autoptr(GPtrArray) due = ch_store_list_due_orders (world->store, now, most, &error);

  if (due == NULL)
    ch_runner_hold (runner, error);

  for (guint i = 0; due != NULL && i < due->len && ch_runner_has_room (runner); i++)
    {
      const ChOrder *order = g_ptr_array_index (due, i);

      if (order->step == CH_ORDER_STEP_TRACK)
        ch_tracker_ask (world, order->account_id);
      else
        begin (runner, order);
    }
}

/* ---- everything that is due ---- */

static gboolean
write_all (ChRunner *runner)
{
  while (!g_queue_is_empty (&runner->unwritten))
    if (!write_down (runner, g_queue_pop_head (&runner->unwritten)))
      return FALSE;

  return TRUE;
}

/* Due times were written by another clock, or by this one before it was set back. */
static void
heed_clock (ChRunner *runner,
            gint64    now)
{
  g_autoptr(GError) error = NULL;

  if (now >= runner->last_run)
    {
      runner->last_run = now;
      return;
    }

  if (ch_store_hurry_far (runner->world->store, now, now + FAR_SECONDS, &error))
    {
      runner->last_run = now;
      runner->hold_until = 0;
    }
  else
    ch_runner_hold (runner, error);
}

/* What is due now waits for room, and the end of any work looks for it. */
static void
set_alarm (ChRunner *runner,
           gint64    now)
{
  g_autoptr(GError) error = NULL;
  gint64 next = ch_store_next_due (runner->world->store, &error);
  gint64 impatient = ch_claims_next_due (runner->claims);

  if (error != NULL)
    ch_runner_hold (runner, error);
  if (runner->hold_until > now)
    return;

  if (next <= now && !ch_runner_has_room (runner))
    next = 0;
  if (next == 0 || (impatient != 0 && impatient < next))
    next = impatient;
  ch_alarm_set (runner->alarm, next != 0 ? MAX (next, now + 1) : 0);
}

static void
run_cleaners (ChWorld *world,
              gint64   now)
{
  ch_cleaner_run (world, now);
  ch_challenge_files_run (world, now);
}

static void
run_ends (ChWorld *world,
          gint64   now)
{
  ch_bin_run (world, now);
  ch_expiry_run (world, now);
  ch_mailer_run (world, now);
  ch_drift_run (world, now);
  ch_watches_run (world, now);
}

static void
run_due (ChRunner *runner)
{
  static void (*const lists[]) (ChWorld *, gint64) = {
    run_orders,
    run_cleaners,
    ch_deployments_run_due,
    ch_replacer_run,
    ch_tracker_run,
    run_ends,
  };
  gint64 now = ch_now ();

  if (runner->stopping)
    return;

  heed_clock (runner, now);
  ch_claims_run (runner->claims, now);
  if (now < runner->hold_until)
    {
      ch_alarm_set (runner->alarm, runner->hold_until);
      return;
    }

  if (!write_all (runner))
    return;

  /* Each list is first in its turn, so that none of them waits for the end of another. */
  runner->turn++;
  for (gsize i = 0; i < G_N_ELEMENTS (lists) && runner->hold_until <= now; i++)
    lists[(runner->turn + i) % G_N_ELEMENTS (lists)] (runner->world, now);

  set_alarm (runner, now);
}

/* ---- start ---- */

static gboolean
resume_order (ChWorld  *world,
              ChOrder  *order,
              GError  **error)
{
  ChFact fact = { .kind = CH_FACT_STARTED };

  if (!ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error))
    return FALSE;

  if (order->step != CH_ORDER_STEP_NONE && order->due == 0)
    {
      order->due = ch_now ();
      return ch_store_update_order (world->store, order, error);
    }

  return TRUE;
}

static gboolean
resume_orders (ChWorld  *world,
               GError  **error)
{
  g_autoptr(GPtrArray) orders = ch_store_list_interrupted_orders (world->store, error);

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    if (!resume_order (world, g_ptr_array_index (orders, i), error))
      return FALSE;

  return orders != NULL;
}

gboolean
ch_runner_start (ChRunner *runner,
                 GError  **error)
{
  ChWorld *world = runner->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  gint64 now = ch_now ();

  if (transaction == NULL
      || !resume_orders (world, error)
      || !ch_cleaner_resume (world, error)
      || !ch_challenge_files_resume (world, error)
      || !ch_bin_resume (world, error)
      || !ch_deployments_resume (world, error)
      || !ch_drift_resume (world, error)
      || !ch_mailer_resume (world, error)
      || !ch_store_hurry_far (world->store, now, now + FAR_SECONDS, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  runner->last_run = now;
  ch_runner_wake (runner);
  return TRUE;
}
