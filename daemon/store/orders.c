/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChOrder, INT64, id),
  CH_COLUMN_NICK (ChOrder, state, ch_order_state_get_type),
  CH_COLUMN_NICK (ChOrder, step, ch_order_step_get_type),
  CH_COLUMN (ChOrder, INT64, due),
  CH_COLUMN (ChOrder, UINT, failures),
  CH_COLUMN (ChOrder, TEXT, reason),
  CH_COLUMN (ChOrder, INT64, state_since),
  CH_COLUMN (ChOrder, INT, cancel_wanted),
  CH_COLUMN (ChOrder, INT, anew),
  CH_COLUMN_NICK (ChOrder, kind, ch_order_kind_get_type),
  CH_COLUMN (ChOrder, ID, renews_id),
  CH_COLUMN (ChOrder, TEXT, renews_ca),
  CH_COLUMN (ChOrder, TEXT, reissues_ca),
  CH_COLUMN (ChOrder, STRV, names),
  CH_COLUMN (ChOrder, ID, account_id),
  CH_COLUMN (ChOrder, ID, dns_account_id),
  CH_COLUMN (ChOrder, INT, dns_named),
  CH_COLUMN_NICK (ChOrder, product, ch_product_get_type),
  CH_COLUMN_NICK (ChOrder, method, ch_dcv_method_get_type),
  CH_COLUMN_NICK (ChOrder, key_algorithm, ch_key_algorithm_get_type),
  CH_COLUMN (ChOrder, INT, term_months),
  CH_COLUMN (ChOrder, TABLE, contact),
  CH_COLUMN (ChOrder, TABLE, organization),
  CH_COLUMN (ChOrder, TABLE, options),
  CH_COLUMN (ChOrder, TEXT, approver),
  CH_COLUMN (ChOrder, TEXT, page),
  CH_COLUMN (ChOrder, TEXT, price),
  CH_COLUMN (ChOrder, TEXT, key_ref),
  CH_COLUMN (ChOrder, TEXT, csr),
  CH_COLUMN (ChOrder, TEXT, public_key),
  CH_COLUMN (ChOrder, TEXT, own_key),
  CH_COLUMN (ChOrder, UINT, attempt),
  CH_COLUMN (ChOrder, TEXT, ca_order),
  CH_COLUMN (ChOrder, INT64, placed_at),
  CH_COLUMN (ChOrder, INT64, issued_at),
  CH_COLUMN (ChOrder, INT64, not_after),
  CH_COLUMN (ChOrder, INT64, term_end),
  CH_COLUMN (ChOrder, INT64, imported_at),
  CH_COLUMN (ChOrder, INT64, created_at),
  CH_COLUMN (ChOrder, INT64, updated_at),
  CH_COLUMN (ChOrder, INT, auto_replace),
  CH_COLUMN (ChOrder, INT, auto_renew),
  CH_COLUMN (ChOrder, INT64, replace_at),
  CH_COLUMN (ChOrder, UINT, replace_failures),
  CH_COLUMN (ChOrder, INT64, tell_at),
  CH_COLUMN (ChOrder, TEXT, note),
  CH_COLUMN (ChOrder, STRV, tags),
  { NULL },
};

const ChTable ch_table_orders = {
  .name = "orders",
  .noun = N_("order"),
  .size = sizeof (ChOrder),
  .columns = columns,
  .free = (GDestroyNotify) ch_order_free,
};

static gint64
seconds_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

gboolean
ch_store_add_order (ChStore *store,
                    ChOrder *order,
                    GError **error)
{
  order->updated_at = seconds_now ();
  return ch_table_insert (store, &ch_table_orders, order, error);
}

gboolean
ch_store_update_order (ChStore *store,
                       ChOrder *order,
                       GError **error)
{
  order->updated_at = seconds_now ();
  return ch_table_update (store, &ch_table_orders, order, error);
}

gboolean
ch_store_remove_order (ChStore *store,
                       gint64   id,
                       GError **error)
{
  return ch_table_remove (store, &ch_table_orders, id, error)
         || ch_store_reword (error, CH_ERROR_IN_USE, CH_ERROR_IN_USE,
                             _("What proves the names of order %" PRId64 " still stands in the DNS or on a server: "
                               "it can be deleted once that has been removed"), id);
}

ChOrder *
ch_store_get_order (ChStore *store,
                    gint64   id,
                    GError **error)
{
  return ch_table_get (store, &ch_table_orders, id, error);
}

GPtrArray *
ch_store_get_orders (ChStore *store,
                     GArray  *ids,
                     GError **error)
{
  g_autoptr(GString) list = g_string_new ("[");

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (ids, gint64, i));
  g_string_append_c (list, ']');

  return ch_table_list (store, &ch_table_orders,
                        "JOIN (SELECT key AS place, value AS wanted FROM json_each (?1)) ON id = wanted"
                        " ORDER BY place",
                        CH_ARGS (CH_TEXT (list->str)), error);
}

