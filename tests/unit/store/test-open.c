/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "store/store-private.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder without a database. */
static void
empty_set_up (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("chancery-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "state.db", NULL);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
open_store (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->store = ch_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
assert_refused (const char *path,
                const char *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_store_open (path, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_nonnull (strstr (error->message, path));
}

static void
assert_mode (const char *path,
             const char *suffix)
{
  g_autofree char *whole = g_strconcat (path, suffix, NULL);
  struct stat info;

  g_assert_no_errno (stat (whole, &info));
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
}

static void
test_is_private (Fixture      *fixture,
                 gconstpointer data)
{
  mode_t before = umask (0);

  open_store (fixture);
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  umask (before);
  assert_mode (fixture->path, "");
  assert_mode (fixture->path, "-wal");
  assert_mode (fixture->path, "-shm");

  g_clear_pointer (&fixture->store, ch_store_close);
  g_assert_no_errno (g_chmod (fixture->path, 0644));
  open_store (fixture);
  assert_mode (fixture->path, "");
}

static void
test_remembers (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  open_store (fixture);
  gint64 id = add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  g_clear_pointer (&fixture->store, ch_store_close);
  open_store (fixture);
  g_autoptr(ChPeer) peer = ch_store_get_peer (fixture->store, CH_PEER_ROLE_SERVER, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (peer->name, ==, "web");
}

static void
test_settings (Fixture      *fixture,
               gconstpointer data)
{
  gint64 value;

  open_store (fixture);
  g_assert_true (ch_store_ask (fixture->store, "PRAGMA synchronous", NULL, &value, NULL));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (ch_store_ask (fixture->store, "PRAGMA foreign_keys", NULL, &value, NULL));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (ch_store_ask (fixture->store,
                               "SELECT count (*) FROM pragma_journal_mode WHERE journal_mode = 'wal'",
                               NULL, &value, NULL));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (ch_store_ask (fixture->store,
                               "SELECT count (*) FROM pragma_table_list"
                               "  WHERE schema = 'main' AND type = 'table' AND NOT strict"
                               "    AND name NOT LIKE 'sqlite_%'",
                               NULL, &value, NULL));
  g_assert_cmpint (value, ==, 0);
}

static char *
read_schema (const char *path)
{
  static const char sql[] = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
  GString *schema = g_string_new (NULL);
  sqlite3_stmt *statement;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (schema, "%s\n", sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return g_string_free (schema, FALSE);
}

/* A database as the program of that version left it. */
static void
make_version (const char *path,
              guint       version)
{
  g_autoptr(GPtrArray) steps = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  run_sql (path, "PRAGMA user_version = 0");
  for (guint i = 0; i < version; i++)
    g_ptr_array_add (steps, (gpointer) ch_migrations[i]);
  g_ptr_array_add (steps, NULL);

  g_autoptr(ChStore) store = ch_store_connect (path, &error);
  g_assert_no_error (error);
  g_assert_true (ch_store_migrate (store, (const char *const *) steps->pdata, &error));
}

static void
test_from_each_version (Fixture      *fixture,
                        gconstpointer data)
{
  guint newest = g_strv_length ((char **) ch_migrations);

  open_store (fixture);
  g_clear_pointer (&fixture->store, ch_store_close);
  g_autofree char *wanted = read_schema (fixture->path);

  for (guint version = 0; version <= newest; version++)
    {
      g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, version);

      make_version (path, version);
      g_autoptr(GError) error = NULL;
      g_autoptr(ChStore) store = ch_store_open (path, &error);
      g_assert_no_error (error);
      g_autofree char *schema = read_schema (path);
      g_assert_cmpstr (schema, ==, wanted);
    }
}

static void
test_from_an_empty_file (Fixture      *fixture,
                         gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  open_store (fixture);
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
}

/* An order with its certificate, as version 1 had them. */
static const char order_of_version_1[] =
  "INSERT INTO peers VALUES (1, 'account', 'globalsign', 'gs', '{}', '[]', 'enabled', NULL, 0, 1);"
  "INSERT INTO orders (id, state, step, due, account_id, not_after, term_end, created_at, updated_at, names, failures,"
  " state_since, cancel_wanted, product, method, key_algorithm, term_months, contact, key_ref, own_key, attempt, placed_at,"
  " issued_at) VALUES (7, 'issued', 'none', 0, 1, 9, 9, 1, 1, '[\"www.example.com\"]', 0, 1, 0, 'alphassl', 'dns',"
  " 'rsa-2048', 12, '{}', 'key/7', 'chancery-x-0', 0, 1, 1);"
  "INSERT INTO certificates VALUES (1, 7, 'CEAP1', '01', 's', 'i', '[\"www.example.com\"]', 1, 9, 'f', 'p', 'pem', '', NULL, 1)";

/* What was ordered before certificates had keys of their own has its key afterwards, and is replaced in time. */
static void
test_keys_move_to_certificates (Fixture      *fixture,
                                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  make_version (fixture->path, 1);
  run_sql (fixture->path, order_of_version_1);
  open_store (fixture);

  g_autoptr(ChOrder) order = ch_store_get_order (fixture->store, 7, &error);
  g_autoptr(ChCertificate) certificate = ch_store_get_certificate (fixture->store, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (certificate->key_ref, ==, "key/7");
  g_assert_cmpint (order->kind, ==, CH_ORDER_KIND_NEW);
  g_assert_true (order->auto_replace);
  g_assert_false (order->auto_renew);
  g_assert_cmpint (order->replace_at, !=, 0);
}

/* Two steps more than there are. */
static gboolean
migrate (Fixture    *fixture,
         const char *next,
         const char *last,
         GError    **error)
{
  g_autoptr(GPtrArray) steps = g_ptr_array_new ();

  for (gsize i = 0; ch_migrations[i] != NULL; i++)
    g_ptr_array_add (steps, (gpointer) ch_migrations[i]);
  g_ptr_array_add (steps, (gpointer) next);
  g_ptr_array_add (steps, (gpointer) last);
  g_ptr_array_add (steps, NULL);

  return ch_store_migrate (fixture->store, (const char *const *) steps->pdata, error);
}

static void
test_copy_before_a_migration (Fixture      *fixture,
                              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint newest = g_strv_length ((char **) ch_migrations);
  g_autofree char *copy = g_strdup_printf ("%s.v%u", fixture->path, newest);
  g_autofree char *draft = g_strconcat (copy, ".new", NULL);

  open_store (fixture);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");

  /* What an interrupted copy left is no hindrance. */
  g_assert_true (g_file_set_contents (draft, "half", -1, NULL));
  g_assert_true (migrate (fixture, "CREATE TABLE two (id INTEGER) STRICT",
                          "CREATE TABLE three (id INTEGER) STRICT", &error));
  g_assert_no_error (error);
  assert_mode (copy, "");
  g_assert_false (g_file_test (draft, G_FILE_TEST_EXISTS));

  /* The copy is a database of the old version with all that was in it; the original is two versions further. */
  g_autoptr(ChStore) old = ch_store_connect (copy, &error);
  gint64 version, peers;
  g_assert_true (ch_store_ask (old, "PRAGMA user_version", NULL, &version, &error));
  g_assert_true (ch_store_ask (old, "SELECT count (*) FROM peers", NULL, &peers, &error));
  g_assert_cmpint (version, ==, newest);
  g_assert_cmpint (peers, ==, 1);
  g_assert_true (ch_store_ask (fixture->store, "PRAGMA user_version", NULL, &version, &error));
  g_assert_cmpint (version, ==, newest + 2);
}

static void
test_failed_step (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint newest = g_strv_length ((char **) ch_migrations);
  g_autofree char *failed = g_strdup_printf ("version %u", newest + 2);
  gint64 version, tables;

  open_store (fixture);
  g_assert_false (migrate (fixture, "CREATE TABLE two (id INTEGER) STRICT",
                           "CREATE TABLE three (id INTEGER) STRICT; CREATE TABLE peers (id INTEGER)",
                           &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, failed));
  g_clear_error (&error);

  /* What was done before it stays, and it can be tried again. */
  g_assert_true (ch_store_ask (fixture->store, "PRAGMA user_version", NULL, &version, &error));
  g_assert_cmpint (version, ==, newest + 1);
  g_assert_true (ch_store_ask (fixture->store, "SELECT count (*) FROM sqlite_schema WHERE name = 'three'",
                               NULL,
                               &tables, &error));
  g_assert_cmpint (tables, ==, 0);
  g_assert_true (migrate (fixture, "CREATE TABLE two (id INTEGER) STRICT",
                          "CREATE TABLE three (id INTEGER) STRICT",
                          &error));
}

static void
test_refuses_newer (Fixture      *fixture,
                    gconstpointer data)
{
  open_store (fixture);
  g_clear_pointer (&fixture->store, ch_store_close);
  run_sql (fixture->path, "PRAGMA user_version = 99");
  assert_refused (fixture->path, "version 99");
  run_sql (fixture->path, "PRAGMA user_version = -1");
  assert_refused (fixture->path, "version -1");
}

static void
test_refuses_what_is_no_database (Fixture      *fixture,
                                  gconstpointer data)
{
  static const gsize sizes[] = { 7, 100, 20000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *garbage = g_strnfill (sizes[i], 'g');
      g_autofree char *after = NULL;
      gsize length;

      g_assert_true (g_file_set_contents (fixture->path, garbage, (gssize) sizes[i], NULL));
      assert_refused (fixture->path, "is not a database");
      g_assert_true (g_file_get_contents (fixture->path, &after, &length, NULL));
      g_assert_cmpmem (after, length, garbage, sizes[i]);
    }
}

static void
test_refuses_databases_of_others (Fixture      *fixture,
                                  gconstpointer data)
{
  run_sql (fixture->path, "CREATE TABLE bookmarks (url TEXT)");
  assert_refused (fixture->path, "another program");
  run_sql (fixture->path, "PRAGMA user_version = 1");
  assert_refused (fixture->path, "another program");
  run_sql (fixture->path, "SELECT * FROM bookmarks");
}

static void
test_refuses_damage (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *content = NULL;
  gsize length;

  open_store (fixture);
  g_clear_pointer (&fixture->store, ch_store_close);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  memset (content + 100, 0x5a, 4000);
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  assert_refused (fixture->path, "damaged");
}

static void
test_refuses_what_is_no_file (Fixture      *fixture,
                              gconstpointer data)
{
  g_autofree char *target = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *deep = g_build_filename (fixture->folder, "no", "state.db", NULL);

  g_assert_no_errno (symlink (target, fixture->path));
  assert_refused (fixture->path, "not a file");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_no_errno (g_unlink (fixture->path));
  g_assert_no_errno (g_mkdir (fixture->path, 0700));
  assert_refused (fixture->path, "not a file");
  assert_refused (deep, "cannot be made");
}

static void
test_damaged_row (Fixture      *fixture,
                  gconstpointer data)
{
  static const char *const damages[] = {
    "UPDATE peers SET state = 'lost'", "UPDATE peers SET settings = '[1'",
    "UPDATE peers SET settings = '{\"a\":1}'",
    "UPDATE peers SET settings = '{\"a\":[]}'", "UPDATE peers SET secrets = '{}'",
    "UPDATE peers SET secrets = '[[]]'",
  };

  open_store (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *name = g_strdup_printf ("web%zu", i);
      gint64 id = add_peer (fixture->store, CH_PEER_ROLE_SERVER, name);
      g_autoptr(GError) error = NULL;

      run_sql (fixture->path, damages[i]);
      g_assert_null (ch_store_get_peer (fixture->store, CH_PEER_ROLE_SERVER, id, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
      g_assert_nonnull (strstr (error->message, "damaged"));
    }
}

/* A small file system of the test's own over its folder, seen by nobody else. */
static gboolean
mount_small (Fixture *fixture)
{
  if (unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
      && mount ("tmpfs", fixture->folder, "tmpfs", 0, "size=768k") == 0)
    return TRUE;

  g_test_skip ("Only root can mount a file system for this test");
  return FALSE;
}

static void
unmount (Fixture *fixture)
{
  g_clear_pointer (&fixture->store, ch_store_close);
  g_assert_no_errno (umount2 (fixture->folder, MNT_DETACH));
}

static void
test_refuses_read_only (Fixture      *fixture,
                        gconstpointer data)
{
  if (!mount_small (fixture))
    return;

  open_store (fixture);
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  g_clear_pointer (&fixture->store, ch_store_close);
  g_assert_no_errno (mount (NULL, fixture->folder, NULL, MS_REMOUNT | MS_RDONLY, NULL));
  assert_refused (fixture->path, "cannot be written");
  unmount (fixture);
}

static gboolean
add_big_order (Fixture *fixture,
               gint64   account,
               GError **error)
{
  g_autoptr(ChOrder) order = new_order (account, "example.test");

  g_free (order->csr);
  order->csr = g_strnfill (8000, 'c');
  return ch_store_add_order (fixture->store, order, error);
}

static guint
fill_disk (Fixture *fixture,
           gint64   account)
{
  g_autoptr(GError) error = NULL;
  guint n_added = 0;

  while (add_big_order (fixture, account, &error))
    g_assert_cmpuint (++n_added, <, 1000);

  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, fixture->path));
  return n_added;
}

static void
assert_n_orders (Fixture *fixture,
                 guint    wanted)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->store, NULL, "id", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, wanted);
}

static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);
  g_autofree char *content = g_strnfill (256 * 1024, 'f');
  g_autoptr(GError) error = NULL;

  if (!mount_small (fixture))
    return;

  open_store (fixture);
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  g_assert_true (g_file_set_contents (filler, content, 256 * 1024, NULL));
  guint n_added = fill_disk (fixture, account);
  assert_n_orders (fixture, n_added);

  /* All of a transaction or nothing, whichever of its writes meets the full disk. */
  g_assert_true (ch_store_begin (fixture->store, &error));
  gboolean all = TRUE;
  for (int i = 0; i < 40; i++)
    all = add_big_order (fixture, account, NULL) && all;
  g_assert_false (ch_store_commit (fixture->store, &error) && all);
  g_clear_error (&error);
  assert_n_orders (fixture, n_added);

  g_assert_no_errno (g_unlink (filler));
  g_assert_true (add_big_order (fixture, account, &error));
  g_assert_no_error (error);
  g_clear_pointer (&fixture->store, ch_store_close);
  open_store (fixture);
  assert_n_orders (fixture, n_added + 1);
  unmount (fixture);
}

static void
test_opening_on_a_full_disk (Fixture      *fixture,
                             gconstpointer data)
{
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);
  g_autofree char *content = g_strnfill (1024 * 1024, 'f');
  g_autoptr(GError) error = NULL;

  if (!mount_small (fixture))
    return;

  open_store (fixture);
  add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  g_clear_pointer (&fixture->store, ch_store_close);
  FILE *file = fopen (filler, "w");
  setbuf (file, NULL);
  g_assert_cmpuint (fwrite (content, 1, 1024 * 1024, file), <, 1024 * 1024);
  fclose (file);

  g_assert_null (ch_store_open (fixture->path, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);

  g_assert_no_errno (g_unlink (filler));
  open_store (fixture);
  unmount (fixture);
}

#define ADD(name, function) \
  g_test_add ("/store/open/" name, Fixture, NULL, empty_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("private", test_is_private);
  ADD ("remembers", test_remembers);
  ADD ("settings", test_settings);
  ADD ("each-version", test_from_each_version);
  ADD ("empty-file", test_from_an_empty_file);
  ADD ("keys-of-certificates", test_keys_move_to_certificates);
  ADD ("copy", test_copy_before_a_migration);
  ADD ("failed-step", test_failed_step);
  ADD ("newer", test_refuses_newer);
  ADD ("no-database", test_refuses_what_is_no_database);
  ADD ("of-others", test_refuses_databases_of_others);
  ADD ("damage", test_refuses_damage);
  ADD ("no-file", test_refuses_what_is_no_file);
  ADD ("damaged-row", test_damaged_row);
  ADD ("read-only", test_refuses_read_only);
  ADD ("full-disk", test_full_disk);
  ADD ("full-disk-open", test_opening_on_a_full_disk);
  return g_test_run ();
}
