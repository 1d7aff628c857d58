/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "lib/error.h"
#include "pki/names.h"
#include "pki/x509.h"

#include <glib/gi18n.h>
#include <string.h>

/* Returns: %NULL, so that failing is one line. */
static void *
broken (GError **error)
{
  ch_error_set (error, CH_ERROR_INVALID, _("This certificate is damaged. Fetch it again"));
  return NULL;
}

/* DER puts a zero byte before a number whose first bit is set; it is no part of the number. */
static char *
read_serial (gnutls_x509_crt_t crt)
{
  guint8 serial[128];
  gsize size = sizeof serial;

  if (gnutls_x509_crt_get_serial (crt, serial, &size) < 0 || size == 0)
    return NULL;

  gsize start = size > 1 && serial[0] == 0 ? 1 : 0;
  return ch_pki_hex (serial + start, size - start);
}

static char *
read_dn (gnutls_x509_crt_t crt,
         int (*get) (gnutls_x509_crt_t, gnutls_datum_t *, unsigned))
{
  g_auto(gnutls_datum_t) dn = { NULL, 0 };
  int code = get (crt, &dn, 0);

  /* RFC 5280 section 4.1.2.6: an empty subject is allowed when there are SANs. */
  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return g_strdup ("");
  if (code < 0)
    return NULL;

  g_autofree char *text = g_strndup ((const char *) dn.data, dn.size);
  return g_utf8_make_valid (text, -1);
}

static void
add_common_name (gnutls_x509_crt_t crt,
                 GPtrArray        *names)
{
  char name[256];
  gsize size = sizeof name;

  if (gnutls_x509_crt_get_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size) < 0)
    return;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isgraph (name[i]))
      return;

  if (size > 0)
    g_ptr_array_add (names, g_ascii_strdown (name, size));
}

static char **
read_names (gnutls_x509_crt_t crt,
            GError          **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_auto(gnutls_datum_t) extension = { NULL, 0 };
  int code = gnutls_x509_crt_get_extension_by_oid2 (crt, GNUTLS_X509EXT_OID_SAN, 0, &extension, NULL);

  if (code >= 0 && !ch_pki_add_alt_names (&extension, names, error))
    return NULL;
  if (code < 0 && code != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return broken (error);
  if (names->len == 0)
    add_common_name (crt, names);

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
read_hashes (gnutls_x509_crt_t crt,
             ChCert           *cert)
{
  guint8 hash[32];
  gsize size = sizeof hash;

  if (gnutls_x509_crt_get_fingerprint (crt, GNUTLS_DIG_SHA256, hash, &size) < 0)
    return FALSE;
  cert->fingerprint = ch_pki_hex (hash, size);

  size = sizeof hash;
  if (gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0)
    return FALSE;
  cert->public_key = ch_pki_hex (hash, size);
  return TRUE;
}

static char *
export_pem (gnutls_x509_crt_t crt)
{
  g_auto(gnutls_datum_t) pem = { NULL, 0 };

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
    return NULL;

  return g_strndup ((const char *) pem.data, pem.size);
}

static ChCert *
read_facts (gnutls_x509_crt_t crt,
            GError          **error)
{
  g_autoptr(ChCert) cert = g_new0 (ChCert, 1);

  cert->serial = read_serial (crt);
  cert->subject = read_dn (crt, gnutls_x509_crt_get_dn3);
  cert->issuer = read_dn (crt, gnutls_x509_crt_get_issuer_dn3);
  cert->not_before = gnutls_x509_crt_get_activation_time (crt);
  cert->not_after = gnutls_x509_crt_get_expiration_time (crt);
  cert->pem = export_pem (crt);
  if (cert->serial == NULL || cert->subject == NULL || cert->issuer == NULL || cert->pem == NULL
      || cert->not_before < 0 || cert->not_after < 0 || !read_hashes (crt, cert))
    return broken (error);

  cert->names = read_names (crt, error);
  return cert->names != NULL ? g_steal_pointer (&cert) : NULL;
}

ChCert *
ch_cert_parse (const char *pem,
               GError    **error)
{
  g_autofree char *block = ch_pki_next_certificate (&pem);
  g_auto(gnutls_x509_crt_t) crt = NULL;

  if (block == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("This is no certificate in PEM. Give a text that begins with “-----BEGIN "
                      "CERTIFICATE-----”"));
      return NULL;
    }

  gnutls_datum_t text = { (void *) block, strlen (block) };
  if (!ch_pki_fits (text.size, error))
    return NULL;

  gnutls_x509_crt_init (&crt);
  if (gnutls_x509_crt_import (crt, &text, GNUTLS_X509_FMT_PEM) < 0)
    return broken (error);

  return read_facts (crt, error);
}

void
ch_cert_free (ChCert *cert)
{
  g_free (cert->serial);
  g_free (cert->subject);
  g_free (cert->issuer);
  g_strfreev (cert->names);
  g_free (cert->fingerprint);
  g_free (cert->public_key);
  g_free (cert->pem);
  g_free (cert);
}

/* RFC 9525 section 6.3: "*" is the whole leftmost label and stands for exactly one label. That two
 * more labels must follow is what GnuTLS and the browsers ask on top: nobody is given "*.com". */
static gboolean
wildcard_covers (const char *name,
                 const char *host)
{
  const char *below = strchr (host, '.');

  return g_str_has_prefix (name, "*.")
         && strchr (name + 1, '*') == NULL
         && strchr (name + 2, '.') != NULL
         && below != NULL
         && below != host
         && g_ascii_strcasecmp (name + 1, below) == 0;
}

gboolean
ch_cert_covers (const char *const *names,
                const char        *host)
{
  g_autofree char *wanted = ch_name_normalise (host, NULL);

  if (wanted == NULL)
    return FALSE;

  gboolean may_match_wildcard = !g_hostname_is_ip_address (wanted) && *wanted != '*';
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], wanted) == 0
        || (may_match_wildcard && wildcard_covers (names[i], wanted)))
      return TRUE;

  return FALSE;
}
