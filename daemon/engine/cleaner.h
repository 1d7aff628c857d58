/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Takes our TXT values out of DNS again, for as long as it takes. */

/**
 * ch_cleaner_take_away:
 * @record: one that is to be removed
 * @dns: its DNS account
 *
 * Removes one value, on a worker. What stood there before us is left alone, and that is a success.
 */
gboolean ch_cleaner_take_away (ChWorld *world, const ChTxtRecord *record, const ChPeer *dns, GCancellable *cancellable, GError **error);

/** ch_cleaner_note_failure: @record is still there because of @why; says when it is tried again. */
void ch_cleaner_note_failure (ChTxtRecord *record, const GError *why);

/** ch_cleaner_run: starts to remove what is due. */
void ch_cleaner_run (ChWorld *world, gint64 now);

/** ch_cleaner_hurry: somebody mended the DNS account: its values are removed now, not at the end of their wait. */
void ch_cleaner_hurry (ChWorld *world, gint64 dns_account_id);

/** ch_cleaner_resume: at start: values that nobody needs any more are to be removed. */
gboolean ch_cleaner_resume (ChWorld *world, GError **error);
