/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/export.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "pki/key.h"
#include "pki/x509.h"

#include <glib/gi18n.h>
#include <gnutls/pkcs12.h>
#include <gnutls/pkcs7.h>
#include <string.h>

/* More certificates than a chain has. */
#define MAX_CERTIFICATES 16

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pkcs7_t, gnutls_pkcs7_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pkcs12_t, gnutls_pkcs12_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pkcs12_bag_t, gnutls_pkcs12_bag_deinit, NULL)

gboolean
ch_export_format_parse (const char      *text,
                        ChExportFormat  *format,
                        GError         **error)
{
  static const char *const words[] = { "pem", "chain", "fullchain", "der", "pkcs7", "pkcs12" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i], text) == 0)
      {
        *format = (ChExportFormat) i;
        return TRUE;
      }

  return ch_error_set (error, CH_ERROR_INVALID, _("There is no form “%s”; these are: %s"), text,
                       "pem, chain, fullchain, der, pkcs7, pkcs12");
}

/* Returns: %NULL, so that failing is one line. */
static GBytes *
fail (int      code,
      GError **error)
{
  ch_error_set (error, CH_ERROR_FAILED, _("The certificate cannot be written in this form: %s"), gnutls_strerror (code));
  return NULL;
}

/* Private keys may be in it, so every copy is wiped. */
static GBytes *
take (const gnutls_datum_t *datum)
{
  char *copy = g_malloc (datum->size + 1);

  memcpy (copy, datum->data, datum->size);
  copy[datum->size] = '\0';
  return ch_secret_take (copy, datum->size);
}

static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t) { (void *) data, size };
}

/* (element-type gnutls_x509_crt_t) */
static GPtrArray *
read_all (const char *leaf,
          const char *chain,
          GError    **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) gnutls_x509_crt_deinit);
  g_autofree char *text = g_strconcat (leaf, "\n", chain, NULL);
  const char *cursor = text;
  char *block;

  while (list->len < MAX_CERTIFICATES && (block = ch_pki_next_certificate (&cursor)) != NULL)
    {
      gnutls_datum_t pem = { (void *) block, strlen (block) };
      gnutls_x509_crt_t crt = NULL;

      gnutls_x509_crt_init (&crt);
      g_ptr_array_add (list, crt);
      int code = gnutls_x509_crt_import (crt, &pem, GNUTLS_X509_FMT_PEM);
      g_free (block);
      if (code < 0)
        {
          fail (code, error);
          return NULL;
        }
    }

  if (list->len > 0)
    return g_steal_pointer (&list);

  ch_error_set (error, CH_ERROR_INVALID, _("There is no certificate to write"));
  return NULL;
}

/* ---- PEM and DER ---- */

static GBytes *
export_pem (const ChExport *what,
            gboolean        with_leaf,
            gboolean        with_chain,
            GError        **error)
{
  g_autoptr(GBytes) sealed = NULL;
  GString *text = g_string_new (with_leaf ? what->leaf : "");

  if (with_chain)
    g_string_append (text, what->chain);

  if (what->key != NULL)
    {
      sealed = what->password != NULL ? ch_key_export (what->key, what->password, error) : g_bytes_ref (what->key);
      if (sealed == NULL)
        {
          g_string_free (text, TRUE);
          return NULL;
        }
      g_string_append_len (text, g_bytes_get_data (sealed, NULL), (gssize) g_bytes_get_size (sealed));
    }

  gsize length = text->len;
  return ch_secret_take (g_string_free (text, FALSE), length);
}

static GBytes *
export_der (GPtrArray *list,
            GError   **error)
{
  g_auto(gnutls_datum_t) der = { NULL, 0 };
  int code = gnutls_x509_crt_export2 (g_ptr_array_index (list, 0), GNUTLS_X509_FMT_DER, &der);

  return code < 0 ? fail (code, error) : take (&der);
}

static GBytes *
export_pkcs7 (GPtrArray *list,
              GError   **error)
{
  g_auto(gnutls_pkcs7_t) pkcs7 = NULL;
  g_auto(gnutls_datum_t) pem = { NULL, 0 };
  int code = gnutls_pkcs7_init (&pkcs7);

  for (guint i = 0; code >= 0 && i < list->len; i++)
    code = gnutls_pkcs7_set_crt (pkcs7, g_ptr_array_index (list, i));
  if (code >= 0)
    code = gnutls_pkcs7_export2 (pkcs7, GNUTLS_X509_FMT_PEM, &pem);

  return code < 0 ? fail (code, error) : take (&pem);
}

