/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "args.h"
#include "json.h"
#include "lib/error.h"
#include "lib/row.h"
#include "lib/times.h"
#include "nearest.h"
#include "print.h"

#include <locale.h>

static void
test_nearest (void)
{
  static const struct { const char *word, *want; } cases[] = {
    { "list", "list" },
    { "lst", "list" },
    { "lsit", "list" },
    { "canc", "cancel" },
    { "cancle", "cancel" },
    { "frobnicate", NULL },
    { "x", NULL },
    { "", NULL },
    { "a-word-that-is-longer-than-any-that-a-person-would-ever-type-at-a-prompt-of-a-shell", NULL },
  };
  g_autoptr(GPtrArray) verbs = g_ptr_array_new ();

  g_ptr_array_add (verbs, (gpointer) "list");
  g_ptr_array_add (verbs, (gpointer) "cancel");
  g_ptr_array_add (verbs, (gpointer) "explain");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (ch_nearest (cases[i].word, verbs), ==, cases[i].want);
}

static void
test_json_keys (void)
{
  static const struct { const char *key, *want; } cases[] = {
    { "Id", "id" }, { "NotAfter", "not_after" }, { "DnsAccountName", "dns_account_name" },
        { "pid-file", "pid_file" },
    { "sni", "sni" }, { "HasKey", "has_key" }, { "URL", "url" }, { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *key = ch_json_key (cases[i].key);

      g_assert_cmpstr (key, ==, cases[i].want);
    }
}

static void
test_fit (void)
{
  static const struct { const char *text; guint width; const char *want; } cases[] = {
    { "short", 10, "short" },
    { "short", 5, "short" },
    { "too long", 5, "too …" },
    { "bücher", 4, "büc…" },
    { "漢字漢字", 5, "漢字…" },
    { "漢字漢字", 4, "漢…" },
    { "abc", 1, "…" },
    { "abc", 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fitted = ch_text_fit (cases[i].text, cases[i].width);

      g_assert_cmpstr (fitted, ==, cases[i].want);
      g_assert_cmpuint (ch_text_width (fitted), <=, cases[i].width);
    }
}

static void
test_clean (void)
{
  static const struct { const char *text, *want; } cases[] = {
    { "plain “text”", "plain “text”" },
    { "two\nlines\tand\r", "two lines and " },
    { "\033[31mred", " [31mred" },
    { "\302\233" "31m", " 31m" },
    { "\342\200\256" "desrever", " desrever" },
    { "", "" },
    { "cut \303", "cut \357\277\275" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = ch_clean (cases[i].text);

      g_assert_cmpstr (clean, ==, cases[i].want);
    }
}

/* In the middle of each unit, so that a slow machine does not reach the next one. */
static void
test_relative (void)
{
  static const struct { gint64 seconds; const char *want; } cases[] = {
    { 5 * 60 + 30, "in 5 minutes" },
    { 60 + 30, "in 1 minute" },
    { 3 * 3600 + 1800, "in 3 hours" },
    { 47 * 3600 + 1800, "in 47 hours" },
    { 198 * 86400 + 43200, "in 198 days" },
    { -(5 * 60 + 30), "5 minutes ago" },
    { -(3 * 86400 + 43200), "3 days ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ch_time_relative (ch_time_now () + cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].want);
    }
}

/* Times of a service that is wrong or hostile. */
static void
test_absurd_times (void)
{
  static const gint64 times[] = { 0, -1, G_MININT64 };
  g_autofree char *far_away = ch_time_full (G_MAXINT64);
  g_autofree char *long_way = ch_time_relative (G_MAXINT64);

  g_assert_cmpstr (far_away, ==, "");
  g_assert_true (g_str_has_prefix (long_way, "in "));

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *full = ch_time_full (times[i]);
      g_autofree char *relative = ch_time_relative (times[i]);

      g_assert_cmpstr (full, ==, "");
      g_assert_cmpstr (relative, ==, "");
    }
}

static const GOptionEntry entries[] = {
  CH_OPTION ("name", "", "NAME"),
  CH_SWITCH ("force", ""),
  { NULL }
};

static ChArgs *
parse (ChExtras           extras,
       const char *const *line,
       GError           **error)
{
  const GOptionEntry *known[] = { entries, NULL };
  g_autoptr(ChArgs) args = ch_args_new ();
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("main", NULL, NULL, args, NULL);

  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  return ch_args_parse (args, context, known, extras, line, error) ? g_steal_pointer (&args) : NULL;
}

static void
test_args (void)
{
  static const char *const line[] = { "one", "--name", "a", "--server", "127.0.0.1", "--force", "two",
                                      "--name=b", "--ttl=60",
                                      "-", "--", "--name", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChArgs) args = parse (CH_EXTRAS_TAKEN, line, &error);

  g_assert_no_error (error);
  g_assert_true (ch_args_has (args, "force"));
  g_assert_false (ch_args_has (args, "server"));
  g_assert_cmpstr (ch_args_get (args, "name"), ==, "b");
  g_assert_cmpuint (ch_args_all (args, "name")->len, ==, 2);
  g_assert_cmpuint (args->words->len, ==, 4);
  g_assert_cmpstr (ch_args_word (args, 0), ==, "one");
  g_assert_cmpstr (ch_args_word (args, 2), ==, "-");
  g_assert_cmpstr (ch_args_word (args, 3), ==, "--name");
  g_assert_cmpuint (args->extra_names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (args->extra_names, 0), ==, "server");
  g_assert_cmpstr (g_ptr_array_index (args->extra_values, 0), ==, "127.0.0.1");
  g_assert_cmpstr (g_ptr_array_index (args->extra_names, 1), ==, "ttl");
  g_assert_cmpstr (g_ptr_array_index (args->extra_values, 1), ==, "60");
}

static void
test_wrong_args (void)
{
  static const struct { ChExtras extras; const char *line[3]; const char *part; } cases[] = {
    { CH_EXTRAS_REFUSED, { "--nmae", "x", NULL }, "“--name”" },
    { CH_EXTRAS_REFUSED, { "--server=x", NULL }, "“--server”" },
    { CH_EXTRAS_REFUSED, { "-z", NULL }, "“-z”" },
    { CH_EXTRAS_TAKEN, { "-z", NULL }, "“-z”" },
    { CH_EXTRAS_TAKEN, { "--server", NULL }, "needs a value" },
    { CH_EXTRAS_TAKEN, { "--name", NULL }, "--name" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChArgs) args = parse (cases[i].extras, cases[i].line, &error);

      g_assert_null (args);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

/* A service of another version may lack a key, or give it another type. */
static void
test_rows (void)
{
  g_autoptr(GVariant) row = g_variant_ref_sink (g_variant_new_parsed (
    "{'Name': <'www'>, 'Account': <objectpath '/a'>, 'Id': <uint64 18446744073709551615>, 'At': <int64 -5>, 'Port': <uint32 7>,"
    " 'Ok': <true>, 'Names': <['a', 'b']>, 'Counts': <{'x': uint32 1}>}"));
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_auto(GStrv) none = ch_row_strings (row, "Name");
  g_autoptr(GVariant) counts = ch_row_list (row, "Counts", "a{su}");
  g_autoptr(GVariant) wrong = ch_row_list (row, "Counts", "aa{sv}");
  g_autoptr(GVariant) no_row = g_variant_ref_sink (g_variant_new_string ("x"));

  g_assert_cmpstr (ch_row_string (row, "Name"), ==, "www");
  g_assert_cmpstr (ch_row_string (row, "Account"), ==, "/a");
  g_assert_cmpstr (ch_row_string (row, "Id"), ==, "");
  g_assert_cmpstr (ch_row_string (row, "None"), ==, "");
  g_assert_cmpint (ch_row_number (row, "Id"), ==, G_MAXINT64);
  g_assert_cmpint (ch_row_number (row, "At"), ==, -5);
  g_assert_cmpint (ch_row_number (row, "Port"), ==, 7);
  g_assert_cmpint (ch_row_number (row, "Name"), ==, 0);
  g_assert_true (ch_row_flag (row, "Ok"));
  g_assert_false (ch_row_flag (row, "Name"));
  g_assert_cmpstr (names[1], ==, "b");
  g_assert_null (none[0]);
  g_assert_cmpuint (g_variant_n_children (counts), ==, 1);
  g_assert_cmpuint (g_variant_n_children (wrong), ==, 0);
  g_assert_cmpstr (ch_row_string (no_row, "Name"), ==, "");
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/nearest", test_nearest);
  g_test_add_func ("/cli/json-keys", test_json_keys);
  g_test_add_func ("/cli/fit", test_fit);
  g_test_add_func ("/cli/clean", test_clean);
  g_test_add_func ("/cli/relative", test_relative);
  g_test_add_func ("/cli/absurd-times", test_absurd_times);
  g_test_add_func ("/cli/args", test_args);
  g_test_add_func ("/cli/wrong-args", test_wrong_args);
  g_test_add_func ("/cli/rows", test_rows);
  return g_test_run ();
}
