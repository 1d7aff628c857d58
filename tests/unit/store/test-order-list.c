/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

#define N_ORDERS 60

static const char *const sorts[] = {
  "id", "name", "state", "product", "not-after", "term-end", "served", "created", "updated", "account",
  "-id", "-name", "-state", "-product", "-not-after", "-term-end", "-served", "-created", "-updated", "-account",
};

/* Many equal keys, and some that are 0. */
static void
fill (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");

  for (int i = 0; i < N_ORDERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%c/é%d.example.test", 'a' + (i * 7) % 3, i % 4);
      g_autoptr(ChOrder) order = new_order (account, name);

      order->state = (ChOrderState) ((i * 5) % 12);
      order->not_after = (i % 3) * 1000;
      order->term_end = i % 2 ? -1 : 5;
      order->created_at = N_ORDERS - i;
      order->product = (ChProduct) (i % 4);
      g_free (order->ca_order);
      order->ca_order = i % 2 ? g_strdup_printf ("CE%d", i) : NULL;
      ch_store_add_order (fixture->store, order, &error);
      g_assert_no_error (error);
    }
}

static int
compare (const ChOrder *a,
         const ChOrder *b,
         const char    *sort)
{
  gint64 one = a->id, other = b->id;

  if (g_str_equal (sort, "name"))
    return strcmp (a->names[0], b->names[0]);
  if (g_str_equal (sort, "state"))
    return strcmp (ch_nick (CH_TYPE_ORDER_STATE, (int) a->state),
                   ch_nick (CH_TYPE_ORDER_STATE, (int) b->state));
  if (g_str_equal (sort, "product"))
    return strcmp (ch_nick (CH_TYPE_PRODUCT, (int) a->product), ch_nick (CH_TYPE_PRODUCT, (int) b->product));
  if (g_str_equal (sort, "not-after"))
    one = a->not_after, other = b->not_after;
  if (g_str_equal (sort, "term-end"))
    one = a->term_end, other = b->term_end;
  if (g_str_equal (sort, "created"))
    one = a->created_at, other = b->created_at;
  if (g_str_equal (sort, "updated"))
    one = a->updated_at, other = b->updated_at;

  return one < other ? -1 : one > other;
}

static void
assert_in_order (const ChOrder *a,
                 const ChOrder *b,
                 const char    *sort)
{
  int sign = sort[0] == '-' ? -1 : 1;
  int result = sign * compare (a, b, sort + (sort[0] == '-'));

  g_assert_true (result < 0 || (result == 0 && sign * (a->id < b->id ? -1 : 1) < 0));
}

static GPtrArray *
walk (ChStore             *store,
      const ChOrderFilter *filter,
      const char          *sort,
      guint                limit)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_order_free);
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *next = NULL;
      g_autoptr(GPtrArray) page = ch_store_page_orders (store, filter, sort, cursor, limit, &next, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, <=, limit);
      g_assert_true (next == NULL || page->len == limit);
      g_assert_cmpuint (all->len, <=, N_ORDERS);
      while (page->len > 0)
        g_ptr_array_add (all, g_ptr_array_steal_index (page, 0));
      g_free (cursor);
      cursor = g_steal_pointer (&next);
    }
  while (cursor != NULL);

  return all;
}

static void
test_pages (Fixture      *fixture,
            gconstpointer data)
{
  static const guint limits[] = { 1, 7, N_ORDERS, 500 };

  fill (fixture);
  for (gsize s = 0; s < G_N_ELEMENTS (sorts); s++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->store, NULL, sorts[s], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (ids->len, ==, N_ORDERS);
      for (gsize l = 0; l < G_N_ELEMENTS (limits); l++)
        {
          g_autoptr(GPtrArray) all = walk (fixture->store, NULL, sorts[s], limits[l]);

          g_assert_cmpuint (all->len, ==, N_ORDERS);
          for (guint i = 0; i < all->len; i++)
            {
              g_assert_cmpint (((ChOrder *) all->pdata[i])->id, ==, g_array_index (ids, gint64, i));
              if (i > 0)
                assert_in_order (all->pdata[i - 1], all->pdata[i], sorts[s]);
            }
        }
    }
}