/* ---- PKCS#12 (RFC 7292) ---- */

/* The attributes by which readers find the certificate of a key. */
static int
name_entry (gnutls_pkcs12_bag_t bag,
            int                 at,
            gnutls_x509_crt_t   leaf,
            const char         *name)
{
  guint8 hash[20];
  gsize size = sizeof hash;
  int code = gnutls_x509_crt_get_fingerprint (leaf, GNUTLS_DIG_SHA1, hash, &size);
  gnutls_datum_t id = { hash, (unsigned) size };

  if (code >= 0)
    code = gnutls_pkcs12_bag_set_key_id (bag, at, &id);
  return code >= 0 ? gnutls_pkcs12_bag_set_friendly_name (bag, at, name) : code;
}

static int
add_certificates (gnutls_pkcs12_t pkcs12,
                  GPtrArray      *list,
                  const ChExport *what,
                  guint           cipher)
{
  g_auto(gnutls_pkcs12_bag_t) bag = NULL;
  int code = gnutls_pkcs12_bag_init (&bag);

  for (guint i = 0; code >= 0 && i < list->len; i++)
    code = gnutls_pkcs12_bag_set_crt (bag, g_ptr_array_index (list, i));
  if (code >= 0)
    code = name_entry (bag, 0, g_ptr_array_index (list, 0), what->name);
  if (code >= 0 && what->password != NULL)
    code = gnutls_pkcs12_bag_encrypt (bag, what->password, cipher);

  return code >= 0 ? gnutls_pkcs12_set_bag (pkcs12, bag) : code;
}

static int
add_key (gnutls_pkcs12_t   pkcs12,
         gnutls_x509_crt_t leaf,
         const ChExport   *what,
         guint             cipher)
{
  g_auto(gnutls_x509_privkey_t) key = NULL;
  g_auto(gnutls_pkcs12_bag_t) bag = NULL;
  g_auto(gnutls_datum_t) sealed = { NULL, 0 };
  gnutls_datum_t text = datum_of (what->key);
  int code = gnutls_x509_privkey_init (&key);

  if (code >= 0)
    code = gnutls_x509_privkey_import2 (key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (code >= 0)
    code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, what->password, cipher, &sealed);
  if (code >= 0)
    code = gnutls_pkcs12_bag_init (&bag);
  if (code >= 0)
    code = gnutls_pkcs12_bag_set_data (bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &sealed);
  if (code >= 0)
    code = name_entry (bag, 0, leaf, what->name);

  return code >= 0 ? gnutls_pkcs12_set_bag (pkcs12, bag) : code;
}

static GBytes *
export_pkcs12 (const ChExport *what,
               GPtrArray      *list,
               GError        **error)
{
  guint cipher = what->legacy ? GNUTLS_PKCS_PKCS12_3DES : GNUTLS_PKCS_PBES2_AES_256;
  g_auto(gnutls_pkcs12_t) pkcs12 = NULL;
  g_auto(gnutls_datum_t) der = { NULL, 0 };

  int code = gnutls_pkcs12_init (&pkcs12);
  if (code >= 0)
    code = add_certificates (pkcs12, list, what, cipher);
  if (code >= 0 && what->key != NULL)
    code = add_key (pkcs12, g_ptr_array_index (list, 0), what, cipher);
  if (code >= 0 && what->password != NULL)
    code = gnutls_pkcs12_generate_mac2 (pkcs12, what->legacy ? GNUTLS_MAC_SHA1 : GNUTLS_MAC_SHA256, what->password);
  if (code >= 0)
    code = gnutls_pkcs12_export2 (pkcs12, GNUTLS_X509_FMT_DER, &der);

  return code < 0 ? fail (code, error) : take (&der);
}

/* ---- all ---- */

static gboolean
check_key (const ChExport *what,
           GError        **error)
{
  g_autofree char *hash = NULL;
  guint8 id[32];
  gsize size = sizeof id;

  if (what->key == NULL)
    return TRUE;
  if (what->format == CH_EXPORT_CHAIN || what->format == CH_EXPORT_DER || what->format == CH_EXPORT_PKCS7)
    return ch_error_set (error, CH_ERROR_INVALID, _("This form holds no private key; pem, fullchain and pkcs12 do"));
  if (what->format == CH_EXPORT_PKCS12 && (what->password == NULL || *what->password == '\0'))
    return ch_error_set (error, CH_ERROR_INVALID, _("A PKCS#12 file with a private key needs a password. Give one"));

  hash = ch_key_public_hash (what->key, error);
  g_autoptr(GPtrArray) list = hash != NULL ? read_all (what->leaf, "", error) : NULL;
  if (list == NULL)
    return FALSE;

  gnutls_x509_crt_get_key_id (g_ptr_array_index (list, 0), GNUTLS_KEYID_USE_SHA256, id, &size);
  g_autofree char *wanted = ch_pki_hex (id, size);
  return g_str_equal (hash, wanted)
         || ch_error_set (error, CH_ERROR_INVALID, _("The private key does not belong to this certificate"));
}

