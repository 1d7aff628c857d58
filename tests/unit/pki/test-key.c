/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/key.h"

#include "forge.h"
#include "lib/error.h"

#include <string.h>

#define P256_HASH "94ac5f058bc41419a647beab8e98049a089dd31de8e35a8e965a3364874b56af"
#define RSA_HASH "d84e3a6831ba749fa76196e32f5775359a020d4f8ac1f8b4d5ef109cc1e966e0"

static GBytes *
load_bytes (const char *name)
{
  char *text = load (name);
  return g_bytes_new_take (text, strlen (text));
}

static void
assert_pem (GBytes     *key,
            const char *label)
{
  gsize size;
  const char *data = g_bytes_get_data (key, &size);
  g_autofree char *text = g_strndup (data, size);
  g_autofree char *begin = g_strdup_printf ("-----BEGIN %s-----\n", label);
  g_autofree char *end = g_strdup_printf ("\n-----END %s-----\n", label);

  g_assert_cmpuint (strlen (text), ==, size);
  g_assert_true (g_str_has_prefix (text, begin));
  g_assert_true (g_str_has_suffix (text, end));
}

static void
test_generate (gconstpointer data)
{
  ChKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  ChKeyAlgorithm found = 99;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) key = ch_key_generate (algorithm, &error);

  g_assert_no_error (error);
  assert_pem (key, "PRIVATE KEY");

  g_autoptr(GBytes) again = ch_key_import (key, NULL, &found, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found, ==, algorithm);
  g_assert_true (g_bytes_equal (again, key));
}

static void
test_generated_keys_differ (void)
{
  g_autoptr(GBytes) a = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autoptr(GBytes) b = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);

  g_assert_false (g_bytes_equal (a, b));
}

static const struct
{
  const char *file, *password;
  ChKeyAlgorithm algorithm;
  const char *hash; /* as openssl computes it */
} good[] = {
  { "key-p256.pem", NULL, CH_KEY_ALGORITHM_EC_P256, P256_HASH },
  { "key-p256.pem", "not needed", CH_KEY_ALGORITHM_EC_P256, P256_HASH },
  { "key-encrypted.pem", "hunter2", CH_KEY_ALGORITHM_EC_P256, P256_HASH },
  { "key-encrypted-3des.pem", "hunter2", CH_KEY_ALGORITHM_EC_P256, P256_HASH },
  { "key-encrypted-old.pem", "hunter2", CH_KEY_ALGORITHM_EC_P256, P256_HASH },
  { "key-rsa2048.pem", NULL, CH_KEY_ALGORITHM_RSA_2048, RSA_HASH },
  { "key-rsa2048-e3.pem", NULL, CH_KEY_ALGORITHM_RSA_2048, NULL },
};

static void
test_import (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      ChKeyAlgorithm algorithm = 99;
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) brought = load_bytes (good[i].file);
      g_autoptr(GBytes) key = ch_key_import (brought, good[i].password, &algorithm, &error);

      g_test_message ("%s", good[i].file);
      g_assert_no_error (error);
      g_assert_cmpint (algorithm, ==, good[i].algorithm);
      assert_pem (key, "PRIVATE KEY");

      g_autofree char *hash = ch_key_public_hash (key, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (strlen (hash), ==, 64);
      if (good[i].hash != NULL)
        g_assert_cmpstr (hash, ==, good[i].hash);
    }
}

static const struct
{
  const char *file, *password, *says;
} bad[] = {
  { "key-encrypted.pem", NULL, "Give its password" },
  { "key-encrypted.pem", "", "does not fit" },
  { "key-encrypted.pem", "sesame", "does not fit" },
  { "key-encrypted-3des.pem", "sesame", "does not fit" },
  { "key-encrypted-old.pem", NULL, "Give its password" },
  { "key-encrypted-old.pem", "sesame", "does not fit" },
  { "key-encrypted-scrypt.pem", "hunter2", "not supported" },
  { "key-encrypted-slow.pem", "hunter2", "10000001 rounds" },
  { "key-rsa1024.pem", NULL, "1024 bits is too weak" },
  { "key-rsa2056.pem", NULL, "2056 bits is not supported" },
  { "key-rsa-pss.pem", NULL, "RSA-PSS" },
  { "key-p224.pem", NULL, "SECP224R1" },
  { "key-p521.pem", NULL, "SECP521R1" },
  { "key-secp256k1.pem", NULL, "P-256 or P-384" },
  { "key-explicit-curve.pem", NULL, "P-256 or P-384" },
  { "key-ed25519.pem", NULL, "Ed25519" },
  { "key-dsa.pem", NULL, "DSA" },
  { "cert.pem", NULL, "no private key in this file" },
};

