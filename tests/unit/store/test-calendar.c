/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#define DAY (24 * 60 * 60)

/* An order in force whose certificate and term end where it says. */
static ChOrder *
new_in_force (gint64 account,
              gint64 not_after,
              gint64 term_end)
{
  ChOrder *order = new_order (account, "www.example.test");

  order->state = CH_ORDER_STATE_ISSUED;
  order->step = CH_ORDER_STEP_NONE;
  order->not_after = not_after;
  order->term_end = term_end;
  order->auto_replace = TRUE;
  order->auto_renew = FALSE;
  order->replace_at = not_after - 10 * DAY;
  order->replace_failures = 0;
  return order;
}

static gint64
add (Fixture *fixture,
     ChOrder *taken)
{
  g_autoptr(ChOrder) order = taken;
  g_autoptr(GError) error = NULL;

  ch_store_add_order (fixture->store, order, &error);
  g_assert_no_error (error);
  return order->id;
}

static GArray *
count (Fixture      *fixture,
       const gint64 *bounds,
       guint         n_bounds)
{
  g_autoptr(GError) error = NULL;
  GArray *periods = ch_store_count_periods (fixture->store, bounds, n_bounds, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (periods->len, ==, n_bounds - 1);
  return periods;
}

static void
assert_period (GArray *periods,
               guint   i,
               guint   ends,
               guint   unattended,
               guint   reissues,
               guint   renewals,
               guint   term_ends)
{
  const ChPeriod *period = &g_array_index (periods, ChPeriod, i);

  g_assert_cmpuint (period->ends, ==, ends);
  g_assert_cmpuint (period->unattended, ==, unattended);
  g_assert_cmpuint (period->reissues, ==, reissues);
  g_assert_cmpuint (period->renewals, ==, renewals);
  g_assert_cmpuint (period->term_ends, ==, term_ends);
}

static void
test_periods (Fixture      *fixture,
              gconstpointer data)
{
  const gint64 bounds[] = { 100 * DAY, 200 * DAY, 300 * DAY, 400 * DAY };
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "main");

  /* the first moment belongs to a period, the last to the next */
  add (fixture, new_in_force (account, 200 * DAY, 400 * DAY));
  add (fixture, new_in_force (account, 200 * DAY - 1, 400 * DAY - 1));
  add (fixture, new_in_force (account, 400 * DAY, 500 * DAY));

  g_autoptr(GArray) periods = count (fixture, bounds, G_N_ELEMENTS (bounds));
  g_assert_cmpint (g_array_index (periods, ChPeriod, 1).from, ==, 200 * DAY);
  g_assert_cmpint (g_array_index (periods, ChPeriod, 1).until, ==, 300 * DAY);
  assert_period (periods, 0, 1, 0, 2, 0, 0);
  assert_period (periods, 1, 1, 0, 0, 0, 0);
  assert_period (periods, 2, 0, 0, 1, 0, 1);
}

/* Who is not in force does not count; what is not replaced by itself is told apart. */
static void
test_attended (Fixture      *fixture,
               gconstpointer data)
{
  const gint64 bounds[] = { 100 * DAY, 400 * DAY };
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "main");
  ChOrder *order = new_in_force (account, 200 * DAY, 500 * DAY);

  order->state = CH_ORDER_STATE_CANCELLED;
  add (fixture, order);
  g_autoptr(GArray) none = count (fixture, bounds, 2);
  assert_period (none, 0, 0, 0, 0, 0, 0);

  order = new_in_force (account, 200 * DAY, 500 * DAY);
  order->auto_replace = FALSE;
  order->replace_at = 0;
  gint64 old = add (fixture, order);
  order = new_in_force (account, 200 * DAY, 500 * DAY);
  order->replace_failures = 1;
  add (fixture, order);
  order = new_in_force (account, 200 * DAY, 200 * DAY);
  add (fixture, order);
  order = new_in_force (account, 200 * DAY, 200 * DAY);
  order->auto_renew = TRUE;
  add (fixture, order);
  order = new_in_force (account, 200 * DAY, 500 * DAY);
  order->state = CH_ORDER_STATE_REISSUING;
  order->replace_at = 0;
  add (fixture, order);
  g_autoptr(GArray) periods = count (fixture, bounds, 2);
  assert_period (periods, 0, 5, 3, 1, 1, 2);

  /* What was renewed may end. */
  order = new_in_force (account, 900 * DAY, 900 * DAY);
  order->renews_id = old;
  add (fixture, order);
  g_autoptr(GArray) renewed = count (fixture, bounds, 2);
  assert_period (renewed, 0, 5, 2, 1, 1, 2);
}

/* The list behind a number. */
static void
test_listed (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { gint64 from, until; guint n; } cases[] = {
    { 100, 180, 0 }, { 180, 190, 0 }, { 190, 191, 1 }, { 200, 201, 1 }, { 500, 501, 1 }, { 501, 600, 0 }, { 100, 600, 1 }, { 0, 0, 2 },
  };
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "main");
  ChOrder *order = new_in_force (account, 200 * DAY, 500 * DAY);

  add (fixture, order);
  order = new_in_force (account, 200 * DAY, 500 * DAY);
  order->state = CH_ORDER_STATE_REVOKED;
  add (fixture, order);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ChOrderFilter filter = { .from = cases[i].from * DAY, .until = cases[i].until * DAY };
      g_autoptr(GError) error = NULL;
      g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->store, &filter, "not-after", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (ids->len, ==, cases[i].n);
    }
}

#define ADD(name, function) \
  g_test_add ("/store/calendar/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("periods", test_periods);
  ADD ("attended", test_attended);
  ADD ("listed", test_listed);
  return g_test_run ();
}
