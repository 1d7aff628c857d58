/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "store/shelf.h"

static ChVaultShelf *
open_shelf (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  ChVaultShelf *shelf = ch_shelf_new (fixture->path, &error);

  g_assert_no_error (error);
  return shelf;
}

static void
put (ChVaultShelf *shelf,
     const char   *ref,
     const char   *data,
     gsize         length)
{
  g_autoptr(GBytes) sealed = g_bytes_new (data, length);
  g_autoptr(GError) error = NULL;

  shelf->put (shelf->data, ref, sealed, &error);
  g_assert_no_error (error);
}

static void
assert_holds (ChVaultShelf *shelf,
              const char   *ref,
              const char   *data,
              gsize         length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = shelf->get (shelf->data, ref, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), data, length);
}

static void
test_items (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  ChVaultShelf *shelf = open_shelf (fixture);

  put (shelf, "a", "one\0two", 7);
  put (shelf, "b", "", 0);
  assert_holds (shelf, "a", "one\0two", 7);
  assert_holds (shelf, "b", "", 0);
  put (shelf, "a", "other", 5);
  assert_holds (shelf, "a", "other", 5);

  g_assert_true (shelf->remove (shelf->data, "a", &error));
  g_assert_null (shelf->get (shelf->data, "a", &error));
  g_assert_no_error (error);
  g_assert_true (shelf->remove (shelf->data, "a", &error));
  shelf->free (shelf->data);

  shelf = open_shelf (fixture);
  assert_holds (shelf, "b", "", 0);
  shelf->free (shelf->data);
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  static const struct { const char *prefix, *want; } cases[] = {
    { "", "key/1 peer/2/a peer/2/b peer/20/é" }, { "peer/2/", "peer/2/a peer/2/b" },
    { "peer/20/é", "peer/20/é" },
    { "peer/_/", "" }, { "%", "" }, { "'", "" }, { "zebra", "" }, { "peer/2/a", "peer/2/a" },
  };
  ChVaultShelf *shelf = open_shelf (fixture);

  put (shelf, "peer/20/é", "x", 1);
  put (shelf, "peer/2/b", "x", 1);
  put (shelf, "peer/2/a", "x", 1);
  put (shelf, "key/1", "x", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) refs = shelf->list (shelf->data, cases[i].prefix, &error);

      g_assert_no_error (error);
      g_autofree char *joined = g_strjoinv (" ", refs);
      g_assert_cmpstr (joined, ==, cases[i].want);
    }
  shelf->free (shelf->data);
}

static gpointer
put_one (gpointer shelf)
{
  put (shelf, "peer/1/password", "sealed", 6);
  return NULL;
}

/* A worker that puts a secret waits for the transaction of the main loop, and neither fails. */
static void
test_waits_for_the_store (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  ChVaultShelf *shelf = open_shelf (fixture);

  g_assert_true (ch_store_begin (fixture->store, &error));
  GThread *worker = g_thread_new ("worker", put_one, shelf);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("web%d", i);
      add_peer (fixture->store, CH_PEER_ROLE_SERVER, name);
    }
  g_assert_true (ch_store_commit (fixture->store, &error));
  g_thread_join (worker);
  assert_holds (shelf, "peer/1/password", "sealed", 6);
  shelf->free (shelf->data);
}

static void
test_needs_a_database (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "other.db", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_shelf_new (path, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
}

#define ADD(name, function) \
  g_test_add ("/store/shelf/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("items", test_items);
  ADD ("list", test_list);
  ADD ("waits", test_waits_for_the_store);
  ADD ("no-database", test_needs_a_database);
  return g_test_run ();
}
