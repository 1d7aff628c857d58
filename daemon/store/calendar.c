/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#define IN_FORCE " AND state IN ('issued', 'reissuing', 'renewing')"
#define IN_PERIOD(column) column " >= start AND " column " < stop" IN_FORCE

/* Inside the last day of the term only a renewal helps, as in engine/expiry.c. */
#define ENDS_WITH_TERM "not_after > term_end - 86400"

/* What the service will not put a new certificate in the place of by itself, as engine/expiry.c judges it. */
#define UNATTENDED \
  " AND (auto_replace = 0 OR replace_failures > 0 OR (state = 'issued' AND replace_at = 0)" \
  "      OR (" ENDS_WITH_TERM " AND auto_renew = 0))" \
  " AND NOT EXISTS (SELECT 1 FROM orders AS next WHERE next.renews_id = orders.id AND next.issued_at > 0" \
  "                 AND next.state NOT IN ('cancelled', 'revoked'))"

#define COUNT(index, condition) "(SELECT count (*) FROM orders INDEXED BY " index " WHERE " condition ")"

/* Each number is one range of an index that holds all that is asked for. */
static const char sql[] =
  "WITH periods AS (SELECT key AS period, value AS start, lead (value) OVER (ORDER BY key) AS stop FROM json_each (?1)) "
  "SELECT start, stop, "
  COUNT ("orders_ends", IN_PERIOD ("not_after")) ", "
  COUNT ("orders_ends", IN_PERIOD ("not_after") UNATTENDED) ", "
  COUNT ("orders_plans", "replace_at > 0 AND " IN_PERIOD ("replace_at") " AND NOT (" ENDS_WITH_TERM ")") ", "
  COUNT ("orders_plans", "replace_at > 0 AND " IN_PERIOD ("replace_at") " AND " ENDS_WITH_TERM " AND auto_renew = 1") ", "
  COUNT ("orders_term_end", IN_PERIOD ("term_end"))
  " FROM periods WHERE stop IS NOT NULL ORDER BY period";

static char *
write_bounds (const gint64 *bounds,
              guint         n_bounds)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < n_bounds; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", bounds[i]);

  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

static ChPeriod
read_period (sqlite3_stmt *statement)
{
  return (ChPeriod) {
    .from = sqlite3_column_int64 (statement, 0),
    .until = sqlite3_column_int64 (statement, 1),
    .ends = (guint) sqlite3_column_int64 (statement, 2),
    .unattended = (guint) sqlite3_column_int64 (statement, 3),
    .reissues = (guint) sqlite3_column_int64 (statement, 4),
    .renewals = (guint) sqlite3_column_int64 (statement, 5),
    .term_ends = (guint) sqlite3_column_int64 (statement, 6),
  };
}

GArray *
ch_store_count_periods (ChStore      *store,
                        const gint64 *bounds,
                        guint         n_bounds,
                        GError      **error)
{
  g_autofree char *json = write_bounds (bounds, n_bounds);
  g_autoptr(GArray) periods = g_array_new (FALSE, FALSE, sizeof (ChPeriod));
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, CH_ARGS (CH_TEXT (json)), error);
  int result;

  if (statement == NULL)
    return NULL;

  while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      ChPeriod period = read_period (statement);

      g_array_append_val (periods, period);
    }

  return result == SQLITE_DONE ? g_steal_pointer (&periods) : NULL;
}
