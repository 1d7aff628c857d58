/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include "lib/paths.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE_MAX 500

/* A key is at most a DNS name long. */
#define CURSOR_MAX 1024

typedef struct
{
  const char *word;
  const char *column;
  gboolean is_text;
} Sort;

/* Each has an index on (column, id), of which a page is a range. */
static const Sort sorts[] = {
  { "id", "id", FALSE },
  { "name", "name", TRUE },
  { "state", "state", TRUE },
  { "not-after", "not_after", FALSE },
  { "term-end", "term_end", FALSE },
  { "created", "created_at", FALSE },
  { "updated", "updated_at", FALSE },
};

/* One list: what its WHERE holds, in which order, and the arguments of both. */
typedef struct
{
  const Sort *sort;
  gboolean descending;
  char *states;           /* (owned) (nullable): JSON array */
  char *search;           /* (owned) (nullable): lower case */
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
                       _("Orders cannot be sorted by “%s”; these are possible, with a “-” before them for the "
                         "other direction: id, name, state, not-after, term-end, created, updated"), text);
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

  if (query->filter.search != NULL)
    query->search = g_ascii_strdown (query->filter.search, -1);

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

enum
{
  ARG_STATES,
  ARG_ACCOUNT,
  ARG_SEARCH,
  ARG_ENDS_BEFORE,
  ARG_KEY,
  ARG_LAST_ID,
  ARG_LIMIT,
  N_ARGS,
};

/* The parameters of make_tail(), used or not. @limit -1 is no limit. */
static void
fill_args (const Query *query,
           gint64       limit,
           ChArg       *args)
{
  args[ARG_STATES] = (ChArg) CH_TEXT (query->states);
  args[ARG_ACCOUNT] = (ChArg) CH_INT (query->filter.account_id);
  args[ARG_SEARCH] = (ChArg) CH_TEXT (query->search);
  args[ARG_ENDS_BEFORE] = (ChArg) CH_INT (query->filter.ends_before);
  args[ARG_KEY] = query->sort->is_text ? (ChArg) CH_TEXT (query->key) : (ChArg) CH_INT (query->key_number);
  args[ARG_LAST_ID] = (ChArg) CH_INT (query->last_id);
  args[ARG_LIMIT] = (ChArg) CH_INT (limit);
  args[N_ARGS] = (ChArg) { .kind = CH_ARG_END };
}

static char *
make_tail (const Query *query)
{
  const char *column = query->sort->column;
  const char *direction = query->descending ? "DESC" : "ASC";
  GString *sql = g_string_new ("WHERE TRUE");

  if (query->states != NULL)
    g_string_append (sql, " AND state IN (SELECT value FROM json_each (?1))");
  if (query->filter.account_id != 0)
    g_string_append (sql, " AND account_id = ?2");
  if (query->search != NULL && *query->search != '\0')
    g_string_append (sql,
                     " AND (instr (lower (ca_order), ?3) OR CAST (id AS TEXT) = ?3"
                     "      OR EXISTS (SELECT 1 FROM order_names AS n"
                     "                 WHERE n.order_id = orders.id AND instr (n.name, ?3)))");
  if (query->filter.ends_before != 0)
    g_string_append (sql, " AND not_after > 0 AND not_after < ?4");
  if (query->key != NULL)
    g_string_append_printf (sql, " AND (%s, id) %s (?5, ?6)", column, query->descending ? "<" : ">");

  g_string_append_printf (sql, " ORDER BY %s %s, id %s LIMIT ?7", column, direction, direction);
  return g_string_free (sql, FALSE);
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
  ChArg args[N_ARGS + 1];

  *next = NULL;
  if (!query_init (&query, filter, sort, error)
      || (cursor != NULL && *cursor != '\0' && !parse_cursor (&query, cursor, error)))
    return NULL;

  /* One more than asked for tells whether there is a next page. */
  limit = CLAMP (limit, 1, PAGE_MAX);
  fill_args (&query, limit + 1, args);

  g_autofree char *tail = make_tail (&query);
  g_autoptr(GPtrArray) page = ch_table_list (store, &ch_table_orders, tail, args, error);
  if (page == NULL || page->len <= limit)
    return g_steal_pointer (&page);

  g_ptr_array_set_size (page, (int) limit);
  const ChOrder *last = g_ptr_array_index (page, limit - 1);
  *next = make_cursor (store, &query, last->id, error);
  return *next != NULL ? g_steal_pointer (&page) : NULL;
}

GArray *
ch_store_list_order_ids (ChStore             *store,
                         const ChOrderFilter *filter,
                         const char          *sort,
                         GError             **error)
{
  g_auto(Query) query = { NULL };
  ChArg args[N_ARGS + 1];

  if (!query_init (&query, filter, sort, error))
    return NULL;

  fill_args (&query, -1, args);
  g_autofree char *tail = make_tail (&query);
  g_autofree char *sql = g_strconcat ("SELECT id FROM orders ", tail, NULL);
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, args, error);
  if (statement == NULL)
    return NULL;

  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  int result;
  while ((result = ch_statement_step (store, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }

  return result == SQLITE_DONE ? g_steal_pointer (&ids) : NULL;
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
