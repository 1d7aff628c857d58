/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/csr.h"

#include "forge.h"
#include "lib/error.h"
#include "pki/key.h"

#include <string.h>

#define P256_HASH "94ac5f058bc41419a647beab8e98049a089dd31de8e35a8e965a3364874b56af"
#define L60 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const char *const two_names[] = { "www.example.com", "example.com", NULL };
static const char *const wildcard_and_address[] = {
  "*.xn--bcher-kva.example", "192.0.2.1", "2001:db8::1", NULL,
};
static const char *const doubles[] = { "a.example.com", "a.example.com", "b.example.com", NULL };
static const char *const undoubled[] = { "a.example.com", "b.example.com", NULL };
static const char *const long_first[] = { "a." L60 ".com", "a.example.com", NULL };
static const char *const fits_exactly[] = { L60 ".com", NULL };
static const char *const address_first[] = { "192.0.2.1", "a.example.com", NULL };

static const struct
{
  ChKeyAlgorithm algorithm;
  const char *const *names;
  const char *const *read; /* what parsing gives; NULL for the same */
  const char *common_name; /* NULL for none */
  gnutls_sign_algorithm_t signature;
} cases[] = {
  { CH_KEY_ALGORITHM_EC_P256, two_names, NULL, "www.example.com", GNUTLS_SIGN_ECDSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P384, two_names, NULL, "www.example.com", GNUTLS_SIGN_ECDSA_SHA384 },
  { CH_KEY_ALGORITHM_RSA_2048, two_names, NULL, "www.example.com", GNUTLS_SIGN_RSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P256, wildcard_and_address, NULL, "*.xn--bcher-kva.example",
    GNUTLS_SIGN_ECDSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P256, doubles, undoubled, "a.example.com", GNUTLS_SIGN_ECDSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P256, long_first, NULL, NULL, GNUTLS_SIGN_ECDSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P256, fits_exactly, NULL, L60 ".com", GNUTLS_SIGN_ECDSA_SHA256 },
  { CH_KEY_ALGORITHM_EC_P256, address_first, NULL, "192.0.2.1", GNUTLS_SIGN_ECDSA_SHA256 },
};

static void
assert_common_name (const char              *pem,
                    const char              *expected,
                    gnutls_sign_algorithm_t  signature)
{
  g_auto(gnutls_x509_crq_t) request = NULL;
  gnutls_datum_t text = { (void *) pem, strlen (pem) };
  char name[128];
  gsize size = sizeof name;

  gnutls_x509_crq_init (&request);
  g_assert_cmpint (gnutls_x509_crq_import (request, &text, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_get_signature_algorithm (request), ==, (int) signature);

  int code = gnutls_x509_crq_get_dn_by_oid (request, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size);
  if (expected == NULL)
    g_assert_cmpint (code, ==, GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
  else
    g_assert_cmpstr (name, ==, expected);
}

static void
test_new (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *rsa = load ("key-rsa2048.pem");
      g_autoptr(GBytes) key = cases[i].algorithm == CH_KEY_ALGORITHM_RSA_2048
                              ? g_bytes_new (rsa, strlen (rsa))
                              : ch_key_generate (cases[i].algorithm, &error);
      g_autofree char *pem = ch_csr_new (key, cases[i].names, &error);

      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (pem, "-----BEGIN CERTIFICATE REQUEST-----\n"));
      g_assert_true (g_str_has_suffix (pem, "\n-----END CERTIFICATE REQUEST-----\n"));
      assert_common_name (pem, cases[i].common_name, cases[i].signature);

      g_autoptr(ChCsr) csr = ch_csr_parse (pem, &error);
      g_autofree char *hash = ch_key_public_hash (key, NULL);
      const char *const *read = cases[i].read != NULL ? cases[i].read : cases[i].names;
      g_assert_no_error (error);
      g_assert_true (g_strv_equal ((const char *const *) csr->names, read));
      g_assert_cmpint (csr->algorithm, ==, cases[i].algorithm);
      g_assert_cmpstr (csr->public_key, ==, hash);
    }
}

