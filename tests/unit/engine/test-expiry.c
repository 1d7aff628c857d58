/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/expiry.h"

#define DAY (24 * 60 * 60)

/* When a person is told that a certificate ends: the rule, day by day, and the whole with real store and vault. */

static const guint days[] = { 60, 30, 14, 7, 3, 1, 0 };

typedef struct
{
  int life;           /* days */
  int now;            /* day of its life */
  const char *flags;  /* r: replaces itself · f: that failed · p: it is due that many days before the end: 20 · o: renewed
                         · u: under way since day @now - 1 · e: only a renewal would help · m: and may be bought */
  int want, next;     /* the threshold, and the day of its life when it is looked at again; -1: never */
} Row;

static const Row rows[] = {
  { 199, 0, "", -1, 139 }, { 199, 138, "", -1, 139 }, { 199, 139, "", 60, 169 }, { 199, 150, "", 60, 169 },
  { 199, 169, "", 30, 185 }, { 199, 192, "", 7, 196 }, { 199, 196, "", 3, 198 }, { 199, 198, "", 1, 199 },
  { 199, 199, "", 0, 365 }, { 199, 370, "", 0, -1 },
  /* what is more than a third of the life does not count */
  { 47, 0, "", -1, 33 }, { 47, 33, "", 14, 40 }, { 99, 38, "", -1, 69 }, { 99, 69, "", 30, 85 },
  /* while it will replace itself */
  { 199, 150, "rp", -1, 169 }, { 199, 170, "rp", -1, 181 }, { 199, 181, "rp", 30, 185 }, { 199, 170, "rpf", 30, 185 },
  { 199, 190, "ru", -1, 191 }, { 199, 197, "ru", 3, 198 }, { 199, 170, "rpe", 30, 185 }, { 199, 170, "rpem", -1, 181 },
  /* another order took its place */
  { 199, 190, "o", -1, 199 }, { 199, 199, "o", -1, 365 },
};

static gboolean
has (const Row *row,
     char       flag)
{
  return strchr (row->flags, flag) != NULL;
}

static void
test_rule (gconstpointer data)
{
  const Row *row = data;
  const gint64 start = 1800000000, end = start + (gint64) row->life * DAY, now = start + (gint64) row->now * DAY;
  ChOrder order = {
    .state = has (row, 'u') ? CH_ORDER_STATE_REISSUING : CH_ORDER_STATE_ISSUED,
    .state_since = now - DAY,
    .not_after = end,
    .term_end = has (row, 'e') ? end : start + 365 * (gint64) DAY,
    .auto_replace = has (row, 'r'),
    .auto_renew = has (row, 'm'),
    .replace_failures = has (row, 'f') ? 1 : 0,
    .replace_at = has (row, 'p') ? end - 20 * DAY : 0,
  };

  ChExpiryLook look = ch_expiry_look (&order, start, has (row, 'o'), days, now);
  g_assert_cmpint (look.days, ==, row->want);
  g_assert_cmpint (look.next, ==, row->next < 0 ? 0 : start + (gint64) row->next * DAY);
}

static GString *told;

static void
expiring (gpointer       data,
          const ChOrder *order,
          int            left)
{
  g_string_append_printf (told, "%d ", left);
}

/* Nobody replaces it: each threshold is told once, across restarts, and at the end of the term the order has expired. */
static void
test_whole (void)
{
  World *world = world_new ();
  gint64 account = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  gint64 dns = world_add_peer (world, CH_PEER_ROLE_DNS, "dns");
  gint64 id = world_add_order (world, "www.example.com", account, dns);
  g_autoptr(GError) error = NULL;

  told = g_string_new (NULL);
  world->world.watcher.certificate_expiring = expiring;
  world_run (world, 60);
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_cmpint (order->not_after, >, ch_now ());
  gint64 left = order->not_after - ch_now ();

  world_run (world, left - 10 * DAY);
  g_autofree char *before = g_strdup (told->str);
  g_autoptr(GPtrArray) warnings = ch_store_list_warnings (world->world.store, 10, &error);
  g_assert_cmpuint (warnings->len, ==, 1);
  world_close (world);
  world_open (world);
  world->world.watcher.certificate_expiring = expiring;
  world_run (world, 1);
  g_assert_cmpstr (told->str, ==, before);
  world_run (world, 10 * DAY);
  g_assert_true (g_str_has_suffix (told->str, "7 3 1 0 "));

  world_run (world, MAX (order->term_end - ch_now (), 0) + 1);
  assert_order (world, id, "expired", "none");
  g_autoptr(GPtrArray) none = ch_store_list_warnings (world->world.store, 10, &error);
  g_assert_cmpuint (none->len, ==, 0);
  g_string_free (told, TRUE);
  world_free (world);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strdup_printf ("/engine/expiry/rule/%02d-%d-%d%s", (int) i, rows[i].life, rows[i].now, rows[i].flags);
      g_test_add_data_func (name, &rows[i], test_rule);
    }
  g_test_add_func ("/engine/expiry/whole", test_whole);
  return g_test_run ();
}
