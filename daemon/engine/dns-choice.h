/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

/**
 * ch_dns_choose:
 * @accounts: (element-type ChPeer): all DNS accounts; disabled ones do not count
 * @name: FQDN in A-labels, perhaps with "*." in front
 * @usual: (nullable): who does it when no pattern speaks for somebody else, or for him as much as for others
 * @chosen: (out) (transfer none) (nullable): one of @accounts or @usual; %NULL when there is no account at all, so
 *   that a person has to do it
 *
 * Which DNS account takes care of a name: the one with the longest zone pattern that holds it; without any such
 * pattern @usual, else the only account that has no patterns. Pure.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the name and the accounts
 */
gboolean ch_dns_choose (GPtrArray     *accounts,
                        const char    *name,
                        const ChPeer  *usual,
                        const ChPeer **chosen,
                        GError       **error);

/** ch_dns_choose_id: the same with ids, and the accounts of @store; 0 is none. */
gboolean ch_dns_choose_id (ChStore     *store,
                           const char  *name,
                           gint64       usual,
                           gint64      *chosen,
                           GError     **error);

/**
 * ch_dns_choose_names:
 * @names: of an order
 *
 * Returns: (transfer full) (element-type ChPeer): for each name the account that takes care of it; empty when there is
 *   no account at all; or %NULL with the error of ch_dns_choose()
 */
GPtrArray *ch_dns_choose_names (ChStore           *store,
                                const char *const *names,
                                GError           **error);

/**
 * ch_dns_choose_describe:
 * @accounts: from ch_dns_choose_names() for @names
 *
 * Returns: (transfer full): in words: “ns1”, or “ns1” (a.example.com), “other” (b.example.org)
 */
char *ch_dns_choose_describe (GPtrArray         *accounts,
                              const char *const *names);
