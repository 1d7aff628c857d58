/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/claims.h"
#include "engine/world.h"

/**
 * ch_runner_new:
 *
 * Moves what is due: orders through their steps, TXT values out of DNS, certificates onto servers.
 * Sleeps in between until the next due time. At most three quarters of the workers do it; the others are for
 * what persons ask.
 */
ChRunner *ch_runner_new (ChWorld *world);

/** ch_runner_start: takes up what was under way when the service stopped or died, then runs. */
gboolean ch_runner_start (ChRunner *runner, GError **error);

/** ch_runner_stop: begins nothing more; what is under way ends as its workers let it. */
void ch_runner_stop (ChRunner *runner);

/** ch_runner_wake: something may have become due; looks soon. */
void ch_runner_wake (ChRunner *runner);

/** ch_runner_has_room: whether something that is due may begin, or must wait for something else to end. */
gboolean ch_runner_has_room (ChRunner *runner);

/** ch_runner_claim: Returns: whether nobody works on @object ("order/3") and the caller may now. */
gboolean ch_runner_claim (ChRunner *runner, const char *object);
/** ch_runner_release: who has claimed it is done. */
void ch_runner_release (ChRunner *runner, const char *object);

/**
 * ch_runner_await_order:
 * @claimed: called when the order is the caller's, perhaps at once; or with the reason why not, after 45 seconds at most
 *
 * Waits for the end of the step that is under way, instead of refusing what a person asks for.
 *
 * Returns: whether @claimed was called at once
 */
gboolean ch_runner_await_order (ChRunner *runner, gint64 id, GCancellable *cancellable, ChClaimed claimed, gpointer data);

/** ChWrite: writes down what came of some work, all of it or nothing; it is called again until it succeeds. */
typedef gboolean (*ChWrite) (gpointer data, GError **error);

/**
 * ch_runner_finish:
 * @object: (nullable): the claim of the work
 * @data: (transfer full)
 *
 * Writes down what came of some work, frees @data, and releases @object. A database that takes nothing now,
 * because the disk is full, is tried again later: what came out is not lost as long as the service lives.
 */
void ch_runner_finish (ChRunner *runner, const char *object, ChWrite write, gpointer data, GDestroyNotify free);

/** ChWritten: whether nothing is left to be written. */
typedef gboolean (*ChWritten) (gconstpointer data);

/**
 * ch_runner_finish_in_parts:
 *
 * As ch_runner_finish(), for much: each call of @write writes a part, until @written; in between others have their turn.
 */
void ch_runner_finish_in_parts (ChRunner *runner, const char *object, ChWrite write, ChWritten written, gpointer data,
                                GDestroyNotify free);

/**
 * ch_runner_hold:
 *
 * Returns: whether @error says that the database cannot be used; then nothing is begun for some seconds
 */
gboolean ch_runner_hold (ChRunner *runner, const GError *error);

void ch_runner_free (ChRunner *runner);
