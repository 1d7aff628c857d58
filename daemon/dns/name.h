/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* DNS names as text: A-labels, with or without final dot. */

/**
 * ch_dns_name_is_inside:
 *
 * Whether @name is @zone or below it, by whole labels, upper and lower case alike, with or without final
 * dots.
 */
gboolean ch_dns_name_is_inside (const char *name,
                                const char *zone);

/** ch_dns_name_parent: (transfer none): the rest after the first label, or %NULL when nothing is left. */
const char *ch_dns_name_parent (const char *name);

/** ch_dns_name_tidy: (transfer full): in lower case, without final dot. */
char *ch_dns_name_tidy (const char *name);

/** ch_dns_check_name: letters, digits, '-' and '_' in labels of at most 63, 253 in all; %CH_ERROR_INVALID. */
gboolean ch_dns_check_name (const char *name,
                            GError    **error);