GPtrArray *
ch_store_list_due_orders (ChStore *store,
                          gint64   now,
                          guint    limit,
                          GError **error)
{
  return ch_table_list (store, &ch_table_orders,
                        "WHERE due > 0 AND due <= ?1 AND step <> 'none' ORDER BY due, id LIMIT ?2",
                        CH_ARGS (CH_INT (now), CH_INT (limit)), error);
}

GPtrArray *
ch_store_list_orders_to_tell (ChStore *store,
                              gint64   now,
                              guint    limit,
                              GError **error)
{
  return ch_table_list (store, &ch_table_orders, "WHERE tell_at > 0 AND tell_at <= ?1 ORDER BY tell_at, id LIMIT ?2",
                        CH_ARGS (CH_INT (now), CH_INT (limit)), error);
}

GPtrArray *
ch_store_list_replaceable_orders (ChStore *store,
                                  gint64   now,
                                  guint    limit,
                                  GError **error)
{
  return ch_table_list (store, &ch_table_orders,
                        "WHERE replace_at > 0 AND replace_at <= ?1 ORDER BY replace_at, id LIMIT ?2",
                        CH_ARGS (CH_INT (now), CH_INT (limit)), error);
}

GPtrArray *
ch_store_list_renewable_orders (ChStore *store,
                                gint64   account_id,
                                gint64   until,
                                guint    limit,
                                GError **error)
{
  return ch_table_list (store, &ch_table_orders,
                        "WHERE replace_at > 0 AND replace_at <= ?2 AND account_id = ?1 AND state = 'issued' AND auto_renew = 1"
                        " ORDER BY replace_at, id LIMIT ?3",
                        CH_ARGS (CH_INT (account_id), CH_INT (until), CH_INT (limit)), error);
}

/* The first condition is that of the partial index, to the letter. */
GPtrArray *
ch_store_list_needy_orders (ChStore *store,
                            guint    limit,
                            GError **error)
{
  return ch_table_list (store, &ch_table_orders,
                        "WHERE (state IN ('failed', 'rejected') OR replace_failures > 0"
                        "       OR (state = 'issued' AND auto_replace = 1 AND replace_at = 0)"
                        "       OR (state = 'reissuing' AND step = 'track'))"
                        " AND NOT EXISTS (SELECT 1 FROM orders AS next WHERE next.renews_id = orders.id AND next.issued_at > 0"
                        "                 AND next.state NOT IN ('cancelled', 'revoked'))"
                        " ORDER BY not_after, id LIMIT ?1",
                        CH_ARGS (CH_INT (limit)), error);
}

gboolean
ch_store_find_renewal (ChStore  *store,
                       gint64    order_id,
                       ChOrder **renewal,
                       GError  **error)
{
  return ch_table_find (store, &ch_table_orders,
                        "WHERE renews_id = ?1"
                        " ORDER BY (issued_at > 0 OR state NOT IN ('rejected', 'cancelled', 'failed')) DESC, id DESC LIMIT 1",
                        CH_ARGS (CH_INT (order_id)), (gpointer *) renewal, error);
}

gint64
ch_store_get_predecessor (ChStore *store,
                          gint64   order_id)
{
  gint64 predecessor = 0;

  ch_store_ask (store, "SELECT renews_id FROM orders WHERE id = ?1", CH_ARGS (CH_INT (order_id)), &predecessor, NULL);
  return predecessor;
}

gboolean
ch_store_find_order_by_ca (ChStore     *store,
                           gint64       account_id,
                           const char  *ca_order,
                           ChOrder    **order,
                           GError     **error)
{
  return ch_table_find (store, &ch_table_orders,
                        "WHERE account_id = ?1 AND (ca_order = ?2 OR reissues_ca = ?2) ORDER BY id DESC LIMIT 1",
                        CH_ARGS (CH_INT (account_id), CH_TEXT (ca_order)), (gpointer *) order, error);
}

GArray *
ch_store_list_ids_in_step (ChStore     *store,
                           gint64       account_id,
                           ChOrderStep  step,
                           GError     **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const ChArg args[] = { CH_INT (account_id), CH_TEXT (ch_nick (CH_TYPE_ORDER_STEP, (int) step)), { .kind = CH_ARG_END } };
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store, "SELECT id FROM orders WHERE account_id = ?1 AND step = ?2 ORDER BY id", args, error);
  int result = SQLITE_ERROR;

  while (statement != NULL && (result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }

  return result == SQLITE_DONE ? g_steal_pointer (&ids) : NULL;
}

