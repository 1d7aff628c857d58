/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

/* Names that lead elsewhere by CNAME: who puts what where, and what is said when nobody can. */

#define DAY (24 * 60 * 60)
#define NAME "www.example.com"
#define TARGET "proof.sample.test"

static void
set_zones (World      *world,
           gint64      id,
           const char *zones)
{
  g_autoptr(ChPeer) peer = world_peer (world, CH_PEER_ROLE_DNS, id);
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (peer->settings, g_strdup ("zones"), g_strdup (zones));
  ch_store_update_peer (world->world.store, peer, &error);
  g_assert_no_error (error);
}

/* Beside what all have, a DNS account for the zone of TARGET: @id. */
static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture_set_up (fixture, NULL);
  fixture->id = world_add_peer (fixture->world, CH_PEER_ROLE_DNS, "other");
  set_zones (fixture->world, fixture->id, "sample.test");
}

static void
lead (const char *from,
      const char *to)
{
  g_hash_table_insert (fakes.aliases, g_strdup (from), g_strdup (to));
}

static char *
story (World *world,
       gint64 id)
{
  g_autoptr(ChStory) told = ch_order_explain (&world->world, id, NULL);
  GString *text = g_string_new (told->headline);

  for (guint i = 0; i < told->lines->len; i++)
    g_string_append_printf (text, "\n%s", ((const ChStoryLine *) told->lines->pdata[i])->text);

  return g_string_free (text, FALSE);
}

/* What stands in the ledger and in DNS while the value is there. */
static void
check_ledger (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (fixture->world->world.store, 0, NULL);
  const ChTxtRecord *record = records->pdata[records->len - 1];

  g_assert_cmpstr (record->name, ==, TARGET);
  g_assert_cmpint (record->dns_account_id, ==, fixture->id);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 1);
}

static void
assert_done (World  *world,
             gint64  id)
{
  assert_order (world, id, "issued", "none");
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
}

static void
test_another_account (Fixture      *fixture,
                      gconstpointer data)
{
  lead (NAME, "between.example.org");
  lead ("between.example.org", TARGET);
  fake_hook (OP_LOOK, FALSE, check_ledger, fixture);
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 60);
  assert_done (fixture->world, id);
  g_assert_nonnull (strstr (fake_secrets_seen->str, "other "));
  g_assert_null (strstr (fake_secrets_seen->str, "dns "));

  g_autofree char *told = story (fixture->world, id);
  g_assert_nonnull (strstr (told, NAME " → between.example.org → " TARGET));
  g_assert_nonnull (strstr (told, "through the DNS account “other”"));
}

/* Nobody has said who takes care of the target: so it is who takes care of the name. */
static void
test_same_account (Fixture      *fixture,
                   gconstpointer data)
{
  lead (NAME, "proof.example.com");
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 60);
  assert_done (fixture->world, id);
  g_assert_null (strstr (fake_secrets_seen->str, "other "));
}

static void
test_circle (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  lead (NAME, "b.example.com");
  lead ("b.example.com", "c.example.com");
  lead ("c.example.com", "b.example.com");
  gint64 id = fixture_add_order (fixture);

  world_run (world, DAY);
  assert_order (world, id, "validating", "follow");
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_nonnull (strstr (order->reason, "circle"));
  g_assert_nonnull (strstr (order->reason, NAME " → b.example.com → c.example.com → b.example.com"));
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 0);

  /* It is mended in DNS, and comes back by itself. */
  lead ("c.example.com", TARGET);
  world_run (world, 2 * 60 * 60);
  assert_done (world, id);
}

static void
test_to_itself (Fixture      *fixture,
                gconstpointer data)
{
  lead (NAME, NAME);
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 60);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_nonnull (strstr (order->reason, NAME " → " NAME));
}

static void
test_long (Fixture      *fixture,
           gconstpointer data)
{
  const int *links = data;

  for (int i = 0; i < *links; i++)
    {
      g_autofree char *from = i > 0 ? g_strdup_printf ("l%d.sample.test", i) : g_strdup (NAME);
      g_autofree char *to = g_strdup_printf ("l%d.sample.test", i + 1);
      lead (from, to);
    }
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 60);
  if (*links <= 10)
    {
      assert_done (fixture->world, id);
      return;
    }

  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_cmpint (order->step, ==, CH_ORDER_STEP_FOLLOW);
  g_assert_nonnull (strstr (order->reason, "more than 10"));
}

/* DNS cannot be asked: the service knows best whether a value can stand there. */
static void
test_blocked (Fixture      *fixture,
              gconstpointer data)
{
  fake_fail (OP_FOLLOW, CH_ERROR_UNREACHABLE);
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 60);
  assert_done (fixture->world, id);
}

