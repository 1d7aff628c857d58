/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/policy-private.h"

#include "lib/error.h"
#include "lib/json.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_FILE (1024 * 1024)
#define MAX_NUMBER 3650

const char *const ch_policy_states[] = { "allowed", "discouraged", "ended", NULL };

#define DAYS "days", { "from", "days", "products", "source", NULL }

const TableKind ch_policy_tables[N_TABLES] = {
  [TABLE_INDUSTRY_LIFETIME] = { "industry-lifetime", N_("Longest certificate (industry)"), ch_product_get_type, DAYS },
  [TABLE_CA_LIFETIME] = { "ca-lifetime", N_("Longest certificate (CA)"), ch_product_get_type, DAYS },
  [TABLE_TERM] = { "term", N_("Longest term"), ch_product_get_type,
                   "months", { "from", "months", "products", "source", NULL } },
  [TABLE_RENEWAL_WINDOW] = { "renewal-window", N_("Renewal before the term ends"), ch_product_get_type, DAYS },
  [TABLE_CANCEL] = { "cancel", N_("Cancelling after the issue"), ch_product_get_type, DAYS },
  [TABLE_VALIDATION_REUSE] = { "validation-reuse", N_("Reuse of a proof of control"), ch_product_get_type, DAYS },
  [TABLE_ORGANIZATION_REUSE] = { "organization-reuse", N_("Reuse of an organisation's data"),
                                 ch_product_get_type, DAYS },
  [TABLE_CHALLENGE_LIFETIME] = { "challenge-lifetime", N_("Life of a challenge"), ch_product_get_type, DAYS },
  [TABLE_METHODS] = { "methods", N_("Proof of control"), ch_dcv_method_get_type,
                      NULL, { "from", "method", "state", "wildcard", "source", NULL } },
  [TABLE_NAMES] = { "names", N_("Names"), ch_product_get_type,
                    NULL, { "from", "products", "wildcard", "addresses", "source", NULL } },
  [TABLE_KEYS] = { "keys", N_("Keys"), ch_key_algorithm_get_type, NULL, { "from", "keys", "state", "source", NULL } },
  [TABLE_CLIENT_AUTHENTICATION] = { "client-authentication", N_("Use on clients"), ch_product_get_type,
                                    NULL, { "from", "products", "state", "source", NULL } },
  [TABLE_VANTAGE_POINTS] = { "vantage-points", N_("Places from which the CA looks"),
                             ch_product_get_type, "count", { "from", "count", "products", "source", NULL } },
};

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
                         place->file, ch_policy_tables[place->table].name, what);

  return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” is wrong in table “%s”, row %u: %s"),
                       place->file, ch_policy_tables[place->table].name,
                       place->row, what);
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
add_subject (JsonNode    *node,
             const Place *place,
             Row         *row,
             GError     **error)
{
  g_autoptr(GError) reason = NULL;
  int subject;

  if (!ch_from_nick (ch_policy_tables[place->table].subject (), text_of (node), &subject, &reason))
    return mistake (place, error, "%s", reason->message);

  row->subjects |= 1u << subject;
  return TRUE;
}

