/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"

/* The tokens of ChDnsProvider.begin_add for services that tell when all their servers have a value: what is
 * asked for, and when asking for it ends, which the account's field "settle" says. */

/** CH_DNS_SETTLE_MAX: the highest "settle", in seconds. */
#define CH_DNS_SETTLE_MAX 300

/** ch_dns_check_settle: a #ChField check. */
gboolean ch_dns_check_settle (const char *value,
                              GError    **error);

/**
 * ch_dns_settle_token:
 * @what: one word
 *
 * Returns: (transfer full) (nullable): the token; %NULL when the account does not want to wait
 */
char *ch_dns_settle_token (const ChField *fields,
                           GHashTable    *settings,
                           const char    *what);

/** ch_dns_settle_what: (transfer full) (nullable): what is to be asked for; %NULL when its time is over. */
char *ch_dns_settle_what (const ChField *fields,
                          GHashTable    *settings,
                          const char    *token);
