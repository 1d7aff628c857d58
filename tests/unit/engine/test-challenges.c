/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/challenges.h"

static const struct
{
  const char *what, *names, *locations, *want;
} cases[] = {
  { "the host itself rather than its domain", "www.a.test", "www.a.test a.test", "www.a.test" },
  { "whatever the CA names first", "www.a.test", "a.test www.a.test", "www.a.test" },
  { "the domain when it proves both", "www.a.test a.test", "www.a.test a.test", "a.test" },
  { "the deepest that proves all", "x.sub.a.test y.sub.a.test", "x.sub.a.test sub.a.test a.test", "sub.a.test" },
  { "a wildcard at its base", "*.a.test", "a.test", "a.test" },
  { "wildcard and base once", "*.a.test a.test", "a.test", "a.test" },
  { "two domains at two places", "www.a.test www.b.test", "www.a.test a.test www.b.test b.test", "www.a.test www.b.test" },
  { "whole labels only", "www.bada.test", "a.test bada.test", "bada.test" },
  { "a name of no place is left to the CA", "www.a.test www.b.test", "a.test", "a.test" },
  { "no other name than those ordered", "www.a.test", "c.test _acme-challenge.a.test other.a.test", "" },
  { "no places", "www.a.test", "", "" },
};

static void
test_choose (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto(GStrv) names = g_strsplit (cases[i].names, " ", -1);
  g_auto(GStrv) locations = g_strsplit (cases[i].locations, " ", -1);
  g_auto(GStrv) chosen = ch_challenges_choose ((const char *const *) names, (const char *const *) locations);
  g_autofree char *list = g_strjoinv (" ", chosen);

  g_assert_cmpstr (list, ==, cases[i].want);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/challenges/%s", cases[i].what);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_choose);
    }
  return g_test_run ();
}
