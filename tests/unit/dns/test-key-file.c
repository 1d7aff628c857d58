/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/key-file.h"
#include "dns/provider.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>

#define SECRET "c2VjcmV0IHNlY3JldCBzZWNyZXQ="
#define OTHER "b3RoZXIgb3RoZXIgb3RoZXI="

static void
test_good_files (void)
{
  static const struct { const char *text, *wanted, *name, *algorithm, *secret; } cases[] = {
    /* as tsig-keygen writes it */
    { "key \"tsig-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n", NULL,
      "tsig-key", "hmac-sha256", SECRET },
    { "key k{algorithm hmac-sha512;secret " SECRET ";};", NULL, "k", "hmac-sha512", SECRET },
    { "key K.Example. { secret \"" SECRET "\"; algorithm \"HMAC-SHA1.\"; };", NULL,
      "k.example", "hmac-sha1", SECRET },
    { "# a comment; }\n// another \"\n/* and\n * a third { */ key /**/ k { algorithm hmac-sha384; // why\n"
      "secret \"" SECRET "\"; # end\n}\n;\n# no newline at the end", NULL, "k", "hmac-sha384", SECRET },
    { "\r\n key\tk\r\n{ algorithm\thmac-sha224;\r\nsecret \"" SECRET "\";\r\n};\r\n", NULL,
      "k", "hmac-sha224", SECRET },
    { "key a { algorithm hmac-sha256; secret " SECRET "; };\n"
      "key b { algorithm hmac-sha1; secret " OTHER "; };", "B.", "b", "hmac-sha1", OTHER },
    { "key only { algorithm hmac-sha256; secret " SECRET "; };", "ignored", "only", "hmac-sha256", SECRET },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChKeyFile) file = ch_key_file_parse (cases[i].text, cases[i].wanted, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (file->name, ==, cases[i].name);
      g_assert_cmpstr (file->algorithm, ==, cases[i].algorithm);
      g_assert_cmpstr (file->secret, ==, cases[i].secret);
    }
}

