/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches.h"

#include <string.h>

#define DAY (24 * 60 * 60)
#define NOW (20000LL * DAY)

static const guint days[] = { 60, 30, 14, 7, 3, 1, 0 };

/* A certificate in a few words: "A" of "X" for the name, that began and ends so many days from now. */
typedef struct
{
  const char *fingerprint;    /* %NULL: nothing was seen */
  const char *issuer;
  const char *name;
  int begins;
  int ends;
} Seen;

static void
see (ChWatch    *watch,
     const Seen *seen)
{
  char *names[] = { (char *) seen->name, NULL };
  ChCert leaf = {
    .subject = (char *) "CN=somebody", .issuer = (char *) seen->issuer, .names = names,
    .fingerprint = (char *) seen->fingerprint,
    .not_before = NOW + (gint64) seen->begins * DAY, .not_after = NOW + (gint64) seen->ends * DAY,
  };

  if (seen->fingerprint != NULL)
    ch_watch_take (watch, &leaf, FALSE, days, NOW);
  else
    ch_watch_miss (watch, "nobody answers", FALSE, NOW);
}

#define HOST "www.example.test"
#define GOOD { "a", "X", HOST, -10, 80 }

static const struct
{
  Seen seen[3];
  guint n;
  ChWatchState state;
  const char *says;     /* (nullable) */
} cases[] = {
  { { GOOD }, 1, CH_WATCH_STATE_GOOD, NULL },
  { { { "a", "X", "*.example.test", -10, 80 } }, 1, CH_WATCH_STATE_GOOD, NULL },
  { { { "a", "X", "mail.example.test", -10, 80 } }, 1, CH_WATCH_STATE_MISMATCH, "is not for " HOST },
  /* a third of 90 days is no threshold: 14 is the first */
  { { { "a", "X", HOST, -60, 30 } }, 1, CH_WATCH_STATE_GOOD, NULL },
  { { { "a", "X", HOST, -76, 14 } }, 1, CH_WATCH_STATE_ENDING, "ends in 14 days" },
  { { { "a", "X", HOST, -89, 1 } }, 1, CH_WATCH_STATE_ENDING, "ends in 1 day," },
  { { { "a", "X", HOST, -305, 60 } }, 1, CH_WATCH_STATE_ENDING, "ends in 60 days" },
  { { { "a", "X", HOST, -304, 61 } }, 1, CH_WATCH_STATE_GOOD, NULL },
  { { { "a", "X", HOST, -90, 0 } }, 1, CH_WATCH_STATE_ENDED, "has ended" },
  /* a renewal, and what is none */
  { { GOOD, { "b", "X", HOST, 0, 90 } }, 2, CH_WATCH_STATE_GOOD, NULL },
  { { GOOD, { "b", "Y", HOST, 0, 90 } }, 2, CH_WATCH_STATE_CHANGED, "from “Y”" },
  { { GOOD, { "b", "X", HOST, -20, 70 } }, 2, CH_WATCH_STATE_CHANGED, "chancery watch accept the-name" },
  { { GOOD, { "b", "X", "mail.example.test", 0, 90 } }, 2, CH_WATCH_STATE_MISMATCH, NULL },
  { { GOOD, { "b", "Y", HOST, 0, 90 }, { "b", "Y", HOST, 0, 90 } }, 3, CH_WATCH_STATE_CHANGED, NULL },
  { { GOOD, { "b", "Y", HOST, 0, 90 }, { "c", "Y", HOST, 0, 99 } }, 3, CH_WATCH_STATE_CHANGED, NULL },
  { { GOOD, { "b", "Y", HOST, 0, 90 }, GOOD }, 3, CH_WATCH_STATE_GOOD, NULL },
  /* silence */
  { { { NULL } }, 1, CH_WATCH_STATE_UNREACHABLE, "nobody answers" },
  { { GOOD, { NULL } }, 2, CH_WATCH_STATE_GOOD, NULL },
  { { GOOD, { NULL }, { NULL } }, 3, CH_WATCH_STATE_UNREACHABLE, "nobody answers" },
  { { GOOD, { NULL }, GOOD }, 3, CH_WATCH_STATE_GOOD, NULL },
};

static void
test_states (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ChWatch) watch = g_new0 (ChWatch, 1);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      watch->name = g_strdup ("the-name");
      watch->host = g_strdup (HOST);
      for (guint j = 0; j < cases[i].n; j++)
        see (watch, &cases[i].seen[j]);

      g_assert_cmpint (watch->state, ==, cases[i].state);
      g_assert_cmpint (ch_watch_needs_you (watch), ==, cases[i].state != CH_WATCH_STATE_GOOD);
      g_assert_cmpint (watch->reason == NULL, ==, cases[i].state == CH_WATCH_STATE_GOOD);
      if (cases[i].says != NULL)
        g_assert_nonnull (strstr (watch->reason, cases[i].says));
      g_assert_cmpint (watch->looked_at, ==, NOW);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/watch/states", test_states);
  return g_test_run ();
}
