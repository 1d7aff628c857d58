/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_name_normalise:
 * @text: what a person wrote: Unicode or A-labels, a final dot, capitals, "*." in front, blanks around
 *
 * Returns: (transfer full): the name as A-labels (IDNA 2008, non-transitional), lower case, without
 *   final dot, or an IP address in its usual spelling; or %NULL with %CH_ERROR_INVALID and a sentence
 *   that says what is wrong with it
 */
char *ch_name_normalise (const char *text,
                         GError    **error);

/** ch_name_display: (transfer full): @name with U-labels, for people; a label that is no valid one stays. */
char *ch_name_display (const char *name);

/**
 * ch_names_check:
 * @names: normalised names of one order
 *
 * The rules of the industry for a public TLS certificate (BR 7.1.2.7.12, 3.2.2.4):
 * no internal or reserved names (single labels, .local, .internal, .lan, .home.arpa, .onion,
 * in-addr.arpa, ip6.arpa, top-level domains that do not exist), no underscore, no public suffix or
 * wildcard right below one, no private or reserved address, no doubles, at most 100. @private_ca lifts
 * the rule about reserved and unknown top-level names such as .test, which a test CA may certify.
 *
 * The list of public suffixes is the system's (package publicsuffix) or the one built into libpsl; when
 * there is neither, the rules that need it are not checked.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the name and the rule
 */
gboolean ch_names_check (const char *const *names,
                         gboolean           private_ca,
                         GError           **error);

/** ch_name_is_below: whether @name is @domain or ends in ".@domain", by whole labels, in any case. */
gboolean ch_name_is_below (const char *name,
                           const char *domain);

/**
 * ch_names_differ:
 * @wanted: the names that were ordered
 * @had: those of a certificate
 *
 * Returns: whether the certificate is for other names than those that were ordered. A CA may have added the twin of a
 *   name, with or without "www.", or the domain itself to its wildcard.
 */
gboolean ch_names_differ (const char *const *wanted,
                          const char *const *had);

/** ch_names_without_twins: (transfer full): the names of a certificate without those that a CA adds to an earlier one: the
 * same with or without "www.", or without "*.". */
char **ch_names_without_twins (const char *const *names);
