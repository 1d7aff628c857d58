/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/policy-private.h"

#include "lib/error.h"
#include "lib/json.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_FILE (1024 * 1024)
#define MAX_DAYS 3650
#define ALL_PRODUCTS ((1u << (CH_PRODUCT_EXTENDEDSSL + 1)) - 1)
#define ALL_METHODS ((1u << (CH_DCV_METHOD_EMAIL + 1)) - 1)

static const char *const state_names[] = { "allowed", "discouraged", "ended", NULL };

static const char *const table_names[] = {
  "industry-lifetime", "ca-lifetime", "renewal-window", "validation-reuse", "challenge-lifetime", "methods",
  NULL,
};
G_STATIC_ASSERT (G_N_ELEMENTS (table_names) == N_TABLES + 1);

/* Where in which file we are, for errors. */
typedef struct
{
  const char *file;
  Table table;
  guint row; /* from 1; 0 for the table itself */
} Place;

static gboolean mistake (const Place *place, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
static gboolean
mistake (const Place *place,
         GError     **error,
         const char  *format,
         ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);

  if (place->row == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is wrong in table “%s”: %s"),
                         place->file, table_names[place->table], what);

  return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is wrong in table “%s”, row %u: %s"),
                       place->file, table_names[place->table], place->row, what);
}

static gboolean
holds (JsonNode *node,
       GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* Returns: (transfer none): the text, or "" when it is missing or no text */
static const char *
text_of (JsonNode *node)
{
  return holds (node, G_TYPE_STRING) ? json_node_get_string (node) : "";
}

static gboolean
check_members (JsonObject        *object,
               const char *const *known,
               const Place       *place,
               GError           **error)
{
  g_autoptr(GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_autofree char *list = g_strjoinv (", ", (char **) known);
        return mistake (place, error, _("“%s” is not one of: %s"), (const char *) member->data, list);
      }

  if (*text_of (json_object_get_member (object, "source")) == '\0')
    return mistake (place, error, _("“source” is missing; say where the rule comes from"));

  return TRUE;
}

/* "2027-03-15", the first second of that day in UTC. */
static gboolean
parse_day (const char *text,
           gint64     *seconds)
{
  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;

  g_autofree char *midnight = g_strconcat (text, "T00:00:00Z", NULL);
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (midnight, NULL);
  if (date == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (date);
  return TRUE;
}

static gboolean
read_from (JsonObject  *object,
           const Place *place,
           Row         *row,
           GError     **error)
{
  JsonNode *node = json_object_get_member (object, "from");

  row->from = CH_POLICY_ALWAYS;
  if (node == NULL || parse_day (text_of (node), &row->from))
    return TRUE;

  return mistake (place, error, _("“from” is no day; write it like \"2027-03-15\""));
}

static gboolean
read_products (JsonObject  *object,
               const Place *place,
               Row         *row,
               GError     **error)
{
  JsonNode *node = json_object_get_member (object, "products");

  row->subjects = node == NULL ? ALL_PRODUCTS : 0;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return mistake (place, error, _("“products” is no list of products; leave it out for all"));

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);
      g_autoptr(GError) reason = NULL;
      int product;

      if (!ch_from_nick (CH_TYPE_PRODUCT, text_of (element), &product, &reason))
        return mistake (place, error, "%s", reason->message);
      row->subjects |= 1u << product;
    }

  return TRUE;
}

static gboolean
read_days_row (JsonObject  *object,
               const Place *place,
               Row         *row,
               GError     **error)
{
  static const char *const known[] = { "from", "days", "products", "source", NULL };
  JsonNode *node = json_object_get_member (object, "days");
  gint64 days = holds (node, G_TYPE_INT64) ? json_node_get_int (node) : 0;

  if (!check_members (object, known, place, error) || !read_products (object, place, row, error))
    return FALSE;
  if (days < 1 || days > MAX_DAYS)
    return mistake (place, error, _("“days” is no whole number from 1 to %d"), MAX_DAYS);

  row->days = days;
  return TRUE;
}

static gboolean
read_state (JsonObject  *object,
            const Place *place,
            Row         *row,
            GError     **error)
{
  const char *state = text_of (json_object_get_member (object, "state"));

  for (guint i = 0; state_names[i] != NULL; i++)
    if (g_str_equal (state, state_names[i]))
      {
        row->state = i;
        return TRUE;
      }

  return mistake (place, error, _("“state” is none of: allowed, discouraged, ended"));
}

static gboolean
read_method_row (JsonObject  *object,
                 const Place *place,
                 Row         *row,
                 GError     **error)
{
  static const char *const known[] = { "from", "method", "state", "wildcard", "source", NULL };
  const char *nick = text_of (json_object_get_member (object, "method"));
  JsonNode *wildcard = json_object_get_member (object, "wildcard");
  g_autoptr(GError) reason = NULL;
  int method;

  if (!check_members (object, known, place, error) || !read_state (object, place, row, error))
    return FALSE;
  if (!ch_from_nick (CH_TYPE_DCV_METHOD, nick, &method, &reason))
    return mistake (place, error, "%s", reason->message);
  if (!holds (wildcard, G_TYPE_BOOLEAN))
    return mistake (place, error, _("“wildcard” is neither true nor false"));

  row->subjects = 1u << method;
  row->wildcard = json_node_get_boolean (wildcard);
  return TRUE;
}

