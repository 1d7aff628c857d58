/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/route53-call.h"

/* Hosted zones, and how far a change of one has come. */

/** ch_route53_verify: see #ChDnsProvider.verify. */
gboolean ch_route53_verify (ChRoute53  *aws,
                            GPtrArray  *names,
                            GError    **error);

/** ch_route53_find_zone: (transfer full): the name of the public zone that holds @name, the longest that fits. */
char *ch_route53_find_zone (ChRoute53   *aws,
                            const char  *name,
                            GError     **error);

/**
 * ch_route53_zone_id:
 * @zone: a zone's name
 *
 * The account's pinned id counts before all. Of several public zones of one name, the one to which the name is
 * delegated is taken, if the public DNS says so.
 *
 * Returns: (transfer full): its id; or %NULL with %CH_ERROR_ZONE_NOT_FOUND or an error of the call
 */
char *ch_route53_zone_id (ChRoute53   *aws,
                          const char  *zone,
                          GError     **error);

/** ch_route53_change_id: (transfer full) (nullable): that of a change which is still on its way. */
char *ch_route53_change_id (const xmlNode *root);

/**
 * ch_route53_has_settled:
 *
 * Asks once. Returns: whether all of Route 53's servers have a change, or the account's “settle” is over, or it is not
 * allowed to ask.
 */
gboolean ch_route53_has_settled (ChRoute53  *aws,
                                 const char *token);
