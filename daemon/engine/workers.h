/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include <gio/gio.h>

/**
 * ChWork: a piece of work.
 *
 * As work it runs on a worker and may block until @cancellable says stop; as its end it runs on
 * the main loop. This pair, and ch_workers_cross(), are the only crossings between the two.
 */
typedef void (*ChWork) (gpointer data, GCancellable *cancellable);

/** ch_workers_new: @limit: how many may work at a time */
ChWorkers *ch_workers_new (guint limit);

/**
 * ch_workers_push:
 * @work: what to do, on a worker
 * @done: what to do with what came out, on the main loop; always called, and frees @data
 * @data: (transfer full): for both
 * @cancellable: (nullable): cancels this piece; a stopping service cancels them all
 */
void ch_workers_push (ChWorkers    *workers,
                      ChWork        work,
                      ChWork        done,
                      gpointer      data,
                      GCancellable *cancellable);

/**
 * ch_workers_cross: called on a worker: runs @call on the main loop and waits for its end. So that nothing piles up for
 * the main loop when a worker is the faster one.
 */
void ch_workers_cross (ChWork        call,
                       gpointer      data,
                       GCancellable *cancellable);

/** ch_workers_stop: cancels all work, waits for it and delivers every end. */
void ch_workers_stop (ChWorkers *workers);
void ch_workers_free (ChWorkers *workers);
