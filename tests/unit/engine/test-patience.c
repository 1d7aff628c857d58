/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/patience.h"

#define SINCE 1000
#define LEAST 30
#define MOST 300

static const struct
{
  ChSpread spread;
  gint64 now;
  ChPatienceVerdict verdict;
  gint64 due;
} rows[] = {
  { CH_SPREAD_WHOLE, 1000, CH_PATIENCE_WAIT, 1030 },
  { CH_SPREAD_WHOLE, 1029, CH_PATIENCE_WAIT, 1030 },
  { CH_SPREAD_WHOLE, 1030, CH_PATIENCE_GO, 0 },
  { CH_SPREAD_DOUBTFUL, 1030, CH_PATIENCE_WAIT, 1300 },
  { CH_SPREAD_DOUBTFUL, 1299, CH_PATIENCE_WAIT, 1300 },
  { CH_SPREAD_DOUBTFUL, 1300, CH_PATIENCE_GO, 0 },
  { CH_SPREAD_DENIED, 1000, CH_PATIENCE_WAIT, 1300 },
  { CH_SPREAD_DENIED, 1299, CH_PATIENCE_WAIT, 1300 },
  { CH_SPREAD_DENIED, 1300, CH_PATIENCE_OVER, 0 },
  /* the clock was set back */
  { CH_SPREAD_WHOLE, 10, CH_PATIENCE_GO, 0 },
  { CH_SPREAD_DENIED, 10, CH_PATIENCE_OVER, 0 },
};

static void
test_judge (void)
{
  const ChPatience patience = { SINCE, LEAST, MOST }, none = { SINCE, 0, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 due = 0;

      g_test_message ("%d at %" G_GINT64_FORMAT, (int) rows[i].spread, rows[i].now);
      g_assert_cmpint (ch_patience_judge (&patience, rows[i].spread, rows[i].now, &due), ==, rows[i].verdict);
      g_assert_cmpint (due, ==, rows[i].due);
    }

  gint64 due = 0;
  g_assert_cmpint (ch_patience_judge (&none, CH_SPREAD_WHOLE, SINCE, &due), ==, CH_PATIENCE_GO);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/patience/judge", test_judge);
  return g_test_run ();
}