static gboolean
read_row (JsonNode    *node,
          const Place *place,
          Row         *row,
          GError     **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return mistake (place, error, _("it is no object { … }"));

  JsonObject *object = json_node_get_object (node);
  gboolean good = place->table == TABLE_METHODS ? read_method_row (object, place, row, error)
                                                : read_days_row (object, place, row, error);
  return good && read_from (object, place, row, error);
}

/* Two rows about the same from the same day on would leave open which one counts. */
static gboolean
check_no_tie (GArray      *rows,
              const Row   *row,
              const Place *place,
              GError     **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *other = &g_array_index (rows, Row, i);

      if (other->from == row->from && (other->subjects & row->subjects) != 0)
        return mistake (place, error,
                        _("row %u is about the same from the same day on; leave one of them"), i + 1);
    }

  return TRUE;
}

/* So that every question has an answer, whatever the date. */
static gboolean
check_complete (GArray      *rows,
                const Place *place,
                GError     **error)
{
  guint wanted = place->table == TABLE_METHODS ? ALL_METHODS : ALL_PRODUCTS;

  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, Row, i).from == CH_POLICY_ALWAYS)
      wanted &= ~g_array_index (rows, Row, i).subjects;

  return wanted == 0
         || mistake (place, error,
                     _("rows without “from” must cover every product or method; they tell what counts "
                                     "before the first date"));
}

static GArray *
read_table (JsonNode   *node,
            Table       table,
            const char *file,
            GError    **error)
{
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  Place place = { file, table, 0 };

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      mistake (&place, error, _("it is no list of rows [ … ]"));
      return NULL;
    }

  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      Row row = { 0 };

      place.row = i + 1;
      if (!read_row (json_array_get_element (array, i), &place, &row, error)
          || !check_no_tie (rows, &row, &place, error))
        return NULL;
      g_array_append_val (rows, row);
    }

  place.row = 0;
  return check_complete (rows, &place, error) ? g_steal_pointer (&rows) : NULL;
}

/* Takes every table of @object; a table that was there already is replaced. */
static gboolean
read_tables (ChPolicy   *policy,
             JsonObject *object,
             const char *file,
             GError    **error)
{
  g_autoptr(GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (table_names, member->data))
      {
        g_autofree char *list = g_strjoinv (", ", (char **) table_names);
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("The policy file “%s” has a table “%s”, which is not one of: %s"), file,
                             (const char *) member->data, list);
      }

  for (guint i = 0; i < N_TABLES; i++)
    {
      JsonNode *node = json_object_get_member (object, table_names[i]);
      GArray *rows;

      if (node == NULL)
        continue;
      rows = read_table (node, i, file, error);
      if (rows == NULL)
        return FALSE;
      g_clear_pointer (&policy->tables[i], g_array_unref);
      policy->tables[i] = rows;
    }

  return TRUE;
}

static gboolean
read_root (ChPolicy   *policy,
           JsonNode   *root,
           const char *file,
           GError    **error)
{
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *format = object != NULL ? json_object_get_member (object, "format") : NULL;
  JsonNode *tables = object != NULL ? json_object_get_member (object, "tables") : NULL;

  if (!holds (format, G_TYPE_INT64) || json_node_get_int (format) != 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” does not say \"format\": 1"), file);
  if (tables == NULL || !JSON_NODE_HOLDS_OBJECT (tables))
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” has no object \"tables\""), file);

  return read_tables (policy, json_node_get_object (tables), file, error);
}

static gboolean
read_text (ChPolicy   *policy,
           const char *text,
           gsize       length,
           const char *file,
           GError    **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) reason = NULL;

  if (length > MAX_FILE)
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is larger than 1 MiB"), file);
  if (!g_utf8_validate (text, length, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is not valid UTF-8"), file);
  /* The message of json-glib begins with line and column. */
  if (!ch_json_check_depth (text, length, &reason)
      || !json_parser_load_from_data (parser, text, length, &reason))
    return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is no valid JSON: %s"), file,
                         reason->message);

  return read_root (policy, json_parser_get_root (parser), file, error);
}

static gboolean
read_file (ChPolicy   *policy,
           const char *file,
           gboolean    required,
           GError    **error)
{
  g_autoptr(GError) reason = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (file, &text, &length, &reason))
    return read_text (policy, text, length, file, error);
  if (!required && g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;

  return ch_error_set (error, CH_ERROR_FILE,
                       _("The policy file “%s” cannot be read: %s"), file, reason->message);
}

ChPolicy *
ch_policy_load (const char *path,
                const char *override,
                GError    **error)
{
  g_autoptr(ChPolicy) policy = g_new0 (ChPolicy, 1);

  if (!read_file (policy, path, TRUE, error))
    return NULL;

  for (guint i = 0; i < N_TABLES; i++)
    if (policy->tables[i] == NULL)
      {
        ch_error_set (error, CH_ERROR_INVALID,
                      _("The policy file “%s” has no table “%s”"), path, table_names[i]);
        return NULL;
      }

  if (override != NULL && !read_file (policy, override, FALSE, error))
    return NULL;

  return g_steal_pointer (&policy);
}
