/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

/* What an import asks about ten thousand orders, one after the other: each question is answered by an index. */

gboolean
ch_store_get_import (ChStore     *store,
                     gint64       account_id,
                     const char  *wish,
                     gint64      *until,
                     GError     **error)
{
  return ch_store_ask (store, "SELECT until FROM imports WHERE account_id = ?1 AND wish = ?2",
                       CH_ARGS (CH_INT (account_id), CH_TEXT (wish)), until, error);
}

gboolean
ch_store_set_import (ChStore     *store,
                     gint64       account_id,
                     const char  *wish,
                     gint64       until,
                     GError     **error)
{
  if (until == 0)
    return ch_store_run (store, "DELETE FROM imports WHERE account_id = ?1 AND wish = ?2",
                         CH_ARGS (CH_INT (account_id), CH_TEXT (wish)), error);

  return ch_store_run (store,
                       "INSERT INTO imports VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (account_id, wish) DO UPDATE SET until = excluded.until",
                       CH_ARGS (CH_INT (account_id), CH_TEXT (wish), CH_INT (until)), error);
}

/* Each part has its own index; the plus keeps the planner from reading all orders of the account in place of them. */
gboolean
ch_store_find_order_of_number (ChStore     *store,
                               gint64       account_id,
                               const char  *ca_order,
                               ChOrder    **order,
                               GError     **error)
{
  return ch_table_find (store, &ch_table_orders,
                        "WHERE id = (SELECT max (id) FROM orders WHERE +account_id = ?1 AND id IN ("
                        "  SELECT id FROM orders WHERE account_id = ?1 AND ca_order = ?2"
                        "  UNION SELECT id FROM orders WHERE account_id = ?1 AND reissues_ca = ?2"
                        "  UNION SELECT order_id FROM certificates WHERE ca_order = ?2"
                        "  UNION SELECT order_id FROM order_numbers WHERE account_id = ?1 AND ca_order = ?2))",
                        CH_ARGS (CH_INT (account_id), CH_TEXT (ca_order)), (gpointer *) order, error);
}

gboolean
ch_store_note_number (ChStore     *store,
                      gint64       account_id,
                      const char  *ca_order,
                      gint64       order_id,
                      GError     **error)
{
  return ch_store_run (store,
                       "INSERT INTO order_numbers VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (account_id, ca_order) DO UPDATE SET order_id = excluded.order_id",
                       CH_ARGS (CH_INT (account_id), CH_TEXT (ca_order), CH_INT (order_id)), error);
}

GPtrArray *
ch_store_list_unlinked_renewals (ChStore     *store,
                                 gint64       account_id,
                                 const char  *ca_order,
                                 GError     **error)
{
  return ch_table_list (store, &ch_table_orders,
                        "WHERE account_id = ?1 AND renews_ca = ?2 AND renews_id IS NULL ORDER BY id",
                        CH_ARGS (CH_INT (account_id), CH_TEXT (ca_order)), error);
}

gboolean
ch_store_merge_orders (ChStore  *store,
                       gint64    from,
                       gint64    to,
                       GError  **error)
{
  static const char *const updates[] = {
    "UPDATE OR IGNORE certificates SET order_id = ?2 WHERE order_id = ?1",
    "UPDATE order_numbers SET order_id = ?2 WHERE order_id = ?1",
    "UPDATE orders SET renews_id = ?2 WHERE renews_id = ?1 AND id <> ?2",
  };
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (updates); i++)
    if (!ch_store_run (store, updates[i], CH_ARGS (CH_INT (from), CH_INT (to)), error))
      return FALSE;

  return ch_store_remove_order (store, from, error) && ch_store_transaction_commit (transaction, error);
}

static gboolean
find_key (ChStore     *store,
          const char  *public_key,
          char       **ref,
          GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store,
                      "SELECT key_ref FROM orders WHERE public_key = ?1 AND key_ref IS NOT NULL"
                      " UNION ALL SELECT key_ref FROM certificates WHERE public_key = ?1 AND key_ref IS NOT NULL"
                      " UNION ALL SELECT ref FROM bin WHERE public_key = ?1 AND due > 0 LIMIT 1",
                      CH_ARGS (CH_TEXT (public_key)), error);
  int result = statement != NULL ? ch_statement_step (store, statement, error) : SQLITE_ERROR;

  *ref = result == SQLITE_ROW ? g_strdup ((const char *) sqlite3_column_text (statement, 0)) : NULL;
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

gboolean
ch_store_take_key (ChStore     *store,
                   const char  *public_key,
                   char       **ref,
                   GError     **error)
{
  g_autofree char *found = NULL;

  if (!find_key (store, public_key, &found, error)
      || (found != NULL && !ch_store_run (store, "DELETE FROM bin WHERE ref = ?1", CH_ARGS (CH_TEXT (found)), error)))
    return FALSE;

  *ref = g_steal_pointer (&found);
  return TRUE;
}
