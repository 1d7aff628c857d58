/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Another connection of ours (the vault's) writes for milliseconds; a disk may be slow. */
#define BUSY_TIMEOUT_MS 10000

struct _ChStoreTransaction
{
  ChStore *store;         /* (not owned) */
  gboolean done;
};

/* WAL alone would lose the last commits at a power cut; FULL makes each of them durable. */
static const char settings[] =
  "PRAGMA synchronous = FULL;"
  "PRAGMA foreign_keys = ON;"
  "PRAGMA secure_delete = ON;";

/* SQLite would make the file with the mode of the umask. A file that is there is not opened here:
 * closing it would drop the locks that another connection of this process holds on it. */
static gboolean
make_private_file (const char *path,
                   GError    **error)
{
  struct stat info;
  int fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }

  if (errno != EEXIST)
    {
      int code = errno == ENOSPC ? CH_ERROR_NO_SPACE : CH_ERROR_STORE;
      return ch_error_set (error, code, _("The database “%s” cannot be made: %s"), path, g_strerror (errno));
    }

  if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return ch_error_set (error, CH_ERROR_STORE, _("“%s” is not a file: move it away"), path);

  /* On a read-only file system this fails; the open that follows says so. */
  if ((info.st_mode & 077) != 0 && g_chmod (path, 0600) != 0 && errno != EROFS)
    return ch_error_set (error, CH_ERROR_STORE,
                         _("Others may read the database “%s”, and its mode cannot be changed: %s"),
                         path, g_strerror (errno));

  return TRUE;
}

ChStore *
ch_store_connect (const char *path,
                  GError    **error)
{
  g_autoptr(ChStore) store = g_new0 (ChStore, 1);

  store->path = g_strdup (path);
  if (sqlite3_open_v2 (path, &store->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    {
      ch_store_fail (store, error);
      return NULL;
    }

  sqlite3_extended_result_codes (store->db, 1);
  sqlite3_busy_timeout (store->db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

  if (sqlite3_db_readonly (store->db, "main") == 1)
    {
      ch_error_set (error, CH_ERROR_STORE,
                    _("The database “%s” cannot be written: check its owner, its mode, and that its "
                      "file system is not mounted read-only"), path);
      return NULL;
    }

  if (sqlite3_exec (store->db, settings, NULL, NULL, NULL) != SQLITE_OK)
    {
      ch_store_fail (store, error);
      return NULL;
    }

  return g_steal_pointer (&store);
}

/* After the checks of the migration: it changes the file. */
static gboolean
use_wal (ChStore *store,
         GError **error)
{
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, "PRAGMA journal_mode = WAL", NULL, error);

  if (statement == NULL || ch_statement_step (store, statement, error) != SQLITE_ROW)
    return FALSE;

  const char *mode = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (mode, "wal") != 0)
    return ch_error_set (error, CH_ERROR_STORE,
                         _("The file system of “%s” cannot hold a database with a write-ahead log: "
                           "use a local disk"), store->path);

  return TRUE;
}

ChStore *
ch_store_open (const char *path,
               GError    **error)
{
  if (!make_private_file (path, error))
    return NULL;

  g_autoptr(ChStore) store = ch_store_connect (path, error);
  if (store == NULL || !ch_store_migrate (store, ch_migrations, error) || !use_wal (store, error))
    return NULL;

  return g_steal_pointer (&store);
}

void
ch_store_close (ChStore *store)
{
  if (store == NULL)
    return;

  sqlite3_close (store->db);
  g_free (store->path);
  g_free (store);
}

static void
end_transaction (ChStore *store)
{
  store->depth = 0;
  store->doomed = FALSE;
  if (!sqlite3_get_autocommit (store->db))
    sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
ch_store_begin (ChStore *store,
                GError **error)
{
  /* IMMEDIATE: whoever waits for a lock waits here and not in the middle. */
  if (store->depth == 0 && !ch_store_run (store, "BEGIN IMMEDIATE", NULL, error))
    return FALSE;

  store->depth++;
  return TRUE;
}

gboolean
ch_store_commit (ChStore *store,
                 GError **error)
{
  g_return_val_if_fail (store->depth > 0, FALSE);

  if (store->depth > 1)
    {
      store->depth--;
      return TRUE;
    }

  if (store->doomed || sqlite3_get_autocommit (store->db))
    {
      end_transaction (store);
      return ch_error_set (error, CH_ERROR_STORE, _("A part of the change failed, so all of it was undone"));
    }

  gboolean committed = ch_store_run (store, "COMMIT", NULL, error);
  end_transaction (store);
  return committed;
}

void
ch_store_rollback (ChStore *store)
{
  g_return_if_fail (store->depth > 0);

  if (store->depth == 1)
    {
      end_transaction (store);
      return;
    }

  store->depth--;
  store->doomed = TRUE;
}

ChStoreTransaction *
ch_store_transaction (ChStore *store,
                      GError **error)
{
  if (!ch_store_begin (store, error))
    return NULL;

  ChStoreTransaction *transaction = g_new0 (ChStoreTransaction, 1);
  transaction->store = store;
  return transaction;
}

gboolean
ch_store_transaction_commit (ChStoreTransaction *transaction,
                             GError            **error)
{
  transaction->done = TRUE;
  return ch_store_commit (transaction->store, error);
}

void
ch_store_transaction_end (ChStoreTransaction *transaction)
{
  if (!transaction->done)
    ch_store_rollback (transaction->store);
  g_free (transaction);
}
