/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/details.h"
#include "bus/json.h"
#include "bus/options.h"

#include "lib/error.h"

/* A rule that trusts the domain must hold for every name of the call. */
static void
test_domain (void)
{
  static const struct { const char *names, *domain; } cases[] = {
    { "www.example.test", "www.example.test" },
    { "WWW.Example.Test.", "www.example.test" },
    { "*.example.test", "*.example.test" },
    { "www.example.test api.example.test", "example.test" },
    { "example.test www.example.test", "example.test" },
    { "www.example.test example.test", "example.test" },
    { "a.b.example.test c.b.example.test d.example.test", "example.test" },
    { "*.example.test example.test", "example.test" },
    { "www.example.test www.example.org", NULL },
    { "www.example.test evilexample.test", "test" },
    { "example.test evil.test www.example.test", "test" },
    { "a.example.org b.example.test c.example.test", NULL },
    { "bücher.test", "xn--bcher-kva.test" },
    { "www。example。test", "www.example.test" },
    { "", NULL },
    { "evil.test\n.example.test", NULL },
    { "evil.test/.example.test", NULL },
    { "www.example.test a..b", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) names = g_strsplit (cases[i].names, " ", -1);
      g_autoptr(ChDetails) details = ch_details_new ();

      ch_details_set_names (details, (const char *const *) names);
      g_assert_cmpstr (g_hash_table_lookup (details, "domain"), ==, cases[i].domain);
    }
}

/* The engine takes all of these for names below example.test, so a rule that forbids them must see that. */
static void
test_spellings (void)
{
  static const struct { const char *name, *seen; } cases[] = {
    { " www.example.test", "www.example.test" },
    { "www.example.test\n", "www.example.test" },
    { "www.example.test。", "www.example.test" },
    { "www.example.test．", "www.example.test" },
    { "*.EXAMPLE.test ", "*.example.test" },
    { "2001:DB8:0::1", "2001:db8::1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *names[] = { cases[i].name, NULL };
      g_autoptr(ChDetails) details = ch_details_new ();

      ch_details_set_names (details, names);
      g_assert_cmpstr (g_hash_table_lookup (details, "names"), ==, cases[i].seen);
    }
}

static void
test_names (void)
{
  static const char *const names[] = { "WWW.example.test", "bücher.test", NULL };
  g_autoptr(ChDetails) details = ch_details_new ();

  ch_details_set (details, "account", NULL);
  ch_details_set_id (details, "order", 12);
  ch_details_set_names (details, names);

  g_autoptr(GVariant) variant = g_variant_ref_sink (ch_details_to_variant (details));
  const char *text;
  g_assert_true (g_variant_lookup (variant, "names", "&s", &text));
  g_assert_cmpstr (text, ==, "www.example.test xn--bcher-kva.test");
  g_assert_true (g_variant_lookup (variant, "order", "&s", &text));
  g_assert_cmpstr (text, ==, "12");
  g_assert_false (g_variant_lookup (variant, "account", "&s", &text));
}

static void
test_options (void)
{
  static const ChOption table[] = { { "force", "b" }, { "names", "as" }, { NULL } };
  static const struct { const char *options; const char *part; } cases[] = {
    { "@a{sv} {}", NULL },
    { "{'force': <true>, 'names': <@as []>}", NULL },
    { "{'force': <1>}", "“force” in the options must be of type “b”, not “i”" },
    { "{'Force': <true>}", "“Force” is not known in the options; known are: force, names" },
    { "{'force': <true>, 'force': <false>}", "“force” is given twice" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) options = g_variant_parse (G_VARIANT_TYPE_VARDICT, cases[i].options, NULL, NULL,
                                                     &error);
      g_assert_no_error (error);

      gboolean ok = ch_options_check (options, table, "options", &error);
      g_assert_cmpint (ok, ==, cases[i].part == NULL);
      if (!ok)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].part));
        }
    }
}

/* What the store holds may be old or broken; a list on the bus is then shorter, never wrong. */
static void
test_json (void)
{
  static const ChJsonKey keys[] = {
    { "host", "host", "s" }, { "port", "Port", "u" }, { "ok", "Ok", "b" }, { "at", "At", "x" }, { NULL }
  };
  static const struct { const char *json, *want; } cases[] = {
    { NULL, "@aa{sv} []" },
    { "", "@aa{sv} []" },
    { "{", "@aa{sv} []" },
    { "{\"host\":\"a\"}", "@aa{sv} []" },
    { "[1, null, {\"host\": 3, \"other\": 4}]", "@aa{sv} [{}]" },
    { "[{\"host\":\"a\",\"port\":443,\"ok\":true,\"at\":-5}]",
      "[{'host': <'a'>, 'Port': <uint32 443>, 'Ok': <true>, 'At': <int64 -5>}]" },
    { "[{\"port\":-1}]", "[{'Port': <uint32 0>}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) got = g_variant_ref_sink (ch_json_list (cases[i].json, keys));
      g_autoptr(GVariant) want = g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), cases[i].want, NULL, NULL, NULL);

      g_assert_cmpvariant (got, want);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bus/details/domain", test_domain);
  g_test_add_func ("/bus/details/names", test_names);
  g_test_add_func ("/bus/details/spellings", test_spellings);
  g_test_add_func ("/bus/details/options", test_options);
  g_test_add_func ("/bus/details/json", test_json);

  return g_test_run ();
}
