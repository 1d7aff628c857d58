/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/period.h"

#include <locale.h>

static ChPeriodRow
read_row (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) row = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return ch_period_row_read (row);
}

static void
test_words (void)
{
  static const struct { const char *row, *words; gint64 sum; } cases[] = {
    { "{}", "nothing comes", 0 },
    { "{'Ends': <uint32 1>}", "1 certificate ends", 1 },
    { "{'Ends': <uint32 3>, 'TermEnds': <uint32 1>}", "3 certificates end, 1 term ends", 4 },
    { "{'Ends': <uint32 3>, 'Unattended': <uint32 2>, 'Reissues': <uint32 1>, 'Renewals': <uint32 2>, 'TermEnds': <uint32 2>}",
      "3 certificates end, nothing replaces 2 of them, 1 free reissue is planned, 2 paid renewals are planned, 2 terms end", 8 },
    /* of a service that counts in another way */
    { "{'Ends': <uint32 1>, 'Unattended': <uint32 2>}", "2 certificates end, nothing replaces 2 of them", 2 },
    { "{'Ends': <'many'>}", "nothing comes", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChPeriodRow row = read_row (cases[i].row);
      g_autofree char *words = ch_period_row_describe (&row);

      g_assert_cmpstr (words, ==, cases[i].words);
      g_assert_cmpint (ch_period_row_sum (&row), ==, cases[i].sum);
    }
}

static void
test_name (void)
{
  g_autoptr(GDateTime) start = g_date_time_new_local (2027, 3, 1, 0, 0, 0);
  ChPeriodRow row = { .from = g_date_time_to_unix (start) };
  g_autofree char *name = ch_period_row_name (&row);
  ChPeriodRow never = { .from = G_MAXINT64 };
  g_autofree char *none = ch_period_row_name (&never);

  g_assert_cmpstr (name, ==, "March 2027");
  g_assert_cmpstr (none, ==, "");
}

static void
test_scale (void)
{
  static const struct { gint64 counts[CH_PERIOD_N_PARTS]; gint64 most; int room; int want[CH_PERIOD_N_PARTS]; } cases[] = {
    { { 0 }, 0, 100, { 0 } },
    { { 0 }, 50, 100, { 0 } },
    { { 1, 1, 1, 1, 1 }, 5, 100, { 20, 20, 20, 20, 20 } },
    { { 0, 10, 0, 0, 0 }, 20, 100, { 0, 50, 0, 0, 0 } },
    /* one of 100 000 is seen, and the bar stays in its room */
    { { 1, 99999, 0, 0, 0 }, 100000, 100, { 3, 97, 0, 0, 0 } },
    { { 1, 1, 99996, 1, 1 }, 100000, 100, { 3, 3, 88, 3, 3 } },
    { { 1, 0, 0, 0, 0 }, 100000, 100, { 3, 0, 0, 0, 0 } },
    /* larger than the service can have meant */
    { { G_MAXINT32, 0, 0, 0, 0 }, G_MAXINT32, 100, { 100, 0, 0, 0, 0 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChPeriodRow row = { 0 };
      int heights[CH_PERIOD_N_PARTS];

      for (int j = 0; j < CH_PERIOD_N_PARTS; j++)
        row.counts[j] = cases[i].counts[j];
      ch_period_row_scale (&row, cases[i].most, cases[i].room, 3, heights);
      for (int j = 0; j < CH_PERIOD_N_PARTS; j++)
        g_assert_cmpint (heights[j], ==, cases[i].want[j]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/period/words", test_words);
  g_test_add_func ("/period/name", test_name);
  g_test_add_func ("/period/scale", test_scale);
  return g_test_run ();
}