static void
test_pages_while_rows_change (Fixture      *fixture,
                              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *next = NULL;

  fill (fixture);
  g_autoptr(GPtrArray) page = ch_store_page_orders (fixture->store, NULL, "id", NULL, 10, &next, &error);
  const ChOrder *last = page->pdata[9];
  gint64 id = last->id;

  /* The row that the cursor stands on goes; the next page begins after where it was. */
  g_assert_true (ch_store_remove_order (fixture->store, id, &error));
  g_autofree char *after = NULL;
  g_autoptr(GPtrArray) second = ch_store_page_orders (fixture->store, NULL, "id", next, 10, &after, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((ChOrder *) second->pdata[0])->id, ==, id + 1);
}

static void
test_limits (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { guint limit, want; } cases[] = { { 0, 1 }, { 1, 1 }, { G_MAXUINT, N_ORDERS } };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *next = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) page =
        ch_store_page_orders (fixture->store, NULL, "id", "", cases[i].limit, &next, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, ==, cases[i].want);
      g_assert_cmpint (next != NULL, ==, cases[i].want < N_ORDERS);
    }
}

static void
test_unknown_sorts (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const unknown[] = { "", "-", "--id", "Name", "rowid", "id; DROP TABLE orders",
  "not_after" };

  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *next = NULL;

      g_assert_null (ch_store_page_orders (fixture->store, NULL, unknown[i], NULL, 1, &next, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_null (ch_store_list_order_ids (fixture->store, NULL, unknown[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "not-after"));
    }
}

static char *
encode (const char *text)
{
  return g_base64_encode ((const guchar *) text, strlen (text));
}

static void
test_hostile_cursors (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *long_one = g_strnfill (100000, 'A');
  g_autofree char *not_utf8 = g_base64_encode ((const guchar *) "not-after/1/\xff", 13);
  g_autofree char *with_zero = g_base64_encode ((const guchar *) "not-after/1/5\0" "5", 15);
  g_autofree char *other_sort = encode ("name/1/a");
  g_autofree char *other_way = encode ("-not-after/1/5");
  g_autofree char *no_key = encode ("not-after/1");
  g_autofree char *no_number = encode ("not-after/1/5 OR 1=1");
  g_autofree char *too_big = encode ("not-after/1/99999999999999999999");
  g_autofree char *bad_id = encode ("not-after/-1/5");
  g_autofree char *good = encode ("not-after/1/5");
  g_autofree char *spaced = g_strconcat (good, " ", NULL);
  const char *cursors[] = {
    "x", "====", "\xff\xfe", "not-after/1/5", long_one, not_utf8, with_zero, other_sort, other_way, no_key,
    no_number,
    too_big, bad_id, spaced,
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *next = NULL;

      g_test_message ("cursor %zu", i);
      g_assert_null (ch_store_page_orders (fixture->store, NULL, "not-after", cursors[i], 1, &next, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_null (next);
    }

  g_autoptr(GError) error = NULL;
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) page = ch_store_page_orders (fixture->store, NULL, "not-after", good, 1, &next,
                                                    &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->len, ==, 1);
}

static guint
count (ChStore       *store,
       ChOrderFilter *filter)
{
  g_autoptr(GPtrArray) all = walk (store, filter, "name", 2);
  return all->len;
}

static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { const char *search; guint want; } cases[] = {
    { "", 5 }, { "example", 2 }, { "www.example.test", 1 }, { "EXAMPLE", 2 }, { "le.te", 1 }, { "xn--", 1 },
    { "under_score", 1 }, { "r_s", 1 }, { "_", 1 }, { "%", 0 }, { "*", 1 }, { "*.w", 1 }, { "exa%", 0 },
    { "e_ample", 0 },
    { "'", 0 }, { "\"", 0 }, { "\\", 0 }, { "' OR 1=1 --", 0 }, { "?1", 0 }, { "ce2026", 5 },
    { "2026000", 5 },
    { "a\xff", 0 },
  };
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 first = add_order (fixture->store, account, "Example.test");

  add_order (fixture->store, account, "xn--bcher-kva.test");
  add_order (fixture->store, account, "under_score.test");
  add_order (fixture->store, account, "*.wild.test");
  gint64 last = add_order (fixture->store, account, "sub-example.org");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChOrderFilter filter = { .search = (char *) cases[i].search };

      g_autofree char *shown = g_strescape (cases[i].search, NULL);
      g_test_message ("search %s", shown);
      g_assert_cmpuint (count (fixture->store, &filter), ==, cases[i].want);
    }

  g_autofree char *huge = g_strnfill (1000000, '%');
  ChOrderFilter filter = { .search = huge };
  g_assert_cmpuint (count (fixture->store, &filter), ==, 0);

  /* An id is found whole only. */
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  filter.search = id;
  g_assert_true (ch_store_remove_order (fixture->store, first, &error));
  g_autoptr(ChOrder) order = ch_store_get_order (fixture->store, last, &error);
  g_clear_pointer (&order->ca_order, g_free);
  g_assert_true (ch_store_update_order (fixture->store, order, &error));
  g_autoptr(GPtrArray) found = walk (fixture->store, &filter, "-id", 500);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (((ChOrder *) found->pdata[0])->id, ==, last);
}

static void
test_search_follows_the_names (Fixture      *fixture,
                               gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  ChOrderFilter filter = { .search = (char *) "www.old" };
  g_autoptr(ChOrder) order = new_order (add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs"), "old.test");

  g_assert_true (ch_store_add_order (fixture->store, order, &error));
  g_assert_cmpuint (count (fixture->store, &filter), ==, 1);
  g_strfreev (order->names);
  order->names = g_strsplit ("new.test", " ", -1);
  g_assert_true (ch_store_update_order (fixture->store, order, &error));
  g_assert_cmpuint (count (fixture->store, &filter), ==, 0);
  filter.search = (char *) "new.test";
  g_assert_cmpuint (count (fixture->store, &filter), ==, 1);
  g_assert_true (ch_store_remove_order (fixture->store, order->id, &error));
  g_assert_cmpuint (count (fixture->store, &filter), ==, 0);
}

static void
test_filters (Fixture      *fixture,
              gconstpointer data)
{
  const char *queued[] = { "queued", "failed", NULL };
  const char *none[] = { NULL };
  ChOrderFilter filter = { .states = (char **) queued };
  g_autoptr(GError) error = NULL;

  /* 60 orders over 12 states: 5 of each; 20 end at 0, 20 at 1000 and 20 at 2000. */
  fill (fixture);
  g_assert_cmpuint (count (fixture->store, &filter), ==, 10);
  filter.open_only = TRUE;
  g_assert_cmpuint (count (fixture->store, &filter), ==, 5);
  filter.states = (char **) none;
  g_assert_cmpuint (count (fixture->store, &filter), ==, 35);
  filter = (ChOrderFilter) { .ends_before = 2000 };
  g_assert_cmpuint (count (fixture->store, &filter), ==, 20);
  filter = (ChOrderFilter) { .account_id = 1 };
  g_assert_cmpuint (count (fixture->store, &filter), ==, N_ORDERS);
  filter.account_id = 2;
  g_assert_cmpuint (count (fixture->store, &filter), ==, 0);

  const char *unknown[] = { "queued", "lost", NULL };
  filter = (ChOrderFilter) { .states = (char **) unknown };
  g_assert_null (ch_store_list_order_ids (fixture->store, &filter, "id", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_rows_by_ids (Fixture      *fixture,
                  gconstpointer data)
{
  const gint64 wanted[] = { 9, 2, 999, 30, -1, 1 };
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) error = NULL;

  fill (fixture);
  g_autoptr(GPtrArray) none = ch_store_get_orders (fixture->store, ids, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  g_array_append_vals (ids, wanted, G_N_ELEMENTS (wanted));
  g_autoptr(GPtrArray) rows = ch_store_get_orders (fixture->store, ids, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpint (((ChOrder *) rows->pdata[0])->id, ==, 9);
  g_assert_cmpint (((ChOrder *) rows->pdata[1])->id, ==, 2);
  g_assert_cmpint (((ChOrder *) rows->pdata[2])->id, ==, 30);
  g_assert_cmpint (((ChOrder *) rows->pdata[3])->id, ==, 1);
}

static void
test_counts (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) none = ch_store_count_orders (fixture->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  fill (fixture);
  g_autoptr(GHashTable) counts = ch_store_count_orders (fixture->store, &error);
  g_assert_cmpuint (g_hash_table_size (counts), ==, 12);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, "issued")), ==, 5);
}

static void
test_due (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  static const gint64 dues[] = { 0, 300, 100, 200, 100 };

  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (dues); i++)
    {
      g_autoptr(ChOrder) order = new_order (account, "example.test");

      order->due = dues[i];
      order->step = dues[i] == 300 ? CH_ORDER_STEP_SUBMIT : CH_ORDER_STEP_TRACK;
      g_assert_true (ch_store_add_order (fixture->store, order, &error));
    }

  /* As only a damaged file has it. */
  g_autoptr(ChOrder) idle = new_order (account, "example.test");
  idle->due = 50;
  idle->step = CH_ORDER_STEP_NONE;
  g_assert_true (ch_store_add_order (fixture->store, idle, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 100);

  g_autoptr(GPtrArray) due = ch_store_list_due_orders (fixture->store, 200, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (due->len, ==, 3);
  g_assert_cmpint (((ChOrder *) due->pdata[0])->id, ==, 3);
  g_assert_cmpint (((ChOrder *) due->pdata[1])->id, ==, 5);
  g_assert_cmpint (((ChOrder *) due->pdata[2])->id, ==, 4);
  g_autoptr(GPtrArray) first = ch_store_list_due_orders (fixture->store, 200, 1, &error);
  g_assert_cmpuint (first->len, ==, 1);
  g_autoptr(GPtrArray) none = ch_store_list_due_orders (fixture->store, 99, 10, &error);
  g_assert_cmpuint (none->len, ==, 0);

  g_autoptr(GArray) tracked = ch_store_list_ids_in_step (fixture->store, account, CH_ORDER_STEP_TRACK, &error);
  g_assert_cmpuint (tracked->len, ==, 4);
  g_autoptr(GArray) other = ch_store_list_ids_in_step (fixture->store, account + 1, CH_ORDER_STEP_TRACK, &error);
  g_assert_cmpuint (other->len, ==, 0);

  g_assert_true (ch_store_begin_step (fixture->store, account, CH_ORDER_STEP_TRACK, &error));
  g_autoptr(GPtrArray) begun = ch_store_list_due_orders (fixture->store, 200, 10, &error);
  g_assert_cmpuint (begun->len, ==, 0);
}

static void
test_interrupted (Fixture      *fixture,
                  gconstpointer data)
{
  static const struct { ChOrderStep step; gint64 due; } cases[] = {
    { CH_ORDER_STEP_NONE, 0 }, { CH_ORDER_STEP_SUBMIT, 5 }, { CH_ORDER_STEP_SUBMIT, 0 },
    { CH_ORDER_STEP_NONE, 5 },
  };
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ChOrder) order = new_order (account, "example.test");

      order->step = cases[i].step;
      order->due = cases[i].due;
      g_assert_true (ch_store_add_order (fixture->store, order, &error));
    }

  g_autoptr(GPtrArray) list = ch_store_list_interrupted_orders (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (((ChOrder *) list->pdata[0])->id, ==, 3);
}

static void
test_hurry (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 dns = add_peer (fixture->store, CH_PEER_ROLE_DNS, "dns");
  g_autoptr(ChOrder) failing = new_order (account, "one.test");
  g_autoptr(ChOrder) waiting = new_order (account, "two.test");

  failing->dns_account_id = waiting->dns_account_id = dns;
  failing->due = waiting->due = 900;
  waiting->failures = 0;
  g_assert_true (ch_store_add_order (fixture->store, failing, &error));
  g_assert_true (ch_store_add_order (fixture->store, waiting, &error));

  g_assert_true (ch_store_hurry_orders (fixture->store, CH_PEER_ROLE_SERVER, account, 100, &error));
  g_assert_true (ch_store_hurry_orders (fixture->store, CH_PEER_ROLE_DNS, account, 100, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 900);
  g_assert_true (ch_store_hurry_orders (fixture->store, CH_PEER_ROLE_DNS, dns, 100, &error));
  g_autoptr(GPtrArray) due = ch_store_list_due_orders (fixture->store, 100, 10, &error);
  g_assert_cmpuint (due->len, ==, 1);
  g_assert_cmpint (((ChOrder *) due->pdata[0])->id, ==, failing->id);
  g_assert_true (ch_store_hurry_orders (fixture->store, CH_PEER_ROLE_ACCOUNT, account, 50, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 50);
}

static void
test_due_of_others (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 dns = add_peer (fixture->store, CH_PEER_ROLE_DNS, "dns");
  g_autoptr(ChTxtRecord) record = new_txt_record (dns, 0);
  g_autoptr(ChDeployment) deployment =
    new_deployment (add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web"), "site");

  record->due = 50;
  record->state = CH_TXT_STATE_PRESENT;
  deployment->due = 70;
  deployment->enabled = FALSE;
  g_assert_true (ch_store_add_txt_record (fixture->store, record, &error));
  g_assert_true (ch_store_add_deployment (fixture->store, deployment, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 0);

  deployment->enabled = TRUE;
  g_assert_true (ch_store_update_deployment (fixture->store, deployment, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 70);
  record->state = CH_TXT_STATE_REMOVING;
  g_assert_true (ch_store_update_txt_record (fixture->store, record, &error));
  g_assert_cmpint (ch_store_next_due (fixture->store, &error), ==, 50);

  g_autoptr(GPtrArray) records = ch_store_list_due_txt_records (fixture->store, 50, &error);
  g_autoptr(GPtrArray) no_records = ch_store_list_due_txt_records (fixture->store, 49, &error);
  g_autoptr(GPtrArray) deployments = ch_store_list_due_deployments (fixture->store, 70, 2, 10, &error);
  g_autoptr(GPtrArray) no_deployments = ch_store_list_due_deployments (fixture->store, 69, 2, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_cmpuint (no_records->len, ==, 0);
  g_assert_cmpuint (deployments->len, ==, 1);
  g_assert_cmpuint (no_deployments->len, ==, 0);
}

#define ADD(name, function) \
  g_test_add ("/store/order-list/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

/* By the name of the account, not by its number. */
static void
test_sort_by_account (Fixture       *fixture,
                      gconstpointer  data)
{
  gint64 zed = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "zed");
  gint64 add = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "add");
  const ChOrderFilter filter = { 0 };
  gint64 ids[4];

  for (guint i = 0; i < 4; i++)
    ids[i] = add_order (fixture->store, i < 2 ? zed : add, "example.test");

  g_autoptr(GPtrArray) up = walk (fixture->store, &filter, "account", 1);
  g_autoptr(GPtrArray) down = walk (fixture->store, &filter, "-account", 3);

  g_assert_cmpuint (up->len, ==, 4);
  g_assert_cmpuint (down->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (((ChOrder *) g_ptr_array_index (up, i))->id, ==, ids[(i + 2) % 4]);
      g_assert_cmpint (((ChOrder *) g_ptr_array_index (down, 3 - i))->id, ==, ids[(i + 2) % 4]);
    }
}

/* A deployment in that state that has a certificate of the order. */
static void
deploy (ChStore          *store,
        gint64            order,
        const char       *name,
        ChDeploymentState state,
        const char       *drift)
{
  g_autoptr(ChCertificate) certificate = new_certificate (order, name);
  g_autofree char *server_name = g_strconcat ("server-", name, NULL);
  g_autoptr(ChDeployment) deployment = new_deployment (add_peer (store, CH_PEER_ROLE_SERVER, server_name), name);
  g_autoptr(GError) error = NULL;

  ch_store_add_certificate (store, certificate, &error);
  g_assert_no_error (error);
  deployment->certificate_id = certificate->id;
  deployment->state = state;
  deployment->drift = g_strdup (drift);
  ch_store_add_deployment (store, deployment, &error);
  g_assert_no_error (error);

  g_autoptr(GArray) orders = ch_store_list_deployed_orders (store, deployment->id, &error);
  g_assert_cmpuint (orders->len, ==, 1);
  g_assert_cmpint (g_array_index (orders, gint64, 0), ==, order);
}

static void
test_served (Fixture      *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *served;
    ChDeploymentState states[3];
    const char *drift;          /* of the first */
  } cases[] = {
    { "served", { CH_DEPLOYMENT_STATE_DEPLOYED, CH_DEPLOYMENT_STATE_DEPLOYED }, NULL },
    { "pending", { CH_DEPLOYMENT_STATE_DEPLOYED, CH_DEPLOYMENT_STATE_PENDING }, NULL },
    { "failing", { CH_DEPLOYMENT_STATE_PENDING, CH_DEPLOYMENT_STATE_FAILED }, NULL },
    { "failing", { CH_DEPLOYMENT_STATE_DEPLOYED, CH_DEPLOYMENT_STATE_DEPLOYED }, "It shows another one." },
    { "pending", { CH_DEPLOYMENT_STATE_STOPPED, CH_DEPLOYMENT_STATE_DEPLOYED }, NULL },
  };
  static const gint64 sorted[] = { 6, 3, 4, 2, 5, 1 };
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 order = add_order (fixture->store, account, "example.test");

      for (int j = 0; j < 2; j++)
        {
          g_autofree char *name = g_strdup_printf ("%zu-%d", i, j);
          deploy (fixture->store, order, name, cases[i].states[j], j == 0 ? cases[i].drift : NULL);
        }
      g_autofree char *served = ch_store_get_served (fixture->store, order);
      g_assert_cmpstr (served, ==, cases[i].served);
    }
  g_autofree char *none = ch_store_get_served (fixture->store, add_order (fixture->store, account, "a.test"));
  g_assert_cmpstr (none, ==, "");

  g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->store, NULL, "served", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), sorted, sizeof sorted);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pages", test_pages);
  ADD ("changing", test_pages_while_rows_change);
  ADD ("limits", test_limits);
  ADD ("account", test_sort_by_account);
  ADD ("served", test_served);
  ADD ("sorts", test_unknown_sorts);
  ADD ("cursors", test_hostile_cursors);
  ADD ("search", test_search);
  ADD ("search-names", test_search_follows_the_names);
  ADD ("filters", test_filters);
  ADD ("rows", test_rows_by_ids);
  ADD ("counts", test_counts);
  ADD ("due", test_due);
  ADD ("interrupted", test_interrupted);
  ADD ("hurry", test_hurry);
  ADD ("due-others", test_due_of_others);
  return g_test_run ();
}
