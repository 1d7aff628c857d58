/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * sb_name_judge:
 * @name: a host name in lower case, perhaps with a leading `*.`, or an IP address
 * @malformed: the code for what is no name at all: it differs between CN and SAN
 *
 * Returns: 0, @malformed, -9971 for an internal name or address, -9934 for a banned top-level domain, -9952
 *   for one that is not permitted
 */
int sb_name_judge (const char *name,
                   int         malformed);

gboolean    sb_name_is_address  (const char *name); /* IPv4 or IPv6 */
gboolean    sb_name_is_wildcard (const char *name);
const char *sb_name_base        (const char *name); /* without the “*.” */

/**
 * sb_name_registrable:
 *
 * Returns: (transfer none): the part of @name that one registers, after the Public Suffix List; the
 *   last two labels below .test; %NULL when @name is itself a suffix
 */
const char *sb_name_registrable (const char *name);

/**
 * sb_name_twin:
 * @common_name: the CN of an order
 *
 * GlobalSign adds one name for nothing: `example.com` to `www.example.com` and `*.example.com`, and
 * `www.example.com` to `example.com`.
 *
 * Returns: (transfer full) (nullable): that name
 */
char *sb_name_twin (const char *common_name);

/* Whether who controls @domain controls @name. */
gboolean sb_name_is_covered (const char *name,
                             const char *domain);

/**
 * sb_name_approvers:
 *
 * Returns: (transfer full): @name without “*.” and its parents down to the registrable domain
 */
GPtrArray *sb_name_approvers (const char *name);
