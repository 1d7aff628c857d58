/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/view.h"

/**
 * ch_dns_find_alias:
 * @name: FQDN
 * @target: (out) (nullable) (transfer full): where a CNAME at @name leads to; %NULL: there is none
 *
 * Asks the servers of the zone that holds a name, never a cache: a resolver that is asked for a name before its record
 * is there remembers for long that it is not (RFC 2308). Blocks for at most some seconds.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_UNREACHABLE or %CH_ERROR_ZONE_NOT_FOUND when nobody could be asked,
 *   %CH_ERROR_INVALID when the target is no name that a record can be put at, or %CH_ERROR_CANCELLED
 */
gboolean ch_dns_find_alias (const char       *name,
                            const ChDnsView  *view,
                            char            **target,
                            GCancellable     *cancellable,
                            GError          **error);
