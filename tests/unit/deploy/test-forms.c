/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/files.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "stage.h"

#include <string.h>

#define PASSWORD "a good word"

static TestCert *leaf, *issuer;

static GBytes *
make (const ChPartForm *form,
      GError          **error)
{
  g_autoptr(GBytes) key = ch_secret_new (leaf->key);
  ChPartSource source = { leaf->pem, issuer->pem, NULL, key };

  return ch_part_content (&source, form, NULL, error);
}

/* What a program makes of the file that is called “file” in a folder of its own, with the password beside it. */
static char *
ask (const ChPartForm *form,
     const char       *command)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "file");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = make (form, &error);
  g_autofree char *full = g_strdup_printf ("cd %s && %s", folder, command);
  const char *argv[] = { "/bin/sh", "-c", full, NULL };
  char *output = NULL;
  int status;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content), NULL));
  test_write (folder, "password", PASSWORD);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, NULL));
  g_test_message ("%s: %s", command, output);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return output;
}

static guint
count (const char *text,
       const char *what)
{
  g_auto(GStrv) pieces = g_strsplit (text, what, -1);

  return g_strv_length (pieces) - 1;
}

static gboolean
is_there (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_test_skip ("not installed");
  return path != NULL;
}

static void
test_der (void)
{
  const ChPartForm certificate = { .part = "certificate", .format = "der" }, key = { .part = "key", .format = "der" };

  if (!is_there ("openssl"))
    return;

  g_autofree char *pem = ask (&certificate, "openssl x509 -inform DER -in file");
  g_autofree char *public = ask (&certificate, "openssl x509 -inform DER -in file -noout -pubkey");
  g_autofree char *of_key = ask (&key, "openssl pkey -inform DER -in file -pubout");
  g_assert_cmpstr (g_strstrip (pem), ==, g_strstrip (leaf->pem));
  g_assert_cmpstr (of_key, ==, public);
}

static void
test_pkcs12 (void)
{
  const ChPartForm all = { .part = "all", .format = "pkcs12", .alias = "tomcat", .password = PASSWORD };
  const ChPartForm public = { .part = "fullchain", .format = "pkcs12", .password = PASSWORD };

  if (!is_there ("openssl"))
    return;

  g_autofree char *with_key = ask (&all, "openssl pkcs12 -in file -passin file:password -nodes");
  g_autofree char *without = ask (&public, "openssl pkcs12 -in file -passin file:password -nodes");
  g_assert_cmpuint (count (with_key, "BEGIN CERTIFICATE"), ==, 2);
  g_assert_cmpuint (count (with_key, "BEGIN PRIVATE KEY"), ==, 1);
  g_assert_cmpuint (count (with_key, "friendlyName: tomcat"), ==, 2);
  g_assert_cmpuint (count (without, "BEGIN CERTIFICATE"), ==, 2);
  g_assert_cmpuint (count (without, "PRIVATE KEY"), ==, 0);
}

/* Two things that Java reads: PKCS#12, and its own. */
static void
test_java (void)
{
  static const char list[] = "keytool -list -keystore file -storepass:file password";
  const ChPartForm pkcs12 = { .part = "all", .format = "pkcs12", .alias = "tomcat", .password = PASSWORD };
  const ChPartForm jks = { .part = "all", .format = "jks", .password = PASSWORD };
  const ChPartForm public = { .part = "fullchain", .format = "jks", .alias = "ca", .password = PASSWORD };

  if (!is_there ("keytool"))
    return;

  g_autofree char *first = ask (&pkcs12, list), *second = ask (&jks, list), *third = ask (&public, list);
  g_assert_nonnull (strstr (first, "tomcat, "));
  g_assert_cmpuint (count (first, "PrivateKeyEntry"), ==, 1);
  g_assert_nonnull (strstr (second, "Keystore type: JKS"));
  g_assert_nonnull (strstr (second, "tls, "));
  g_assert_cmpuint (count (second, "PrivateKeyEntry"), ==, 1);
  g_assert_cmpuint (count (third, "trustedCertEntry"), ==, 2);
  g_assert_nonnull (strstr (third, "ca-2, "));
}

/* Nobody can find keytool here. */
static void
test_no_keytool (void)
{
  const ChPartForm jks = { .part = "all", .format = "jks", .password = PASSWORD };
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autoptr(GError) error = NULL;

  g_setenv ("PATH", "/nowhere", TRUE);
  g_assert_null (make (&jks, &error));
  g_setenv ("PATH", path, TRUE);
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "pkcs12"));
}

static void
test_refused (void)
{
  static const struct { const char *part, *format, *alias, *password, *says; } cases[] = {
    { "chain", "der", NULL, NULL, "certificate, key" },
    { "fullchain", "der", NULL, NULL, "certificate, key" },
    { "key", "pkcs12", NULL, PASSWORD, "all, fullchain, certificate" },
    { "chain", "jks", NULL, PASSWORD, "all, fullchain, certificate" },
    { "all", "pkcs12", NULL, NULL, "needs a password" },
    { "all", "pkcs12", NULL, "", "needs a password" },
    { "all", "jks", NULL, NULL, "needs a password" },
    { "all", "jks", NULL, "short", "6" },
    { "all", "pkcs12", NULL, "pässword", "ASCII" },
    { "all", "pem", "name", NULL, "alias" },
    { "all", "p12", NULL, PASSWORD, "pem, der, pkcs12, jks" },
    { "soul", "der", NULL, NULL, "soul" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ChPartForm form = { cases[i].part, cases[i].format, cases[i].alias, cases[i].password };
      g_autoptr(GError) error = NULL;

      g_test_message ("case %zu", i);
      g_assert_null (make (&form, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  leaf = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  issuer = test_cert_new ("issuer.example.test", GNUTLS_PK_RSA);
  g_test_add_func ("/deploy/forms/der", test_der);
  g_test_add_func ("/deploy/forms/pkcs12", test_pkcs12);
  g_test_add_func ("/deploy/forms/java", test_java);
  g_test_add_func ("/deploy/forms/no-keytool", test_no_keytool);
  g_test_add_func ("/deploy/forms/refused", test_refused);

  int status = g_test_run ();
  test_cert_free (leaf);
  test_cert_free (issuer);
  return status;
}
