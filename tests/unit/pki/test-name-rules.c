/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/names.h"

#include "lib/error.h"

#include <string.h>

/* What a public and a private CA may certify: %NULL when it may, else what the sentence says. */
static const struct
{
  const char *name, *public_says, *private_says;
} cases[] = {
  { "example.com", NULL, NULL },
  { "www.example.com", NULL, NULL },
  { "*.example.com", NULL, NULL },
  { "*.www.example.co.uk", NULL, NULL },
  { "example.co.uk", NULL, NULL },
  { "xn--bcher-kva.de", NULL, NULL },
  { "xn--d1abbgf6aiiy.xn--p1ai", NULL, NULL },
  { "github.io", NULL, NULL }, /* a suffix of the private section */
  { "*.github.io", NULL, NULL },
  { "www.ck", NULL, NULL }, /* the exception to “*.ck” */
  { "foo.zip", NULL, NULL },
  /* public suffixes */
  { "co.uk", "public suffix", "public suffix" },
  { "*.co.uk", "everybody", "everybody" },
  { "*.com", "everybody", "everybody" },
  { "*.foo.ck", "everybody", "everybody" },
  { "*.xn--p1ai", "everybody", "everybody" },
  { "*.test", "everybody", "everybody" },
  /* internal and reserved names */
  { "localhost", "single label", "single label" },
  { "com", "single label", "single label" },
  { "mail", "single label", "single label" },
  { "www.example.test", "“test”", NULL },
  { "*.example.test", "“test”", NULL },
  { "www.example", "“example”", NULL },
  { "www.invalid", "“invalid”", NULL },
  { "foo.localhost", "“localhost”", NULL },
  { "printer.local", "“local”", NULL },
  { "db.internal", "“internal”", NULL },
  { "nas.lan", "“lan”", NULL },
  { "dc1.corp", "“corp”", NULL },
  { "router.home.arpa", "“home.arpa”", NULL },
  { "host.localdomain", "“localdomain”", NULL },
  { "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion", "“onion”", NULL },
  { "name.alt", "“alt”", NULL },
  { "www.nosuchtld", "no top-level domain", NULL },
  { "1.2.0.192.in-addr.arpa", "in-addr.arpa", "in-addr.arpa" },
  { "8.b.d.0.1.0.0.2.ip6.arpa", "ip6.arpa", "ip6.arpa" },
  { "mylocal.com", NULL, NULL },
  { "_dmarc.example.com", "underscore", "underscore" },
  { "my_host.example.com", "underscore", "underscore" },
  /* not normalised */
  { "WWW.example.com", "normal form", "normal form" },
  { "www.example.com.", "normal form", "normal form" },
  { "bücher.de", "normal form", "normal form" },
  { "a b.example.com", "only letters", "only letters" },
  { "", "empty", "empty" },
  /* addresses */
  { "8.8.8.8", NULL, NULL },
  { "9.255.255.255", NULL, NULL },
  { "11.0.0.0", NULL, NULL },
  { "172.15.255.255", NULL, NULL },
  { "172.32.0.0", NULL, NULL },
  { "100.63.255.255", NULL, NULL },
  { "100.128.0.0", NULL, NULL },
  { "223.255.255.255", NULL, NULL },
  { "2606:4700::1111", NULL, NULL },
  { "2a00:1450:4001::1", NULL, NULL },
  { "0.0.0.0", "0.0.0.0/8", "0.0.0.0/8" },
  { "10.0.0.1", "10.0.0.0/8", "10.0.0.0/8" },
  { "10.255.255.255", "10.0.0.0/8", "10.0.0.0/8" },
  { "100.64.0.0", "100.64.0.0/10", "100.64.0.0/10" },
  { "127.0.0.1", "127.0.0.0/8", "127.0.0.0/8" },
  { "169.254.1.1", "169.254.0.0/16", "169.254.0.0/16" },
  { "172.16.0.0", "172.16.0.0/12", "172.16.0.0/12" },
  { "172.31.255.255", "172.16.0.0/12", "172.16.0.0/12" },
  { "192.168.0.1", "192.168.0.0/16", "192.168.0.0/16" },
  { "192.0.2.1", "192.0.2.0/24", "192.0.2.0/24" },
  { "198.51.100.7", "198.51.100.0/24", "198.51.100.0/24" },
  { "203.0.113.9", "203.0.113.0/24", "203.0.113.0/24" },
  { "224.0.0.1", "224.0.0.0/4", "224.0.0.0/4" },
  { "255.255.255.255", "240.0.0.0/4", "240.0.0.0/4" },
  { "::", "::/3", "::/3" },
  { "::1", "::/3", "::/3" },
  { "::ffff:8.8.8.8", "::/3", "::/3" },
  { "64:ff9b::808:808", "::/3", "::/3" },
  { "2001:db8::1", "2001:db8::/32", "2001:db8::/32" },
  { "2001::1", "2001::/23", "2001::/23" },
  { "2002:808:808::1", "2002::/16", "2002::/16" },
  { "3fff::1", "3fff::/20", "3fff::/20" },
  { "fc00::1", "8000::/1", "8000::/1" },
  { "fe80::1", "8000::/1", "8000::/1" },
  { "ff02::1", "8000::/1", "8000::/1" },
};

static void
check (const char *name,
       gboolean    private_ca,
       const char *says)
{
  const char *names[] = { name, NULL };
  g_autoptr(GError) error = NULL;
  gboolean allowed = ch_names_check (names, private_ca, &error);

  g_test_message ("%s (%s): %s", name, private_ca ? "private" : "public",
                  allowed ? "allowed" : error->message);
  g_assert_cmpint (allowed, ==, says == NULL);
  if (says == NULL)
    return;

  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check (cases[i].name, FALSE, cases[i].public_says);
      check (cases[i].name, TRUE, cases[i].private_says);
    }
}

static void
test_lists (void)
{
  const char *none[] = { NULL };
  const char *twice[] = { "a.example.com", "b.example.com", "a.example.com", NULL };
  const char *second[] = { "a.example.com", "b_c.example.com", NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (ch_names_check (none, FALSE, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (ch_names_check (NULL, FALSE, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_false (ch_names_check (twice, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "“a.example.com” is there twice"));
  g_clear_error (&error);

  g_assert_false (ch_names_check (second, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "b_c.example.com"));
}

static void
test_at_most_a_hundred (void)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 101; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%d.example.com", i);
      g_strv_builder_add (builder, name);
    }
  g_auto(GStrv) names = g_strv_builder_end (builder);

  g_assert_false (ch_names_check ((const char *const *) names, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "101 names"));
  g_clear_error (&error);

  g_clear_pointer (&names[100], g_free);
  g_assert_true (ch_names_check ((const char *const *) names, FALSE, &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-rules/table", test_rules);
  g_test_add_func ("/name-rules/lists", test_lists);
  g_test_add_func ("/name-rules/at-most-a-hundred", test_at_most_a_hundred);
  return g_test_run ();
}
