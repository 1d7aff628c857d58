/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Java key stores, which only Java's own keytool(1) writes. Both functions block, on a worker; nothing secret is on a
 * command line, and the private folder that keytool works in, in memory where there is such a place, is gone at the end.
 * Errors: %CH_ERROR_FILE: there is no keytool, or no private folder; %CH_ERROR_ACTION_FAILED: what keytool said. */

/** ch_jks_of_key: (transfer full): the store, in wiped memory, of what is in @pkcs12 under the same password and names. */
GBytes *ch_jks_of_key (GBytes       *pkcs12,
                       const char   *password,
                       GCancellable *cancellable,
                       GError      **error);

/** ch_jks_of_certificates: (transfer full): a store of the certificates in @pem: the first is @alias, the others @alias-2, … */
GBytes *ch_jks_of_certificates (GBytes       *pem,
                                const char   *alias,
                                const char   *password,
                                GCancellable *cancellable,
                                GError      **error);
