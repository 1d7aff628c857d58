/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/runner.h"

#include "engine/alarm.h"
#include "engine/cleaner.h"
#include "engine/deployments-private.h"
#include "engine/effects.h"
#include "engine/tracker.h"
#include "engine/workers.h"

#define BATCH 100
/* After the database could not be read or written. */
#define STORE_RETRY_SECONDS 10

struct _ChRunner
{
  ChWorld *world;         /* (not owned) */
  ChAlarm *alarm;         /* (owned) */
  GHashTable *claimed;    /* (element-type utf8) (owned): "order/3" … that a worker works on */
  GQueue unwritten;       /* (element-type ChEffect) (owned): done, but the database would not take what came out */
  gint64 hold_until;      /* nothing is begun before, since the database cannot be written */
  guint wake;             /* source id, 0: none */
};

static void run_due (ChRunner *runner);

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
  runner->claimed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return runner;
}

void
ch_runner_free (ChRunner *runner)
{
  g_clear_handle_id (&runner->wake, g_source_remove);
  ch_alarm_free (runner->alarm);
  g_queue_clear_full (&runner->unwritten, (GDestroyNotify) ch_effect_free);
  g_hash_table_unref (runner->claimed);
  g_free (runner);
}

void
ch_runner_wake (ChRunner *runner)
{
  if (runner->wake == 0)
    runner->wake = g_idle_add (wake_cb, runner);
}

gboolean
ch_runner_claim (ChRunner   *runner,
                 const char *object)
{
  return !g_hash_table_contains (runner->claimed, object)
         && g_hash_table_add (runner->claimed, g_strdup (object));
}

void
ch_runner_release (ChRunner   *runner,
                   const char *object)
{
  g_hash_table_remove (runner->claimed, object);
  ch_runner_wake (runner);
}

/* ---- orders ---- */

static void
hold (ChRunner     *runner,
      const GError *error)
{
  g_warning ("The database cannot be used, tries again in %d s: %s", STORE_RETRY_SECONDS, error->message);
  runner->hold_until = ch_now () + STORE_RETRY_SECONDS;
  ch_alarm_set (runner->alarm, runner->hold_until);
}

/* What came out of a step is kept until it is written down: a full disk must not lose an order's number. */
static gboolean
write_down (ChRunner *runner,
            ChEffect *effect)
{
  g_autofree char *object = g_strdup_printf ("order/%" G_GINT64_FORMAT, effect->order->id);
  g_autoptr(GError) error = NULL;

  if (!ch_effect_apply (effect, &error))
    {
      hold (runner, error);
      g_queue_push_head (&runner->unwritten, effect);
      return FALSE;
    }

  ch_effect_free (effect);
  ch_runner_release (runner, object);
  return TRUE;
}

static void
effect_done (gpointer      data,
             GCancellable *cancellable)
{
  ChEffect *effect = data;

  write_down (effect->world->runner, effect);
}

/* A step that cannot even begin has failed like any other. */
static void
begin_failed (ChRunner      *runner,
              const ChOrder *order,
              const GError  *why)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) fresh = ch_store_get_order (runner->world->store, order->id, &error);
  ChFact fact = { .kind = CH_FACT_FAILED, .error = why };

  if (fresh == NULL || !ch_order_apply_fact (runner->world, fresh, &fact, NULL, &ch_actor_daemon, &error))
    hold (runner, error);
  else
    ch_order_tell (runner->world, order->id, CH_CHANGE_CHANGED);
}

static void
begin (ChRunner      *runner,
       const ChOrder *order)
{
  g_autofree char *object = g_strdup_printf ("order/%" G_GINT64_FORMAT, order->id);
  g_autoptr(GError) error = NULL;

  if (!ch_runner_claim (runner, object))
    return;

  ChEffect *effect = ch_effect_prepare (runner->world, order, &error);
  if (effect == NULL)
    {
      begin_failed (runner, order, error);
      ch_runner_release (runner, object);
      return;
    }

  ch_workers_push (runner->world->workers, ch_effect_perform, effect_done, effect, NULL);
}

static void
run_orders (ChRunner *runner,
            gint64    now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_orders (runner->world->store, now,
                                                       BATCH + g_hash_table_size (runner->claimed), &error);

  for (guint i = 0; due != NULL && i < due->len; i++)
    {
      const ChOrder *order = g_ptr_array_index (due, i);

      if (order->step == CH_ORDER_STEP_TRACK)
        ch_tracker_ask (runner->world, order->account_id);
      else
        begin (runner, order);
    }

  if (error != NULL)
    hold (runner, error);
}

static void
run_due (ChRunner *runner)
{
  ChWorld *world = runner->world;
  gint64 now = ch_now ();
  g_autoptr(GError) error = NULL;

  if (now < runner->hold_until)
    {
      ch_alarm_set (runner->alarm, runner->hold_until);
      return;
    }

  while (!g_queue_is_empty (&runner->unwritten))
    if (!write_down (runner, g_queue_pop_head (&runner->unwritten)))
      return;

  run_orders (runner, now);
  ch_cleaner_run (world, now);
  ch_deployments_run_due (world, now);

  gint64 next = ch_store_next_due (world->store, &error);
  if (error != NULL)
    hold (runner, error);
  else if (runner->hold_until <= now)
    ch_alarm_set (runner->alarm, next != 0 ? MAX (next, now + 1) : 0);
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

  if (!resume_orders (world, error)
      || !ch_cleaner_resume (world, error)
      || !ch_deployments_resume (world, error))
    return FALSE;

  ch_runner_wake (runner);
  return TRUE;
}