static void
test_bad_files (void)
{
  static const struct { const char *text, *says; } cases[] = {
    { "", "holds no key" },
    { "   # nothing\n", "holds no key" },
    { "hello", "only “key" },
    { SECRET, "only “key" },
    { "options { };", "only “key" },
    { "key", "ends in the middle" },
    { "key {", "name of the key" },
    { "key \"k", "not closed" },
    { "key \"k\n\" {", "Line 1" },
    { "key k", "ends in the middle" },
    { "key k;", "“{” is missing" },
    { "key k { algorithm hmac-sha256; secret " SECRET "; }", "ends in the middle" },
    { "key k { algorithm hmac-sha256; secret " SECRET " };", "“;” is missing" },
    { "key k { algorithm hmac-sha256 secret " SECRET "; };", "“;” is missing" },
    { "key k { algorithm hmac-sha256; };", "no secret" },
    { "key k { secret " SECRET "; };", "no algorithm" },
    { "key k { };", "no secret" },
    { "key k { ; };", "is missing" },
    { "key k { algorithm; secret " SECRET "; };", "algorithm is missing" },
    { "key k { algorithm hmac-sha256; secret " SECRET "; secret " SECRET "; };", "a second “secret”" },
    { "key k { algorithm hmac-sha256; algorithm hmac-sha256; secret " SECRET "; };", "a second “algorithm”" },
    { "key k { algorithm hmac-sha256; " SECRET "; };", "only “algorithm” and “secret”" },
    { "key k { algorithm hmac-md5; secret " SECRET "; };", "hmac-md5" },
    { "key k { algorithm hmac-sha256-128; secret " SECRET "; };", "hmac-sha256-128" },
    { "key k { algorithm hmac-sha256; secret \"not base64!\"; };", "not base64" },
    { "key k { algorithm hmac-sha256; secret \"\"; };", "not base64" },
    { "key \"k k\" { algorithm hmac-sha256; secret " SECRET "; };", "DNS name" },
    { "key \"\" { algorithm hmac-sha256; secret " SECRET "; };", "DNS name" },
    { "key k { /* no end", "no end" },
    { "key a { algorithm hmac-sha256; secret " SECRET "; };\n"
      "key b { algorithm hmac-sha256; secret " SECRET "; };",
      "key-name" },
    { "\n\nkey k {\nalgorithm hmac-sha256;\nsecret " SECRET "\n};", "Line 6" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_key_file_parse (cases[i].text, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (strstr (error->message, SECRET));
    }
}

/* every file that stops somewhere, and every file with one octet changed, is read or refused, nothing else */
static void
test_damaged_files (void)
{
  static const char good[] = "/*c*/key \"k\" { algorithm hmac-sha256; // x\n secret \"" SECRET "\"; };\n";
  static const char odd[] = "{};\"/*#\n\\\x01\xff";

  for (gsize cut = 0; cut < sizeof good - 1; cut++)
    {
      g_autofree char *text = g_strndup (good, cut);
      g_autoptr(GError) error = NULL;
      g_autoptr(ChKeyFile) file = ch_key_file_parse (text, NULL, &error);

      g_assert_true ((file == NULL) == (error != NULL));
      g_assert_true (cut >= sizeof good - 2 || file == NULL);
    }

  for (gsize at = 0; at < sizeof good - 1; at++)
    for (const char *change = odd; *change != '\0'; change++)
      {
        g_autofree char *text = g_strdup (good);
        g_autoptr(GError) error = NULL;

        text[at] = *change;
        g_autoptr(ChKeyFile) file = ch_key_file_parse (text, NULL, &error);
        g_assert_true ((file == NULL) == (error != NULL));
      }
}

static void
test_many_keys (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "key k%d { algorithm hmac-sha256; secret " SECRET "; };\n", i);

  g_assert_null (ch_key_file_parse (text->str, "k999", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "too many"));
}

static gboolean
prepare (const char  *key_name,
         const char  *secret,
         const char  *key_file,
         GHashTable **settings,
         GHashTable **secrets,
         GError     **error)
{
  *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  *secrets = ch_secret_table_new ();
  if (key_name != NULL)
    g_hash_table_replace (*settings, g_strdup ("key-name"), g_strdup (key_name));
  if (secret != NULL)
    g_hash_table_replace (*secrets, g_strdup ("tsig-secret"), g_strdup (secret));
  if (key_file != NULL)
    g_hash_table_replace (*secrets, g_strdup ("key-file"), g_strdup (key_file));

  return ch_dns_find ("rfc2136", NULL)->prepare (*settings, *secrets, error);
}

static void
test_prepare (void)
{
  static const char file[] = "key \"from-file\" { algorithm hmac-sha512; secret \"" SECRET "\"; };";
  static const struct { const char *key_name, *secret, *key_file, *says; } cases[] = {
    { "k", SECRET, NULL, NULL },
    { NULL, NULL, file, NULL },
    { NULL, OTHER, file, NULL },
    { NULL, NULL, NULL, "A key is needed" },
    { "k", NULL, NULL, "secret of the key “k” is missing" },
    { NULL, SECRET, NULL, "A key is needed" },
    { "k", "???", NULL, "not base64" },
    { NULL, NULL, "key k", "Line 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = NULL;
      g_autoptr(GHashTable) secrets = NULL;
      g_autoptr(GError) error = NULL;
      gboolean good = prepare (cases[i].key_name, cases[i].secret, cases[i].key_file, &settings, &secrets,
                               &error);

      g_assert_cmpint (good, ==, cases[i].says == NULL);
      if (!good)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].says));
        }
      else if (cases[i].key_file != NULL)
        {
          g_assert_cmpstr (g_hash_table_lookup (settings, "key-name"), ==, "from-file");
          g_assert_cmpstr (g_hash_table_lookup (settings, "algorithm"), ==, "hmac-sha512");
          g_assert_cmpstr (g_hash_table_lookup (secrets, "tsig-secret"), ==, SECRET);
          g_assert_null (g_hash_table_lookup (secrets, "key-file"));
        }
    }
}

/* an edit that leaves the secrets alone */
static void
test_prepare_without_secrets (void)
{
  g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  const ChDnsProvider *provider = ch_dns_find ("rfc2136", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (provider->prepare (settings, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_hash_table_insert (settings, (char *) "key-name", (char *) "k");
  g_assert_true (provider->prepare (settings, NULL, &error));
  g_assert_no_error (error);
}

static void
test_registry (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_dns_find ("pigeon", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "rfc2136"));
  for (gsize i = 0; ch_dns_list ()[i] != NULL; i++)
    g_assert_true (ch_dns_find (ch_dns_list ()[i]->kind, NULL) == ch_dns_list ()[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-file/good", test_good_files);
  g_test_add_func ("/key-file/bad", test_bad_files);
  g_test_add_func ("/key-file/damaged", test_damaged_files);
  g_test_add_func ("/key-file/many-keys", test_many_keys);
  g_test_add_func ("/rfc2136/prepare", test_prepare);
  g_test_add_func ("/rfc2136/prepare-without-secrets", test_prepare_without_secrets);
  g_test_add_func ("/dns/registry", test_registry);
  return g_test_run ();
}