gboolean
ch_store_begin_step (ChStore     *store,
                     gint64       account_id,
                     ChOrderStep  step,
                     GError     **error)
{
  return ch_store_run (store, "UPDATE orders SET due = 0 WHERE account_id = ?1 AND step = ?2",
                       CH_ARGS (CH_INT (account_id), CH_TEXT (ch_nick (CH_TYPE_ORDER_STEP, (int) step))), error);
}

GPtrArray *
ch_store_list_interrupted_orders (ChStore *store,
                                  GError **error)
{
  return ch_table_list (store, &ch_table_orders, "WHERE step <> 'none' AND due = 0 ORDER BY id", NULL, error);
}

gboolean
ch_store_hurry_orders (ChStore     *store,
                       ChPeerRole   role,
                       gint64       peer_id,
                       gint64       now,
                       GError     **error)
{
  const char *sql = role == CH_PEER_ROLE_SERVER
    ? "UPDATE orders SET due = ?2 WHERE due > ?2 AND failures > 0 AND step = 'publish'"
      "  AND id IN (SELECT order_id FROM challenge_files WHERE server_id = ?1)"
    : role == CH_PEER_ROLE_DNS
    ? "UPDATE orders SET due = ?2 WHERE due > ?2 AND failures > 0 AND (dns_account_id = ?1 OR step = 'follow'"
      "  OR id IN (SELECT order_id FROM challenges WHERE dns_account_id = ?1))"
    : "UPDATE orders SET due = ?2 WHERE account_id = ?1 AND due > ?2 AND failures > 0";

  return role == CH_PEER_ROLE_PROFILE
         || ch_store_run (store, sql, CH_ARGS (CH_INT (peer_id), CH_INT (now)), error);
}

GPtrArray *
ch_store_list_orders_awaiting_file (ChStore *store,
                                    GError **error)
{
  return ch_table_list (store, &ch_table_orders, "WHERE step = 'propagate' AND method = 'http' AND due > 0 ORDER BY id", NULL, error);
}

gboolean
ch_store_hurry_turns (ChStore *store,
                      gint64   now,
                      GError **error)
{
  return ch_store_run (store, "UPDATE orders SET due = ?1 WHERE due > ?1 AND step = 'publish' AND method = 'http' AND failures = 0",
                       CH_ARGS (CH_INT (now)), error);
}

gboolean
ch_store_hurry_far (ChStore *store,
                    gint64   now,
                    gint64   far,
                    GError **error)
{
  static const char *const updates[] = {
    "UPDATE orders SET due = ?1 WHERE due > ?2",
    "UPDATE txt_records SET due = ?1 WHERE due > ?2 AND state = 'removing'",
    "UPDATE challenge_files SET due = ?1 WHERE due > ?2 AND state = 'removing'",
    "UPDATE deployments SET due = ?1 WHERE due > ?2 AND enabled",
    "UPDATE deployments SET look_at = ?1 WHERE look_at > ?2 + 691200",
    "UPDATE watches SET due = ?1 WHERE due > ?2 + max (691200, every * 2)",
    "UPDATE mail SET due = ?1 WHERE due > ?2 + 86400",
    "UPDATE tracks SET due = ?1 WHERE due > ?2 + 21600",
    /* That which failed is tried again within a day; any other has its day from the certificate. */
    "UPDATE orders SET replace_at = ?1 WHERE replace_failures > 0 AND replace_at > ?2 + 86400",
  };
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (updates); i++)
    if (!ch_store_run (store, updates[i], CH_ARGS (CH_INT (now), CH_INT (far)), error))
      return FALSE;

  return ch_store_transaction_commit (transaction, error);
}

gint64
ch_store_next_due (ChStore *store,
                   GError **error)
{
  gint64 due = 0;

  /* Each minimum is the first entry of a partial index; min () leaves out those that have none. */
  ch_store_ask (store,
                "SELECT min (due) FROM ("
                "  SELECT min (due) AS due FROM orders WHERE due > 0 AND step <> 'none'"
                "  UNION ALL SELECT min (due) FROM tracks WHERE due > 0"
                "  UNION ALL SELECT min (replace_at) FROM orders WHERE replace_at > 0"
                "  UNION ALL SELECT min (due) FROM txt_records WHERE due > 0 AND state = 'removing'"
                "  UNION ALL SELECT min (due) FROM challenge_files WHERE due > 0 AND state = 'removing'"
                "  UNION ALL SELECT min (due) FROM deployments WHERE due > 0 AND enabled"
                "  UNION ALL SELECT min (look_at) FROM deployments WHERE look_at > 0 AND enabled AND state = 'deployed'"
                "  UNION ALL SELECT min (due) FROM watches WHERE due > 0"
                "  UNION ALL SELECT min (due) FROM bin WHERE due > 0"
                "  UNION ALL SELECT due FROM mail WHERE due > 0"
                "  UNION ALL SELECT min (tell_at) FROM orders WHERE tell_at > 0)",
                NULL, &due, error);
  return due;
}
