/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

char *
ch_store_get_meta (ChStore    *store,
                   const char *key,
                   GError    **error)
{
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store, "SELECT value FROM meta WHERE key = ?1", CH_ARGS (CH_TEXT (key)), error);

  if (statement == NULL || ch_statement_step (store, statement, error) != SQLITE_ROW)
    return NULL;

  return g_strdup ((const char *) sqlite3_column_text (statement, 0));
}

gboolean
ch_store_set_meta (ChStore    *store,
                   const char *key,
                   const char *value,
                   GError    **error)
{
  return ch_store_run (store,
                       "INSERT INTO meta VALUES (?1, ?2)"
                       " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                       CH_ARGS (CH_TEXT (key), CH_TEXT (value)), error);
}
