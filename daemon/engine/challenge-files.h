/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Takes our challenge files off the servers again, for as long as it takes. */

/** ch_challenge_files_release: inside a transaction: nobody needs the files of an order any more. */
gboolean ch_challenge_files_release (ChWorld *world, gint64 order_id, gint64 now, GError **error);

/** ch_challenge_files_run: starts to remove what is due. */
void ch_challenge_files_run (ChWorld *world, gint64 now);

/** ch_challenge_files_hurry: somebody mended the server (0: all): removed now, not at the end of their wait. */
gboolean ch_challenge_files_hurry (ChWorld *world, gint64 server_id, GError **error);
/** ch_challenge_files_remove: a person wants all that are left over to be removed now. */
gboolean ch_challenge_files_remove (ChWorld *world, const ChActor *actor, GError **error);

/** ch_challenge_files_resume: at start: files that nobody needs any more are to be removed. */
gboolean ch_challenge_files_resume (ChWorld *world, GError **error);

/** ch_challenge_files_look_again: a deployment learned where files go: orders that wait for a person look whether they still must. */
gboolean ch_challenge_files_look_again (ChWorld *world, GError **error);
