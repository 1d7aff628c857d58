/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-order/names.h"

static const struct
{
  const char *pasted;
  const char *names;          /* with blanks between */
} rows[] = {
  { "", "" },
  { "  \n\t ", "" },
  { "www.example.org", "www.example.org" },
  { "a.example, b.example;c.example|d.example\ne.example\r\nf.example", "a.example b.example c.example d.example e.example f.example" },
  { "\"a.example\" 'b.example' <c.example> (d.example)", "a.example b.example c.example d.example" },
  { "DNS:a.example, DNS:*.a.example, IP:203.0.113.1", "a.example *.a.example 203.0.113.1" },
  { "CN=a.example", "a.example" },
  { "https://www.example.org/shop?x=1#top http://b.example", "www.example.org b.example" },
  { "https://www.example.org:8443/", "www.example.org" },
  { "a.example:443 [2001:db8::1]:443 2001:db8::2", "a.example 2001:db8::1 2001:db8::2" },
  { "a.example. b.example..", "a.example b.example" },
  { "a.example A.Example a.example.", "a.example" },
  { "bücher.example", "bücher.example" },
  { "a.example:https", "a.example:https" },       /* the service says what is wrong with it */
  { "://", "" },
  { "...", "" },
  { "[", "[" },
};

static void
test_split (gconstpointer data)
{
  const char *const *row = data;
  g_auto(GStrv) names = ch_names_split (row[0]);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, row[1]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/names/split/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &rows[i], test_split);
    }
  return g_test_run ();
}