static void
test_import_refuses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) brought = load_bytes (bad[i].file);
      g_autoptr(GBytes) key = ch_key_import (brought, bad[i].password, NULL, &error);

      g_assert_null (key);
      g_test_message ("%s: %s", bad[i].file, error->message);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i].says));
      g_assert_null (strstr (error->message, "sesame"));
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static void
test_garbage (void)
{
  static const struct { const char *data; gsize size; } garbage[] = {
    { "", 0 }, { "\0", 1 }, { "hello", 5 }, { "-----BEGIN PRIVATE KEY-----", 27 },
    { "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", 54 },
    { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 59 },
    { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", 79 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) brought = g_bytes_new (garbage[i].data, garbage[i].size);

      g_assert_null (ch_key_import (brought, "hunter2", NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_null (ch_key_public_hash (brought, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_huge (void)
{
  gsize size = 1024 * 1024 + 1;
  g_autoptr(GBytes) huge = g_bytes_new_take (g_strnfill (size, '-'), size);
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_key_import (huge, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "64 KiB"));
}

/* Damage never crashes, and what is accepted is a whole key. */
static void
test_damaged (void)
{
  static const char *const files[] = { "key-p256.pem", "key-rsa2048.pem", "key-encrypted-old.pem" };

  for (guint seed = 0; seed < 600; seed++)
    {
      char *text = load (files[seed % G_N_ELEMENTS (files)]);

      mutate (text, seed);
      g_autoptr(GBytes) brought = g_bytes_new_take (text, strlen (text));
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) key = ch_key_import (brought, "hunter2", NULL, &error);

      if (key != NULL)
        assert_pem (key, "PRIVATE KEY");
      else
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_export (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P384, NULL);
  g_autoptr(GBytes) sealed = ch_key_export (key, "pässword", &error);

  g_assert_no_error (error);
  assert_pem (sealed, "ENCRYPTED PRIVATE KEY");

  gsize size;
  const void *data = g_bytes_get_data (sealed, &size);
  gnutls_datum_t pem = { (void *) data, size };
  guint schema = 0, cipher = 0;
  int code = gnutls_pkcs8_info (&pem, GNUTLS_X509_FMT_PEM, &schema, &cipher, NULL, NULL, NULL, NULL);
  g_assert_cmpint (code, ==, 0);
  g_assert_cmpuint (schema, ==, GNUTLS_PKCS_PBES2_AES_256);
  g_assert_cmpuint (cipher, ==, GNUTLS_CIPHER_AES_256_CBC);

  g_autoptr(GBytes) back = ch_key_import (sealed, "pässword", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, key));
}

static void
test_export_needs_a_password (void)
{
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  static const char *const passwords[] = { NULL, "", "\xff\xfe" };

  for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_key_export (key, passwords[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/key/generate/p256", GINT_TO_POINTER (CH_KEY_ALGORITHM_EC_P256), test_generate);
  g_test_add_data_func ("/key/generate/p384", GINT_TO_POINTER (CH_KEY_ALGORITHM_EC_P384), test_generate);
  g_test_add_data_func ("/key/generate/rsa2048", GINT_TO_POINTER (CH_KEY_ALGORITHM_RSA_2048), test_generate);
  g_test_add_func ("/key/generated-keys-differ", test_generated_keys_differ);
  g_test_add_func ("/key/import", test_import);
  g_test_add_func ("/key/import-refuses", test_import_refuses);
  g_test_add_func ("/key/garbage", test_garbage);
  g_test_add_func ("/key/huge", test_huge);
  g_test_add_func ("/key/damaged", test_damaged);
  g_test_add_func ("/key/export", test_export);
  g_test_add_func ("/key/export-needs-a-password", test_export_needs_a_password);
  return g_test_run ();
}
