/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"

/* What all services want of a TXT record. */

/**
 * ch_dns_check_txt_value: printable ASCII without quotes and backslashes, so that every service stores it as
 * it is, and no longer than what validation values need; %CH_ERROR_INVALID.
 */
gboolean ch_dns_check_txt_value (const ChTxt  *txt,
                                 GError      **error);

/**
 * ch_dns_check_txt:
 *
 * To be asked before a service is: its own answer about such a thing is seldom as clear.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID for names and values that are not plain, or
 *   %CH_ERROR_ZONE_NOT_FOUND for a name outside of @zone
 */
gboolean ch_dns_check_txt (const ChTxt  *txt,
                           const char   *zone,
                           GError      **error);

/** ch_dns_relative_name: (transfer full): @name without @zone, in lower case; "@" for the zone itself. */
char *ch_dns_relative_name (const char *name,
                            const char *zone);

/**
 * ch_dns_split_txt: (transfer full): a value as character-strings of at most 255 octets (RFC 1035, 3.3.14).
 */
GStrv ch_dns_split_txt (const char *value);

/**
 * ch_dns_quote_txt: (transfer full): a value as in a zone file: “"one"”, or “"one…" "two"” for a long one.
 */
char *ch_dns_quote_txt (const char *value);

/**
 * ch_dns_unquote_txt:
 * @text: what stands in a service, such as “"one" "tw\"o"”, or “one” without quotes, which is taken as it is
 *
 * Returns: (transfer full): the character-strings joined, without quotes and escapes. Escapes by number stay
 *   as they are: values of ours have none
 */
char *ch_dns_unquote_txt (const char *text);
