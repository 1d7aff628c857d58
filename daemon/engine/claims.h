/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include <gio/gio.h>

/* Who works on what: one piece of work at a time on each order, account, …, and who waits for its end. */

typedef struct _ChClaims ChClaims;

/**
 * ChClaimed: called once, on the main loop.
 * @why: (nullable): %NULL: the caller may work on it now, and releases it; else why not: %CH_ERROR_IN_USE after 45 seconds,
 *   or %CH_ERROR_CANCELLED
 */
typedef void (*ChClaimed) (gpointer data, const GError *why);

ChClaims *ch_claims_new (void);
void ch_claims_free (ChClaims *claims);

/** ch_claims_count: how many objects are worked on. */
guint ch_claims_count (const ChClaims *claims);

/** ch_claims_take: Returns: whether nobody works on @object and the caller may now. */
gboolean ch_claims_take (ChClaims *claims, const char *object);

/** ch_claims_release: it goes to who has waited longest for it, or is free. */
void ch_claims_release (ChClaims *claims, const char *object);

/**
 * ch_claims_await_order:
 * @cancellable: (nullable): gives up
 *
 * Returns: whether @claimed was called at once
 */
gboolean ch_claims_await_order (ChClaims *claims, gint64 id, GCancellable *cancellable, ChClaimed claimed, gpointer data);

/** ch_claims_run: who has waited too long at @now waits no more. */
void ch_claims_run (ChClaims *claims, gint64 now);
/** ch_claims_next_due: when ch_claims_run() has something to do; 0: never. */
gint64 ch_claims_next_due (const ChClaims *claims);

/** ch_claims_stop: nobody waits any more, nor begins to. */
void ch_claims_stop (ChClaims *claims);
