/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include <glib/gstdio.h>
#include <string.h>

/* Many orders that wait for the CA: one question for all of an account, and an answer that is written in parts. */

#define MANY 300

typedef struct
{
  World *world;
  gint64 accounts[2];
} Fixture;

static void
add_waiting (Fixture *fixture,
             gint64   account,
             guint    number)
{
  gint64 id = world_add_order (fixture->world, "www.example.com", account, 0);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  FakeOrder *other = g_new0 (FakeOrder, 1);

  order->ca_order = g_strdup_printf ("CE%u", number);
  order->state = CH_ORDER_STATE_VETTING;
  order->step = CH_ORDER_STEP_TRACK;
  order->placed_at = ch_now ();
  g_assert_true (ch_store_update_order (fixture->world->world.store, order, NULL));

  other->number = g_strdup (order->ca_order);
  other->name = g_strdup ("www.example.com");
  other->own_key = g_strdup (order->own_key);
  other->status = CH_CA_HELD;
  g_ptr_array_add (fakes.orders, other);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  guint many = (guint) GPOINTER_TO_INT (data);
  g_autoptr(GError) error = NULL;

  fixture->world = world_new ();
  fixture->accounts[0] = world_add_peer (fixture->world, CH_PEER_ROLE_ACCOUNT, "one");
  fixture->accounts[1] = world_add_peer (fixture->world, CH_PEER_ROLE_ACCOUNT, "two");
  ch_store_begin (fixture->world->world.store, &error);
  for (guint i = 0; i < many; i++)
    add_waiting (fixture, fixture->accounts[i % 2], i);
  ch_store_commit (fixture->world->world.store, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  world_free (fixture->world);
}

static guint
count_in (Fixture    *fixture,
          const char *state)
{
  g_autoptr(GHashTable) counts = ch_store_count_orders (fixture->world->world.store, NULL);

  return GPOINTER_TO_UINT (g_hash_table_lookup (counts, state));
}

static void
end_all (void)
{
  for (guint i = 0; i < fakes.orders->len; i++)
    ((FakeOrder *) g_ptr_array_index (fakes.orders, i))->status = CH_CA_CANCELLED;
}

static void
test_one_question (Fixture      *fixture,
                   gconstpointer data)
{
  world_run (fixture->world, 0);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, 2);
  g_assert_cmpuint (count_in (fixture, "vetting"), ==, MANY);

  /* Waits spread by up to a fifth: what is due takes what is not due yet along. */
  for (guint quarter = 0; quarter < 4; quarter++)
    {
      guint before = fakes.count[OP_LIST];

      world_run (fixture->world, 15 * 60);
      g_assert_cmpuint (fakes.count[OP_LIST] - before, <=, 2 * 15 * 60 / 24);
    }

  g_assert_cmpuint (fakes.calls->len, ==, fakes.count[OP_LIST] * strlen ("list "));
  end_all ();
  world_run (fixture->world, 60 * 60);
  g_assert_cmpuint (count_in (fixture, "cancelled"), ==, MANY);
}

/* Written, but not all of it, when somebody looks: the rest follows. When the service dies there, too. */
static void
test_died_between_parts (Fixture      *fixture,
                         gconstpointer data)
{
  World *world = fixture->world;

  world_run (world, 0);
  end_all ();
  world_set_clock (ch_now () + 60 * 60);
  while (count_in (fixture, "cancelled") == 0)
    g_main_context_iteration (NULL, TRUE);

  guint some = count_in (fixture, "cancelled");
  g_assert_cmpuint (some, <, MANY / 2);
  g_autoptr(ChTrack) track = ch_store_get_track (world->world.store, fixture->accounts[0], NULL);
  g_assert_cmpint (track->seen_to, <=, ch_now () - 60 * 60);

  char *folder = world_snapshot (world);
  fakes.frozen = TRUE;
  world_drop (world);
  fakes.frozen = FALSE;
  fixture->world = world_new_from (folder);
  world_run (fixture->world, 60 * 60);
  g_assert_cmpuint (count_in (fixture, "cancelled"), ==, MANY);
}

#define TEST(path, many, function) \
  g_test_add ("/engine/tracking/" path, Fixture, GINT_TO_POINTER (many), set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  TEST ("one-question", MANY, test_one_question);
  TEST ("died-between-parts", MANY, test_died_between_parts);
  return g_test_run ();
}
