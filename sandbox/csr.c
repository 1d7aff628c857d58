/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csr.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crq_t, gnutls_x509_crq_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pubkey_t, gnutls_pubkey_deinit, NULL)

void
sb_csr_free (SbCsr *csr)
{
  g_free (csr->common_name);
  g_free (csr->organization);
  g_free (csr->unit);
  g_free (csr->locality);
  g_free (csr->state);
  g_free (csr->country);
  g_free (csr->email);
  g_free (csr->key_id);
  g_free (csr);
}

gnutls_x509_crq_t
sb_csr_open (const char *pem)
{
  g_auto(gnutls_x509_crq_t) crq = NULL;
  gnutls_datum_t data = { (unsigned char *) pem, strlen (pem) };

  if (gnutls_x509_crq_init (&crq) < 0 || gnutls_x509_crq_import (crq, &data, GNUTLS_X509_FMT_PEM) < 0)
    return NULL;

  return g_steal_pointer (&crq);
}

static char *
dn_part (gnutls_x509_crq_t crq,
         const char       *oid,
         unsigned          index)
{
  char text[256];
  size_t size = sizeof text;

  /* A value that holds a NUL or is no UTF-8 could mean one name here and another one elsewhere. */
  if (gnutls_x509_crq_get_dn_by_oid (crq, oid, index, 0, text, &size) < 0
      || strlen (text) != size || !g_utf8_validate (text, size, NULL))
    return NULL;

  return g_strndup (text, size);
}

static gnutls_ecc_curve_t
curve_of (gnutls_x509_crq_t crq)
{
  g_auto(gnutls_pubkey_t) key = NULL;
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

  if (gnutls_pubkey_init (&key) >= 0 && gnutls_pubkey_import_x509_crq (key, crq, 0) >= 0)
    gnutls_pubkey_export_ecc_raw2 (key, &curve, NULL, NULL, 0);

  return curve;
}

/* GnuTLS does not read such keys, so one looks at the bytes: the curve, and a BIT STRING that begins with 2
 * or 3. */
static gboolean
is_compressed (gnutls_x509_crq_t crq)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } starts[] = {
    { "\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x22\x00", 11 }, /* P-256 */
    { "\x2b\x81\x04\x00\x22\x03\x32\x00", 8 },              /* P-384 */
  };
  gnutls_datum_t der = { NULL, 0 };
  gboolean found = FALSE;

  if (gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_DER, &der) < 0)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      const guint8 *at = memmem (der.data, der.size, starts[i].bytes, starts[i].length);
      const guint8 *point = at != NULL ? at + starts[i].length : NULL;

      found |= point != NULL && point < der.data + der.size && (*point == 2 || *point == 3);
    }

  gnutls_free (der.data);
  return found;
}

static int
judge_key (gnutls_x509_crq_t crq,
           guint            *bits)
{
  gnutls_ecc_curve_t curve;
  int algorithm = gnutls_x509_crq_get_pk_algorithm (crq, bits);

  if (is_compressed (crq))
    return -9962;

  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
      return *bits >= 2048 ? 0 : -9936;
    case GNUTLS_PK_ECDSA:
      curve = curve_of (crq);
      return curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1 ? 0 : -9961;
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
    case GNUTLS_E_ECC_UNSUPPORTED_CURVE:
      return -9961;
    default:
      return -4006;
    }
}

static char *
key_id (gnutls_x509_crq_t crq)
{
  unsigned char hash[32];
  size_t size = sizeof hash;
  g_autoptr(GString) text = g_string_new (NULL);

  if (gnutls_x509_crq_get_key_id (crq, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0)
    return NULL;

  for (size_t i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", hash[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

SbCsr *
sb_csr_parse (const char *pem,
              int        *code)
{
  g_auto(gnutls_x509_crq_t) crq = sb_csr_open (pem);
  g_autoptr(SbCsr) csr = g_new0 (SbCsr, 1);

  *code = -4007;
  if (crq == NULL)
    return NULL;

  int key = judge_key (crq, &csr->bits);
  csr->is_ecc = gnutls_x509_crq_get_pk_algorithm (crq, NULL) == GNUTLS_PK_ECDSA;
  if (key != 0)
    {
      *code = key;
      return NULL;
    }
  csr->key_id = key_id (crq);
  if (gnutls_x509_crq_verify (crq, 0) < 0 || csr->key_id == NULL)
    return NULL;

  g_autofree char *name = dn_part (crq, GNUTLS_OID_X520_COMMON_NAME, 0);
  g_autofree char *second = dn_part (crq, GNUTLS_OID_X520_COMMON_NAME, 1);
  if (name == NULL || second != NULL)
    {
      *code = -4006;
      return NULL;
    }

  csr->common_name = g_ascii_strdown (name, -1);
  csr->organization = dn_part (crq, GNUTLS_OID_X520_ORGANIZATION_NAME, 0);
  csr->unit = dn_part (crq, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, 0);
  csr->locality = dn_part (crq, GNUTLS_OID_X520_LOCALITY_NAME, 0);
  csr->state = dn_part (crq, GNUTLS_OID_X520_STATE_OR_PROVINCE_NAME, 0);
  csr->country = dn_part (crq, GNUTLS_OID_X520_COUNTRY_NAME, 0);
  csr->email = dn_part (crq, GNUTLS_OID_PKCS9_EMAIL, 0);
  *code = 0;
  return g_steal_pointer (&csr);
}
