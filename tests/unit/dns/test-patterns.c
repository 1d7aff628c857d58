/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/patterns.h"
#include "lib/error.h"

#include <string.h>

static void
test_tidy (void)
{
  static const struct { const char *written, *tidy; } good[] = {
    { "example.com", "example.com" },
    { " Example.COM. ,*.B.test", "example.com, *.b.test" },
    { "a.test b.test\tc.test,,", "a.test, b.test, c.test" },
    { "a.test, A.test", "a.test" },
    { "bücher.example", "xn--bcher-kva.example" },
    { "*.Bücher.example", "*.xn--bcher-kva.example" },
    { "xn--bcher-kva.example", "xn--bcher-kva.example" },
    { "_acme-challenge.example.com", "_acme-challenge.example.com" },
    { "internal", "internal" },
    { "*", "*" },
  };
  static const struct { const char *written, *says; } bad[] = {
    { "", "separated by commas" },
    { " , ", "separated by commas" },
    { "a..b", "a..b" },
    { "www.*.test", "www.*.test" },
    { "**.test", "**.test" },
    { "192.0.2.1", "192.0.2.1" },
    { "a.test;b.test", "a.test;b.test" },
    { "☃☃.test/", "test/" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *tidy = ch_dns_patterns_tidy (good[i].written, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (tidy, ==, good[i].tidy);
      g_autofree char *again = ch_dns_patterns_tidy (tidy, NULL);
      g_assert_cmpstr (again, ==, tidy);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_dns_patterns_tidy (bad[i].written, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

static void
test_many (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (int i = 0; i < 500; i++)
    g_string_append_printf (text, "%sz%d.test", i > 0 ? "," : "", i);
  g_autofree char *tidy = ch_dns_patterns_tidy (text->str, NULL);
  g_assert_nonnull (tidy);
  g_string_append (text, ",one-more.test");
  g_assert_null (ch_dns_patterns_tidy (text->str, NULL));
}

/* Of each row the first patterns describe the name more closely than the second, which may not hold it at all. */
static void
test_match (void)
{
  static const struct { const char *name, *close, *far; } rows[] = {
    { "example.com", "example.com", "com" },
    { "www.example.com", "example.com", "example.org, com" },
    { "a.b.example.com", "b.example.com", "*.example.com" },
    { "a.b.example.com", "b.example.com", "example.com" },
    { "a.example.com", "*.example.com", "example.com" },
    { "x.a.example.com", "a.example.com", "*.example.com" },
    { "*.example.com", "*.example.com", "*" },
    { "example.com", "example.com", "*.example.com" },
    { "example.com", "*", "*.example.com" },
    { "badexample.com", "*", "example.com" },
    { "WWW.Example.com", "x.test, example.com", "*" },
    { "www.example.com", "*", "www.example.com.other.test" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint close = ch_dns_patterns_match (rows[i].close, rows[i].name);
      guint far = ch_dns_patterns_match (rows[i].far, rows[i].name);

      g_test_message ("%s: %s, %s", rows[i].name, rows[i].close, rows[i].far);
      g_assert_cmpuint (close, >, far);
    }

  g_assert_cmpuint (ch_dns_patterns_match ("example.com", "example.org"), ==, 0);
  g_assert_cmpuint (ch_dns_patterns_match ("*.example.com", "example.com"), ==, 0);
  g_assert_cmpuint (ch_dns_patterns_match (NULL, "example.org"), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/patterns/tidy", test_tidy);
  g_test_add_func ("/dns/patterns/many", test_many);
  g_test_add_func ("/dns/patterns/match", test_match);
  return g_test_run ();
}
