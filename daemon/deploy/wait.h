/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/** ChWaitResult: why a turn of waiting ended. */
typedef enum
{
  CH_WAIT_WOKEN,      /* something happened; look whether it is what was waited for */
  CH_WAIT_TIMED_OUT,
  CH_WAIT_CANCELLED,
} ChWaitResult;

/** ChWait: a main context of its own for one thread that waits for events, a deadline and a cancellable. */
typedef struct
{
  GMainContext *context;      /* (owned) */
  GSource *timer;             /* (owned) */
  GCancellable *cancellable;  /* (nullable) (not owned) */
  gulong handler;             /* of @cancellable */
} ChWait;

/**
 * ch_wait_init:
 * @wait: (out caller-allocates): what to wait with; ch_wait_clear() ends it, on the same thread
 * @timeout: milliseconds from now to the deadline
 * @cancellable: (nullable): outlives @wait
 *
 * Makes a new context the thread's default, so that what is started from now on reports to it.
 */
void ch_wait_init (ChWait       *wait,
                   guint         timeout,
                   GCancellable *cancellable);
void ch_wait_clear (ChWait *wait);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChWait, ch_wait_clear)

/** ch_wait_turn: blocks until one event was handled, the deadline passed or somebody cancelled. */
ChWaitResult ch_wait_turn (ChWait *wait);

/** ch_wait_pause: waits for @timeout milliseconds. Returns: %FALSE when it was cancelled before that. */
gboolean ch_wait_pause (guint         timeout,
                        GCancellable *cancellable);
