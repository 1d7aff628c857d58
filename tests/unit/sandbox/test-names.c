/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"
#include "dates.h"
#include "products.h"

static void
test_judge (void)
{
  static const struct { const char *name; int code; } cases[] = {
    { "example.test", 0 }, { "www.example.test", 0 }, { "*.example.test", 0 },
    { "xn--bcher-kva.example.com", 0 },
    { "a.b.example.co.uk", 0 }, { "test", -9971 }, { "co.uk", -9971 }, { "*.co.uk", -9971 },
    { "a.local", -9971 },
    { "a.nosuchtld", -9971 }, { "1.0.0.127.in-addr.arpa", -9934 }, { "x.onion", -9934 },
    { "a_b.example.com", -1 },
    { "-a.example.com", -1 }, { "a..example.com", -1 }, { "example.com.", -1 }, { "", -1 },
    { "*.*.example.com", -1 },
    { "a*.example.com", -1 }, { "b\303\274cher.example.com", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (sb_name_judge (cases[i].name, -1), ==, cases[i].code);
    }
}

static void
test_twin (void)
{
  static const struct { const char *name, *twin; } cases[] = {
    { "example.test", "www.example.test" }, { "www.example.test", "example.test" },
    { "*.example.test", "example.test" }, { "www.shop.example.test", "shop.example.test" },
    { "shop.example.test", NULL }, { "www.test", "www.www.test" },
    { "*.a.example.co.uk", "a.example.co.uk" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *twin = sb_name_twin (cases[i].name);
      g_assert_cmpstr (twin, ==, cases[i].twin);
    }
}

static void
test_approvers (void)
{
  static const struct { const char *name, *list; } cases[] = {
    { "example.test", "example.test" }, { "*.example.test", "example.test" },
    { "a.b.example.co.uk", "a.b.example.co.uk b.example.co.uk example.co.uk" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) list = sb_name_approvers (cases[i].name);
      g_ptr_array_add (list, NULL);
      g_autofree char *text = g_strjoinv (" ", (GStrv) list->pdata);
      g_assert_cmpstr (text, ==, cases[i].list);
    }
}

static void
test_covered (void)
{
  g_assert_true (sb_name_is_covered ("*.example.test", "example.test"));
  g_assert_true (sb_name_is_covered ("a.b.example.test", "b.example.test"));
  g_assert_false (sb_name_is_covered ("badexample.test", "example.test"));
  g_assert_false (sb_name_is_covered ("example.test", "www.example.test"));
}

static void
test_dates (void)
{
  static const struct { const char *text, *offset, *out; } cases[] = {
    { "2026-01-31T23:59:59.123Z", "+09:00", "2026-02-01T08:59:59.123+09:00" },
    { "2026-01-31T23:59:59-05:00", "+00:00", "2026-02-01T04:59:59.000+00:00" },
    { "2026-01-31T23:59:59.000Z", "-03:30", "2026-01-31T20:29:59.000-03:30" },
    { "2026-01-31", "+00:00", NULL }, { "20260131T235959.000Z", "+00:00", NULL }, { "soon", "+00:00", NULL },
    { "2026-01-31T23:59:59.000", "+00:00", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 time = 0;
      gboolean is_date = sb_date_parse (cases[i].text, &time);
      g_autofree char *out = is_date ? sb_date_format (time, cases[i].offset) : NULL;

      g_assert_cmpstr (out, ==, cases[i].out);
    }
}

static void
test_prices (void)
{
  static const char *const sans[] = { "7 a.test", "2 b.example.test", "1 www.example.test", NULL };
  const SbProduct *product = sb_product_find ("DV_HIGH_DNS_SHA2");
  g_autofree char *text = sb_money (-1205);

  g_assert_cmpint (sb_product_price (product, 12, FALSE, NULL), ==, 19900);
  g_assert_cmpint (sb_product_price (product, 6, TRUE, NULL), ==, 29950);
  g_assert_cmpint (sb_product_price (product, 12, FALSE, sans), ==, 26900);
  g_assert_null (sb_product_find ("DV_HIGH"));
  g_assert_cmpstr (text, ==, "-12.05");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/judge", test_judge);
  g_test_add_func ("/names/twin", test_twin);
  g_test_add_func ("/names/approvers", test_approvers);
  g_test_add_func ("/names/covered", test_covered);
  g_test_add_func ("/dates/both-ways", test_dates);
  g_test_add_func ("/products/prices", test_prices);
  return g_test_run ();
}
