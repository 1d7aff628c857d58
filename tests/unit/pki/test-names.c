/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/names.h"

#include "lib/error.h"

#include <string.h>

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define L64 L60 "abcd"
/* 3 * 64 + 61 = 253 */
#define N253 L63 "." L63 "." L63 "." L60 "a"
#define N254 L63 "." L63 "." L63 "." L60 "ab"

/* With `normal`: what comes out. Without: what the sentence must say. */
static const struct
{
  const char *written, *normal, *says;
} cases[] = {
  /* plain */
  { "example.com", "example.com", NULL },
  { "WWW.Example.COM", "www.example.com", NULL },
  { "www.example.com.", "www.example.com", NULL },
  { "  www.example.com\t\n", "www.example.com", NULL },
  { "a.b.c.d.e.example.com", "a.b.c.d.e.example.com", NULL },
  { "1and1.com", "1and1.com", NULL },
  { "123.456.com", "123.456.com", NULL },
  { "a-b.example.com", "a-b.example.com", NULL },
  { "a--b.example.com", "a--b.example.com", NULL },
  { "localhost", "localhost", NULL },
  { "_acme-challenge.example.com", "_acme-challenge.example.com", NULL },
  { L63 ".com", L63 ".com", NULL },
  { N253, N253, NULL },
  { N253 ".", N253, NULL },
  { "1.0.0.127.in-addr.arpa", "1.0.0.127.in-addr.arpa", NULL },
  /* wrong shape */
  { "", NULL, "empty" },
  { "   ", NULL, "empty" },
  { ".", NULL, "no host name" },
  { "..", NULL, "empty label" },
  { ".example.com", NULL, "empty label" },
  { "www..example.com", NULL, "two dots in a row" },
  { "www.example.com..", NULL, "empty label" },
  { "www example.com", NULL, "only letters" },
  { "www.exa\tmple.com", NULL, "only letters" },
  { "www.exa\x01mple.com", NULL, "only letters" },
  { "www.exa\x7fmple.com", NULL, "only letters" },
  { "www.example.com\nwww.example.org", NULL, "only letters" },
  { "example.com\\000.evil.com", NULL, "only letters" },
  { "example.com%00.evil.com", NULL, "only letters" },
  { "exam\xffple.com", NULL, "UTF-8" },
  { "\xc0\x80.com", NULL, "UTF-8" },
  { "-a.example.com", NULL, "hyphen" },
  { "a-.example.com", NULL, "hyphen" },
  { "-", NULL, "hyphen" },
  { L64 ".com", NULL, "63 characters" },
  { N254, NULL, "253" },
  { "example.123", NULL, "digits" },
  { "12345", NULL, "digits" },
  { "ab--cd.example.com", NULL, "reserved" },
  { "https://www.example.com/", NULL, "bare name" },
  { "www.example.com:443", NULL, "bare name" },
  { "admin@example.com", NULL, "bare name" },
  { "www.example.com/path", NULL, "bare name" },
  { "www.example.com,www.example.org", NULL, "only letters" },
  /* wildcards */
  { "*.example.com", "*.example.com", NULL },
  { "*.EXAMPLE.com.", "*.example.com", NULL },
  { "*.bücher.example", "*.xn--bcher-kva.example", NULL },
  { "*", NULL, "wrong place" },
  { "*.", NULL, "no host name" },
  { "**.example.com", NULL, "wrong place" },
  { "*.*.example.com", NULL, "wrong place" },
  { "www.*.com", NULL, "wrong place" },
  { "w*.example.com", NULL, "wrong place" },
  { "*w.example.com", NULL, "wrong place" },
  { "example.*", NULL, "wrong place" },
  { "*example.com", NULL, "wrong place" },
  { "＊.example.com", NULL, "only letters" },
  { "*.192.0.2.1", NULL, "digits" },
  { "*." L63 "." L63 "." L63 "." L60, NULL, "253" },
  /* international names */
  { "bücher.example", "xn--bcher-kva.example", NULL },
  { "BÜCHER.example", "xn--bcher-kva.example", NULL },
  { "bu\xcc\x88" "cher.example", "xn--bcher-kva.example", NULL },
  { "xn--bcher-kva.example", "xn--bcher-kva.example", NULL },
  { "XN--BCHER-KVA.example", "xn--bcher-kva.example", NULL },
  { "straße.de", "xn--strae-oqa.de", NULL },
  { "xn--strae-oqa.de", "xn--strae-oqa.de", NULL },
  { "strasse.de", "strasse.de", NULL },
  { "ΒΌΛΟΣ.gr", "xn--nxasmq6b.gr", NULL },
  { "βόλος.gr", "xn--nxasmm1c.gr", NULL },
  { "例え。テスト", "xn--r8jz45g.xn--zckzah", NULL },
  { "例え．テスト。", "xn--r8jz45g.xn--zckzah", NULL },
  { "президент.рф", "xn--d1abbgf6aiiy.xn--p1ai", NULL },
  { "p\xd0\xb0ypal.com", "xn--pypal-4ve.com", NULL }, /* a Cyrillic letter among Latin ones: allowed */
  { "ｅｘａｍｐｌｅ.com", "example.com", NULL },
  { "אב.com", "xn--4dbc.com", NULL },
  { "الجزائر.com", "xn--lgbbat1ad8j.com", NULL },
  { "न्\xe2\x80\x8dष.com", "xn--l2b4a0dw70k.com", NULL }, /* a joiner where its script needs one */
  { "l·l.cat", "xn--ll-0ea.cat", NULL },
  { "a\xe2\x80\x8d" "b.com", NULL, "do not allow" }, /* a joiner where none may be */
  { "·.com", NULL, "do not allow" },
  { "ü_b.com", NULL, "do not allow" },
  { "ü b.com", NULL, "do not allow" },
  { "☕.example", NULL, "emoji" },
  { "I♥NY.com", NULL, "emoji" },
  { "😀.com", NULL, "emoji" },
  { "xn--53h.example", NULL, "no valid international name" },
  { "xn--uba.com", NULL, "no valid international name" },
  { "xn--_b-wka.com", NULL, "no valid international name" },
  { "xn--.com", NULL, "hyphen" },
  { "xn--a.com", NULL, "no valid international name" },
  { "xn--0.pt", NULL, "no valid international name" },
  { "xn--ascii-.com", NULL, "hyphen" },
  { "xn--bcher-kva1.example", NULL, "no valid international name" },
  { "אa.com", NULL, "right-to-left" },
  { "\xe2\x80\xae" "moc.elpmaxe", NULL, "do not allow" }, /* an override that turns the text around */
  { "\xcc\x81.com", NULL, "do not allow" },
  { "ü-.com", NULL, "do not allow" },
  { "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.com", NULL, "too long" },
  /* addresses */
  { "192.0.2.1", "192.0.2.1", NULL },
  { " 192.0.2.1 ", "192.0.2.1", NULL },
  { "2001:DB8:0:0::1", "2001:db8::1", NULL },
  { "::ffff:192.0.2.1", "::ffff:192.0.2.1", NULL },
  { "::1", "::1", NULL },
  { "192.0.2.1.", NULL, "digits" },
  { "192.0.2", NULL, "digits" },
  { "192.0.2.256", NULL, "digits" },
  { "192.0.2.1/24", NULL, "bare name" },
  { "[2001:db8::1]", NULL, "bare name" },
  { "2001:db8::1::2", NULL, "bare name" },
  { "fe80::1%eth0", NULL, "bare name" },
};

