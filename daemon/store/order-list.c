/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include "lib/paths.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE_MAX 500

/* A key is at most a DNS name long. */
#define CURSOR_MAX 1024

/* The worst that a deployment of one of its certificates says. */
#define SERVED \
  "coalesce ((SELECT min (CASE WHEN deployments.state = 'failed' OR deployments.drift <> '' THEN 'failing'" \
  "                            WHEN deployments.state = 'deployed' THEN 'served' ELSE 'pending' END)" \
  "           FROM certificates JOIN deployments ON deployments.certificate_id = certificates.id" \
  "           WHERE certificates.order_id = orders.id), '')"

typedef struct
{
  const char *word;
  const char *column;
  gboolean is_text;
} Sort;

/* Each has an index that begins with (column, id), of which a page is one or two ranges. Accounts are
 * few and may be renamed, so their name is looked up for each row that is sorted by it; deployments are
 * few, too. */
static const Sort sorts[] = {
  { "id", "id", FALSE },
  { "name", "name", TRUE },
  { "state", "state", TRUE },
  { "product", "product", TRUE },
  { "not-after", "not_after", FALSE },
  { "term-end", "term_end", FALSE },
  { "created", "created_at", FALSE },
  { "updated", "updated_at", FALSE },
  { "account", "(SELECT peers.name FROM peers WHERE peers.id = orders.account_id)", TRUE },
  { "served", SERVED, TRUE },
};

/* One list: what its WHERE holds, in which order, and the arguments of both. */
typedef struct
{
  const Sort *sort;
  gboolean descending;
  char *states;           /* (owned) (nullable): JSON array */
  char *search;           /* (owned) (nullable): lower case */
  char *tag;              /* (owned) (nullable): lower case */
  gint64 search_id;       /* the same as an id, 0 when it is none */
  char *key;              /* (owned) (nullable): last sort key of the page before */
  gint64 last_id;
  gint64 key_number;      /* @key, where the sort is by a number */
  ChOrderFilter filter;   /* (not owned) */
} Query;

static void
query_clear (Query *query)
{
  g_free (query->states);
  g_free (query->search);
  g_free (query->tag);
  g_free (query->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

static gboolean
parse_sort (Query      *query,
            const char *text,
            GError    **error)
{
  query->descending = text[0] == '-';

  for (gsize i = 0; i < G_N_ELEMENTS (sorts); i++)
    if (g_str_equal (text + query->descending, sorts[i].word))
      {
        query->sort = &sorts[i];
        return TRUE;
      }

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("Orders cannot be sorted by “%s”; these are possible, with a “-” before them for "
                         "the other direction: id, name, state, product, not-after, term-end, served, "
                         "created, updated, account"),
                       text);
}

static gboolean
is_empty (char **list)
{
  return list == NULL || list[0] == NULL;
}

static gboolean
wants_state (const ChOrderFilter *filter,
             const char          *nick,
             int                  state)
{
  return (is_empty (filter->states) || g_strv_contains ((const char *const *) filter->states, nick))
         && !(filter->open_only && ch_order_state_is_final ((ChOrderState) state));
}

/* Both filters of states as one list of nicks. */
static gboolean
parse_states (Query   *query,
              GError **error)
{
  g_autoptr(GEnumClass) class = g_type_class_ref (CH_TYPE_ORDER_STATE);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_null_terminated (0, NULL, TRUE);
  int state;

  for (char **nick = query->filter.states; nick != NULL && *nick != NULL; nick++)
    if (!ch_from_nick (CH_TYPE_ORDER_STATE, *nick, &state, error))
      return FALSE;

  if (is_empty (query->filter.states) && !query->filter.open_only)
    return TRUE;

  for (guint i = 0; i < class->n_values; i++)
    if (wants_state (&query->filter, class->values[i].value_nick, class->values[i].value))
      g_ptr_array_add (wanted, (gpointer) class->values[i].value_nick);

  query->states = ch_json_from_strv ((const char *const *) wanted->pdata);
  return TRUE;
}

static gboolean
query_init (Query               *query,
            const ChOrderFilter *filter,
            const char          *sort,
            GError             **error)
{
  if (filter != NULL)
    query->filter = *filter;

  if (query->filter.search != NULL && *query->filter.search != '\0')
    {
      query->search = g_ascii_strdown (query->filter.search, -1);
      if (!ch_path_parse_id (query->search, &query->search_id))
        query->search_id = 0;
    }

  if (query->filter.tag != NULL && *query->filter.tag != '\0')
    query->tag = g_ascii_strdown (query->filter.tag, -1);

  return parse_sort (query, sort, error) && parse_states (query, error);
}

static char *
make_head (const Query *query)
{
  return g_strdup_printf ("%s%s/", query->descending ? "-" : "", query->sort->word);
}

/* A cursor is base64 of "sort/id/key": opaque, so that nobody builds on what is in it. */
static char *
make_cursor (ChStore     *store,
             const Query *query,
             gint64       id,
             GError     **error)
{
  g_autofree char *head = make_head (query);
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM orders WHERE id = ?1", query->sort->column);
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, CH_ARGS (CH_INT (id)), error);

  if (statement == NULL || ch_statement_step (store, statement, error) != SQLITE_ROW)
    return NULL;

  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT "/%s", head, id,
                                           (const char *) sqlite3_column_text (statement, 0));
  return g_base64_encode ((const guchar *) text, strlen (text));
}

