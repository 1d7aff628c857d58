/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/digest.h"

#include <string.h>

#define NOW 1795000000
#define DAY (24 * 60 * 60)

static void
add (GPtrArray    *items,
     ChDigestKind  kind,
     const char   *name,
     const char   *text,
     gint64        not_after)
{
  ChDigestItem *item = g_new0 (ChDigestItem, 1);

  *item = (ChDigestItem) { kind, g_strdup ("key"), g_strdup (name), g_strdup (text), g_strdup ("order explain 3"), not_after };
  g_ptr_array_add (items, item);
}

/* The subject names the worst of them, whatever came first. */
static void
test_worst (void)
{
  static const struct { ChDigestKind kind; int days; const char *subject; } rows[] = {
    { CH_DIGEST_NEEDS_YOU, 0, "Chancery: a.test needs you" },
    { CH_DIGEST_NOT_REPLACED, 0, "Chancery: b.test could not be replaced (and 1 more thing)" },
    { CH_DIGEST_ENDS, 14, "Chancery: c.test ends in 14 days (and 2 more things)" },
    { CH_DIGEST_ENDS, 1, "Chancery: d.test ends in 1 day (and 3 more things)" },
    { CH_DIGEST_ENDS, 30, "Chancery: d.test ends in 1 day (and 4 more things)" },
    { CH_DIGEST_ENDS, -2, "Chancery: f.test has ended (and 5 more things)" },
  };
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_digest_item_free);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      char name[] = "a.test";

      name[0] = (char) ('a' + i);
      add (items, rows[i].kind, name, NULL, rows[i].kind == CH_DIGEST_ENDS ? NOW + rows[i].days * DAY + 60 : 0);
      ch_digest_sort (items);
      g_autofree char *subject = ch_digest_subject (items, NOW);
      g_assert_cmpstr (subject, ==, rows[i].subject);
    }
}

static void
test_body (void)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_digest_item_free);

  add (items, CH_DIGEST_ENDS, "a.test", NULL, NOW + 3 * DAY);
  add (items, CH_DIGEST_NEEDS_YOU, "b.test", "The CA said\r\nno\x1b[31m", 0);
  g_autofree char *body = ch_digest_body (items, "here", NOW);

  g_assert_true (g_str_has_prefix (body,
                                   "Certificates that end\n\n* a.test ends in 3 days (2026-11-21)\n  chancery order explain 3\n\n"
                                   "What needs a person\n\n* b.test needs you\n  The CA said"));
  g_assert_nonnull (strstr (body, "no [31m\n  chancery order explain 3\n\n"));
  g_assert_nonnull (strstr (body, "“chancery status” on here shows"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify/digest/worst", test_worst);
  g_test_add_func ("/notify/digest/body", test_body);
  return g_test_run ();
}
