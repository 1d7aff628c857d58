/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <sqlite3.h>
#include <string.h>

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, sqlite3_finalize)

struct _SbState
{
  sqlite3 *db;           /* (owned) */
  GPtrArray *accounts;   /* (element-type SbAccount) (owned) */
  GPtrArray *orders;     /* (element-type SbOrder) (owned), by sequence */
  GHashTable *by_id;     /* (element-type utf8 SbOrder) (not owned) */
  GHashTable *by_key;    /* (element-type utf8 SbOrder) (not owned): first order with a key */
  GHashTable *renewed;   /* (element-type utf8 utf8): by ID, the order that renews it */
  GHashTable *reissued;  /* (element-type utf8 utf8): by ID, the order that took its place */
  GHashTable *revoked;   /* (element-type utf8): key IDs */
  SbProofs *proofs;      /* (owned) */
  gint64 last;           /* the highest number given out */
};

static const char schema[] =
  "PRAGMA locking_mode = EXCLUSIVE;" /* one sandbox per folder */
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = FULL;"
  "CREATE TABLE IF NOT EXISTS accounts"
  " (user TEXT PRIMARY KEY, balance INTEGER NOT NULL, locked INTEGER NOT NULL, ip_refused INTEGER NOT NULL,"
  " twelve_hours INTEGER NOT NULL, utc_offset TEXT NOT NULL) STRICT;"
  "CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;"
  "CREATE TABLE IF NOT EXISTS orders"
  " (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;";

static gboolean
database_failed (SbState  *state,
                 GError  **error)
{
  return ch_error_set (error, CH_ERROR_STORE, _("The sandbox’s orders.db cannot be used: %s."),
                       sqlite3_errmsg (state->db));
}

static gboolean
run (SbState     *state,
     const char  *sql,
     GError     **error)
{
  if (sqlite3_exec (state->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return database_failed (state, error);

  return TRUE;
}

static Statement *
prepare (SbState     *state,
         const char  *sql,
         GError     **error)
{
  Statement *statement = NULL;

  if (sqlite3_prepare_v2 (state->db, sql, -1, &statement, NULL) != SQLITE_OK)
    database_failed (state, error);

  return statement;
}

SbAccount *
sb_state_account (SbState    *state,
                  const char *user)
{
  for (guint i = 0; user != NULL && i < state->accounts->len; i++)
    {
      SbAccount *account = g_ptr_array_index (state->accounts, i);

      if (strcmp (account->user, user) == 0)
        return account;
    }

  return NULL;
}

static gboolean
load_accounts (SbState  *state,
               GError  **error)
{
  static const char sql[] = "SELECT user, balance, locked, ip_refused, twelve_hours, utc_offset FROM accounts";
  g_autoptr(Statement) rows = prepare (state, sql, error);

  if (rows == NULL)
    return FALSE;

  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      SbAccount *account = sb_state_account (state, (const char *) sqlite3_column_text (rows, 0));

      if (account == NULL)
        continue;
      account->balance = sqlite3_column_int64 (rows, 1);
      account->locked = sqlite3_column_int (rows, 2);
      account->ip_refused = sqlite3_column_int (rows, 3);
      account->twelve_hours = sqlite3_column_int (rows, 4);
      g_free (account->offset);
      account->offset = g_strdup ((const char *) sqlite3_column_text (rows, 5));
    }

  return TRUE;
}

/* An order that was given up follows nothing any more. */
static void
link_orders (GHashTable    *links,
             const char    *before,
             const SbOrder *order)
{
  if (before == NULL)
    return;
  if (order->status != SB_STATUS_CANCELLED && order->status != SB_STATUS_CANCELLED_AFTER_ISSUE)
    g_hash_table_replace (links, g_strdup (before), g_strdup (order->id));
  else if (g_strcmp0 (g_hash_table_lookup (links, before), order->id) == 0)
    g_hash_table_remove (links, before);
}

/* Takes an order into memory, in place of an older copy of itself. */
static void
remember (SbState *state,
          SbOrder *order)
{
  SbOrder *old = g_hash_table_lookup (state->by_id, order->id);

  if (old != NULL)
    {
      guint index = 0;

      g_ptr_array_find (state->orders, old, &index);
      g_hash_table_remove (state->by_id, old->id);
      if (g_hash_table_lookup (state->by_key, old->key_id) == old)
        g_hash_table_remove (state->by_key, old->key_id);
      sb_order_free (old);
      state->orders->pdata[index] = order;
    }
  else
    g_ptr_array_add (state->orders, order);

  g_hash_table_insert (state->by_id, order->id, order);
  if (g_hash_table_lookup (state->by_key, order->key_id) == NULL)
    g_hash_table_insert (state->by_key, order->key_id, order);
  link_orders (state->renewed, order->renewal_of, order);
  link_orders (state->reissued, order->reissue_of, order);
  sb_proofs_take (state->proofs, order);
  state->last = MAX (state->last, order->sequence);
  if (order->status == SB_STATUS_REVOKING || order->status == SB_STATUS_REVOKED)
    g_hash_table_add (state->revoked, g_strdup (order->key_id));
}

static gboolean
load_orders (SbState  *state,
             GError  **error)
{
  g_autoptr(Statement) rows = prepare (state, "SELECT body FROM orders ORDER BY sequence", error);

  if (rows == NULL)
    return FALSE;

  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      g_autoptr(JsonNode) node = json_from_string ((const char *) sqlite3_column_text (rows, 0), NULL);
      gboolean is_object = node != NULL && JSON_NODE_HOLDS_OBJECT (node);
      g_autoptr(SbOrder) order = is_object ? sb_order_from_json (json_node_get_object (node)) : NULL;

      if (order == NULL || order->id == NULL || order->user == NULL || order->key_id == NULL)
        return ch_error_set (error, CH_ERROR_STORE, _("An order in the sandbox’s orders.db cannot be read."));
      remember (state, g_steal_pointer (&order));
    }

  return TRUE;
}

