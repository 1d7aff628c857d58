/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

/* How long an order waits for name servers, as its DNS account says. */

#define NAME "www.example.com"

static gint64
add_order (Fixture    *fixture,
           const char *least,
           const char *most)
{
  g_autoptr(ChPeer) peer = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (peer->settings, g_strdup ("minimum-wait"), g_strdup (least));
  g_hash_table_insert (peer->settings, g_strdup ("maximum-wait"), g_strdup (most));
  ch_store_update_peer (fixture->world->world.store, peer, &error);
  g_assert_no_error (error);
  return world_add_order (fixture->world, NAME, fixture->account, fixture->dns);
}

static void
assert_says (Fixture    *fixture,
             gint64      id,
             const char *step,
             const char *text)
{
  g_autoptr(ChOrder) order = world_order (fixture->world, id);

  g_test_message ("%s", order->reason);
  assert_order (fixture->world, id, "validating", step);
  g_assert_nonnull (strstr (order->reason, text));
}

static void
test_minimum (Fixture      *fixture,
              gconstpointer data)
{
  gint64 id = add_order (fixture, "1800", "3600");

  world_run (fixture->world, 1790);
  assert_says (fixture, id, "propagate", "until 1800 seconds");
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 1);
  world_run (fixture->world, 30);
  assert_order (fixture->world, id, "issued", "none");
}

/* A server that cannot be reached is named, and when the time is over, the CA is asked without it. */
static void
test_silent (Fixture      *fixture,
             gconstpointer data)
{
  gint64 id = add_order (fixture, "0", "120");

  fakes.silent = TRUE;
  world_run (fixture->world, 110);
  assert_says (fixture, id, "propagate", "ns1.example.com does not answer. The CA is asked all the same 120 seconds");
  world_run (fixture->world, 30);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 1);

  g_autoptr(ChStory) story = ch_order_explain (&fixture->world->world, id, NULL);
  gboolean told = FALSE;
  for (guint i = 0; i < story->lines->len; i++)
    told |= strstr (((const ChStoryLine *) story->lines->pdata[i])->text, "not every name server") != NULL;
  g_assert_true (told);
}

/* No way out to any name server: the same. */
static void
test_blocked (Fixture      *fixture,
              gconstpointer data)
{
  gint64 id = add_order (fixture, "0", "60");

  for (int i = 0; i < 30; i++)
    fake_fail (OP_LOOK, CH_ERROR_UNREACHABLE);
  world_run (fixture->world, 50);
  assert_says (fixture, id, "propagate", "Fake trouble with look. The CA is asked all the same");
  world_run (fixture->world, 40);
  assert_order (fixture->world, id, "issued", "none");
}

static void
forget_value (gpointer data)
{
  g_hash_table_remove_all (fakes.txt);
}

/* A server without the value is waited for as long as the account says, and then the value is put there again. */
static void
test_denied (Fixture      *fixture,
             gconstpointer data)
{
  gint64 id = add_order (fixture, "0", "120");

  fake_hook (OP_LOOK, FALSE, forget_value, NULL);
  world_run (fixture->world, 115);
  assert_says (fixture, id, "propagate", "does not show the value");
  world_run (fixture->world, 10);
  assert_says (fixture, id, "follow", "waited for 120 seconds, as the DNS account “dns” says");
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 1);
  world_run (fixture->world, 120);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 2);
}

#define ADD(path, func) fixture_test ("/engine/waits/" path, NULL, func)

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("minimum", test_minimum);
  ADD ("silent", test_silent);
  ADD ("blocked", test_blocked);
  ADD ("denied", test_denied);
  return g_test_run ();
}