static void
test_normalise (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *normal = ch_name_normalise (cases[i].written, &error);

      g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : normal);
      g_assert_cmpstr (normal, ==, cases[i].normal);
      if (cases[i].normal != NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_normal_stays_normal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      if (cases[i].normal == NULL)
        continue;
      g_autofree char *again = ch_name_normalise (cases[i].normal, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, cases[i].normal);
    }
}

/* What is repeated in a sentence must not be able to rewrite the sentence. */
static void
test_errors_quote_harmlessly (void)
{
  static const char *const hostile[] = {
    "a\x1b[2Jb.com", "\xe2\x80\xae" "moc", "a\nb", "a\xff" "b", "a\xe2\x80\x8b b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_name_normalise (hostile[i], &error));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strpbrk (error->message, "\x1b\n"));
      g_assert_null (strstr (error->message, "\xe2\x80\xae"));
    }
}

static void
test_huge (void)
{
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'a');
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_name_normalise (huge, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

static void
test_display (void)
{
  static const struct { const char *name, *shown; } shows[] = {
    { "www.example.com", "www.example.com" },
    { "*.xn--bcher-kva.example", "*.bücher.example" },
    { "xn--d1abbgf6aiiy.xn--p1ai", "президент.рф" },
    { "xn--strae-oqa.de", "straße.de" },
    { "xn--53h.example", "xn--53h.example" },
    { "xn--a.com", "xn--a.com" },
    { "xn--.com", "xn--.com" },
    { "192.0.2.1", "192.0.2.1" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shows); i++)
    {
      g_autofree char *shown = ch_name_display (shows[i].name);
      g_assert_cmpstr (shown, ==, shows[i].shown);
    }
}

static void
test_is_below (void)
{
  static const struct { const char *name, *domain; gboolean below; } pairs[] = {
    { "example.com", "example.com", TRUE },
    { "www.example.com", "example.com", TRUE },
    { "a.b.example.com", "example.com", TRUE },
    { "*.example.com", "example.com", TRUE },
    { "WWW.EXAMPLE.com", "example.COM", TRUE },
    { "badexample.com", "example.com", FALSE },
    { ".example.com", "example.com", FALSE },
    { "com", "example.com", FALSE },
    { "example.com", "www.example.com", FALSE },
    { "example.com", "", FALSE },
    { "192.0.2.1", "2.1", FALSE },
    { "192.0.2.1", "192.0.2.1", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_test_message ("%s below %s", pairs[i].name, pairs[i].domain);
      g_assert_cmpint (ch_name_is_below (pairs[i].name, pairs[i].domain), ==, pairs[i].below);
    }
}

static void
test_twins (void)
{
  static const struct { const char *wanted, *had; gboolean differ; const char *kept; } table[] = {
    { "a.test", "a.test", FALSE, "a.test" },
    { "a.test b.test", "b.test a.test", FALSE, "b.test a.test" },
    { "a.test", "a.test www.a.test", FALSE, "a.test" },
    { "www.a.test", "www.a.test a.test", FALSE, "www.a.test" },
    { "*.a.test", "*.a.test a.test", FALSE, "*.a.test" },
    { "a.test *.a.test", "a.test *.a.test", FALSE, "a.test *.a.test" },
    { "a.test *.a.test", "*.a.test", TRUE, "*.a.test" },
    { "a.test", "a.test *.a.test", TRUE, "a.test *.a.test" },
    { "*.a.test", "*.a.test b.a.test", TRUE, "*.a.test b.a.test" },
    { "*.a.test", "*.a.test test", TRUE, "*.a.test test" },
    { "a.test", "a.test www.b.test", TRUE, "a.test www.b.test" },
    { "a.test b.test", "a.test", TRUE, "a.test" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(GStrv) wanted = g_strsplit (table[i].wanted, " ", -1);
      g_auto(GStrv) had = g_strsplit (table[i].had, " ", -1);
      g_auto(GStrv) kept = ch_names_without_twins ((const char *const *) had);
      g_autofree char *text = g_strjoinv (" ", kept);

      g_test_message ("%s / %s", table[i].wanted, table[i].had);
      g_assert_cmpint (ch_names_differ ((const char *const *) wanted, (const char *const *) had), ==, table[i].differ);
      g_assert_cmpstr (text, ==, table[i].kept);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/normalise", test_normalise);
  g_test_add_func ("/names/normal-stays-normal", test_normal_stays_normal);
  g_test_add_func ("/names/errors-quote-harmlessly", test_errors_quote_harmlessly);
  g_test_add_func ("/names/huge", test_huge);
  g_test_add_func ("/names/display", test_display);
  g_test_add_func ("/names/is-below", test_is_below);
  g_test_add_func ("/names/twins", test_twins);
  return g_test_run ();
}
