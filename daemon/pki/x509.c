/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/x509.h"

#include "lib/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* The largest subjectAltName that is read: a hundred names of full length fit. */
#define MAX_ALT_NAMES (32 * 1024)

gboolean
ch_pki_fits (gsize    length,
             GError **error)
{
  if (length <= CH_PKI_MAX_OBJECT)
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("This is larger than 64 KiB; no key, request or certificate is. Give the "
                         "right file"));
}

char *
ch_pki_next_certificate (const char **cursor)
{
  const char *start = strstr (*cursor, BEGIN);
  const char *end = start != NULL ? strstr (start, END) : NULL;

  if (end == NULL)
    return NULL;

  *cursor = end + strlen (END);
  return g_strndup (start, *cursor - start);
}

char *
ch_pki_hex (const guint8 *data,
            gsize         length)
{
  GString *hex = g_string_sized_new (2 * length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", data[i]);

  return g_string_free (hex, FALSE);
}

/* BR 6.1.6: the public exponent is odd and at least 3. */
static gboolean
check_exponent (gnutls_pubkey_t key,
                GError        **error)
{
  g_auto(gnutls_datum_t) modulus = { NULL, 0 };
  g_auto(gnutls_datum_t) exponent = { NULL, 0 };

  if (gnutls_pubkey_export_rsa_raw2 (key, &modulus, &exponent, GNUTLS_EXPORT_FLAG_NO_LZ) < 0
      || exponent.size == 0
      || (exponent.data[exponent.size - 1] & 1) == 0
      || (exponent.size == 1 && exponent.data[0] < 3))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The public exponent of this RSA key is even or below 3, which CAs refuse. Make "
                           "a new key"));

  return TRUE;
}

static gboolean
check_rsa (gnutls_pubkey_t key,
           guint           bits,
           ChKeyAlgorithm *algorithm,
           GError        **error)
{
  switch (bits)
    {
    case 2048:
      *algorithm = CH_KEY_ALGORITHM_RSA_2048;
      break;
    case 3072:
      *algorithm = CH_KEY_ALGORITHM_RSA_3072;
      break;
    case 4096:
      *algorithm = CH_KEY_ALGORITHM_RSA_4096;
      break;
    default:
      if (bits < 2048)
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("An RSA key of %u bits is too weak for a public certificate. Use 2048, 3072 "
                               "or 4096 bits"), bits);
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("An RSA key of %u bits is not supported. Use 2048, 3072 or 4096 bits"), bits);
    }

  return check_exponent (key, error);
}

static gboolean
check_ecdsa (gnutls_pubkey_t  key,
             ChKeyAlgorithm  *algorithm,
             GError         **error)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

  gnutls_pubkey_export_ecc_raw2 (key, &curve, NULL, NULL, 0);
  switch (curve)
    {
    case GNUTLS_ECC_CURVE_SECP256R1:
      *algorithm = CH_KEY_ALGORITHM_EC_P256;
      return TRUE;
    case GNUTLS_ECC_CURVE_SECP384R1:
      *algorithm = CH_KEY_ALGORITHM_EC_P384;
      return TRUE;
    default:
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("The curve %s is not accepted for public certificates. Use P-256 or P-384"),
                           gnutls_ecc_curve_get_name (curve) ?: "?");
    }
}

gboolean
ch_pki_check_key (gnutls_pubkey_t  key,
                  ChKeyAlgorithm  *algorithm,
                  GError         **error)
{
  guint bits = 0;
  int kind = gnutls_pubkey_get_pk_algorithm (key, &bits);
  ChKeyAlgorithm found = CH_KEY_ALGORITHM_RSA_2048;

  if (kind == GNUTLS_PK_RSA)
    {
      if (!check_rsa (key, bits, &found, error))
        return FALSE;
    }
  else if (kind == GNUTLS_PK_ECDSA)
    {
      if (!check_ecdsa (key, &found, error))
        return FALSE;
    }
  else
    {
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("Keys of the kind %s are not accepted for public certificates. Use RSA, P-256 "
                             "or P-384"),
                           kind > 0 ? gnutls_pk_get_name (kind) : "?");
    }

  if (algorithm != NULL)
    *algorithm = found;
  return TRUE;
}

static char *
dns_name (const gnutls_datum_t *value)
{
  for (guint i = 0; i < value->size; i++)
    if (!g_ascii_isgraph (value->data[i]))
      return NULL;

  return value->size > 0 ? g_ascii_strdown ((const char *) value->data, value->size) : NULL;
}

static char *
ip_address (const gnutls_datum_t *value)
{
  if (value->size != 4 && value->size != 16)
    return NULL;

  GSocketFamily family = value->size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes (value->data, family);
  return g_inet_address_to_string (address);
}

static char *
name_of (guint                 type,
         const gnutls_datum_t *value)
{
  if (type == GNUTLS_SAN_DNSNAME)
    return dns_name (value);
  if (type == GNUTLS_SAN_IPADDRESS)
    return ip_address (value);

  return NULL;
}

gboolean
ch_pki_add_alt_names (const gnutls_datum_t *extension,
                      GPtrArray            *names,
                      GError              **error)
{
  g_auto(gnutls_subject_alt_names_t) list = NULL;
  gnutls_datum_t value;
  guint type;

  if (extension->size > MAX_ALT_NAMES
      || gnutls_subject_alt_names_init (&list) < 0
      || gnutls_x509_ext_import_subject_alt_names (extension, list, 0) < 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The list of names in it (subjectAltName) is too long or damaged"));

  for (guint i = 0; gnutls_subject_alt_names_get (list, i, &type, &value, NULL) >= 0; i++)
    {
      char *name = name_of (type, &value);

      if (names->len >= CH_PKI_MAX_NAMES)
        {
          g_free (name);
          return ch_error_set (error, CH_ERROR_INVALID, _("It holds more than %d names"), CH_PKI_MAX_NAMES);
        }
      if (name != NULL)
        g_ptr_array_add (names, name);
    }

  return TRUE;
}
