/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/csr.h"

#include "lib/error.h"
#include "pki/names.h"
#include "pki/x509.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

/* ub-common-name and ub-organization-name of X.520, in RFC 5280 appendix A.1. */
#define MAX_COMMON_NAME 64
#define MAX_ORGANIZATION_NAME 64

static gboolean
import_key (GBytes           *pem,
            gnutls_privkey_t *key,
            gnutls_pubkey_t  *public,
            ChKeyAlgorithm   *algorithm,
            GError          **error)
{
  gsize size;
  const void *data = g_bytes_get_data (pem, &size);
  gnutls_datum_t text = { (void *) data, size };

  if (!ch_pki_fits (size, error))
    return FALSE;

  gnutls_privkey_init (key);
  gnutls_pubkey_init (public);
  if (gnutls_privkey_import_x509_raw (*key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) < 0
      || gnutls_pubkey_import_privkey (*public, *key, 0, 0) < 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("The private key for this request cannot be read"));

  return ch_pki_check_key (*public, algorithm, error);
}

static int
add_name (gnutls_subject_alt_names_t list,
          const char                *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);
  gnutls_datum_t value = { (void *) name, strlen (name) };

  if (address == NULL)
    return gnutls_subject_alt_names_set (list, GNUTLS_SAN_DNSNAME, &value, NULL);

  value.data = (guint8 *) g_inet_address_to_bytes (address);
  value.size = g_inet_address_get_native_size (address);
  return gnutls_subject_alt_names_set (list, GNUTLS_SAN_IPADDRESS, &value, NULL);
}

/* One extension, written once: appending names one by one takes GnuTLS seconds for a thousand. */
static gboolean
set_alt_names (gnutls_x509_crq_t          request,
               gnutls_subject_alt_names_t list,
               GError                   **error)
{
  g_auto(gnutls_datum_t) extension = { NULL, 0 };

  if (gnutls_x509_ext_export_subject_alt_names (list, &extension) < 0
      || gnutls_x509_crq_set_extension_by_oid (request, GNUTLS_X509EXT_OID_SAN,
                                               extension.data, extension.size, 0) < 0)
    return ch_error_set (error, CH_ERROR_FAILED,
                         _("The names could not be put into the certificate request"));

  return TRUE;
}

static gboolean
set_names (gnutls_x509_crq_t  request,
           const char *const *names,
           GError           **error)
{
  g_auto(gnutls_subject_alt_names_t) list = NULL;

  gnutls_subject_alt_names_init (&list);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *normal = ch_name_normalise (names[i], error);

      if (normal == NULL)
        return FALSE;
      if (add_name (list, normal) < 0)
        return ch_error_set (error, CH_ERROR_FAILED, _("“%s” could not be put into the certificate request"),
                             normal);
      /* A longer name stands in the SANs only; clients have not looked at the common name for years. */
      if (i == 0 && strlen (normal) <= MAX_COMMON_NAME)
        gnutls_x509_crq_set_dn_by_oid (request, GNUTLS_OID_X520_COMMON_NAME, 0, normal, strlen (normal));
    }

  return set_alt_names (request, list, error);
}

/* GnuTLS would write the label "NEW CERTIFICATE REQUEST", which RFC 7468 section 7 only lets parsers
 * take, so the armour is put on here. */
static char *
export_request (gnutls_x509_crq_t request,
                GError          **error)
{
  g_auto(gnutls_datum_t) der = { NULL, 0 };
  g_auto(gnutls_datum_t) pem = { NULL, 0 };

  if (gnutls_x509_crq_export2 (request, GNUTLS_X509_FMT_DER, &der) < 0
      || gnutls_pem_base64_encode2 ("CERTIFICATE REQUEST", &der, &pem) < 0)
    {
      ch_error_set (error, CH_ERROR_FAILED, _("The certificate request cannot be written"));
      return NULL;
    }

  return g_strndup ((const char *) pem.data, pem.size);
}

static gboolean
set_organization (gnutls_x509_crq_t  request,
                  const char        *organization,
                  GError           **error)
{
  if (!g_utf8_validate (organization, -1, NULL) || g_utf8_strlen (organization, -1) > MAX_ORGANIZATION_NAME)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The organisation's name is longer than the %d characters that a certificate has room for"),
                         MAX_ORGANIZATION_NAME);
  if (gnutls_x509_crq_set_dn_by_oid (request, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, organization, strlen (organization)) < 0)
    return ch_error_set (error, CH_ERROR_FAILED, _("“%s” could not be put into the certificate request"), organization);

  return TRUE;
}

char *
ch_csr_new (GBytes            *key,
            const char *const *names,
            GError           **error)
{
  return ch_csr_new_for (key, names, NULL, error);
}

