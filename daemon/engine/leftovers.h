/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/**
 * ch_leftovers_remove:
 * @ids: which left-over TXT values
 * @n_ids: how many of them; 0: all that there are
 *
 * Removes TXT values that nobody needs any more now, and not at the end of their wait. What fails is the
 * cleaner's again. The job's result has "removed" and "failed": ids with blanks between.
 *
 * Returns: (transfer none): the job, or %NULL with %CH_ERROR_NOT_FOUND or %CH_ERROR_LIMIT
 */
ChJob *ch_leftovers_remove (ChWorld *world, const guint64 *ids, gsize n_ids, const ChActor *actor, GError **error);
