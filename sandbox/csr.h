/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

/**
 * SbCsr:
 * @common_name: in lower case
 * @key_id: SHA-256 of the public key, in hex
 * @bits: length of the key
 */
typedef struct
{
  char *common_name;
  char *organization;
  char *unit;
  char *locality;
  char *state;
  char *country;
  char *email;
  char *key_id;
  guint bits;
  gboolean is_ecc;
} SbCsr;

void sb_csr_free (SbCsr *csr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbCsr, sb_csr_free)

/**
 * sb_csr_parse:
 * @pem: what a client sent as CSR
 * @code: (out): on failure: -4006, -4007, -9936, -9961 or -9962
 *
 * Opens a CSR, checks its own signature and whether GlobalSign takes such a key: RSA from 2048 bits,
 * P-256, P-384.
 *
 * Returns: (transfer full) (nullable): what it says
 */
SbCsr *sb_csr_parse (const char *pem,
                     int        *code);

/**
 * sb_csr_open:
 *
 * Returns: (transfer full) (nullable): the CSR; free it with gnutls_x509_crq_deinit()
 */
gnutls_x509_crq_t sb_csr_open (const char *pem);
