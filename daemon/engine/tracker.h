/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Follows what happens to orders at the CA: those that wait for it, and those in force, which somebody may cancel, revoke or
 * reissue elsewhere. One bulk question for all orders of an account. */

/**
 * ch_tracker_ask:
 * @account_id: an account that has orders in the step "track" which are due, or whose #ChTrack is
 *
 * A second call while a question is under way does nothing.
 */
void ch_tracker_ask (ChWorld *world, gint64 account_id);

/** ch_tracker_run: asks for the accounts that are due at @now. */
void ch_tracker_run (ChWorld *world, gint64 now);

/** ch_tracker_follow: from now on something may happen at the CA to an order of @account_id. Written. */
gboolean ch_tracker_follow (ChWorld *world, gint64 account_id, gint64 now, GError **error);