static void
test_new_for (void)
{
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autofree char *too_long = g_strnfill (65, 'x');
  g_autoptr(GError) error = NULL;
  g_autofree char *pem = ch_csr_new_for (key, two_names, "Exämple NV", &error);
  gnutls_datum_t text = { (void *) pem, pem != NULL ? strlen (pem) : 0 };
  g_auto(gnutls_x509_crq_t) request = NULL;
  char name[100];
  gsize size = sizeof name;

  g_assert_no_error (error);
  gnutls_x509_crq_init (&request);
  g_assert_cmpint (gnutls_x509_crq_import (request, &text, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_get_dn_by_oid (request, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, 0, name, &size), ==, 0);
  g_assert_cmpstr (name, ==, "Exämple NV");
  g_assert_null (ch_csr_new_for (key, two_names, too_long, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_new_refuses (void)
{
  static const char *const none[] = { NULL };
  static const char *const broken[] = { "www.example.com", "a b", NULL };
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autofree char *ed25519 = load ("key-ed25519.pem");
  g_autoptr(GBytes) unfit = g_bytes_new (ed25519, strlen (ed25519));
  g_autoptr(GBytes) garbage = g_bytes_new_static ("garbage", 7);
  const struct { GBytes *key; const char *const *names; } wrong[] = {
    { key, none }, { key, broken }, { unfit, two_names }, { garbage, two_names },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_csr_new (wrong[i].key, wrong[i].names, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

/* Requests made by openssl. */
static const struct
{
  const char *file, *names, *says;
} brought[] = {
  { "csr.pem", "www.example.com *.example.com 192.0.2.1", NULL },
  { "csr-new-header.pem", "www.example.com", NULL },
  { "csr-idn.pem", "xn--bcher-kva.example", NULL },
  { "csr-two-cns.pem", "www.example.com a.example.com", NULL },
  { "csr-nothing.pem", NULL, "names no host" },
  { "csr-no-name.pem", NULL, "only letters" },
  { "csr-rsa1024.pem", NULL, "1024 bits" },
  { "csr-ed25519.pem", NULL, "Ed25519" },
  { "csr-secp256k1.pem", NULL, "Use RSA, P-256 or P-384" },
  { "cert.pem", NULL, "no certificate request" },
  { "key-p256.pem", NULL, "no certificate request" },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (brought); i++)
    {
      g_autofree char *pem = load (brought[i].file);
      g_autoptr(GError) error = NULL;
      g_autoptr(ChCsr) csr = ch_csr_parse (pem, &error);

      g_test_message ("%s: %s", brought[i].file, error != NULL ? error->message : "good");
      if (brought[i].says != NULL)
        {
          g_assert_null (csr);
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, brought[i].says));
          continue;
        }

      g_assert_no_error (error);
      g_autofree char *names = g_strjoinv (" ", csr->names);
      g_assert_cmpstr (names, ==, brought[i].names);
      g_assert_cmpstr (csr->public_key, ==, P256_HASH);
      g_assert_cmpint (csr->algorithm, ==, CH_KEY_ALGORITHM_EC_P256);
    }
}

/* A request whose names were changed after signing. */
static void
test_forged_signature (void)
{
  g_autofree char *pem = load ("csr.pem");
  g_auto(gnutls_datum_t) der = { NULL, 0 };
  g_auto(gnutls_datum_t) changed = { NULL, 0 };
  gnutls_datum_t text = { (void *) pem, strlen (pem) };
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (gnutls_pem_base64_decode2 ("CERTIFICATE REQUEST", &text, &der), ==, 0);
  char *name = memmem (der.data, der.size, "WWW.Example.com", 15);
  g_assert_nonnull (name);
  memcpy (name, "WWW.Exbmple.com", 15);
  g_assert_cmpint (gnutls_pem_base64_encode2 ("CERTIFICATE REQUEST", &der, &changed), ==, 0);

  g_assert_null (ch_csr_parse ((const char *) changed.data, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "signature"));
}

static void
test_damaged (void)
{
  for (guint seed = 0; seed < 1000; seed++)
    {
      g_autofree char *pem = load ("csr.pem");
      g_autoptr(GError) error = NULL;

      mutate (pem, seed);
      g_autoptr(ChCsr) csr = ch_csr_parse (pem, &error);
      if (csr == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      else
        g_assert_cmpstr (csr->public_key, ==, P256_HASH);
    }
}

static void
test_huge (void)
{
  g_autofree char *huge = g_strnfill (1024 * 1024 + 1, 'A');
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_csr_parse (huge, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "64 KiB"));
}

static void
test_too_many_names (void)
{
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 1001; i++)
    {
      g_autofree char *name = g_strdup_printf ("h%d.example.com", i);
      g_strv_builder_add (builder, name);
    }
  g_auto(GStrv) names = g_strv_builder_end (builder);
  g_autofree char *pem = ch_csr_new (key, (const char *const *) names, &error);
  g_assert_no_error (error);

  g_assert_null (ch_csr_parse (pem, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "more than 1000 names"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csr/new", test_new);
  g_test_add_func ("/csr/new-for", test_new_for);
  g_test_add_func ("/csr/new-refuses", test_new_refuses);
  g_test_add_func ("/csr/parse", test_parse);
  g_test_add_func ("/csr/forged-signature", test_forged_signature);
  g_test_add_func ("/csr/damaged", test_damaged);
  g_test_add_func ("/csr/huge", test_huge);
  g_test_add_func ("/csr/too-many-names", test_too_many_names);
  return g_test_run ();
}
