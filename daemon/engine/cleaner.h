/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Takes our TXT values out of DNS again, for as long as it takes. */

/** ch_cleaner_run: starts to remove what is due. */
void ch_cleaner_run (ChWorld *world, gint64 now);

/** ch_cleaner_hurry: somebody mended the DNS account: its values are removed now, not at the end of their wait. */
void ch_cleaner_hurry (ChWorld *world, gint64 dns_account_id);

/** ch_cleaner_resume: at start: values that nobody needs any more are to be removed. */
gboolean ch_cleaner_resume (ChWorld *world, GError **error);
