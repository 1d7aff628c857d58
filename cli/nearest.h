/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_nearest:
 * @word: what somebody wrote
 * @candidates: (element-type utf8): what would be right
 *
 * Returns: (transfer none) (nullable): the candidate that @word was most likely meant to be: one it
 *   begins, or one that is a few typing errors away
 */
const char *ch_nearest (const char *word,
                        GPtrArray  *candidates);

/** ch_join: (transfer full): the @candidates with commas between them. */
char *ch_join (GPtrArray *candidates);
