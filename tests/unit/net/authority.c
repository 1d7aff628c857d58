/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authority.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

struct _TestAuthority
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t cert;
  char *pem;
};

static gnutls_x509_privkey_t
key_new (void)
{
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                                 GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), ==, 0);
  return key;
}

static gnutls_x509_crt_t
cert_new (gnutls_x509_privkey_t  key,
          const char            *name,
          int                    from,
          int                    until)
{
  static guint32 serial = 1;
  gnutls_x509_crt_t cert;
  guint32 number = GUINT32_TO_BE (serial++);
  time_t now = time (NULL);

  g_assert_cmpint (gnutls_x509_crt_init (&cert), ==, 0);
  gnutls_x509_crt_set_version (cert, 3);
  gnutls_x509_crt_set_serial (cert, &number, sizeof number);
  gnutls_x509_crt_set_dn_by_oid (cert, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name));
  gnutls_x509_crt_set_activation_time (cert, now + from);
  gnutls_x509_crt_set_expiration_time (cert, now + until);
  gnutls_x509_crt_set_key (cert, key);
  return cert;
}

static char *
to_text (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

TestAuthority *
test_authority_new (void)
{
  TestAuthority *self = g_new0 (TestAuthority, 1);
  gnutls_datum_t pem;

  self->key = key_new ();
  self->cert = cert_new (self->key, "Test root", -3600, 86400);
  gnutls_x509_crt_set_ca_status (self->cert, 1);
  gnutls_x509_crt_set_key_usage (self->cert, GNUTLS_KEY_KEY_CERT_SIGN);
  g_assert_cmpint (gnutls_x509_crt_sign2 (self->cert, self->cert, self->key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (self->cert, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  self->pem = to_text (&pem);

  return self;
}

void
test_authority_free (TestAuthority *self)
{
  gnutls_x509_privkey_deinit (self->key);
  gnutls_x509_crt_deinit (self->cert);
  g_free (self->pem);
  g_free (self);
}

const char *
test_authority_pem (TestAuthority *self)
{
  return self->pem;
}

GTlsCertificate *
test_authority_issue (TestAuthority *self,
                      const char    *host,
                      int            from,
                      int            until)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr(GError) error = NULL;
  gnutls_x509_privkey_t key = key_new ();
  gnutls_x509_crt_t cert = cert_new (key, host, from, until);
  gnutls_datum_t cert_pem, key_pem;

  if (address != NULL)
    gnutls_x509_crt_set_subject_alt_name (cert, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                                          g_inet_address_get_native_size (address), 0);
  else
    gnutls_x509_crt_set_subject_alt_name (cert, GNUTLS_SAN_DNSNAME, host, strlen (host), 0);
  gnutls_x509_crt_set_key_purpose_oid (cert, GNUTLS_KP_TLS_WWW_SERVER, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (cert, self->cert, self->key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (cert, GNUTLS_X509_FMT_PEM, &cert_pem), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &key_pem), ==, 0);
  gnutls_x509_crt_deinit (cert);
  gnutls_x509_privkey_deinit (key);

  g_autofree char *first = to_text (&cert_pem);
  g_autofree char *second = to_text (&key_pem);
  g_autofree char *both = g_strconcat (first, second, NULL);
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (both, -1, &error);
  g_assert_no_error (error);

  return certificate;
}
