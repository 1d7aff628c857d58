/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/wait.h"

/* It only wakes the context; a source that has fired is destroyed, which is how the timer tells. */
static gboolean
time_passed_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  g_main_context_wakeup (data);
}

static void
unref_context (gpointer  data,
               GClosure *closure)
{
  g_main_context_unref (data);
}

void
ch_wait_init (ChWait       *wait,
              guint         timeout,
              GCancellable *cancellable)
{
  wait->context = g_main_context_new ();
  g_main_context_push_thread_default (wait->context);

  wait->timer = g_timeout_source_new (timeout);
  g_source_set_callback (wait->timer, time_passed_cb, NULL, NULL);
  g_source_attach (wait->timer, wait->context);

  /* No source: GLib up to 2.80 leaks one that goes while others are still being told. Nor g_cancellable_connect(),
   * whose end would wait for those others. The closure's own reference lets it run late. */
  wait->cancellable = cancellable;
  wait->handler = cancellable == NULL ? 0
    : g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb), g_main_context_ref (wait->context),
                             unref_context, 0);
}

void
ch_wait_clear (ChWait *wait)
{
  g_source_destroy (wait->timer);
  g_clear_pointer (&wait->timer, g_source_unref);
  if (wait->handler != 0)
    g_signal_handler_disconnect (wait->cancellable, wait->handler);

  /* What others have queued here holds references until it has run. */
  while (g_main_context_iteration (wait->context, FALSE))
    ;

  g_main_context_pop_thread_default (wait->context);
  g_clear_pointer (&wait->context, g_main_context_unref);
}

ChWaitResult
ch_wait_turn (ChWait *wait)
{
  if (!g_cancellable_is_cancelled (wait->cancellable) && !g_source_is_destroyed (wait->timer))
    g_main_context_iteration (wait->context, TRUE);

  if (g_cancellable_is_cancelled (wait->cancellable))
    return CH_WAIT_CANCELLED;

  return g_source_is_destroyed (wait->timer) ? CH_WAIT_TIMED_OUT : CH_WAIT_WOKEN;
}

gboolean
ch_wait_pause (guint         timeout,
               GCancellable *cancellable)
{
  g_auto(ChWait) wait;
  ChWaitResult result;

  ch_wait_init (&wait, timeout, cancellable);
  do
    result = ch_wait_turn (&wait);
  while (result == CH_WAIT_WOKEN);

  return result == CH_WAIT_TIMED_OUT;
}
