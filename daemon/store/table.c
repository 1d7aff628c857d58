/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static gboolean
read_nick (const ChColumn *column,
           const char     *nick,
           int            *value)
{
  return nick != NULL && ch_from_nick (column->type (), nick, value, NULL);
}

/* Returns whether what stands in the row is a value of that kind. */
static gboolean
read_column (const ChColumn *column,
             sqlite3_stmt   *statement,
             int             i,
             gpointer        field)
{
  const char *text;

  switch (column->kind)
    {
    case CH_COLUMN_INT64:
    case CH_COLUMN_ID:
      *(gint64 *) field = sqlite3_column_int64 (statement, i);
      return TRUE;
    case CH_COLUMN_INT:
      *(gint *) field = sqlite3_column_int (statement, i);
      return TRUE;
    case CH_COLUMN_UINT:
      *(guint *) field = (guint) sqlite3_column_int64 (statement, i);
      return TRUE;
    case CH_COLUMN_ENUM:
      return read_nick (column, (const char *) sqlite3_column_text (statement, i), field);
    case CH_COLUMN_TEXT:
      *(char **) field = g_strdup ((const char *) sqlite3_column_text (statement, i));
      return TRUE;
    case CH_COLUMN_STRV:
      text = (const char *) sqlite3_column_text (statement, i);
      return (*(char ***) field = ch_json_to_strv (text)) != NULL;
    case CH_COLUMN_TABLE:
      text = (const char *) sqlite3_column_text (statement, i);
      return (*(GHashTable **) field = ch_json_to_table (text)) != NULL;
    default:
      return FALSE;
    }
}

static int
bind_column (const ChColumn *column,
             sqlite3_stmt   *statement,
             int             position,
             gconstpointer   field)
{
  switch (column->kind)
    {
    case CH_COLUMN_ID:
      if (*(const gint64 *) field == 0)
        return sqlite3_bind_null (statement, position);
      G_GNUC_FALLTHROUGH;
    case CH_COLUMN_INT64:
      return sqlite3_bind_int64 (statement, position, *(const gint64 *) field);
    case CH_COLUMN_INT:
      return sqlite3_bind_int64 (statement, position, *(const gint *) field);
    case CH_COLUMN_UINT:
      return sqlite3_bind_int64 (statement, position, *(const guint *) field);
    case CH_COLUMN_ENUM:
      return sqlite3_bind_text (statement, position, ch_nick (column->type (), *(const int *) field), -1,
                                SQLITE_STATIC);
    case CH_COLUMN_TEXT:
      return sqlite3_bind_text (statement, position, *(char *const *) field, -1, SQLITE_STATIC);
    case CH_COLUMN_STRV:
      return sqlite3_bind_text (statement, position,
                                ch_json_from_strv (*(const char *const *const *) field), -1, g_free);
    case CH_COLUMN_TABLE:
      return sqlite3_bind_text (statement, position, ch_json_from_table (*(GHashTable *const *) field), -1,
                                g_free);
    default:
      return SQLITE_MISUSE;
    }
}

void
ch_table_free_record (const ChTable *table,
                      gpointer       record)
{
  if (record == NULL)
    return;

  for (const ChColumn *column = table->columns; column->name != NULL; column++)
    {
      gpointer *field = G_STRUCT_MEMBER_P (record, column->offset);

      if (column->kind == CH_COLUMN_TEXT)
        g_free (*field);
      else if (column->kind == CH_COLUMN_STRV)
        g_strfreev (*field);
      else if (column->kind == CH_COLUMN_TABLE && *field != NULL)
        g_hash_table_unref (*field);
    }
  g_free (record);
}

static void
append_names (GString        *sql,
              const ChColumn *columns)
{
  for (int i = 0; columns[i].name != NULL; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", columns[i].name);
}

/* The id is always ?1, also where it is not used; the column after it is ?2. */
static void
append_parameters (GString        *sql,
                   const ChColumn *columns)
{
  for (int i = 1; columns[i].name != NULL; i++)
    g_string_append_printf (sql, "%s?%d", i > 1 ? ", " : "", i + 1);
}

static void
append_assignments (GString        *sql,
                    const ChColumn *columns)
{
  for (int i = 1; columns[i].name != NULL; i++)
    g_string_append_printf (sql, "%s%s = ?%d", i > 1 ? ", " : "", columns[i].name, i + 1);
}

static gboolean
run_with_record (ChStore       *store,
                 const ChTable *table,
                 const char    *sql,
                 gconstpointer  record,
                 GError       **error)
{
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, NULL, error);
  if (statement == NULL)
    return FALSE;

  for (int i = 0; table->columns[i].name != NULL; i++)
    if (bind_column (&table->columns[i], statement, i + 1,
                     G_STRUCT_MEMBER_P (record, table->columns[i].offset)) != SQLITE_OK)
      return ch_store_fail (store, error);

  if (ch_statement_step (store, statement, error) == SQLITE_DONE)
    return TRUE;

  return ch_store_reword (error, CH_ERROR_IN_USE, CH_ERROR_NOT_FOUND,
                          _("What the %s refers to is not there"), _(table->noun));
}