static gboolean
load_counter (SbState  *state,
              GError  **error)
{
  g_autoptr(Statement) row = prepare (state, "SELECT last FROM counter", error);

  if (row != NULL && sqlite3_step (row) == SQLITE_ROW)
    state->last = MAX (state->last, sqlite3_column_int64 (row, 0));
  return row != NULL;
}

SbState *
sb_state_open (const char  *dir,
               GPtrArray   *accounts,
               GError     **error)
{
  g_autoptr(SbState) state = g_new0 (SbState, 1);
  g_autofree char *path = g_build_filename (dir, "orders.db", NULL);

  state->accounts = accounts;
  state->orders = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  state->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  state->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  state->renewed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->reissued = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->revoked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->proofs = sb_proofs_new ();

  if (sqlite3_open (path, &state->db) != SQLITE_OK)
    {
      database_failed (state, error);
      return NULL;
    }
  if (!run (state, schema, error) || !load_accounts (state, error) || !load_orders (state, error)
      || !load_counter (state, error))
    return NULL;

  return g_steal_pointer (&state);
}

void
sb_state_free (SbState *state)
{
  g_hash_table_unref (state->by_id);
  g_hash_table_unref (state->by_key);
  g_hash_table_unref (state->renewed);
  g_hash_table_unref (state->reissued);
  sb_proofs_free (state->proofs);
  g_hash_table_unref (state->revoked);
  g_ptr_array_unref (state->orders);
  g_ptr_array_unref (state->accounts);
  sqlite3_close (state->db);
  g_free (state);
}

GPtrArray *
sb_state_accounts (SbState *state)
{
  return state->accounts;
}

GPtrArray *
sb_state_orders (SbState *state)
{
  return state->orders;
}

SbOrder *
sb_state_order (SbState    *state,
                const char *id)
{
  return id != NULL ? g_hash_table_lookup (state->by_id, id) : NULL;
}

SbOrder *
sb_state_key_owner (SbState    *state,
                    const char *key_id)
{
  return g_hash_table_lookup (state->by_key, key_id);
}

const char *
sb_state_renewal (SbState    *state,
                  const char *id)
{
  return g_hash_table_lookup (state->renewed, id);
}

const char *
sb_state_reissue (SbState    *state,
                  const char *id)
{
  return g_hash_table_lookup (state->reissued, id);
}

SbProofs *
sb_state_proofs (SbState *state)
{
  return state->proofs;
}

