/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/export.h"

#include "forge.h"
#include "lib/error.h"
#include "pki/key.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What is written is read by others: openssl, certtool. The JVM's reader is asked where the command line is tested. */

typedef struct
{
  Forged *root, *intermediate, *leaf;
  GBytes *key;
  char *folder;
} World;

static void
world_set_up (World        *world,
              gconstpointer data)
{
  g_auto(gnutls_datum_t) pem = { NULL, 0 };

  world->root = forge ("Root", NULL, NULL, TRUE, 60);
  world->intermediate = forge ("Intermediate", NULL, world->root, TRUE, 40);
  world->leaf = forge ("www.example.com", NULL, world->intermediate, FALSE, 10);
  gnutls_x509_privkey_export2_pkcs8 (world->leaf->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
  world->key = g_bytes_new (pem.data, pem.size);
  world->folder = g_dir_make_tmp ("chancery-export-XXXXXX", NULL);
  g_chdir (world->folder);
  g_assert_true (g_file_set_contents ("password", "schönes Geheimnis 1\n", -1, NULL));
}

static void
world_tear_down (World        *world,
                 gconstpointer data)
{
  g_unlink ("password");
  g_unlink ("file");
  g_chdir ("/");
  g_assert_no_errno (g_rmdir (world->folder));
  g_free (world->folder);
  g_bytes_unref (world->key);
  forged_free (world->leaf);
  forged_free (world->intermediate);
  forged_free (world->root);
}

static ChExport
what (World          *world,
      ChExportFormat  format)
{
  return (ChExport) { .format = format, .leaf = world->leaf->pem, .chain = world->intermediate->pem, .name = "www.example.com" };
}

static void
write_it (const ChExport *export)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) file = ch_export (export, &error);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents ("file", g_bytes_get_data (file, NULL), (gssize) g_bytes_get_size (file), NULL));
}