static gboolean
not_found (const ChTable *table,
           gint64         id,
           GError       **error)
{
  return ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no %s %" PRId64), _(table->noun), id);
}

gboolean
ch_table_insert (ChStore       *store,
                 const ChTable *table,
                 gpointer       record,
                 GError       **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "INSERT INTO %s (", table->name);
  append_names (sql, table->columns + 1);
  g_string_append (sql, ") VALUES (");
  append_parameters (sql, table->columns);
  g_string_append (sql, ")");

  if (!run_with_record (store, table, sql->str, record, error))
    return FALSE;

  *(gint64 *) G_STRUCT_MEMBER_P (record, table->columns[0].offset) = sqlite3_last_insert_rowid (store->db);
  return TRUE;
}

gboolean
ch_table_update (ChStore       *store,
                 const ChTable *table,
                 gconstpointer  record,
                 GError       **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "UPDATE %s SET ", table->name);
  append_assignments (sql, table->columns);
  g_string_append (sql, " WHERE id = ?1");

  if (!run_with_record (store, table, sql->str, record, error))
    return FALSE;

  if (sqlite3_changes (store->db) == 0)
    return not_found (table, *(const gint64 *) G_STRUCT_MEMBER_P (record, table->columns[0].offset), error);

  return TRUE;
}

gboolean
ch_table_remove (ChStore       *store,
                 const ChTable *table,
                 gint64         id,
                 GError       **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE id = ?1", table->name);

  if (!ch_store_run (store, sql, CH_ARGS (CH_INT (id)), error))
    return FALSE;

  return sqlite3_changes (store->db) > 0 || not_found (table, id, error);
}

static gpointer
read_record (ChStore       *store,
             const ChTable *table,
             sqlite3_stmt  *statement,
             GError       **error)
{
  gpointer record = g_malloc0 (table->size);

  for (int i = 0; table->columns[i].name != NULL; i++)
    if (!read_column (&table->columns[i], statement, i,
                      G_STRUCT_MEMBER_P (record, table->columns[i].offset)))
      {
        ch_error_set (error, CH_ERROR_STORE,
                      _("The database “%s” is damaged: %s %" PRId64 " has no valid “%s”; "
                        "restore it from a backup"),
                      store->path, _(table->noun), (gint64) sqlite3_column_int64 (statement, 0),
                      table->columns[i].name);
        table->free (record);
        return NULL;
      }

  return record;
}

GPtrArray *
ch_table_list (ChStore       *store,
               const ChTable *table,
               const char    *tail,
               const ChArg   *args,
               GError       **error)
{
  g_autoptr(GString) sql = g_string_new ("SELECT ");

  append_names (sql, table->columns);
  g_string_append_printf (sql, " FROM %s %s", table->name, tail);

  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql->str, args, error);
  if (statement == NULL)
    return NULL;

  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (table->free);
  int result;
  while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      gpointer record = read_record (store, table, statement, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }

  return result == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

gboolean
ch_table_find (ChStore       *store,
               const ChTable *table,
               const char    *tail,
               const ChArg   *args,
               gpointer      *record,
               GError       **error)
{
  g_autoptr(GPtrArray) records = ch_table_list (store, table, tail, args, error);

  *record = records != NULL && records->len > 0 ? g_ptr_array_steal_index (records, 0) : NULL;
  return records != NULL;
}

gpointer
ch_table_get (ChStore       *store,
              const ChTable *table,
              gint64         id,
              GError       **error)
{
  g_autoptr(GPtrArray) records = ch_table_list (store, table, "WHERE id = ?1", CH_ARGS (CH_INT (id)), error);

  if (records == NULL)
    return NULL;

  if (records->len == 0)
    {
      not_found (table, id, error);
      return NULL;
    }

  return g_ptr_array_steal_index (records, 0);
}