GBytes *
ch_export (const ChExport *what,
           GError        **error)
{
  g_autoptr(GPtrArray) list = read_all (what->leaf, what->chain, error);

  if (list == NULL || !check_key (what, error))
    return NULL;

  switch (what->format)
    {
    case CH_EXPORT_CHAIN:
      return export_pem (what, FALSE, TRUE, error);
    case CH_EXPORT_FULLCHAIN:
      return export_pem (what, TRUE, TRUE, error);
    case CH_EXPORT_DER:
      return export_der (list, error);
    case CH_EXPORT_PKCS7:
      return export_pkcs7 (list, error);
    case CH_EXPORT_PKCS12:
      return export_pkcs12 (what, list, error);
    case CH_EXPORT_PEM:
    default:
      return export_pem (what, TRUE, FALSE, error);
    }
}

/* ---- looking ---- */

void
ch_cert_look_free (ChCertLook *look)
{
  g_free (look->subject);
  g_free (look->issuer);
  g_free (look->key);
  g_free (look->signature);
  g_free (look->sha1);
  g_free (look->fingerprint);
  g_free (look);
}

static char *
dn_of (gnutls_x509_crt_t crt,
       int (*get) (gnutls_x509_crt_t, gnutls_datum_t *, unsigned))
{
  g_auto(gnutls_datum_t) dn = { NULL, 0 };

  if (get (crt, &dn, 0) < 0)
    return g_strdup ("");

  g_autofree char *text = g_strndup ((const char *) dn.data, dn.size);
  return g_utf8_make_valid (text, -1);
}

static char *
key_of (gnutls_x509_crt_t crt)
{
  guint bits = 0;
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  int kind = gnutls_x509_crt_get_pk_algorithm (crt, &bits);

  if (kind == GNUTLS_PK_ECDSA && gnutls_x509_crt_get_pk_ecc_raw (crt, &curve, NULL, NULL) >= 0)
    return g_strdup_printf ("ECDSA %s", gnutls_ecc_curve_get_name (curve));

  return g_strdup_printf ("%s %u", kind > 0 ? gnutls_pk_get_name (kind) : "?", bits);
}

static char *
hash_of (gnutls_x509_crt_t         crt,
         gnutls_digest_algorithm_t digest)
{
  guint8 hash[32];
  gsize size = sizeof hash;

  return gnutls_x509_crt_get_fingerprint (crt, digest, hash, &size) >= 0 ? ch_pki_hex (hash, size) : g_strdup ("");
}

static ChCertLook *
look_at (gnutls_x509_crt_t crt)
{
  ChCertLook *look = g_new0 (ChCertLook, 1);
  int signature = gnutls_x509_crt_get_signature_algorithm (crt);

  look->subject = dn_of (crt, gnutls_x509_crt_get_dn3);
  look->issuer = dn_of (crt, gnutls_x509_crt_get_issuer_dn3);
  look->not_before = gnutls_x509_crt_get_activation_time (crt);
  look->not_after = gnutls_x509_crt_get_expiration_time (crt);
  look->key = key_of (crt);
  look->signature = g_strdup (signature > 0 ? gnutls_sign_get_name (signature) : "?");
  look->sha1 = hash_of (crt, GNUTLS_DIG_SHA1);
  look->fingerprint = hash_of (crt, GNUTLS_DIG_SHA256);
  return look;
}

GPtrArray *
ch_cert_look_all (const char *pem)
{
  GPtrArray *looks = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_cert_look_free);
  const char *cursor = pem != NULL ? pem : "";
  char *block;

  while (looks->len < MAX_CERTIFICATES && (block = ch_pki_next_certificate (&cursor)) != NULL)
    {
      g_auto(gnutls_x509_crt_t) crt = NULL;
      gnutls_datum_t text = { (void *) block, strlen (block) };

      gnutls_x509_crt_init (&crt);
      if (ch_pki_fits (text.size, NULL) && gnutls_x509_crt_import (crt, &text, GNUTLS_X509_FMT_PEM) >= 0)
        g_ptr_array_add (looks, look_at (crt));
      g_free (block);
    }

  return looks;
}
