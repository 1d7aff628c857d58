/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Zone patterns: which names a DNS account takes care of. “example.com” is the domain and everything below it,
 * “*.example.com” only what is below it, and “*” every name. */

/**
 * ch_dns_patterns_tidy:
 * @text: patterns as people write them, in any letters, separated by commas or blanks
 *
 * Returns: (transfer full): the same in A-labels and lower case, without doubles, separated by “, ”; or %NULL with
 *   %CH_ERROR_INVALID that names the pattern
 */
char *ch_dns_patterns_tidy (const char *text,
                            GError    **error);

/** ch_dns_patterns_split: (transfer full): tidy patterns one by one; an empty list when @text is %NULL. */
GStrv ch_dns_patterns_split (const char *text);

/**
 * ch_dns_patterns_match:
 * @text: (nullable): tidy patterns
 * @name: FQDN in A-labels
 *
 * Returns: how closely the longest pattern that holds @name describes it: more is closer, 0: none holds it
 */
guint ch_dns_patterns_match (const char *text,
                             const char *name);

/** ch_dns_pattern_domain: (transfer none) (nullable): the domain of a tidy pattern; %NULL for “*”. */
const char *ch_dns_pattern_domain (const char *pattern);
