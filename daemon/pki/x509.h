/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of this folder share. Nobody else includes it. */

#include "lib/types.h"
#include "pki/gnutls-auto.h"

/* The largest text that is parsed at all: a bundle of many certificates. */
#define CH_PKI_MAX_BYTES (1024 * 1024)
/* The largest key, request or single certificate. One of a hundred names has about 8 KiB. GnuTLS takes
 * time with the square of the number of elements, so that a megabyte of them would take hours. */
#define CH_PKI_MAX_OBJECT (64 * 1024)
/* The most names that are taken from a certificate or a request; public CAs stop at a few hundred. */
#define CH_PKI_MAX_NAMES 1000

/** ch_pki_fits: whether one object of @length bytes may be parsed; if not, %CH_ERROR_INVALID. */
gboolean ch_pki_fits (gsize    length,
                      GError **error);

/**
 * ch_pki_next_certificate:
 * @cursor: (inout): where to look in a text; moves behind what was found
 *
 * Returns: (transfer full) (nullable): the next certificate with its armour, not yet parsed
 */
char *ch_pki_next_certificate (const char **cursor);

/** ch_pki_hex: (transfer full): @length bytes as lower hex. */
char *ch_pki_hex (const guint8 *data,
                  gsize         length);

/**
 * ch_pki_check_key:
 * @key: a public key that somebody brought
 * @algorithm: (out) (optional): which of ours it is
 *
 * The rules for keys of public TLS certificates (BR 6.1.1.3, 6.1.5, 6.1.6) and what GlobalSign's API
 * takes of them: RSA of 2048, 3072 or 4096 bits with an odd exponent of at least 3; P-256 and P-384.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that says which key would be right
 */
gboolean ch_pki_check_key (gnutls_pubkey_t  key,
                           ChKeyAlgorithm  *algorithm,
                           GError         **error);

/**
 * ch_pki_add_alt_names:
 * @extension: the DER value of a subjectAltName extension
 * @names: (element-type utf8): gets its DNS names, lower case, and IP addresses
 *
 * Other kinds of names are left out, and so is a DNS name that holds anything but visible ASCII: a
 * zero byte in it once fooled clients.
 *
 * Returns: %FALSE with %CH_ERROR_INVALID when it cannot be read or holds more than %CH_PKI_MAX_NAMES
 */
gboolean ch_pki_add_alt_names (const gnutls_datum_t *extension,
                               GPtrArray            *names,
                               GError              **error);
