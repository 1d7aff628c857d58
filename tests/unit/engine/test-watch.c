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

/* Returns: whether that was a renewal. */
static gboolean
see_all (ChWatch    *watch,
         const Seen *seen,
         guint       n)
{
  static const char *const places[] = { "here", "there" };
  char *names[2][2] = { { NULL } };
  ChCert leaves[2] = { { NULL } };
  ChWatchSeen all[2];

  g_assert_cmpuint (n, <=, G_N_ELEMENTS (all));
  for (guint i = 0; i < n; i++)
    {
      names[i][0] = (char *) seen[i].name;
      leaves[i] = (ChCert) {
        .subject = (char *) "CN=somebody", .issuer = (char *) seen[i].issuer, .names = names[i],
        .fingerprint = (char *) seen[i].fingerprint,
        .not_before = NOW + (gint64) seen[i].begins * DAY, .not_after = NOW + (gint64) seen[i].ends * DAY,
      };
      all[i] = (ChWatchSeen) { places[i], &leaves[i], FALSE };
    }
  return ch_watch_take (watch, all, n, days, NOW);
}

static void
see (ChWatch    *watch,
     const Seen *seen)
{
  if (seen->fingerprint != NULL)
    see_all (watch, seen, 1);
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

static ChWatch *
watch_new (void)
{
  ChWatch *watch = g_new0 (ChWatch, 1);

  watch->name = g_strdup ("the-name");
  watch->host = g_strdup (HOST);
  return watch;
}

static void
test_states (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ChWatch) watch = watch_new ();

      g_test_message ("case %" G_GSIZE_FORMAT, i);
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

/* ---- addresses that differ ---- */

#define NEWER { "b", "X", HOST, 0, 90 }
#define FOREIGN { "f", "Y", HOST, 0, 90 }

static const struct
{
  Seen first[2], then[2];
  ChWatchState state;
  const char *shown;    /* the fingerprint of the one that it is about */
  const char *says;     /* (nullable) */
  gboolean renewed;
} pairs[] = {
  { { GOOD, GOOD }, { GOOD, GOOD }, CH_WATCH_STATE_GOOD, "a", NULL, FALSE },
  /* one of two has been renewed, and the other is looked after until it ends */
  { { GOOD, GOOD }, { GOOD, NEWER }, CH_WATCH_STATE_GOOD, "a", NULL, TRUE },
  { { GOOD, GOOD }, { NEWER, NEWER }, CH_WATCH_STATE_GOOD, "b", NULL, TRUE },
  { { GOOD, NEWER }, { NEWER, NEWER }, CH_WATCH_STATE_GOOD, "b", NULL, FALSE },
  { { GOOD, NEWER }, { NEWER, GOOD }, CH_WATCH_STATE_GOOD, "a", NULL, FALSE },
  /* they differ from the beginning */
  { { GOOD, FOREIGN }, { GOOD, FOREIGN }, CH_WATCH_STATE_GOOD, "a", NULL, FALSE },
  { { GOOD, GOOD }, { GOOD, FOREIGN }, CH_WATCH_STATE_CHANGED, "f", "there: Another certificate", FALSE },
  { { GOOD, GOOD }, { FOREIGN, FOREIGN }, CH_WATCH_STATE_CHANGED, "f", "Another certificate", FALSE },
  { { GOOD, GOOD }, { { "o", "X", HOST, -90, 0 }, FOREIGN }, CH_WATCH_STATE_ENDED, "o", "here: The certificate", FALSE },
  { { GOOD, GOOD }, { GOOD, { "m", "X", "mail.example.test", 0, 90 } }, CH_WATCH_STATE_MISMATCH, "m", "there: ", FALSE },
  { { NEWER, { "o", "X", HOST, -80, 10 } }, { NEWER, { "o", "X", HOST, -80, 10 } }, CH_WATCH_STATE_ENDING, "o",
    "there: The certificate “CN=somebody” ends in 10 days", FALSE },
};

static void
test_addresses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr(ChWatch) watch = watch_new ();

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_false (see_all (watch, pairs[i].first, 2));
      g_assert_cmpint (see_all (watch, pairs[i].then, 2), ==, pairs[i].renewed);
      g_assert_cmpint (watch->state, ==, pairs[i].state);
      g_assert_cmpstr (watch->fingerprint, ==, pairs[i].shown);
      g_assert_cmpint (watch->reason != NULL, ==, pairs[i].says != NULL);
      if (pairs[i].says != NULL)
        g_assert_true (g_str_has_prefix (watch->reason, pairs[i].says));
    }
}

/* What a person accepts at one address does not make the others wrong. */
static void
test_accept_one_of_two (void)
{
  static const Seen before[] = { GOOD, GOOD }, after[] = { GOOD, FOREIGN };
  g_autoptr(ChWatch) watch = watch_new ();

  see_all (watch, before, 2);
  see_all (watch, after, 2);
  g_assert_cmpint (watch->state, ==, CH_WATCH_STATE_CHANGED);
  ch_watch_add_accepted (watch, watch->fingerprint);
  for (int i = 0; i < 2; i++)
    {
      see_all (watch, after, 2);
      g_assert_cmpint (watch->state, ==, CH_WATCH_STATE_GOOD);
    }

  /* what nobody serves any more is forgotten */
  see_all (watch, &after[1], 1);
  g_assert_cmpint (watch->state, ==, CH_WATCH_STATE_GOOD);
  see_all (watch, &after[0], 1);
  g_assert_cmpint (watch->state, ==, CH_WATCH_STATE_CHANGED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/watch/states", test_states);
  g_test_add_func ("/engine/watch/addresses", test_addresses);
  g_test_add_func ("/engine/watch/accept-one-of-two", test_accept_one_of_two);
  return g_test_run ();
}
