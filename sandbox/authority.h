/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

typedef struct _SbAuthority SbAuthority;

/**
 * sb_authority_open:
 * @dir: the state folder
 *
 * Opens the throw-away CAs there, or makes them: one root for the TLS of the sandbox itself
 * (`root.pem`), and a root with an intermediate for what it issues (`issuing-root.pem`).
 * Their keys stay in the folder `ca`, mode 0700.
 */
SbAuthority *sb_authority_open (const char   *dir,
                                GError      **error);
void         sb_authority_free (SbAuthority  *authority);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbAuthority, sb_authority_free)

/* A fresh certificate for 127.0.0.1 and localhost */
GTlsCertificate *sb_authority_server_certificate (SbAuthority  *authority,
                                                  GError      **error);

const char *sb_authority_root         (SbAuthority *authority); /* PEM */
const char *sb_authority_intermediate (SbAuthority *authority); /* PEM */

/**
 * sb_authority_limit:
 * @now: milliseconds since 1970
 *
 * Returns: the longest life in days of a certificate that is issued at @now: GlobalSign stays one
 *   day below the steps of ballot SC-081
 */
int sb_authority_limit (gint64 now);

/**
 * sb_authority_issue:
 * @csr: its public key goes into the certificate, nothing else of it
 * @names: DNS names and IP addresses; the first becomes the CN
 * @subject: (nullable): what stands in the subject before the CN: OID and text in turn
 * @policy: OID of the way in which the subscriber was validated
 * @not_before, @not_after: seconds since 1970, both included
 * @serial: (out): in hex
 *
 * Returns: (transfer full): the certificate in PEM
 */
char *sb_authority_issue (SbAuthority         *authority,
                          const char          *csr,
                          const char *const   *names,
                          const char *const   *subject,
                          const char          *policy,
                          gint64               not_before,
                          gint64               not_after,
                          char               **serial,
                          GError             **error);

/* @certificate with its chain, in an armour of “PKCS7” */
char *sb_authority_pkcs7 (SbAuthority *authority,
                          const char  *certificate);
