/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proofs.h"
#include "settings.h"

#define DAY (24 * 3600 * (gint64) 1000)
#define Y2026 (1796083200 * (gint64) 1000) /* 2026-12-01 */
#define Y2027 (1805068800 * (gint64) 1000) /* 2027-03-15 */
#define Y2028 (1836691200 * (gint64) 1000) /* 2028-03-15 */
#define Y2029 (1868227200 * (gint64) 1000) /* 2029-03-15 */

static void
test_reuse (void)
{
  static const struct { gint64 now; int days; } cases[] = {
    { Y2026, 200 }, { Y2027 - 1000, 200 }, { Y2027, 100 }, { Y2029 - 1000, 100 }, { Y2029, 10 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sb_proof_reuse (cases[i].now), ==, cases[i].days);
}

static void
test_proofs (void)
{
  static const struct
  {
    const char *method;
    const char *domain;
    gint64 age;
    const char *name;
    gint64 now;
    gboolean good;
  } cases[] = {
    { SB_PROVEN_BY_DNS, "example.test", 199 * DAY, "*.www.example.test", Y2026, TRUE },
    { SB_PROVEN_BY_DNS, "example.test", 201 * DAY, "www.example.test", Y2026, FALSE },
    { SB_PROVEN_BY_DNS, "example.test", 101 * DAY, "www.example.test", Y2027, FALSE },
    { SB_PROVEN_BY_DNS, "www.example.test", 0, "example.test", Y2026, FALSE },
    { SB_PROVEN_BY_DNS, "example.test", 0, "badexample.test", Y2026, FALSE },
    { SB_PROVEN_BY_URL, "example.test", 0, "example.test", Y2026, TRUE },
    { SB_PROVEN_BY_URL, "example.test", 0, "www.example.test", Y2026, FALSE },
    { SB_PROVEN_BY_URL, "example.test", 0, "*.example.test", Y2026, FALSE },
    { SB_PROVEN_BY_URL, "203.0.113.7", 0, "203.0.113.7", Y2026, TRUE },
    { SB_PROVEN_BY_URL, "2001:db8::7", 0, "2001:db8::8", Y2026, FALSE },
    { SB_PROVEN_BY_MAIL, "example.test", DAY, "www.example.test", Y2028 - 1000, TRUE },
    { SB_PROVEN_BY_MAIL, "example.test", DAY, "www.example.test", Y2028, FALSE },
    { SB_PROVEN_BY_STAFF, "example.test", 9 * DAY, "www.example.test", Y2029, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SbProofs *proofs = sb_proofs_new ();
      g_autoptr(SbOrder) order = g_new0 (SbOrder, 1);

      g_test_message ("%s %s, %s", cases[i].method, cases[i].domain, cases[i].name);
      order->user = g_strdup ("one");
      sb_order_prove (order, cases[i].method, cases[i].domain, cases[i].now - cases[i].age);
      sb_proofs_take (proofs, order);
      g_autofree char *line = sb_proofs_reuse (proofs, "one", cases[i].name, cases[i].now);
      g_autofree char *other = sb_proofs_reuse (proofs, "other", cases[i].name, cases[i].now);
      g_assert_cmpint (line != NULL, ==, cases[i].good);
      g_assert_null (other);
      if (cases[i].good)
        g_assert_true (sb_order_is_proven (order, cases[i].name));
      sb_proofs_free (proofs);
    }
}

static char *
change (SbSettings *settings,
        const char *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  char *why = NULL;

  g_assert_cmpint (sb_settings_change (settings, json_node_get_object (node), &why), ==, why == NULL);
  return why;
}

static void
test_settings (void)
{
  static const char *const wrong[] = {
    "{\"nothing\": 1}", "{\"order-limit\": 0}", "{\"order-limit\": true}", "{\"order-limit\": null}",
    "{\"order-limit\": {}}", "{\"limit-is-error\": 1}", "{\"reissue-proof\": \"maybe\"}", "{\"nil-style\": 1}",
    "{\"http-port\": 65536}", "{\"order-limit\": 7, \"nothing\": 1}",
  };
  SbSettings settings = { 0 };

  sb_settings_init (&settings);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *why = change (&settings, wrong[i]);

      g_test_message ("%s", wrong[i]);
      g_assert_nonnull (why);
      g_assert_cmpint (settings.order_limit, ==, 500);
    }

  g_assert_null (change (&settings, "{\"order-limit\": 7, \"limit-is-error\": true, \"reissue-proof\": \"same\"}"));
  g_assert_cmpint (settings.order_limit, ==, 7);
  g_assert_true (settings.limit_is_error);
  g_assert_cmpint (settings.follow, ==, SB_FOLLOW_SAME);

  /* What is shown can be given back as it is. */
  g_autoptr(JsonObject) shown = sb_settings_to_json (&settings);
  SbSettings again = { 0 };
  char *why = NULL;
  g_assert_true (sb_settings_change (&again, shown, &why));
  g_assert_cmpmem (&again, sizeof again, &settings, sizeof settings);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proofs/reuse", test_reuse);
  g_test_add_func ("/proofs/names", test_proofs);
  g_test_add_func ("/settings/change", test_settings);
  return g_test_run ();
}
