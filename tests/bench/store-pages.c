/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include <glib/gstdio.h>
#include <stdio.h>

/* What lists of orders cost. Not a test: it prints milliseconds, and the query plans that explain
 * them. Usage: bench-store-pages [ORDERS [FOLDER]], 100000 orders in the temporary folder by default. */

#define PAGE 100
#define REPEATS 5

static const char *const sorts[] = { "id", "name", "-name", "state", "not-after", "-updated" };

static double
elapsed_ms (gint64 since)
{
  return (double) (g_get_monotonic_time () - since) / 1000.0;
}

static void
must (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static ChOrder *
make_order (gint64 account,
            guint  number)
{
  ChOrder *order = g_new0 (ChOrder, 1);

  /* Spread by a multiplicative hash, as names and dates of real orders are. */
  guint spread = number * 2654435761u;

  order->state = (ChOrderState) (number % 50 == 0 ? CH_ORDER_STATE_FAILED : CH_ORDER_STATE_ISSUED);
  order->names = g_new0 (char *, 3);
  order->names[0] = g_strdup_printf ("host%u.example%u.test", spread % 100000, number % 1000);
  order->names[1] = g_strdup_printf ("www.host%u.example%u.test", spread % 100000, number % 1000);
  order->account_id = account;
  order->ca_order = g_strdup_printf ("CE%010u", number);
  order->csr = g_strnfill (1200, 'c');
  order->own_key = g_strdup_printf ("chancery-%u-1", number);
  order->not_after = 1780000000 + spread % 17000000;
  order->created_at = 1760000000 + number;
  return order;
}

static void
fill (ChStore *store,
      guint    n_orders)
{
  ChPeer peer = { .kind = (char *) "globalsign", .name = (char *) "bench" };
  GError *error = NULL;

  ch_store_begin (store, &error);
  ch_store_add_peer (store, &peer, &error);
  must (error);
  for (guint i = 0; i < n_orders; i++)
    {
      g_autoptr(ChOrder) order = make_order (peer.id, i);

      ch_store_add_order (store, order, &error);
      must (error);
    }
  ch_store_commit (store, &error);
  must (error);
}

/* The best of some: what the machine else does is not of interest. */
static double
time_page (ChStore             *store,
           const ChOrderFilter *filter,
           const char          *sort,
           const char          *cursor,
           char               **next)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < REPEATS; i++)
    {
      GError *error = NULL;
      gint64 start = g_get_monotonic_time ();

      g_clear_pointer (next, g_free);
      g_autoptr(GPtrArray) page = ch_store_page_orders (store, filter, sort, cursor, PAGE, next, &error);
      must (error);
      best = MIN (best, elapsed_ms (start));
    }
  return best;
}

/* The cursor of a page near the end: walked to once with big pages. */
static char *
find_end (ChStore    *store,
          const char *sort)
{
  g_autofree char *cursor = NULL;
  char *before = NULL;

  for (;;)
    {
      GError *error = NULL;
      char *next = NULL;
      g_autoptr(GPtrArray) page = ch_store_page_orders (store, NULL, sort, cursor, 500, &next, &error);

      must (error);
      if (next == NULL)
        return before;
      g_free (before);
      before = g_steal_pointer (&cursor);
      cursor = next;
    }
}

static void
bench_pages (ChStore *store)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      GError *error = NULL;
      g_autofree char *next = NULL;
      g_autofree char *end = find_end (store, sorts[i]);
      double first = time_page (store, NULL, sorts[i], NULL, &next);
      double last = time_page (store, NULL, sorts[i], end, &next);
      gint64 start = g_get_monotonic_time ();
      g_autoptr(GArray) ids = ch_store_list_order_ids (store, NULL, sorts[i], &error);

      must (error);
      printf ("%-10s first page %6.2f ms, last page %6.2f ms, %u ids %6.1f ms\n", sorts[i], first, last,
              ids->len,
              elapsed_ms (start));
    }
}

