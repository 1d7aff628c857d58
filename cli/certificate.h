/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/**
 * ch_certificate_find:
 * @reference: a certificate's number, its serial number, or what ch_order_find() takes as a host name: then the one
 *   that is in force of the newest order
 *
 * Returns: (transfer full): the answer of GetCertificate(), or %NULL with %CH_ERROR_NOT_FOUND
 */
GVariant *ch_certificate_find (ChCli       *cli,
                               const char  *reference,
                               GError     **error);

/* A verb in a file of its own. */
gboolean ch_certificate_export (ChCli *cli, GError **error);
extern const GOptionEntry ch_certificate_export_options[];

/**
 * ch_jks_write:
 * @pkcs12: (nullable): with a private key; %NULL: a store of the certificates in @pem
 * @pem: certificates
 * @password: of the store
 *
 * Has keytool write a Java key store. Nothing secret is on a command line; the private folder is gone at the end.
 *
 * Returns: (transfer full): the store, in wiped memory, or %NULL with %CH_ERROR_FILE where there is no keytool, or with
 *   %CH_ERROR_FAILED and what it said
 */
GBytes *ch_jks_write (GBytes      *pkcs12,
                      const char  *pem,
                      const char  *password,
                      GError     **error);
