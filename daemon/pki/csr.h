/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/**
 * ch_csr_new:
 * @key: a key of ch_key_generate()
 * @names: A-labels or IP addresses; the first becomes the common name unless it is longer than 64
 *   characters, all become SANs
 *
 * Returns: (transfer full): a PKCS#10 request in PEM, signed with SHA-256 (SHA-384 for P-384)
 */
char *ch_csr_new (GBytes            *key,
                  const char *const *names,
                  GError           **error);

/**
 * ch_csr_new_for:
 * @organization: (nullable): the organisation in the subject, which CAs want for EV
 *
 * As ch_csr_new(). %CH_ERROR_INVALID, too, when a certificate has no room for @organization.
 */
char *ch_csr_new_for (GBytes            *key,
                      const char *const *names,
                      const char        *organization,
                      GError           **error);

/** ChCsr: what a certificate request asks for. */
typedef struct
{
  char **names;               /* common name first, then SANs, no doubles, lower case */
  ChKeyAlgorithm algorithm;
  char *public_key;           /* lower-hex SHA-256 of the SubjectPublicKeyInfo */
} ChCsr;

/**
 * ch_csr_parse:
 * @pem: a request that somebody brought
 *
 * Returns: (transfer full): what it asks for, or %NULL with %CH_ERROR_INVALID: not a request, bad
 *   signature on it, a key that CAs refuse, something that is no name, above 64 KiB
 */
ChCsr *ch_csr_parse (const char *pem,
                     GError    **error);
void ch_csr_free (ChCsr *csr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCsr, ch_csr_free)