/* A list of products or keys; without it the row is about all. */
static gboolean
read_subjects (JsonObject  *object,
               const char  *member,
               const Place *place,
               Row         *row,
               GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    {
      row->subjects = ch_policy_everything (place->table);
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return mistake (place, error, _("“%s” is no list of them; leave it out for all"), member);

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    if (!add_subject (json_array_get_element (json_node_get_array (node), i), place, row, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_number (JsonObject  *object,
             const char  *member,
             const Place *place,
             Row         *row,
             GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);
  gint64 number = holds (node, G_TYPE_INT64) ? json_node_get_int (node) : 0;

  if (number < 1 || number > MAX_NUMBER)
    return mistake (place, error, _("“%s” is no whole number from 1 to %d"), member, MAX_NUMBER);

  row->number = (guint) number;
  return TRUE;
}

static gboolean
read_state (JsonObject  *object,
            const Place *place,
            Row         *row,
            GError     **error)
{
  const char *state = text_of (json_object_get_member (object, "state"));

  for (guint i = 0; ch_policy_states[i] != NULL; i++)
    if (g_str_equal (state, ch_policy_states[i]))
      {
        row->state = i;
        return TRUE;
      }

  return mistake (place, error, _("“state” is none of: allowed, discouraged, ended"));
}

static gboolean
read_flag (JsonObject  *object,
           const char  *member,
           const Place *place,
           gboolean    *flag,
           GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (!holds (node, G_TYPE_BOOLEAN))
    return mistake (place, error, _("“%s” is neither true nor false"), member);

  *flag = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_member (JsonObject  *object,
             const char  *member,
             const Place *place,
             Row         *row,
             GError     **error)
{
  if (g_str_equal (member, "from"))
    return read_from (object, place, row, error);
  if (g_str_equal (member, "products") || g_str_equal (member, "keys"))
    return read_subjects (object, member, place, row, error);
  if (g_str_equal (member, "method"))
    return add_subject (json_object_get_member (object, member), place, row, error);
  if (g_str_equal (member, "state"))
    return read_state (object, place, row, error);
  if (g_str_equal (member, "wildcard"))
    return read_flag (object, member, place, &row->wildcard, error);
  if (g_str_equal (member, "addresses"))
    return read_flag (object, member, place, &row->addresses, error);
  if (g_strcmp0 (member, ch_policy_tables[place->table].number) == 0)
    return read_number (object, member, place, row, error);

  row->source = g_strdup (text_of (json_object_get_member (object, member)));
  return TRUE;
}

static gboolean
read_row (JsonNode    *node,
          const Place *place,
          Row         *row,
          GError     **error)
{
  const char *const *members = ch_policy_tables[place->table].members;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return mistake (place, error, _("it is no object { … }"));

  JsonObject *object = json_node_get_object (node);
  if (!check_members (object, members, place, error))
    return FALSE;

  for (; *members != NULL; members++)
    if (!read_member (object, *members, place, row, error))
      return FALSE;

  return TRUE;
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
  guint wanted = ch_policy_everything (place->table);

  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, Row, i).from == CH_POLICY_ALWAYS)
      wanted &= ~g_array_index (rows, Row, i).subjects;

  return wanted == 0
         || mistake (place, error,
                     _("rows without “from” must cover every product, method or key; they tell what counts "
                                     "before the first date"));
}

static void
row_clear (gpointer row)
{
  g_free (((Row *) row)->source);
}

static GArray *
read_table (JsonNode   *node,
            Table       table,
            const char *file,
            GError    **error)
{
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  Place place = { file, table, 0 };

  g_array_set_clear_func (rows, row_clear);
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
        {
          row_clear (&row);
          return NULL;
        }
      g_array_append_val (rows, row);
    }

  place.row = 0;
  return check_complete (rows, &place, error) ? g_steal_pointer (&rows) : NULL;
}

static gboolean
check_table_name (const char *name,
                  const char *file,
                  GError    **error)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < N_TABLES; i++)
    {
      if (g_str_equal (ch_policy_tables[i].name, name))
        return TRUE;
      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", ch_policy_tables[i].name);
    }

  return ch_error_set (error, CH_ERROR_INVALID, _("The policy file “%s” has a table “%s”, which is not one of: %s"), file,
                       name, list->str);
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
    if (!check_table_name (member->data, file, error))
      return FALSE;

  for (guint i = 0; i < N_TABLES; i++)
    {
      JsonNode *node = json_object_get_member (object, ch_policy_tables[i].name);
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
                      _("The policy file “%s” has no table “%s”"), path, ch_policy_tables[i].name);
        return NULL;
      }

  if (override != NULL && !read_file (policy, override, FALSE, error))
    return NULL;

  return g_steal_pointer (&policy);
}
