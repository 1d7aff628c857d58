/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/txt.h"

#include "lib/error.h"

#include <string.h>

static void
test_check (void)
{
  static const struct { const char *name, *value; int code; } cases[] = {
    { "_a.example.test", "value", -1 },
    { "example.test", "v=spf1 -all", -1 },
    { "badexample.test", "value", CH_ERROR_ZONE_NOT_FOUND },
    { "test", "value", CH_ERROR_ZONE_NOT_FOUND },
    { "a b.example.test", "value", CH_ERROR_INVALID },
    { "_a.example.test", "", CH_ERROR_INVALID },
    { "_a.example.test", "a\"b", CH_ERROR_INVALID },
    { "_a.example.test", "a\\b", CH_ERROR_INVALID },
    { "_a.example.test", "a\nb", CH_ERROR_INVALID },
    { "_a.example.test", "caf\xc3\xa9", CH_ERROR_INVALID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChTxt txt = { cases[i].name, cases[i].value };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s %s", txt.name, txt.value);
      g_assert_cmpint (ch_dns_check_txt (&txt, "example.test", &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, CH_ERROR, cases[i].code);
    }
}

static void
test_quotes (void)
{
  g_autofree char *full = g_strnfill (255, 'x');
  g_autofree char *more = g_strconcat (full, "y", NULL);
  g_autofree char *split = g_strdup_printf ("\"%s\" \"y\"", full);
  g_autofree char *whole = g_strdup_printf ("\"%s\"", full);
  const struct { const char *value, *text; } cases[] = {
    { "abc", "\"abc\"" },
    { "two words", "\"two words\"" },
    { full, whole },
    { more, split },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ch_dns_quote_txt (cases[i].value);
      g_autofree char *value = ch_dns_unquote_txt (cases[i].text);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_unquote (void)
{
  static const struct { const char *text, *value; } cases[] = {
    { "abc", "abc" },
    { "a \"b\"", "a \"b\"" },
    { "\"one\"  \"two\"", "onetwo" },
    { "\"a\\\"b\\\\c\"", "a\"b\\c" },
    { "\"open", "open" },
    { "\"end\\", "end" },
    { "", "" },
    { "\"\"", "" },
    { "\"a\\040b\"", "a\\040b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = ch_dns_unquote_txt (cases[i].text);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/txt/check", test_check);
  g_test_add_func ("/txt/quotes", test_quotes);
  g_test_add_func ("/txt/unquote", test_unquote);
  return g_test_run ();
}
