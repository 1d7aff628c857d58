/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"
#include "folder.h"

#include "lib/error.h"
#include "store/shelf.h"
#include "store/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The vault of the system bus on the real shelf, in a state folder of its own. */
typedef struct
{
  char *folder;
  char *database;
  char *key;
  char *credentials;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  fixture->folder = g_dir_make_tmp ("chancery-vault-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->database = g_build_filename (fixture->folder, "state.db", NULL);
  fixture->key = g_build_filename (fixture->folder, "vault.key", NULL);
  fixture->credentials = g_build_filename (fixture->folder, "credentials", NULL);
  ch_store_close (ch_store_open (fixture->database, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->database);
  g_free (fixture->key);
  g_free (fixture->credentials);
}

static ChVaultShelf *
open_shelf (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  ChVaultShelf *shelf = ch_shelf_new (fixture->database, &error);

  g_assert_no_error (error);
  return shelf;
}

static ChVault *
open_vault (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  ChVault *vault = ch_vault_open_system (open_shelf (fixture), fixture->folder, &error);

  g_assert_no_error (error);
  return vault;
}

static void
assert_refused (Fixture    *fixture,
                const char *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_vault_open_system (open_shelf (fixture), fixture->folder, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_VAULT);
  g_assert_nonnull (strstr (error->message, says));
}

static void
put (ChVault    *vault,
     const char *ref,
     const char *text)
{
  g_autoptr(GBytes) secret = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  ch_vault_store (vault, ref, "label", secret, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_holds (ChVault    *vault,
              const char *ref,
              const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = ch_vault_lookup (vault, ref, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), text, strlen (text));
}

static void
write_key (const char *path,
           char        fill,
           gsize       length,
           int         mode)
{
  g_autofree char *key = g_strnfill (length, fill);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, key, (gssize) length, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (path, mode));
}

static void
test_first_start (Fixture      *fixture,
                  gconstpointer data)
{
  struct stat info;

  {
    g_autoptr(ChVault) vault = open_vault (fixture);
    put (vault, "peer/1/password", "hunter2");
  }
  g_assert_no_errno (lstat (fixture->key, &info));
  g_assert_true (S_ISREG (info.st_mode));
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, 32);

  g_autofree char *draft = g_strconcat (fixture->key, ".new", NULL);
  g_assert_false (g_file_test (draft, G_FILE_TEST_EXISTS));

  g_autoptr(ChVault) again = open_vault (fixture);
  assert_holds (again, "peer/1/password", "hunter2");
}

static void
test_one_at_a_time (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(ChVault) vault = open_vault (fixture);

  assert_refused (fixture, "another vault");
  put (vault, "peer/1/password", "hunter2");
  assert_holds (vault, "peer/1/password", "hunter2");
}

/* What may be done to a sealed item without its key, and none of it may be believed. */
static void
tamper (ChVaultShelf *shelf,
        const char   *how)
{
  g_autoptr(GBytes) one = shelf->get (shelf->data, "peer/1/one", NULL);
  g_autoptr(GBytes) two = shelf->get (shelf->data, "peer/1/two", NULL);
  gsize length = g_bytes_get_size (one);
  g_autofree guchar *copy = g_memdup2 (g_bytes_get_data (one, NULL), length);

  if (g_str_equal (how, "version"))
    copy[0]++;
  else if (g_str_equal (how, "nonce"))
    copy[1] ^= 1;
  else if (g_str_equal (how, "text"))
    copy[13] ^= 1;
  else if (g_str_equal (how, "tag"))
    copy[length - 1] ^= 1;
  else if (g_str_equal (how, "cut"))
    length--;
  else if (g_str_equal (how, "short"))
    length = 5;
  else if (g_str_equal (how, "empty"))
    length = 0;

  g_autoptr(GBytes) changed = g_bytes_new (copy, length);
  g_assert_true (shelf->put (shelf->data, "peer/1/one", g_str_equal (how, "moved") ? two : changed, NULL));
}

static void
test_tampered (Fixture      *fixture,
               gconstpointer data)
{
  static const char *const ways[] = { "version", "nonce", "text", "tag", "cut", "short", "empty", "moved" };
  g_autoptr(ChVault) vault = open_vault (fixture);
  ChVaultShelf *shelf = open_shelf (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr(GError) error = NULL;

      put (vault, "peer/1/one", "hunter2");
      put (vault, "peer/1/two", "hunter3");
      tamper (shelf, ways[i]);
      g_assert_null (ch_vault_lookup (vault, "peer/1/one", NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_VAULT);
      g_assert_nonnull (strstr (error->message, "peer/1/one"));
      g_assert_null (strstr (error->message, "hunter"));
      assert_holds (vault, "peer/1/two", "hunter3");
    }
  shelf->free (shelf->data);
}

static void
test_same_text_is_sealed_differently (Fixture      *fixture,
                                      gconstpointer data)
{
  g_autoptr(ChVault) vault = open_vault (fixture);
  ChVaultShelf *shelf = open_shelf (fixture);

  put (vault, "peer/1/one", "hunter2");
  g_autoptr(GBytes) first = shelf->get (shelf->data, "peer/1/one", NULL);
  put (vault, "peer/1/one", "hunter2");
  g_autoptr(GBytes) second = shelf->get (shelf->data, "peer/1/one", NULL);
  g_assert_false (g_bytes_equal (first, second));
  shelf->free (shelf->data);
}

static void
test_wrong_key (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *kept = g_strconcat (fixture->key, ".kept", NULL);

  ch_vault_close (open_vault (fixture));
  g_assert_no_errno (g_rename (fixture->key, kept));
  write_key (fixture->key, 'x', 32, 0600);
  assert_refused (fixture, "not the one");

  g_assert_no_errno (g_rename (kept, fixture->key));
  ch_vault_close (open_vault (fixture));
}

static void
test_bad_key_files (Fixture      *fixture,
                    gconstpointer data)
{
  static const struct { gsize length; int mode; const char *says; } cases[] = {
    { 31, 0600, "32 bytes" },
    { 33, 0600, "32 bytes" },
    { 0, 0600, "32 bytes" },
    { 32, 0640, "0600" },
    { 32, 0604, "0600" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_key (fixture->key, 'x', cases[i].length, cases[i].mode);
      assert_refused (fixture, cases[i].says);
    }

  /* Nothing was sealed under any of them. */
  g_assert_no_errno (g_unlink (fixture->key));
  ch_vault_close (open_vault (fixture));
}

static void
test_key_must_be_a_file_of_ours (Fixture      *fixture,
                                 gconstpointer data)
{
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);

  write_key (target, 'x', 32, 0600);
  g_assert_no_errno (symlink (target, fixture->key));
  assert_refused (fixture, "vault.key");
  g_assert_no_errno (g_unlink (fixture->key));

  g_assert_no_errno (g_mkdir (fixture->key, 0700));
  assert_refused (fixture, "not a file");
  g_assert_no_errno (g_rmdir (fixture->key));

  g_assert_no_errno (mkfifo (fixture->key, 0600));
  assert_refused (fixture, "not a file");
  g_assert_no_errno (g_unlink (fixture->key));

  write_key (fixture->key, 'x', 32, 0600);
  if (geteuid () == 0)
    {
      g_assert_no_errno (chown (fixture->key, 65534, (gid_t) -1));
      assert_refused (fixture, "another user");
    }
}

static void
test_missing_key_is_not_made_anew (Fixture      *fixture,
                                   gconstpointer data)
{
  ch_vault_close (open_vault (fixture));
  g_assert_no_errno (g_unlink (fixture->key));
  assert_refused (fixture, "missing");
  g_assert_false (g_file_test (fixture->key, G_FILE_TEST_EXISTS));
}

static void
test_credential_wins (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *credential = g_build_filename (fixture->credentials, "chancery-vault-key", NULL);

  g_assert_no_errno (g_mkdir (fixture->credentials, 0700));
  write_key (credential, 'c', 32, 0440);
  write_key (fixture->key, 'f', 32, 0600);
  g_setenv ("CREDENTIALS_DIRECTORY", fixture->credentials, TRUE);
  {
    g_autoptr(ChVault) vault = open_vault (fixture);
    put (vault, "peer/1/password", "hunter2");
  }

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  assert_refused (fixture, "not the one");

  g_setenv ("CREDENTIALS_DIRECTORY", fixture->credentials, TRUE);
  write_key (credential, 'c', 16, 0440);
  assert_refused (fixture, "32 bytes");

  write_key (credential, 'c', 32, 0440);
  g_autoptr(ChVault) vault = open_vault (fixture);
  assert_holds (vault, "peer/1/password", "hunter2");
}

static void
test_folder_without_credential (Fixture      *fixture,
                                gconstpointer data)
{
  g_assert_no_errno (g_mkdir (fixture->credentials, 0700));
  g_setenv ("CREDENTIALS_DIRECTORY", fixture->credentials, TRUE);
  ch_vault_close (open_vault (fixture));
  g_assert_true (g_file_test (fixture->key, G_FILE_TEST_EXISTS));
}

static void
test_removed_check_is_noticed (Fixture      *fixture,
                               gconstpointer data)
{
  ChVaultShelf *shelf = open_shelf (fixture);

  {
    g_autoptr(ChVault) vault = open_vault (fixture);
    put (vault, "peer/1/password", "hunter2");
  }
  g_assert_true (shelf->remove (shelf->data, "meta/check", NULL));
  shelf->free (shelf->data);
  assert_refused (fixture, "damaged");
}

static void
assert_not_on_disk (const char *folder,
                    const char *text)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      g_assert_null (memmem (content, length, text, strlen (text)));
      n_files++;
    }
  g_assert_cmpuint (n_files, >=, 3);
}