static gboolean
bad_cursor (GError **error)
{
  return ch_error_set (error, CH_ERROR_INVALID,
                       _("This cursor is not of this list: begin anew, without a cursor"));
}

static gboolean
parse_cursor (Query      *query,
              const char *cursor,
              GError    **error)
{
  gsize length;

  if (strlen (cursor) > CURSOR_MAX)
    return bad_cursor (error);

  /* GLib passes over what is not base64, so only what encodes to the same again was ours. */
  g_autofree char *text = (char *) g_base64_decode (cursor, &length);
  g_autofree char *again = g_base64_encode ((const guchar *) text, length);
  g_autofree char *whole = g_strndup (text, length);
  if (!g_str_equal (again, cursor) || !g_utf8_validate (text, (gssize) length, NULL))
    return bad_cursor (error);

  g_autofree char *head = make_head (query);
  if (!g_str_has_prefix (whole, head))
    return bad_cursor (error);

  g_auto(GStrv) parts = g_strsplit (whole + strlen (head), "/", 2);
  if (g_strv_length (parts) != 2 || !ch_path_parse_id (parts[0], &query->last_id))
    return bad_cursor (error);

  if (!query->sort->is_text
      && !g_ascii_string_to_signed (parts[1], 10, G_MININT64, G_MAXINT64, &query->key_number, NULL))
    return bad_cursor (error);

  query->key = g_strdup (parts[1]);
  return TRUE;
}

/* Which rows: all, or those after the cursor in two ranges. One comparison of (column, id) would do,
 * but SQLite then reads all rows with the cursor's key and passes over those before it. */
typedef enum
{
  RANGE_ALL,
  RANGE_SAME_KEY,
  RANGE_OTHER_KEYS,
} Range;

/* The + keeps SQLite from using another index than the one that has the right order. */
static char *
make_sql (const Query *query,
          Range        range)
{
  const char *column = query->sort->column;
  const char *direction = query->descending ? "DESC" : "ASC";
  const char *beyond = query->descending ? "<" : ">";
  GString *sql = g_string_new ("SELECT id FROM orders WHERE TRUE");

  if (query->states != NULL)
    g_string_append (sql, " AND +state IN (SELECT value FROM json_each (?1))");
  if (query->filter.account_id != 0)
    g_string_append (sql, " AND +account_id = ?2");
  if (query->search != NULL)
    g_string_append (sql,
                     " AND (+id = ?4 OR +id IN (SELECT order_id FROM order_names WHERE instr (name, ?3)))");
  if (query->tag != NULL)
    g_string_append (sql, " AND +id IN (SELECT order_id FROM order_names WHERE position <= -3 AND name = ?8)");
  if (query->filter.ends_before != 0)
    g_string_append (sql, " AND +not_after > 0 AND +not_after < ?5");
  if (query->filter.until != 0)
    g_string_append (sql,
                     " AND +state IN ('issued', 'reissuing', 'renewing')"
                     " AND +id IN (SELECT id FROM orders WHERE not_after >= ?9 AND not_after < ?10"
                     "             UNION SELECT id FROM orders WHERE term_end >= ?9 AND term_end < ?10"
                     "             UNION SELECT id FROM orders WHERE replace_at > 0 AND replace_at >= ?9 AND replace_at < ?10)");
  if (range == RANGE_SAME_KEY)
    g_string_append_printf (sql, " AND %s = ?6 AND id %s ?7", column, beyond);
  if (range == RANGE_OTHER_KEYS)
    g_string_append_printf (sql, " AND %s %s ?6", column, beyond);

  g_string_append_printf (sql, " ORDER BY %s %s, id %s LIMIT ?11", column, direction, direction);
  return g_string_free (sql, FALSE);
}