/* What another program says of the file; it must succeed. */
static char *
ask (const char *command)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) argv = NULL;
  int status;

  g_shell_parse_argv (command, NULL, &argv, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s%s%s", command, error->message, out, err);
  return g_strconcat (out, err, NULL);
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

static void
test_pem (World        *world,
          gconstpointer data)
{
  static const struct { ChExportFormat format; gboolean key, leaf, chain; } cases[] = {
    { CH_EXPORT_PEM, FALSE, TRUE, FALSE }, { CH_EXPORT_CHAIN, FALSE, FALSE, TRUE },
    { CH_EXPORT_FULLCHAIN, FALSE, TRUE, TRUE }, { CH_EXPORT_PEM, TRUE, TRUE, FALSE },
    { CH_EXPORT_FULLCHAIN, TRUE, TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChExport export = what (world, cases[i].format);

      export.key = cases[i].key ? world->key : NULL;
      write_it (&export);
      g_autofree char *text = NULL;
      g_file_get_contents ("file", &text, NULL, NULL);
      g_assert_cmpuint (count (text, "-----BEGIN CERTIFICATE-----"), ==, cases[i].leaf + cases[i].chain);
      g_assert_cmpuint (count (text, "-----BEGIN PRIVATE KEY-----"), ==, cases[i].key);
      g_assert_cmpint (g_str_has_prefix (text, world->leaf->pem), ==, cases[i].leaf);
    }

  ChExport sealed = what (world, CH_EXPORT_PEM);
  sealed.key = world->key;
  sealed.password = "geheim";
  write_it (&sealed);
  g_autofree char *read = ask ("openssl pkey -in file -passin pass:geheim -noout -text");
  g_assert_nonnull (strstr (read, "256 bit"));
}

static void
test_der (World        *world,
          gconstpointer data)
{
  ChExport export = what (world, CH_EXPORT_DER);

  write_it (&export);
  g_autofree char *text = ask ("openssl x509 -inform DER -in file -outform PEM");
  g_assert_cmpstr (text, ==, world->leaf->pem);
}

static void
test_pkcs7 (World        *world,
            gconstpointer data)
{
  ChExport export = what (world, CH_EXPORT_PKCS7);

  write_it (&export);
  g_autofree char *text = ask ("openssl pkcs7 -in file -print_certs");
  g_assert_cmpuint (count (text, "-----BEGIN CERTIFICATE-----"), ==, 2);
  g_autofree char *other = ask ("certtool --p7-info --infile file");
  g_assert_nonnull (strstr (other, "Number of certificates: 2"));
}

static void
test_pkcs12 (World        *world,
             gconstpointer data)
{
  static const struct { gboolean legacy; const char *cipher, *mac; } cases[] = {
    { FALSE, "PBES2, PBKDF2, AES-256-CBC", "sha256" },
    { TRUE, "pbeWithSHA1And3-KeyTripleDES-CBC", "sha1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChExport export = what (world, CH_EXPORT_PKCS12);

      export.key = world->key;
      export.password = "schönes Geheimnis 1";
      export.legacy = cases[i].legacy;
      write_it (&export);

      g_autofree char *text = ask ("openssl pkcs12 -in file -passin file:password -nodes -info");
      g_assert_cmpuint (count (text, "-----BEGIN CERTIFICATE-----"), ==, 2);
      g_assert_cmpuint (count (text, "-----BEGIN PRIVATE KEY-----"), ==, 1);
      g_assert_cmpuint (count (text, cases[i].cipher), ==, 2);
      g_assert_nonnull (strstr (text, cases[i].mac));
      g_assert_cmpuint (count (text, "friendlyName: www.example.com"), ==, 2);
      g_autofree char *other = ask ("certtool --p12-info --inder --infile file --password 'schönes Geheimnis 1'");
      g_assert_nonnull (strstr (other, "BEGIN ENCRYPTED PRIVATE KEY"));
    }

  ChExport bare = what (world, CH_EXPORT_PKCS12);
  bare.password = "geheim";
  write_it (&bare);
  g_autofree char *text = ask ("openssl pkcs12 -in file -passin pass:geheim -nodes");
  g_assert_null (strstr (text, "PRIVATE KEY"));
}

static void
assert_refused (const ChExport *export,
                const char     *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_export (export, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_refusals (World        *world,
               gconstpointer data)
{
  static const ChExportFormat keyless[] = { CH_EXPORT_CHAIN, CH_EXPORT_DER, CH_EXPORT_PKCS7 };
  g_autoptr(GBytes) other = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autoptr(GError) error = NULL;
  ChExportFormat format;

  for (gsize i = 0; i < G_N_ELEMENTS (keyless); i++)
    {
      ChExport export = what (world, keyless[i]);

      export.key = world->key;
      assert_refused (&export, "holds no private key");
    }

  ChExport export = what (world, CH_EXPORT_PKCS12);
  export.key = world->key;
  assert_refused (&export, "needs a password");
  export.password = "";
  assert_refused (&export, "needs a password");
  export.password = "geheim";
  export.key = other;
  assert_refused (&export, "does not belong");
  export.leaf = "nothing";
  export.chain = "";
  assert_refused (&export, "no certificate");

  g_assert_false (ch_export_format_parse ("jpeg", &format, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_look (World        *world,
           gconstpointer data)
{
  g_autofree char *both = g_strconcat (world->leaf->pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                       world->root->pem, NULL);
  g_autoptr(GPtrArray) looks = ch_cert_look_all (both);
  g_autoptr(GPtrArray) none = ch_cert_look_all (NULL);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (looks->len, ==, 2);
  const ChCertLook *leaf = g_ptr_array_index (looks, 0), *root = g_ptr_array_index (looks, 1);
  g_assert_cmpstr (leaf->issuer, ==, "CN=Intermediate");
  g_assert_cmpstr (leaf->key, ==, "ECDSA SECP256R1");
  g_assert_cmpstr (leaf->signature, ==, "ECDSA-SHA256");
  g_assert_cmpuint (strlen (leaf->sha1), ==, 40);
  g_assert_cmpuint (strlen (leaf->fingerprint), ==, 64);
  g_assert_cmpstr (root->subject, ==, root->issuer);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define TEST(name) g_test_add ("/pki/export/" #name, World, NULL, world_set_up, test_##name, world_tear_down)
  TEST (pem);
  TEST (der);
  TEST (pkcs7);
  TEST (pkcs12);
  TEST (refusals);
  TEST (look);

  return g_test_run ();
}
