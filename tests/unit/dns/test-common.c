/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/common.h"
#include "lib/error.h"

#include <string.h>

/* Settings are written as "NAME=VALUE|NAME=VALUE". */
static GHashTable *
new_settings (const char *written)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) parts = g_strsplit (written, "|", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (parts[i], "=", 2);
      g_hash_table_insert (settings, g_strdup (pair[0]), g_strdup (pair[1]));
    }

  return settings;
}

static void
test_checks (void)
{
  static const struct { const char *settings, *says; } cases[] = {
    { "minimum-wait=0|maximum-wait=10", NULL },
    { "minimum-wait=3600|maximum-wait=86400", NULL },
    { "minimum-wait=60|maximum-wait=60", NULL },
    { "minimum-wait=", NULL },
    { "address-family=4|nameservers=192.0.2.1,2001:db8::1", NULL },
    { "address-family=6|nameservers=[2001:db8::1]:5301", NULL },
    { "address-family=any|nameservers=192.0.2.1", NULL },
    { "minimum-wait=-1", "minimum-wait" },
    { "minimum-wait=soon", "minimum-wait" },
    { "minimum-wait=3601", "3600" },
    { "maximum-wait=9", "maximum-wait" },
    { "maximum-wait=86401", "86400" },
    { "minimum-wait=61|maximum-wait=60", "maximum-wait" },
    { "minimum-wait=301", "which is 300" },
    { "address-family=5", "any|4|6" },
    { "address-family=6|nameservers=192.0.2.1", "IPv6" },
    { "address-family=4|nameservers=2001:db8::1", "IPv4" },
    { "nameservers=ns1.example.test", "ns1.example.test" },
    { "resolver=192.0.2.1:0", "192.0.2.1:0" },
    { "zones=www.*.test", "zones" },
    { "patience=1", "patience" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = new_settings (cases[i].settings);
      g_autoptr(GError) error = NULL;
      gboolean good = ch_fields_check (ch_dns_common_fields (), settings, NULL, &error)
                      && ch_dns_common_tidy (settings, &error);

      g_test_message ("%s: %s", cases[i].settings, error != NULL ? error->message : "good");
      g_assert_cmpint (good, ==, cases[i].says == NULL);
      if (!good)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].says));
        }
    }
}

static void
test_view (void)
{
  g_autoptr(GHashTable) empty = new_settings ("ttl=60"), full = new_settings ("resolver=192.0.2.9|address-family=6");
  ChDnsView nobody = ch_dns_common_view (NULL, "192.0.2.1");
  ChDnsView usual = ch_dns_common_view (empty, "192.0.2.1");
  ChDnsView own = ch_dns_common_view (full, "192.0.2.1");

  g_assert_cmpstr (nobody.resolver, ==, "192.0.2.1");
  g_assert_cmpint (nobody.family, ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpstr (usual.resolver, ==, "192.0.2.1");
  g_assert_null (usual.nameservers);
  g_assert_cmpint (usual.family, ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpstr (own.resolver, ==, "192.0.2.9");
  g_assert_cmpint (own.family, ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpuint (ch_dns_common_number (empty, "maximum-wait"), ==, 300);
}

static void
test_settings_are_tidied (void)
{
  g_autoptr(GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_dns_common_tidy (settings, &error));
  g_assert_cmpuint (g_hash_table_size (settings), ==, 0);

  g_hash_table_insert (settings, g_strdup ("zones"), g_strdup ("Bücher.example,*.b.test"));
  g_assert_true (ch_dns_common_tidy (settings, &error));
  g_assert_cmpstr (ch_dns_common_get (settings, "zones"), ==, "xn--bcher-kva.example, *.b.test");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/common/checks", test_checks);
  g_test_add_func ("/dns/common/view", test_view);
  g_test_add_func ("/dns/common/zones", test_settings_are_tidied);
  return g_test_run ();
}
