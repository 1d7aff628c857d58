/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChBinKey, INT64, id),
  CH_COLUMN (ChBinKey, TEXT, ref),
  CH_COLUMN (ChBinKey, INT64, order_id),
  CH_COLUMN (ChBinKey, TEXT, name),
  CH_COLUMN (ChBinKey, TEXT, ca_order),
  CH_COLUMN (ChBinKey, TEXT, public_key),
  CH_COLUMN (ChBinKey, INT64, put_at),
  CH_COLUMN (ChBinKey, INT64, due),
  CH_COLUMN (ChBinKey, UINT, failures),
  { NULL },
};

const ChTable ch_table_bin = {
  .name = "bin",
  .noun = N_("key in the bin"),
  .size = sizeof (ChBinKey),
  .columns = columns,
  .free = (GDestroyNotify) ch_bin_key_free,
};

gboolean
ch_store_add_bin_key (ChStore   *store,
                      ChBinKey  *key,
                      GError   **error)
{
  return ch_table_insert (store, &ch_table_bin, key, error);
}

gboolean
ch_store_update_bin_key (ChStore         *store,
                         const ChBinKey  *key,
                         GError         **error)
{
  return ch_table_update (store, &ch_table_bin, key, error);
}

gboolean
ch_store_remove_bin_key (ChStore  *store,
                         gint64    id,
                         GError  **error)
{
  return ch_table_remove (store, &ch_table_bin, id, error);
}

ChBinKey *
ch_store_get_bin_key (ChStore  *store,
                      gint64    id,
                      GError  **error)
{
  return ch_table_get (store, &ch_table_bin, id, error);
}

GPtrArray *
ch_store_list_bin_keys (ChStore  *store,
                        GError  **error)
{
  return ch_table_list (store, &ch_table_bin, "ORDER BY id", NULL, error);
}

GPtrArray *
ch_store_list_due_bin_keys (ChStore  *store,
                            gint64    now,
                            guint     limit,
                            GError  **error)
{
  return ch_table_list (store, &ch_table_bin, "WHERE due > 0 AND due <= ?1 ORDER BY due, id LIMIT ?2",
                        CH_ARGS (CH_INT (now), CH_INT (limit)), error);
}

gboolean
ch_store_resume_bin_keys (ChStore  *store,
                          gint64    now,
                          GError  **error)
{
  return ch_store_run (store, "UPDATE bin SET due = ?1 WHERE due = 0", CH_ARGS (CH_INT (now)), error);
}

gboolean
ch_store_key_is_used (ChStore     *store,
                      const char  *ref,
                      gboolean    *used,
                      GError     **error)
{
  gint64 count;

  if (!ch_store_ask (store,
                     "SELECT (SELECT count (*) FROM orders WHERE key_ref = ?1)"
                     " + (SELECT count (*) FROM certificates WHERE key_ref = ?1)",
                     CH_ARGS (CH_TEXT (ref)), &count, error))
    return FALSE;

  *used = count > 0;
  return TRUE;
}

/* The orders first: what is asked for does not hold any more once it is written. */
GArray *
ch_store_attach_key (ChStore     *store,
                     const char  *ref,
                     const char  *public_key,
                     GError     **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const ChArg *args = CH_ARGS (CH_TEXT (ref), CH_TEXT (public_key));
  int result;

  {
    g_autoptr(sqlite3_stmt) statement =
      ch_statement_new (store,
                        "SELECT id FROM orders WHERE key_ref IS NULL AND public_key = ?2 UNION "
                        "SELECT order_id FROM certificates WHERE key_ref IS NULL AND public_key = ?2", args, error);

    if (statement == NULL)
      return NULL;
    while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
      {
        gint64 id = sqlite3_column_int64 (statement, 0);
        g_array_append_val (ids, id);
      }
    if (result != SQLITE_DONE)
      return NULL;
  }

  if (!ch_store_run (store, "UPDATE orders SET key_ref = ?1 WHERE key_ref IS NULL AND public_key = ?2", args, error)
      || !ch_store_run (store, "UPDATE certificates SET key_ref = ?1 WHERE key_ref IS NULL AND public_key = ?2", args, error))
    return NULL;

  return g_steal_pointer (&ids);
}
