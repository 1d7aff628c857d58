/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many orders the child may count as written before it is killed. */
#define N_BEFORE_KILL 40

static guint
count_servers (ChStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = ch_store_list_peers (store, CH_PEER_ROLE_SERVER, &error);

  g_assert_no_error (error);
  return list->len;
}

static gboolean
add_nested (ChStore    *store,
            const char *name,
            gboolean    commits,
            GError    **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);
  g_assert_nonnull (transaction);

  add_peer (store, CH_PEER_ROLE_SERVER, name);
  return commits && ch_store_transaction_commit (transaction, error);
}

static void
test_commit (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  {
    g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (fixture->store, &error);
    add_peer (fixture->store, CH_PEER_ROLE_SERVER, "one");
    g_assert_true (add_nested (fixture->store, "two", TRUE, &error));
    g_assert_true (ch_store_transaction_commit (transaction, &error));
  }
  g_assert_no_error (error);
  g_assert_cmpuint (count_servers (fixture->store), ==, 2);
}

static void
test_scope_rolls_back (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (add_nested (fixture->store, "one", FALSE, &error));
  g_assert_cmpuint (count_servers (fixture->store), ==, 0);

  {
    g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (fixture->store, &error);
    g_assert_true (add_nested (fixture->store, "two", TRUE, &error));
  }
  g_assert_cmpuint (count_servers (fixture->store), ==, 0);
}

static void
test_inner_rollback_undoes_all (Fixture      *fixture,
                                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_store_begin (fixture->store, &error));
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "one");
  g_assert_false (add_nested (fixture->store, "two", FALSE, &error));
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "three");
  g_assert_false (ch_store_commit (fixture->store, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
  g_assert_cmpuint (count_servers (fixture->store), ==, 0);

  /* The next one is not marked by it. */
  g_clear_error (&error);
  g_assert_true (add_nested (fixture->store, "four", TRUE, &error));
  g_assert_cmpuint (count_servers (fixture->store), ==, 1);
}

static void
test_failed_write_leaves_the_transaction (Fixture      *fixture,
                                          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPeer) again = new_peer (CH_PEER_ROLE_SERVER, "one");

  g_assert_true (ch_store_begin (fixture->store, &error));
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "one");
  g_assert_false (ch_store_add_peer (fixture->store, again, NULL));
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "two");
  g_assert_true (ch_store_commit (fixture->store, &error));
  g_assert_cmpuint (count_servers (fixture->store), ==, 2);
}

/* Orders with one challenge each, in one transaction, for ever; one byte for each that is written. */
static void
write_until_killed (const char *path,
                    int         report)
{
  g_autoptr(ChStore) store = ch_store_open (path, NULL);
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "gs");

  for (;;)
    {
      g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, NULL);
      ChChallenge challenge = {
        .name = (char *) "example.test", .location = (char *) "_dnsauth.example.test", .value = (char *) "v",
      };
      g_autoptr(GPtrArray) set = g_ptr_array_new ();

      g_ptr_array_add (set, &challenge);
      if (!ch_store_set_challenges (store, add_order (store, account, "example.test"), set, NULL)
          || !ch_store_transaction_commit (transaction, NULL)
          || write (report, "x", 1) != 1)
        _exit (1);
    }
}

static guint
count_reports (int fd)
{
  guint n = 0;
  char byte;

  while (read (fd, &byte, 1) == 1)
    n++;
  return n;
}

static void
assert_whole (const char *path)
{
  sqlite3_stmt *statement;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static void
test_killed_while_writing (Fixture      *fixture,
                           gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  int pipe_fds[2];
  char bytes[N_BEFORE_KILL];

  g_clear_pointer (&fixture->store, ch_store_close);
  g_assert_no_errno (pipe (pipe_fds));
  pid_t child = fork ();
  if (child == 0)
    write_until_killed (fixture->path, pipe_fds[1]);

  close (pipe_fds[1]);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_assert_cmpint (read (pipe_fds[0], &bytes[i], 1), ==, 1);
  g_assert_no_errno (kill (child, SIGKILL));
  guint n_reported = N_BEFORE_KILL + count_reports (pipe_fds[0]);
  close (pipe_fds[0]);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);

  fixture->store = ch_store_open (fixture->path, &error);
  g_assert_no_error (error);
  assert_whole (fixture->path);

  /* All that was reported is there, at most one more, and none without its challenge. */
  g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->store, NULL, "id", &error);
  g_assert_cmpuint (ids->len, >=, n_reported);
  g_assert_cmpuint (ids->len, <=, n_reported + 1);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(GPtrArray) set =
        ch_store_list_challenges (fixture->store, g_array_index (ids, gint64, i), &error);
      g_assert_cmpuint (set->len, ==, 1);
    }
}

#define ADD(name, function) \
  g_test_add ("/store/transactions/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("commit", test_commit);
  ADD ("scope", test_scope_rolls_back);
  ADD ("inner-rollback", test_inner_rollback_undoes_all);
  ADD ("failed-write", test_failed_write_leaves_the_transaction);
  ADD ("killed", test_killed_while_writing);
  return g_test_run ();
}
