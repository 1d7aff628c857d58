/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forge.h"

#include <string.h>

char *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

void
mutate (char  *text,
        guint  seed)
{
  static const char bytes[] = "AZaz09+/=\n-\x80 ";
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  gsize length = strlen (text);

  for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
    text[g_rand_int_range (rand, 27, length)] = bytes[g_rand_int_range (rand, 0, sizeof bytes - 1)];
}

static void
set_serial (gnutls_x509_crt_t crt)
{
  static guint32 last = 0;
  guint32 serial = GUINT32_TO_BE (++last);

  gnutls_x509_crt_set_serial (crt, &serial, sizeof serial);
}

static void
set_key (Forged       *forged,
         const Forged *like)
{
  gnutls_x509_privkey_init (&forged->key);
  if (like != NULL)
    gnutls_x509_privkey_cpy (forged->key, like->key);
  else
    gnutls_x509_privkey_generate (forged->key, GNUTLS_PK_ECDSA,
                                  GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_set_key (forged->crt, forged->key);
}

Forged *
forge (const char   *subject,
       const Forged *like,
       const Forged *issuer,
       gboolean      is_ca,
       int           days)
{
  Forged *forged = g_new0 (Forged, 1);
  g_auto(gnutls_datum_t) pem = { NULL, 0 };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  gnutls_x509_crt_init (&forged->crt);
  gnutls_x509_crt_set_version (forged->crt, 3);
  gnutls_x509_crt_set_activation_time (forged->crt, now);
  gnutls_x509_crt_set_expiration_time (forged->crt, now + days * 86400);
  gnutls_x509_crt_set_dn_by_oid (forged->crt, GNUTLS_OID_X520_COMMON_NAME, 0, subject, strlen (subject));
  gnutls_x509_crt_set_basic_constraints (forged->crt, is_ca, -1);
  set_serial (forged->crt);
  set_key (forged, like);
  if (issuer == NULL)
    issuer = forged;
  g_assert_cmpint (gnutls_x509_crt_sign2 (forged->crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0),
                   ==, 0);

  g_assert_cmpint (gnutls_x509_crt_export2 (forged->crt, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  forged->pem = g_strndup ((const char *) pem.data, pem.size);
  return forged;
}

void
forged_free (Forged *forged)
{
  gnutls_x509_privkey_deinit (forged->key);
  gnutls_x509_crt_deinit (forged->crt);
  g_free (forged->pem);
  g_free (forged);
}