/* Appends ids to @ids until there are @limit, or all of them when @limit is negative. */
static gboolean
collect_ids (ChStore     *store,
             const Query *query,
             Range        range,
             gint64       limit,
             GArray      *ids,
             GError     **error)
{
  const ChArg args[] = {
    CH_TEXT (query->states),
    CH_INT (query->filter.account_id),
    CH_TEXT (query->search),
    CH_INT (query->search_id),
    CH_INT (query->filter.ends_before),
    query->sort->is_text ? (ChArg) CH_TEXT (query->key) : (ChArg) CH_INT (query->key_number),
    CH_INT (query->last_id),
    CH_TEXT (query->tag),
    CH_INT (query->filter.from),
    CH_INT (query->filter.until),
    CH_INT (limit < 0 ? limit : limit - ids->len),
    { .kind = CH_ARG_END },
  };
  g_autofree char *sql = make_sql (query, range);
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, args, error);
  if (statement == NULL)
    return FALSE;

  int result;
  while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }

  return result == SQLITE_DONE;
}

static gboolean
collect_page (ChStore     *store,
              const Query *query,
              guint        limit,
              GArray      *ids,
              GError     **error)
{
  if (query->key == NULL)
    return collect_ids (store, query, RANGE_ALL, limit, ids, error);

  return collect_ids (store, query, RANGE_SAME_KEY, limit, ids, error)
         && (ids->len == limit || collect_ids (store, query, RANGE_OTHER_KEYS, limit, ids, error));
}

GPtrArray *
ch_store_page_orders (ChStore             *store,
                      const ChOrderFilter *filter,
                      const char          *sort,
                      const char          *cursor,
                      guint                limit,
                      char               **next,
                      GError             **error)
{
  g_auto(Query) query = { NULL };
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *after = NULL;

  *next = NULL;
  limit = CLAMP (limit, 1, PAGE_MAX);

  /* One more than asked for tells whether there is a next page. */
  if (!query_init (&query, filter, sort, error)
      || (cursor != NULL && *cursor != '\0' && !parse_cursor (&query, cursor, error))
      || !collect_page (store, &query, limit + 1, ids, error))
    return NULL;

  if (ids->len > limit)
    {
      g_array_set_size (ids, limit);
      after = make_cursor (store, &query, g_array_index (ids, gint64, limit - 1), error);
      if (after == NULL)
        return NULL;
    }

  GPtrArray *page = ch_store_get_orders (store, ids, error);
  if (page != NULL)
    *next = g_steal_pointer (&after);
  return page;
}

GArray *
ch_store_list_order_ids (ChStore             *store,
                         const ChOrderFilter *filter,
                         const char          *sort,
                         GError             **error)
{
  g_auto(Query) query = { NULL };
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!query_init (&query, filter, sort, error) || !collect_ids (store, &query, RANGE_ALL, -1, ids, error))
    return NULL;

  return g_steal_pointer (&ids);
}

GHashTable *
ch_store_count_orders (ChStore *store,
                       GError **error)
{
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store, "SELECT state, count (*) FROM orders GROUP BY state", NULL, error);
  if (statement == NULL)
    return NULL;

  g_autoptr(GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int result;
  while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    g_hash_table_insert (counts, g_strdup ((const char *) sqlite3_column_text (statement, 0)),
                         GUINT_TO_POINTER ((guint) sqlite3_column_int64 (statement, 1)));

  return result == SQLITE_DONE ? g_steal_pointer (&counts) : NULL;
}

GArray *
ch_store_list_deployed_orders (ChStore *store,
                               gint64   deployment_id,
                               GError **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store,
                      "SELECT DISTINCT order_id FROM certificates WHERE id IN"
                      " (SELECT certificate_id FROM deployments WHERE id = ?1 UNION SELECT certificate_id FROM"
                      "  (SELECT certificate_id FROM runs WHERE deployment_id = ?1 ORDER BY id DESC LIMIT 2))",
                      CH_ARGS (CH_INT (deployment_id)), error);
  int result = SQLITE_ERROR;

  while (statement != NULL && (result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }

  return result == SQLITE_DONE ? g_steal_pointer (&ids) : NULL;
}

char *
ch_store_get_served (ChStore *store,
                     gint64   order_id)
{
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (store, "SELECT " SERVED " FROM orders WHERE id = ?1", CH_ARGS (CH_INT (order_id)), NULL);

  if (statement == NULL || ch_statement_step (store, statement, NULL) != SQLITE_ROW)
    return g_strdup ("");

  return g_strdup ((const char *) sqlite3_column_text (statement, 0));
}
