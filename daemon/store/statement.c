/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include "lib/error.h"

#include <errno.h>
#include <glib/gi18n.h>

static gboolean
is_disk_full (sqlite3 *db)
{
  int code = sqlite3_extended_errcode (db) & 0xff;

  return code == SQLITE_FULL
         || ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && sqlite3_system_errno (db) == ENOSPC);
}

gboolean
ch_store_fail (ChStore *store,
               GError **error)
{
  const char *said = sqlite3_errmsg (store->db);
  int extended = sqlite3_extended_errcode (store->db);

  if (is_disk_full (store->db))
    return ch_error_set (error, CH_ERROR_NO_SPACE,
                         _("The database “%s” cannot grow: the disk is full; make room on it"), store->path);

  if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY)
    return ch_error_set (error, CH_ERROR_EXISTS, _("There is one like this already (%s)"), said);

  if (extended == SQLITE_CONSTRAINT_FOREIGNKEY)
    return ch_error_set (error, CH_ERROR_IN_USE, _("Something else still needs it; remove that first"));

  switch (extended & 0xff)
    {
    case SQLITE_READONLY:
      return ch_error_set (error, CH_ERROR_STORE,
                           _("The database “%s” cannot be written: check its owner, its mode, and that its "
                             "file system is not mounted read-only"), store->path);
    case SQLITE_NOTADB:
      return ch_error_set (error, CH_ERROR_STORE,
                           _("“%s” is not a database: restore it from a backup, or move it away "
                             "to begin anew"),
                           store->path);
    case SQLITE_CORRUPT:
      return ch_error_set (error, CH_ERROR_STORE, _("The database “%s” is damaged: restore it from a backup"),
                           store->path);
    case SQLITE_BUSY:
      return ch_error_set (error, CH_ERROR_STORE,
                           _("The database “%s” is held by another program: close that program"),
                           store->path);
    default:
      return ch_error_set (error, CH_ERROR_STORE, _("The database “%s” cannot be used: %s"), store->path,
                           said);
    }
}

gboolean
ch_store_reword (GError    **error,
                 ChError     code,
                 ChError     new_code,
                 const char *format,
                 ...)
{
  va_list args;

  if (error == NULL || !g_error_matches (*error, CH_ERROR, (int) code))
    return FALSE;

  g_clear_error (error);
  va_start (args, format);
  *error = g_error_new_valist (CH_ERROR, (int) new_code, format, args);
  va_end (args);

  return FALSE;
}

static int
bind_arg (sqlite3_stmt *statement,
          int           position,
          const ChArg  *arg)
{
  gsize length;
  gconstpointer data;

  switch (arg->kind)
    {
    case CH_ARG_INT:
      return sqlite3_bind_int64 (statement, position, arg->number);
    case CH_ARG_TEXT:
      return sqlite3_bind_text (statement, position, arg->text, -1, SQLITE_STATIC);
    case CH_ARG_BLOB:
      data = g_bytes_get_data (arg->blob, &length);
      /* Without an address it would be NULL and not an empty blob. */
      return sqlite3_bind_blob64 (statement, position, data != NULL ? data : "", length, SQLITE_STATIC);
    case CH_ARG_END:
    default:
      return SQLITE_OK;
    }
}

sqlite3_stmt *
ch_statement_new (ChStore     *store,
                  const char  *sql,
                  const ChArg *args,
                  GError     **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  if (sqlite3_prepare_v2 (store->db, sql, -1, &statement, NULL) != SQLITE_OK)
    {
      ch_store_fail (store, error);
      return NULL;
    }

  for (int i = 0; args != NULL && args[i].kind != CH_ARG_END; i++)
    if (bind_arg (statement, i + 1, &args[i]) != SQLITE_OK)
      {
        ch_store_fail (store, error);
        return NULL;
      }

  return g_steal_pointer (&statement);
}

int
ch_statement_step (ChStore      *store,
                   sqlite3_stmt *statement,
                   GError      **error)
{
  /* SQLite ends a transaction by itself when the disk is full. What follows inside it must not
   * be kept on its own then. */
  if (store->depth > 0 && sqlite3_get_autocommit (store->db) && !sqlite3_stmt_readonly (statement))
    {
      ch_error_set (error, CH_ERROR_STORE, _("An earlier write to “%s” failed, so all of it was undone"),
                    store->path);
      return SQLITE_ABORT;
    }

  int result = sqlite3_step (statement);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    ch_store_fail (store, error);

  return result;
}

gboolean
ch_store_run (ChStore     *store,
              const char  *sql,
              const ChArg *args,
              GError     **error)
{
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, args, error);

  return statement != NULL && ch_statement_step (store, statement, error) == SQLITE_DONE;
}

gboolean
ch_store_ask (ChStore     *store,
              const char  *sql,
              const ChArg *args,
              gint64      *answer,
              GError     **error)
{
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, args, error);
  if (statement == NULL)
    return FALSE;

  int result = ch_statement_step (store, statement, error);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return FALSE;

  *answer = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}