static void
bench_filters (ChStore *store)
{
  char *failed[] = { (char *) "failed", NULL };
  char *absent[] = { (char *) "vetting", NULL };
  const struct { const char *what; ChOrderFilter filter; } cases[] = {
    { "one of 50", { .states = failed } },
    { "no such state", { .states = absent } },
    { "open only", { .open_only = TRUE } },
    { "common search", { .search = (char *) "example" } },
    { "rare search", { .search = (char *) "host4242.example" } },
    { "no hit", { .search = (char *) "nothing-like-it" } },
    { "ends before", { .ends_before = 1780001000 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize s = 0; s < 2; s++)
      {
        const char *sort = s == 0 ? "name" : "not-after";
        g_autofree char *next = NULL;
        double page = time_page (store, &cases[i].filter, sort, NULL, &next);
        GError *error = NULL;
        gint64 start = g_get_monotonic_time ();
        g_autoptr(GArray) ids = ch_store_list_order_ids (store, &cases[i].filter, sort, &error);

        must (error);
        printf ("%-14s by %-10s page %7.2f ms, %6u ids %7.1f ms\n", cases[i].what, sort, page, ids->len,
                elapsed_ms (start));
      }
}

static void
print_plan (ChStore    *store,
            const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, explain, NULL, NULL);

  printf ("%s\n", sql);
  while (sqlite3_step (statement) == SQLITE_ROW)
    printf ("    %s\n", sqlite3_column_text (statement, 3));
}

static void
print_plans (ChStore *store)
{
  static const char *const queries[] = {
    "SELECT id FROM orders WHERE TRUE ORDER BY name ASC, id ASC LIMIT ?8",
    "SELECT id FROM orders WHERE TRUE AND name = ?6 AND id > ?7 ORDER BY name ASC, id ASC LIMIT ?8",
    "SELECT id FROM orders WHERE TRUE AND not_after < ?6 ORDER BY not_after DESC, id DESC LIMIT ?8",
    "SELECT id FROM orders WHERE TRUE AND id > ?6 ORDER BY id ASC, id ASC LIMIT ?8",
    "SELECT id FROM orders WHERE TRUE AND +state IN (SELECT value FROM json_each (?1))"
    " ORDER BY name, id LIMIT ?8",
    "SELECT id FROM orders WHERE TRUE"
    " AND (+id = ?4 OR +id IN (SELECT order_id FROM order_names WHERE instr (name, ?3)))"
    " ORDER BY name, id LIMIT ?8",
    "SELECT * FROM orders JOIN (SELECT key AS place, value AS wanted FROM json_each (?1)) ON id = wanted"
    " ORDER BY place",
    "SELECT * FROM orders WHERE due > 0 AND due <= ?1 ORDER BY due, id LIMIT ?2",
    "SELECT min (due) FROM orders WHERE due > 0",
    "SELECT state, count (*) FROM orders GROUP BY state",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    print_plan (store, queries[i]);
}

static void
bench_rest (ChStore *store)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr(GHashTable) counts = ch_store_count_orders (store, &error);
  printf ("count by state %.2f ms\n", elapsed_ms (start));

  start = g_get_monotonic_time ();
  ch_store_next_due (store, &error);
  printf ("next due %.3f ms\n", elapsed_ms (start));

  g_autoptr(ChOrder) order = ch_store_get_order (store, 17, &error);
  must (error);
  start = g_get_monotonic_time ();
  for (int i = 0; i < 20; i++)
    ch_store_update_order (store, order, &error);
  must (error);
  printf ("update, durable, %.2f ms each\n", elapsed_ms (start) / 20);
}

int
main (int   argc,
      char *argv[])
{
  guint n_orders = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 100000;
  g_autofree char *folder = argc > 2 ? g_strdup (argv[2]) : g_dir_make_tmp ("chancery-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  GError *error = NULL;
  ChStore *store = ch_store_open (path, &error);
  must (error);

  gint64 start = g_get_monotonic_time ();
  fill (store, n_orders);
  printf ("%u orders written in one transaction: %.0f ms\n", n_orders, elapsed_ms (start));
  bench_pages (store);
  bench_filters (store);
  bench_rest (store);
  print_plans (store);

  ch_store_close (store);
  g_unlink (path);
  if (argc <= 2)
    g_rmdir (folder);
  return 0;
}
