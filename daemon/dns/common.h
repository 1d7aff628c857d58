/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "dns/view.h"

/* What the accounts at all DNS services have in common; docs/dns/settings.md tells people about it. */

/**
 * ch_dns_common_fields: fields that every provider's accounts have besides their own. Provider tables do not
 * repeat them; the engine checks an account against both tables.
 */
const ChField *ch_dns_common_fields (void);

/** ch_dns_common_get: (nullable) (transfer none): a common setting of an account, or what counts in its place. */
const char *ch_dns_common_get (GHashTable *settings,
                               const char *name);

/**
 * ch_dns_common_view:
 * @settings: (nullable): of the account, which must live longer; %NULL: there is none
 * @resolver: (nullable): what counts when the account has none
 */
ChDnsView ch_dns_common_view (GHashTable *settings,
                              const char *resolver);

/** ch_dns_common_number: a common setting that is a number, such as "maximum-wait". */
guint ch_dns_common_number (GHashTable *settings,
                            const char *name);

/**
 * ch_dns_common_tidy:
 * @settings: (element-type utf8 utf8): each good by itself; the table owns its strings
 *
 * Checks what no field can check alone, and brings zone patterns into the form that they are compared in.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the field
 */
gboolean ch_dns_common_tidy (GHashTable *settings,
                             GError    **error);
