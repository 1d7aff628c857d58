/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/edit.h"

/* What people write on orders, and what they switch. */

static void
test_edit (void)
{
  World *world = world_new ();
  gint64 account = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  gint64 dns = world_add_peer (world, CH_PEER_ROLE_DNS, "dns");
  gint64 id = world_add_order (world, "www.example.com", account, dns);
  const char *const tags[] = { "shop", "Shop", "café", NULL };
  const gboolean yes = TRUE, no = FALSE;
  g_autoptr(GError) error = NULL;

  world_run (world, 60);
  ChOrderEdit edit = { .note = "Ask Marvin\nfirst", .tags = tags, .auto_replace = &yes, .auto_renew = &yes };
  g_assert_true (ch_order_edit (&world->world, id, &edit, &somebody, &error));
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_cmpstr (order->note, ==, "Ask Marvin\nfirst");
  g_assert_cmpuint (g_strv_length (order->tags), ==, 2);
  g_assert_cmpstr (order->tags[1], ==, "café");
  g_assert_true (order->auto_replace && order->auto_renew);
  world_run (world, 1);
  g_autoptr(ChOrder) looked = world_order (world, id);
  g_assert_cmpint (looked->replace_at, >, ch_now ());
  g_assert_cmpint (looked->tell_at, >, ch_now ());

  ChOrderEdit less = { .note = "", .auto_replace = &no };
  g_assert_true (ch_order_edit (&world->world, id, &less, &somebody, &error));
  g_autoptr(ChOrder) after = world_order (world, id);
  g_assert_null (after->note);
  g_assert_cmpuint (g_strv_length (after->tags), ==, 2);
  g_assert_false (after->auto_replace);
  g_assert_cmpint (after->replace_at, ==, 0);
  world_free (world);
}

static void
test_refusals (void)
{
  World *world = world_new ();
  gint64 account = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  gint64 id = world_add_order (world, "www.example.com", account, 0);
  g_autofree char *long_one = g_strnfill (5000, 'a');
  static const char *const bad[] = { "", "-x", "two words", "a,b", "a\nb", "a\"b" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const tags[] = { bad[i], NULL };
      ChOrderEdit edit = { .tags = tags };
      g_autoptr(GError) error = NULL;

      g_assert_false (ch_order_edit (&world->world, id, &edit, &somebody, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }

  ChOrderEdit too_long = { .note = long_one }, odd = { .note = "\033[2J" };
  g_autoptr(GError) error = NULL;
  g_assert_false (ch_order_edit (&world->world, id, &too_long, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (ch_order_edit (&world->world, id, &odd, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (ch_order_edit (&world->world, 99, &odd, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  world_free (world);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  g_test_add_func ("/engine/edit/edit", test_edit);
  g_test_add_func ("/engine/edit/refusals", test_refusals);
  return g_test_run ();
}