gboolean
sb_state_is_revoked_key (SbState    *state,
                         const char *key_id)
{
  return g_hash_table_contains (state->revoked, key_id);
}

void
sb_state_new_id (SbState *state,
                 SbOrder *order,
                 gint64   now)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (now / 1000);
  g_autofree char *day = g_date_time_format (date, "%y%m%d");
  const char *product = order->product != NULL ? order->product : "";
  const char *kind = g_str_has_prefix (product, "OV") ? "OV" : g_str_has_prefix (product, "EV") ? "EV" : "AP";

  order->sequence = ++state->last;
  g_free (order->id);
  order->id = g_strdup_printf ("CE%s%s%06" G_GINT64_FORMAT, kind, day, order->sequence);
}

char *
sb_state_reserve_id (SbState  *state,
                     gint64    now,
                     GError  **error)
{
  SbOrder order = { 0 };

  sb_state_new_id (state, &order, now);
  g_autofree char *sql = g_strdup_printf ("INSERT OR REPLACE INTO counter VALUES (1, %" G_GINT64_FORMAT ")",
                                          order.sequence);
  if (run (state, sql, error))
    return order.id;

  g_free (order.id);
  return NULL;
}

static gboolean
write_account (SbState    *state,
               SbAccount  *account,
               gint64      balance,
               GError    **error)
{
  static const char sql[] = "INSERT OR REPLACE INTO accounts (user, balance, locked, ip_refused, twelve_hours,"
                            " utc_offset) VALUES (?, ?, ?, ?, ?, ?)";
  g_autoptr(Statement) row = prepare (state, sql, error);

  if (row == NULL)
    return FALSE;

  sqlite3_bind_text (row, 1, account->user, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (row, 2, balance);
  sqlite3_bind_int (row, 3, account->locked);
  sqlite3_bind_int (row, 4, account->ip_refused);
  sqlite3_bind_int (row, 5, account->twelve_hours);
  sqlite3_bind_text (row, 6, account->offset, -1, SQLITE_STATIC);
  return sqlite3_step (row) == SQLITE_DONE || database_failed (state, error);
}

static gboolean
write_order (SbState        *state,
             const SbOrder  *order,
             GError        **error)
{
  static const char sql[] = "INSERT OR REPLACE INTO orders (sequence, id, body) VALUES (?, ?, ?)";
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(Statement) row = prepare (state, sql, error);

  if (row == NULL)
    return FALSE;

  json_node_take_object (node, sb_order_to_json (order));
  sqlite3_bind_int64 (row, 1, order->sequence);
  sqlite3_bind_text (row, 2, order->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (row, 3, json_to_string (node, FALSE), -1, g_free);
  return sqlite3_step (row) == SQLITE_DONE || database_failed (state, error);
}

static gboolean
write_orders (SbState    *state,
              GPtrArray  *orders,
              GError    **error)
{
  for (guint i = 0; i < orders->len; i++)
    if (!write_order (state, g_ptr_array_index (orders, i), error))
      return FALSE;

  return TRUE;
}

gboolean
sb_state_commit_all (SbState    *state,
                     GPtrArray  *orders,
                     gint64      charge,
                     GError    **error)
{
  SbOrder *first = g_ptr_array_index (orders, 0);
  SbAccount *account = sb_state_account (state, first->user);
  gint64 balance = account != NULL ? account->balance - charge : 0;

  if (!run (state, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (!write_orders (state, orders, error)
      || (account != NULL && !write_account (state, account, balance, error))
      || !run (state, "COMMIT", error))
    {
      run (state, "ROLLBACK", NULL);
      return FALSE;
    }

  if (account != NULL)
    account->balance = balance;
  while (orders->len > 0)
    remember (state, g_ptr_array_steal_index (orders, 0));
  return TRUE;
}

gboolean
sb_state_commit (SbState  *state,
                 SbOrder  *order,
                 gint64    charge,
                 GError  **error)
{
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);

  g_ptr_array_add (orders, order);
  return sb_state_commit_all (state, orders, charge, error);
}

gboolean
sb_state_save_account (SbState    *state,
                       SbAccount  *account,
                       GError    **error)
{
  return write_account (state, account, account->balance, error);
}
