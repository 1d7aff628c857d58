/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/**
 * ch_key_generate:
 * @algorithm: which kind
 *
 * Blocks: up to some seconds for RSA 4096. Call it on a worker.
 *
 * Returns: (transfer full): the private key as PKCS#8 PEM without password, in wiped memory
 */
GBytes *ch_key_generate (ChKeyAlgorithm algorithm,
                         GError       **error);

/**
 * ch_key_import:
 * @pem: PKCS#8, PKCS#1 or SEC1 in PEM, encrypted or not
 * @password: (nullable): its password
 * @algorithm: (out) (optional): what it is
 *
 * Returns: (transfer full): the same key as ch_key_generate() gives it, or %NULL with
 *   %CH_ERROR_INVALID: no key, wrong password, RSA below 2048 bits, a curve that CAs refuse, above
 *   64 KiB. No message holds anything of key or password.
 */
GBytes *ch_key_import (GBytes         *pem,
                       const char     *password,
                       ChKeyAlgorithm *algorithm,
                       GError        **error);

/** ch_key_public_hash: (transfer full): lower-hex SHA-256 of the key's SubjectPublicKeyInfo. */
char *ch_key_public_hash (GBytes  *key,
                          GError **error);

/** ch_key_export: (transfer full): the key as PKCS#8 PEM encrypted with @password (PBES2, AES-256). */
GBytes *ch_key_export (GBytes     *key,
                       const char *password,
                       GError    **error);