/* A value is refused, because there is a CNAME after all, or the account of the target has no such zone: where it leads
 * to is looked up again. */
static void
test_looked_up_again (Fixture      *fixture,
                      gconstpointer data)
{
  const ChError *code = data;

  fake_fail (OP_ADD, *code);
  gint64 id = fixture_add_order (fixture);
  world_run (fixture->world, 10);
  assert_order (fixture->world, id, "validating", "follow");

  lead (NAME, TARGET);
  fake_hook (OP_LOOK, FALSE, check_ledger, fixture);
  world_run (fixture->world, DAY);
  assert_done (fixture->world, id);
}

static void
test_zone_of_nobody (Fixture      *fixture,
                     gconstpointer data)
{
  lead (NAME, TARGET);
  fake_fail (OP_ZONE, CH_ERROR_ZONE_NOT_FOUND);
  gint64 id = fixture_add_order (fixture);

  world_run (fixture->world, 10);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_nonnull (strstr (order->reason, "“" NAME "” leads to “" TARGET "” by CNAME"));
}

/* Two accounts for the target: the order waits until one is told apart, and then goes on at once. */
static void
test_several_for_the_target (Fixture      *fixture,
                             gconstpointer data)
{
  World *world = fixture->world;
  gint64 third = world_add_peer (world, CH_PEER_ROLE_DNS, "third");
  g_autoptr(GError) error = NULL;

  set_zones (world, third, "sample.test");
  lead (NAME, TARGET);
  gint64 id = fixture_add_order (fixture);
  world_run (world, DAY);
  assert_order (world, id, "validating", "follow");
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_nonnull (strstr (order->reason, "other, third"));

  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, third, FALSE, &somebody, &error));
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, fixture->id, TRUE, &somebody, &error));
  world_run (world, 30);
  assert_done (world, id);
}

static void
test_by_hand (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;

  lead (NAME, TARGET);
  gint64 id = world_add_order (world, NAME, fixture->account, 0);
  world_run (world, 60);
  assert_order (world, id, "validating", "propagate");
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_nonnull (strstr (order->reason, "Create a TXT record at " TARGET));

  const FakeOrder *placed = fake_order (0);
  g_hash_table_add (fakes.txt, g_strdup_printf (TARGET " %s", placed->value));
  world_run (world, 10 * 60);
  assert_order (world, id, "issued", "none");
}

/* ---- the service dies when the value is there ---- */

static void
test_clean_up_after_a_crash (Fixture      *fixture,
                             gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  lead (NAME, TARGET);
  fake_hook (OP_ADD, TRUE, world_die, fixture->world);
  gint64 id = fixture_add_order (fixture);
  world_run (fixture->world, 60);
  fixture->world = world_rise (fixture->world);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 1);

  /* In between, the name leads nowhere any more, and nobody wants the certificate. */
  g_hash_table_remove_all (fakes.aliases);
  g_string_truncate (fake_secrets_seen, 0);
  g_assert_true (ch_order_cancel (&fixture->world->world, id, FALSE, &somebody, &error));
  world_run (fixture->world, DAY);
  assert_order (fixture->world, id, "cancelled", "none");
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  g_assert_cmpuint (world_txt_count (fixture->world), ==, 0);
  g_assert_nonnull (strstr (fake_secrets_seen->str, "other "));
}

#define ADD(path, data, func) g_test_add ("/engine/follow/" path, Fixture, data, set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  static const int ten = 10, eleven = 11;
  static const ChError conflict = CH_ERROR_CONFLICT, no_zone = CH_ERROR_ZONE_NOT_FOUND;

  world_init (&argc, &argv);
  ADD ("another-account", NULL, test_another_account);
  ADD ("same-account", NULL, test_same_account);
  ADD ("circle", NULL, test_circle);
  ADD ("to-itself", NULL, test_to_itself);
  ADD ("long", &ten, test_long);
  ADD ("too-long", &eleven, test_long);
  ADD ("blocked", NULL, test_blocked);
  ADD ("looked-up-again/conflict", &conflict, test_looked_up_again);
  ADD ("looked-up-again/no-zone", &no_zone, test_looked_up_again);
  ADD ("zone-of-nobody", NULL, test_zone_of_nobody);
  ADD ("several-for-the-target", NULL, test_several_for_the_target);
  ADD ("by-hand", NULL, test_by_hand);
  ADD ("clean-up-after-a-crash", NULL, test_clean_up_after_a_crash);
  return g_test_run ();
}
