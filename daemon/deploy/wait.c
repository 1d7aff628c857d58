/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/wait.h"

/* Both sources only wake the context; a source that has fired is destroyed, which is how the timer tells. */
static gboolean
time_passed_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  return G_SOURCE_REMOVE;
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

  wait->cancelled = NULL;
  wait->cancellable = cancellable;
  if (cancellable == NULL)
    return;

  wait->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (wait->cancelled, G_SOURCE_FUNC (cancelled_cb), NULL, NULL);
  g_source_attach (wait->cancelled, wait->context);
}

void
ch_wait_clear (ChWait *wait)
{
  g_source_destroy (wait->timer);
  g_clear_pointer (&wait->timer, g_source_unref);
  if (wait->cancelled != NULL)
    g_source_destroy (wait->cancelled);
  g_clear_pointer (&wait->cancelled, g_source_unref);

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
