/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

/* The service dies before or after anything that it does outside, and starts again with what was on the disk at
 * that moment. */

#define DAY (24 * 60 * 60)

static gint64
begin (World *world)
{
  gint64 account = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  gint64 dns = world_add_peer (world, CH_PEER_ROLE_DNS, "dns");
  gint64 server = world_add_peer (world, CH_PEER_ROLE_SERVER, "web");

  world_add_deployment (world, "site", "www.example.com", server, "/etc/site");
  return world_add_order (world, "www.example.com", account, dns);
}

static World *
die_and_rise (World *world)
{
  world_run (world, 120);
  return world_rise (world);
}

static void
assert_looked_before_sent_again (void)
{
  g_test_message ("%s", fakes.calls->str);
  g_auto(GStrv) calls = g_strsplit (fakes.calls->str, " ", -1);
  gboolean may_submit = TRUE;

  for (gsize i = 0; calls[i] != NULL; i++)
    {
      if (g_str_equal (calls[i], "submit"))
        {
          g_assert_true (may_submit);
          may_submit = FALSE;
        }
      else if (g_str_equal (calls[i], "find"))
        may_submit = TRUE;
    }
}

static guint
count_orders (ChCaStatus status)
{
  guint count = 0;

  for (guint i = 0; i < fakes.orders->len; i++)
    count += fake_order (i)->status == status;
  return count;
}

static void
assert_all_is_well (World *world,
                    gint64 id)
{
  g_autoptr(ChDeployment) deployment = world_deployment (world, 1);
  g_autoptr(GPtrArray) runs = ch_store_list_runs (world->world.store, 1, 10, NULL);

  assert_order (world, id, "issued", "none");
  assert_looked_before_sent_again ();
  g_assert_cmpuint (count_orders (CH_CA_ISSUED), ==, 1);
  g_assert_cmpuint (count_orders (CH_CA_WAITING), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
  g_assert_cmpint (deployment->state, ==, CH_DEPLOYMENT_STATE_DEPLOYED);
  g_assert_cmpuint (g_hash_table_size (fakes.files), ==, 2);
  for (guint i = 0; i < runs->len; i++)
    g_assert_cmpint (((const ChRun *) g_ptr_array_index (runs, i))->finished_at, >, 0);
}

typedef struct
{
  Op op;
  gboolean after;
  gboolean lose_first;      /* the answer to the order is lost, so that FIND and WITHDRAW come */
} Moment;

static void
test_moment (gconstpointer data)
{
  const Moment *moment = data;
  World *world = world_new ();
  gint64 id = begin (world);

  if (moment->lose_first)
    fake_lose (OP_SUBMIT, CH_ERROR_UNKNOWN_OUTCOME);
  fake_hook (moment->op, moment->after, world_die, world);

  world = die_and_rise (world);
  world_run (world, DAY);
  assert_all_is_well (world, id);
  world_free (world);
}

/* A person is impatient while the order is being sent, and then the service dies. */
static void
retry_and_die (gpointer data)
{
  World *world = data;
  g_autoptr(GError) error = NULL;

  ch_order_retry (&world->world, 1, &somebody, &error);
  g_assert_no_error (error);
  world_die (world);
}

static void
test_retry_under_way (void)
{
  World *world = world_new ();
  gint64 id = begin (world);

  fake_hook (OP_SUBMIT, TRUE, retry_and_die, world);
  world = die_and_rise (world);
  world_run (world, DAY);
  assert_all_is_well (world, id);
  world_free (world);
}

/* The clock was a year ahead when the order was made, and is right after the service's death. */
static void
test_clock_set_back (void)
{
  World *world = world_new ();
  gint64 now = ch_now ();
  gint64 id = begin (world);

  fake_hook (OP_SUBMIT, TRUE, world_die, world);
  world_run (world, 1);
  world_set_clock (now - 365 * DAY);
  world = die_and_rise (world);
  world_run (world, DAY);
  g_assert_cmpint (fakes.since, <, now - 365 * DAY);
  assert_all_is_well (world, id);
  world_free (world);
}

static void
test_stop (void)
{
  World *world = world_new ();
  gint64 account = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("www%u.example.com", i);
      world_add_order (world, name, account, 0);
    }
  g_main_context_iteration (NULL, FALSE);
  world_close (world);
  world_open (world);

  /* What had not begun when it stopped did not begin because it stopped. */
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 0);
  g_autoptr(GHashTable) counts = ch_store_count_orders (world->world.store, NULL);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, "queued")), ==, 300);
  g_assert_cmpuint (world_most_at_once (), <, 50);
  world_free (world);
}

int
main (int   argc,
      char *argv[])
{
  static const Moment moments[] = {
    { OP_SUBMIT, FALSE, FALSE }, { OP_SUBMIT, TRUE, FALSE }, { OP_ZONE, FALSE, FALSE }, { OP_ADD, FALSE, FALSE },
    { OP_ADD, TRUE, FALSE }, { OP_LOOK, TRUE, FALSE }, { OP_CHECK, FALSE, FALSE }, { OP_CHECK, TRUE, FALSE },
    { OP_REMOVE, FALSE, FALSE }, { OP_REMOVE, TRUE, FALSE }, { OP_STAGE, TRUE, FALSE }, { OP_SWAP, TRUE, FALSE },
    { OP_ACT, FALSE, FALSE }, { OP_ACT, TRUE, FALSE }, { OP_SETTLE, FALSE, FALSE }, { OP_SETTLE, TRUE, FALSE },
    { OP_FIND, FALSE, TRUE }, { OP_FIND, TRUE, TRUE }, { OP_CANCEL, FALSE, TRUE }, { OP_CANCEL, TRUE, TRUE },
  };

  world_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/crash/moment/%" G_GSIZE_FORMAT, i + 1);
      g_test_add_data_func (path, &moments[i], test_moment);
    }
  g_test_add_func ("/engine/crash/retry-under-way", test_retry_under_way);
  g_test_add_func ("/engine/crash/clock-set-back", test_clock_set_back);
  g_test_add_func ("/engine/crash/stop", test_stop);
  return g_test_run ();
}
