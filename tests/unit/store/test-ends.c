/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

/* What comes at the end of an order: keys in the bin, warnings; and what people write on orders. */

static gint64
add_bin_key (ChStore    *store,
             const char *ref,
             gint64      due)
{
  g_autoptr(ChBinKey) key = g_new0 (ChBinKey, 1);
  g_autoptr(GError) error = NULL;

  key->ref = g_strdup (ref);
  key->order_id = 7;
  key->name = g_strdup ("www.example.test");
  key->public_key = g_strdup ("ab12");
  key->put_at = 10;
  key->due = due;
  ch_store_add_bin_key (store, key, &error);
  g_assert_no_error (error);
  return key->id;
}

static void
test_bin (Fixture      *fixture,
          gconstpointer data)
{
  ChStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  gint64 first = add_bin_key (store, "key/1", 100);

  add_bin_key (store, "key/2", 0);
  g_autoptr(GPtrArray) early = ch_store_list_due_bin_keys (store, 99, 10, &error);
  g_autoptr(GPtrArray) due = ch_store_list_due_bin_keys (store, 100, 10, &error);
  g_assert_cmpuint (early->len, ==, 0);
  g_assert_cmpuint (due->len, ==, 1);
  const ChBinKey *key = g_ptr_array_index (due, 0);
  g_assert_cmpint (key->id, ==, first);
  g_assert_cmpstr (key->ref, ==, "key/1");
  g_assert_cmpstr (key->ca_order, ==, NULL);

  /* What was being removed when the service died is due. */
  g_assert_true (ch_store_resume_bin_keys (store, 50, &error));
  g_autoptr(GPtrArray) resumed = ch_store_list_due_bin_keys (store, 50, 10, &error);
  g_assert_cmpuint (resumed->len, ==, 1);

  g_assert_true (ch_store_remove_bin_key (store, first, &error));
  g_assert_null (ch_store_get_bin_key (store, first, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_attach (Fixture      *fixture,
             gconstpointer data)
{
  ChStore *store = fixture->store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 id = add_order (store, account, "one.test");
  g_autoptr(ChOrder) order = ch_store_get_order (store, id, NULL);
  g_autoptr(ChCertificate) certificate = new_certificate (id, "aa");
  g_autoptr(GError) error = NULL;
  gboolean used;

  add_order (store, account, "two.test");
  g_clear_pointer (&order->key_ref, g_free);
  g_assert_true (ch_store_update_order (store, order, &error));
  g_assert_true (ch_store_add_certificate (store, certificate, &error));
  g_assert_true (ch_store_key_is_used (store, "key/9", &used, &error));
  g_assert_false (used);

  g_autoptr(GArray) none = ch_store_attach_key (store, "key/9", "ffff", &error);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr(GArray) ids = ch_store_attach_key (store, "key/9", "abcd", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, id);
  g_autoptr(ChOrder) after = ch_store_get_order (store, id, &error);
  g_autoptr(ChCertificate) same = ch_store_get_certificate (store, certificate->id, &error);
  g_assert_cmpstr (after->key_ref, ==, "key/9");
  g_assert_cmpstr (same->key_ref, ==, "key/9");
  g_assert_true (ch_store_key_is_used (store, "key/9", &used, &error));
  g_assert_true (used);
}

static void
set_warning (ChStore *store,
             gint64   order,
             gint64   not_after,
             gint     days)
{
  ChWarning warning = { order, not_after, days, 5 };
  g_autoptr(GError) error = NULL;

  ch_store_set_warning (store, &warning, &error);
  g_assert_no_error (error);
}

static gint
warned_days (ChStore *store,
             gint64   order)
{
  g_autoptr(ChWarning) found = NULL;

  g_assert_true (ch_store_find_warning (store, order, &found, NULL));
  return found != NULL ? found->days : -1;
}

static void
test_warnings (Fixture      *fixture,
               gconstpointer data)
{
  ChStore *store = fixture->store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 id = add_order (store, account, "one.test");
  g_autoptr(ChOrder) order = ch_store_get_order (store, id, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (warned_days (store, id), ==, -1);
  order->state = CH_ORDER_STATE_ISSUED;
  order->not_after = 1000;
  order->tell_at = 30;
  g_assert_true (ch_store_update_order (store, order, &error));
  g_autoptr(GPtrArray) early = ch_store_list_orders_to_tell (store, 29, 10, &error);
  g_autoptr(GPtrArray) tell = ch_store_list_orders_to_tell (store, 30, 10, &error);
  g_assert_cmpuint (early->len, ==, 0);
  g_assert_cmpuint (tell->len, ==, 1);

  set_warning (store, id, 1000, 14);
  set_warning (store, id, 1000, 7);
  g_assert_cmpint (warned_days (store, id), ==, 7);
  g_autoptr(GPtrArray) standing = ch_store_list_warnings (store, 10, &error);
  g_assert_cmpuint (standing->len, ==, 1);

  order->not_after = 2000;
  g_assert_true (ch_store_update_order (store, order, &error));
  g_autoptr(GPtrArray) replaced = ch_store_list_warnings (store, 10, &error);
  g_assert_cmpuint (replaced->len, ==, 0);

  g_assert_true (ch_store_remove_order (store, id, &error));
  g_assert_cmpint (warned_days (store, id), ==, -1);
}

static guint
count (ChStore    *store,
       const char *search,
       const char *tag)
{
  const ChOrderFilter filter = { .search = (char *) search, .tag = (char *) tag };
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = ch_store_list_order_ids (store, &filter, "id", &error);

  g_assert_no_error (error);
  return ids->len;
}

static void
test_notes_and_tags (Fixture      *fixture,
                     gconstpointer data)
{
  ChStore *store = fixture->store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "gs");
  g_autoptr(ChOrder) order = new_order (account, "one.test");
  g_autoptr(GError) error = NULL;

  add_order (store, account, "two.test");
  order->note = g_strdup ("Ask Marvin first");
  order->tags = g_strsplit ("Shop:prod", ":", -1);
  g_assert_true (ch_store_add_order (store, order, &error));

  static const struct { const char *search, *tag; guint n; } cases[] = {
    { "marvin", NULL, 1 }, { "SHOP", NULL, 1 }, { NULL, "shop", 1 }, { NULL, "PROD", 1 }, { NULL, "pro", 0 },
    { NULL, "one.test", 0 }, { "one", "prod", 1 }, { "two", "prod", 0 }, { NULL, "", 2 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (count (store, cases[i].search, cases[i].tag), ==, cases[i].n);

  g_clear_pointer (&order->note, g_free);
  order->tags[1][0] = 'g';
  g_assert_true (ch_store_update_order (store, order, &error));
  g_assert_cmpuint (count (store, "marvin", NULL), ==, 0);
  g_assert_cmpuint (count (store, NULL, "prod"), ==, 0);
  g_assert_cmpuint (count (store, NULL, "grod"), ==, 1);
  g_assert_cmpuint (count (store, "one.test", NULL), ==, 1);
}

static void
test_certificate_pages (Fixture      *fixture,
                        gconstpointer data)
{
  ChStore *store = fixture->store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 one = add_order (store, account, "one.test"), two = add_order (store, account, "two.test");
  static const char *const fingerprints[] = { "aa01", "aa02", "bb03", "bb0a" };
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fingerprints); i++)
    {
      g_autoptr(ChCertificate) certificate = new_certificate (i == 3 ? two : one, fingerprints[i]);

      g_free (certificate->serial);
      certificate->serial = g_strdup_printf ("0%" G_GSIZE_FORMAT "ff", i);
      g_assert_true (ch_store_add_certificate (store, certificate, &error));
    }

  static const struct { gint64 order; const char *serial; gint64 before; guint limit, n; gint64 first; } cases[] = {
    { 0, NULL, 0, 10, 4, 4 }, { 0, NULL, 3, 10, 2, 2 }, { 0, NULL, 0, 3, 3, 4 }, { 1, NULL, 0, 10, 3, 3 },
    { 2, NULL, 0, 10, 1, 4 }, { 0, "01ff", 0, 10, 1, 2 }, { 0, "aa", 0, 10, 2, 2 }, { 0, "bb0", 4, 10, 1, 3 },
    { 0, "cc", 0, 10, 0, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChCertificateFilter filter = { cases[i].order == 1 ? one : cases[i].order == 2 ? two : 0, (char *) cases[i].serial };
      g_autoptr(GPtrArray) page = ch_store_page_certificates (store, &filter, cases[i].before, cases[i].limit, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, ==, cases[i].n);
      if (page->len > 0)
        g_assert_cmpint (((const ChCertificate *) g_ptr_array_index (page, 0))->id, ==, cases[i].first);
    }
}

#define ADD(name, function) \
  g_test_add ("/store/ends/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("bin", test_bin);
  ADD ("attach", test_attach);
  ADD ("warnings", test_warnings);
  ADD ("notes-and-tags", test_notes_and_tags);
  ADD ("certificate-pages", test_certificate_pages);
  return g_test_run ();
}
