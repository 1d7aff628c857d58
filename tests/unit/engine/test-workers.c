/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/workers.h"

#include "engine/alarm.h"

/* The real workers and the real alarm, which the other tests of the engine replace. */

#define LIMIT 4
#define PIECES 200

typedef struct
{
  GMutex mutex;
  GCond changed;
  guint at_once, most_at_once;
  guint done;           /* main loop only */
  guint cancelled;      /* main loop only */
  GThread *main;
} Counts;

typedef struct
{
  Counts *counts;
  gboolean waits;       /* until it is cancelled */
} Piece;

static void
work_cb (gpointer      data,
         GCancellable *cancellable)
{
  Piece *piece = data;
  Counts *counts = piece->counts;

  g_assert_true (g_thread_self () != counts->main);
  g_mutex_lock (&counts->mutex);
  counts->at_once++;
  counts->most_at_once = MAX (counts->most_at_once, counts->at_once);
  g_cond_broadcast (&counts->changed);
  g_mutex_unlock (&counts->mutex);

  GPollFD wake;
  if (piece->waits && g_cancellable_make_pollfd (cancellable, &wake))
    {
      g_poll (&wake, 1, -1);
      g_cancellable_release_fd (cancellable);
    }

  g_mutex_lock (&counts->mutex);
  counts->at_once--;
  g_mutex_unlock (&counts->mutex);
}

static void
done_cb (gpointer      data,
         GCancellable *cancellable)
{
  g_autofree Piece *piece = data;

  g_assert_true (g_thread_self () == piece->counts->main);
  piece->counts->done++;
  piece->counts->cancelled += g_cancellable_is_cancelled (cancellable);
}

static void
push (ChWorkers    *workers,
      Counts       *counts,
      gboolean      waits,
      GCancellable *cancellable)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->counts = counts;
  piece->waits = waits;
  ch_workers_push (workers, work_cb, done_cb, piece, cancellable);
}

static void
test_bounded (void)
{
  Counts counts = { .main = g_thread_self () };
  ChWorkers *workers = ch_workers_new (LIMIT);

  for (guint i = 0; i < PIECES; i++)
    push (workers, &counts, FALSE, NULL);
  while (counts.done < PIECES)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (counts.most_at_once, <=, LIMIT);
  g_assert_cmpuint (counts.cancelled, ==, 0);
  ch_workers_stop (workers);
  ch_workers_free (workers);
}

/* Stopping cancels what works and what waits, and delivers every end. */
static void
test_stop (void)
{
  Counts counts = { .main = g_thread_self () };
  ChWorkers *workers = ch_workers_new (LIMIT);

  for (guint i = 0; i < 3 * LIMIT; i++)
    push (workers, &counts, TRUE, NULL);
  g_mutex_lock (&counts.mutex);
  while (counts.at_once < LIMIT)
    g_cond_wait (&counts.changed, &counts.mutex);
  g_mutex_unlock (&counts.mutex);

  ch_workers_stop (workers);
  g_assert_cmpuint (counts.done, ==, 3 * LIMIT);
  g_assert_cmpuint (counts.cancelled, ==, 3 * LIMIT);

  /* What comes after is cancelled from its beginning. */
  push (workers, &counts, TRUE, NULL);
  ch_workers_stop (workers);
  g_assert_cmpuint (counts.cancelled, ==, 3 * LIMIT + 1);
  ch_workers_free (workers);
}

static void
test_cancel_one (void)
{
  Counts counts = { .main = g_thread_self () };
  ChWorkers *workers = ch_workers_new (LIMIT);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  push (workers, &counts, TRUE, cancellable);
  push (workers, &counts, FALSE, NULL);
  g_cancellable_cancel (cancellable);
  while (counts.done < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts.cancelled, ==, 1);
  ch_workers_stop (workers);
  ch_workers_free (workers);
}

static gboolean
ring_cb (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_REMOVE;
}

static void
test_alarm (void)
{
  guint rung = 0;
  ChAlarm *alarm = ch_alarm_new (ring_cb, &rung);

  ch_alarm_set (alarm, ch_now () - 365 * 24 * 60 * 60);
  while (rung == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (rung, ==, 1);

  /* One that was taken off, and one further away than a timer goes, do not ring. */
  ch_alarm_set (alarm, ch_now () - 1);
  ch_alarm_set (alarm, 0);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  ch_alarm_set (alarm, ch_now () + G_GINT64_CONSTANT (100) * 365 * 24 * 60 * 60);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (rung, ==, 1);
  ch_alarm_free (alarm);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/workers/bounded", test_bounded);
  g_test_add_func ("/engine/workers/stop", test_stop);
  g_test_add_func ("/engine/workers/cancel-one", test_cancel_one);
  g_test_add_func ("/engine/workers/alarm", test_alarm);
  return g_test_run ();
}
