/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/machine.h"
#include "engine/world.h"

/**
 * ch_runner_new:
 *
 * Moves what is due: orders through their steps, TXT values out of DNS, certificates onto servers.
 * Sleeps in between until the next due time.
 */
ChRunner *ch_runner_new (ChWorld *world);

/** ch_runner_start: takes up what was under way when the service stopped or died, then runs. */
gboolean ch_runner_start (ChRunner *runner, GError **error);

/** ch_runner_wake: something may have become due; looks soon. */
void ch_runner_wake (ChRunner *runner);

/** ch_runner_claim: Returns: whether nobody works on @object ("order/3") and the caller may now. */
gboolean ch_runner_claim (ChRunner *runner, const char *object);
/** ch_runner_release: the caller of ch_runner_claim() is done. */
void ch_runner_release (ChRunner *runner, const char *object);

void ch_runner_free (ChRunner *runner);
