/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ch_dns_find_delegated:
 * @zone: a zone that an account has more than once
 * @candidates: (element-type GStrv): the host names of each one's name servers
 * @resolver: (nullable): "address[:port]"
 *
 * Asks DNS which of them the world sees.
 *
 * Returns: the index of the one candidate that shares name servers with the delegation; -1 when it is none or
 *   more than one, or DNS does not say
 */
int ch_dns_find_delegated (const char   *zone,
                           GPtrArray    *candidates,
                           const char   *resolver,
                           GCancellable *cancellable);