char *
ch_csr_new_for (GBytes            *key,
                const char *const *names,
                const char        *organization,
                GError           **error)
{
  g_auto(gnutls_privkey_t) private = NULL;
  g_auto(gnutls_pubkey_t) public = NULL;
  g_auto(gnutls_x509_crq_t) request = NULL;
  ChKeyAlgorithm algorithm;

  if (names == NULL || names[0] == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A certificate request needs at least one name"));
      return NULL;
    }
  if (!import_key (key, &private, &public, &algorithm, error))
    return NULL;

  gnutls_x509_crq_init (&request);
  gnutls_x509_crq_set_version (request, 1);
  if (!set_names (request, names, error)
      || (organization != NULL && !set_organization (request, organization, error)))
    return NULL;

  gboolean is_p384 = algorithm == CH_KEY_ALGORITHM_EC_P384;
  gnutls_digest_algorithm_t digest = is_p384 ? GNUTLS_DIG_SHA384 : GNUTLS_DIG_SHA256;
  int code = gnutls_x509_crq_set_pubkey (request, public);
  if (code >= 0)
    code = gnutls_x509_crq_privkey_sign (request, private, digest, 0);
  if (code < 0)
    {
      ch_error_set (error, CH_ERROR_FAILED,
                    _("The certificate request cannot be signed: %s"), gnutls_strerror (code));
      return NULL;
    }

  return export_request (request, error);
}

static gboolean
import_request (const char        *pem,
                gnutls_x509_crq_t *request,
                GError           **error)
{
  gnutls_datum_t text = { (void *) pem, strlen (pem) };

  if (!ch_pki_fits (text.size, error))
    return FALSE;

  gnutls_x509_crq_init (request);
  if (gnutls_x509_crq_import (*request, &text, GNUTLS_X509_FMT_PEM) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("This is no certificate request in PEM. Give a file that begins with “-----BEGIN "
                           "CERTIFICATE REQUEST-----”"));

  return TRUE;
}

static gboolean
check_signature (gnutls_x509_crq_t request,
                 GError          **error)
{
  /* It shows that whoever made the request holds the key. */
  if (gnutls_x509_crq_verify (request, 0) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The signature on this certificate request is wrong or too weak: it was changed "
                           "after it was made, or an old program made it. Make a new one"));

  return TRUE;
}

static gboolean
check_request_key (gnutls_x509_crq_t request,
                   ChCsr            *csr,
                   GError          **error)
{
  g_auto(gnutls_pubkey_t) key = NULL;
  guint8 hash[32];
  gsize size = sizeof hash;

  gnutls_pubkey_init (&key);
  if (gnutls_pubkey_import_x509_crq (key, request, 0) < 0
      || gnutls_x509_crq_get_key_id (request, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The key in this certificate request cannot be read. Use RSA, P-256 or P-384"));

  csr->public_key = ch_pki_hex (hash, size);
  return ch_pki_check_key (key, &csr->algorithm, error);
}

static gboolean
add_common_name (gnutls_x509_crq_t request,
                 GPtrArray        *raw,
                 GError          **error)
{
  char name[256];
  gsize size = sizeof name;
  int code = gnutls_x509_crq_get_dn_by_oid (request, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size);

  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return TRUE;
  if (code < 0 || memchr (name, '\0', size) != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The common name in this certificate request cannot be read"));

  if (size > 0)
    g_ptr_array_add (raw, g_strndup (name, size));
  return TRUE;
}

static gboolean
add_request_alt_names (gnutls_x509_crq_t request,
                       GPtrArray        *raw,
                       GError          **error)
{
  g_auto(gnutls_datum_t) extension = { NULL, 0 };
  int code = gnutls_x509_crq_get_extension_by_oid2 (request, GNUTLS_X509EXT_OID_SAN, 0, &extension, NULL);

  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return TRUE;
  if (code < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The extensions of this certificate request cannot be read"));

  return ch_pki_add_alt_names (&extension, raw, error);
}

static char **
read_names (gnutls_x509_crq_t request,
            GError          **error)
{
  g_autoptr(GPtrArray) raw = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (!add_common_name (request, raw, error) || !add_request_alt_names (request, raw, error))
    return NULL;
  if (raw->len == 0)
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("This certificate request names no host. Make one with subjectAltName"));
      return NULL;
    }

  for (guint i = 0; i < raw->len; i++)
    {
      char *name = ch_name_normalise (raw->pdata[i], error);

      if (name == NULL)
        return NULL;
      g_free (raw->pdata[i]);
      raw->pdata[i] = name;
      if (g_hash_table_add (seen, name))
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

ChCsr *
ch_csr_parse (const char *pem,
              GError    **error)
{
  g_autoptr(ChCsr) csr = g_new0 (ChCsr, 1);
  g_auto(gnutls_x509_crq_t) request = NULL;

  if (!import_request (pem, &request, error)
      || !check_request_key (request, csr, error)
      || !check_signature (request, error))
    return NULL;

  csr->names = read_names (request, error);
  return csr->names != NULL ? g_steal_pointer (&csr) : NULL;
}

void
ch_csr_free (ChCsr *csr)
{
  g_strfreev (csr->names);
  g_free (csr->public_key);
  g_free (csr);
}
