/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/key.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "pki/x509.h"

#include <glib/gi18n.h>
#include <string.h>

/* Iterations of the password's derivation. GnuTLS itself writes 600 000; a file that demands billions
 * would keep a worker busy for hours. */
#define MAX_ITERATIONS 10000000

/* Moves what GnuTLS exported into memory of our own. PEM from GnuTLS ends in a zero byte that does
 * not count. */
static GBytes *
take_secret (const gnutls_datum_t *datum)
{
  char *copy = g_malloc (datum->size + 1);

  memcpy (copy, datum->data, datum->size);
  copy[datum->size] = '\0';
  return ch_secret_take (copy, datum->size);
}

static GBytes *
export_plain (gnutls_x509_privkey_t key,
              GError              **error)
{
  g_auto(gnutls_datum_t) pem = { NULL, 0 };
  int code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);

  if (code < 0)
    {
      ch_error_set (error, CH_ERROR_FAILED,
                    _("The private key cannot be written: %s"), gnutls_strerror (code));
      return NULL;
    }

  return take_secret (&pem);
}

static const struct
{
  gnutls_pk_algorithm_t kind;
  guint bits;
} parameters[] = {
  [CH_KEY_ALGORITHM_RSA_2048] = { GNUTLS_PK_RSA, 2048 },
  [CH_KEY_ALGORITHM_RSA_3072] = { GNUTLS_PK_RSA, 3072 },
  [CH_KEY_ALGORITHM_RSA_4096] = { GNUTLS_PK_RSA, 4096 },
  [CH_KEY_ALGORITHM_EC_P256] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
  [CH_KEY_ALGORITHM_EC_P384] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1) },
};

GBytes *
ch_key_generate (ChKeyAlgorithm algorithm,
                 GError       **error)
{
  g_auto(gnutls_x509_privkey_t) key = NULL;
  int code;

  g_return_val_if_fail (algorithm < G_N_ELEMENTS (parameters), NULL);

  code = gnutls_x509_privkey_init (&key);
  if (code >= 0)
    code = gnutls_x509_privkey_generate (key, parameters[algorithm].kind, parameters[algorithm].bits, 0);
  if (code < 0)
    {
      ch_error_set (error, CH_ERROR_FAILED, _("No private key could be made: %s"), gnutls_strerror (code));
      return NULL;
    }

  return export_plain (key, error);
}

/* Borrows the memory of @bytes. */
static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t) { (void *) data, size };
}

static gboolean
holds (const gnutls_datum_t *text,
       const char           *needle)
{
  return text->size > 0 && memmem (text->data, text->size, needle, strlen (needle)) != NULL;
}

/* Both marks stand in clear: RFC 7468 section 11 and RFC 1421 section 4.6.1.1, which OpenSSL still writes. */
static gboolean
is_encrypted (const gnutls_datum_t *pem)
{
  return holds (pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----") || holds (pem, "Proc-Type: 4,ENCRYPTED");
}

static gboolean
check_iterations (const gnutls_datum_t *pem,
                  GError              **error)
{
  guint iterations = 0;

  gnutls_pkcs8_info (pem, GNUTLS_X509_FMT_PEM, NULL, NULL, NULL, NULL, &iterations, NULL);
  if (iterations > MAX_ITERATIONS)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The encryption of this private key asks for %u rounds, which would take too "
                           "long. Encrypt it again with at most %d"), iterations, MAX_ITERATIONS);

  return TRUE;
}

/* GnuTLS reads named curves with uncompressed points only, and says "DER error" to the others. */
static gboolean
refuse (const gnutls_datum_t *pem,
        const char           *password,
        int                   code,
        GError              **error)
{
  gboolean encrypted = is_encrypted (pem);

  if (!holds (pem, "-----BEGIN "))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("This is no private key in PEM. Give a file that has a line “-----BEGIN PRIVATE "
                           "KEY-----”"));
  if (!holds (pem, "PRIVATE KEY-----"))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("There is no private key in this file, but something else in PEM. Give the key's "
                           "own file"));
  if (encrypted && password == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("This private key is encrypted. Give its password too"));
  if (encrypted && code == GNUTLS_E_DECRYPTION_FAILED)
    return ch_error_set (error, CH_ERROR_INVALID, _("The password does not fit this private key"));
  if (encrypted)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("This private key could not be decrypted: the password is wrong, the file is "
                           "damaged, or the cipher is not supported. “openssl pkcs8 -topk8 -v2 aes-256-cbc” "
                           "writes one that is"));

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("This private key cannot be read: it is damaged, or of a kind that CAs refuse. Use "
                         "RSA with 2048, 3072 or 4096 bits, P-256 or P-384"));
}

static gboolean
read_key (const gnutls_datum_t  *pem,
          const char            *password,
          gnutls_x509_privkey_t *key,
          GError               **error)
{
  if (!ch_pki_fits (pem->size, error) || !check_iterations (pem, error))
    return FALSE;

  gnutls_x509_privkey_init (key);
  int code = gnutls_x509_privkey_import2 (*key, pem, GNUTLS_X509_FMT_PEM, password, 0);
  return code >= 0 || refuse (pem, password, code, error);
}

static gboolean
check_kind (gnutls_x509_privkey_t key,
            ChKeyAlgorithm       *algorithm,
            GError              **error)
{
  g_auto(gnutls_privkey_t) abstract = NULL;
  g_auto(gnutls_pubkey_t) public = NULL;

  gnutls_privkey_init (&abstract);
  gnutls_pubkey_init (&public);
  if (gnutls_privkey_import_x509 (abstract, key, 0) < 0
      || gnutls_pubkey_import_privkey (public, abstract, 0, 0) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The public half of this private key cannot be computed"));

  if (!ch_pki_check_key (public, algorithm, error))
    return FALSE;
  if (gnutls_x509_privkey_verify_params (key) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The numbers in this private key do not fit together: it is damaged"));

  return TRUE;
}

GBytes *
ch_key_import (GBytes         *pem,
               const char     *password,
               ChKeyAlgorithm *algorithm,
               GError        **error)
{
  g_auto(gnutls_x509_privkey_t) key = NULL;
  gnutls_datum_t text = datum_of (pem);

  if (!read_key (&text, password, &key, error) || !check_kind (key, algorithm, error))
    return NULL;

  return export_plain (key, error);
}

char *
ch_key_public_hash (GBytes  *key,
                    GError **error)
{
  g_auto(gnutls_x509_privkey_t) private = NULL;
  gnutls_datum_t text = datum_of (key);
  guint8 hash[32];
  gsize size = sizeof hash;

  if (!read_key (&text, NULL, &private, error))
    return NULL;
  if (gnutls_x509_privkey_get_key_id (private, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The public half of this private key cannot be computed"));
      return NULL;
    }

  return ch_pki_hex (hash, size);
}

GBytes *
ch_key_export (GBytes     *key,
               const char *password,
               GError    **error)
{
  g_auto(gnutls_x509_privkey_t) private = NULL;
  g_auto(gnutls_datum_t) pem = { NULL, 0 };
  gnutls_datum_t text = datum_of (key);

  if (password == NULL || *password == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A private key is only exported with a password. Give one"));
      return NULL;
    }
  if (!read_key (&text, NULL, &private, error))
    return NULL;
  if (gnutls_x509_privkey_export2_pkcs8 (private, GNUTLS_X509_FMT_PEM, password,
                                         GNUTLS_PKCS_PBES2_AES_256, &pem) < 0)
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("The private key could not be encrypted with this password. Use one of visible "
                      "characters"));
      return NULL;
    }

  return take_secret (&pem);
}