static void
test_nothing_in_clear_on_disk (Fixture      *fixture,
                               gconstpointer data)
{
  g_autoptr(ChVault) vault = open_vault (fixture);
  g_autofree char *wal = g_strconcat (fixture->database, "-wal", NULL);
  g_autofree char *content = NULL;
  gsize length;

  put (vault, "peer/1/password", "a-clear-text-that-stands-out");
  assert_holds (vault, "peer/1/password", "a-clear-text-that-stands-out");
  assert_not_on_disk (fixture->folder, "a-clear-text-that-stands-out");

  /* The item is there, or the search above would show nothing. */
  g_assert_true (g_file_get_contents (wal, &content, &length, NULL));
  g_assert_nonnull (memmem (content, length, "peer/1/password", strlen ("peer/1/password")));
}

static gboolean
shelf_fails (gpointer data, const char *ref, GBytes *sealed, GError **error)
{
  return ch_error_set (error, CH_ERROR_NO_SPACE, "The disk is full");
}

static void
test_errors_of_the_shelf_arrive (Fixture      *fixture,
                                 gconstpointer data)
{
  ChVaultShelf *shelf = open_shelf (fixture);
  g_autoptr(GBytes) secret = g_bytes_new_static ("hunter2", 7);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChVault) vault = ch_vault_open_system (shelf, fixture->folder, &error);

  g_assert_no_error (error);
  shelf->put = shelf_fails;
  g_assert_false (ch_vault_store (vault, "peer/1/x", "x", secret, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);
}

#define ADD(name, function) g_test_add ("/vault/system/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("first-start", test_first_start);
  ADD ("one-at-a-time", test_one_at_a_time);
  ADD ("tampered", test_tampered);
  ADD ("nonce", test_same_text_is_sealed_differently);
  ADD ("wrong-key", test_wrong_key);
  ADD ("bad-key-files", test_bad_key_files);
  ADD ("no-file-of-ours", test_key_must_be_a_file_of_ours);
  ADD ("missing-key", test_missing_key_is_not_made_anew);
  ADD ("credential", test_credential_wins);
  ADD ("no-credential", test_folder_without_credential);
  ADD ("no-check", test_removed_check_is_noticed);
  ADD ("no-clear-text", test_nothing_in_clear_on_disk);
  ADD ("shelf-error", test_errors_of_the_shelf_arrive);
  return g_test_run ();
}
