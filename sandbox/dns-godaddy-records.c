/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-godaddy.h"

#include <string.h>

#define TTL_MIN 600
#define TTL_MAX 604800
#define TTL_USUAL 3600
#define DATA_MAX 1024
#define LIMIT_MAX 500
#define LIMIT_USUAL 100     /* not documented: a client that wants more must say so */
#define RIVAL "rival"

static const char *const types[] = { "A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT", NULL };

/* ---- where ---- */

static const char *
find_domain (SbDnsCall *call)
{
  const char *const *names = sb_zones_names (call->zones);

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], call->parts[0]) == 0)
      return names[i];

  sb_godaddy_fail (call, SOUP_STATUS_NOT_FOUND, "UNKNOWN_DOMAIN",
                   "The given domain is not registered, or does not have a zone file");
  return NULL;
}

static gboolean
check_type (SbDnsCall *call)
{
  if (call->parts[1] == NULL || g_strv_contains (types, call->parts[1]))
    return TRUE;

  return sb_godaddy_fail (call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "INVALID_TYPE", "`type` is not a record type");
}

/* The sandbox's zones hold more than TXT, but others' work it does not change. */
static gboolean
check_is_txt (SbDnsCall  *call,
              const char *type)
{
  return g_strcmp0 (type, "TXT") == 0
         || sb_godaddy_fail (call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "UNSUPPORTED", "The sandbox changes TXT records only");
}

static char *
full_name (const char *name,
           const char *domain)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return strcmp (lower, "@") == 0 ? g_strdup (domain) : g_strjoin (".", lower, domain, NULL);
}

static char *
relative_name (const char *name,
               const char *domain)
{
  gsize length = strlen (name) - strlen (domain);

  return length > 0 ? g_strndup (name, length - 1) : g_strdup ("@");
}

static GPtrArray *
read_domain (SbDnsCall  *call,
             const char *domain,
             const char *name,
             const char *type)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = sb_zones_read (call->zones, domain, name, type, &error);

  if (records == NULL)
    {
      g_warning ("%s", error->message);
      sb_godaddy_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal server error");
    }
  return records;
}

/* ---- reading ---- */

static JsonObject *
record_to_json (const SbRecord *record,
                const char     *domain)
{
  JsonObject *object = json_object_new ();
  g_autofree char *name = relative_name (record->name, domain);
  g_autofree char *data = record->strings != NULL ? g_strjoinv ("", record->strings) : g_strdup (record->data);

  json_object_set_string_member (object, "data", data);
  json_object_set_string_member (object, "name", name);
  json_object_set_int_member (object, "ttl", record->ttl);
  json_object_set_string_member (object, "type", record->type);
  return object;
}

/* A name that has none is no error. */
void
sb_godaddy_list (SbDnsCall *call)
{
  const char *domain = find_domain (call);
  guint64 offset = 0, limit = LIMIT_USUAL;

  if (domain == NULL || !check_type (call) || !sb_godaddy_read_number (call, "offset", 0, G_MAXUINT32, &offset)
      || !sb_godaddy_read_number (call, "limit", 1, LIMIT_MAX, &limit))
    return;

  const char *type = call->parts[1], *part = type != NULL ? call->parts[2] : NULL;
  g_autofree char *name = part != NULL ? full_name (part, domain) : NULL;
  g_autoptr(GPtrArray) records = read_domain (call, domain, name, type);
  if (records == NULL)
    return;

  JsonArray *array = json_array_new ();
  for (guint64 i = offset; i < records->len && i < offset + limit; i++)
    json_array_add_object_element (array, record_to_json (records->pdata[i], domain));
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_array (array));
}

/* ---- what is to be ---- */

/** Draft: one record to be. */
typedef struct
{
  char *name;
  const char *data;
  guint32 ttl;
  GStrv strings;
} Draft;

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->name);
  g_strfreev (draft->strings);
  g_free (draft);
}

static gboolean
is_text (JsonObject *record,
         const char *name)
{
  JsonNode *node = json_object_get_member (record, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
check_members (SbDnsCall  *call,
               JsonObject *record,
               guint       number)
{
  static const char *const known[] = {
    "data", "ttl", "port", "priority", "protocol", "service", "weight", "name", "type", NULL
  };
  g_autofree char *unknown = sb_json_unknown (record, known);

  if (unknown != NULL)
    return sb_godaddy_fail_field (call, number, unknown, "UNEXPECTED_FIELD", "is not expected");
  if (is_text (record, "data"))
    return TRUE;

  return sb_godaddy_fail_field (call, number, "data", "MISSING_FIELD", "is required");
}

static gboolean
read_ttl (SbDnsCall  *call,
          JsonObject *record,
          guint       number,
          Draft      *draft)
{
  JsonNode *node = json_object_get_member (record, "ttl");
  gint64 ttl = TTL_USUAL;

  if (node != NULL)
    {
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
        return sb_godaddy_fail_field (call, number, "ttl", "UNEXPECTED_TYPE", "is not a integer");
      ttl = json_node_get_int (node);
    }
  if (ttl < TTL_MIN)
    return sb_godaddy_fail_field (call, number, "ttl", "INVALID_VALUE", "must have a minimum value of 600");
  if (ttl > TTL_MAX)
    return sb_godaddy_fail_field (call, number, "ttl", "INVALID_VALUE", "must have a maximum value of 604800");

  draft->ttl = ttl;
  return TRUE;
}

static GStrv
split_data (const char *data)
{
  static const char *const empty[] = { "", NULL };

  return *data != '\0' ? sb_txt_split (data) : g_strdupv ((GStrv) empty);
}

/* @name: (nullable): from the path; what the record itself says about it then counts for nothing */
static gboolean
read_draft (SbDnsCall  *call,
            JsonObject *record,
            guint       number,
            const char *domain,
            const char *type,
            const char *name,
            Draft      *draft)
{
  if (!check_members (call, record, number) || !read_ttl (call, record, number, draft))
    return FALSE;
  if (type == NULL && !is_text (record, "type"))
    return sb_godaddy_fail_field (call, number, "type", "MISSING_FIELD", "is required");
  if (name == NULL && (!is_text (record, "name") || *sb_json_text (record, "name") == '\0'))
    return sb_godaddy_fail_field (call, number, "name", "MISSING_FIELD", "is required");
  if (!check_is_txt (call, type != NULL ? type : sb_json_text (record, "type")))
    return FALSE;

  draft->data = sb_json_text (record, "data");
  if (strlen (draft->data) > DATA_MAX)
    return sb_godaddy_fail_field (call, number, "data", "INVALID_VALUE", "is too long");

  draft->name = full_name (name != NULL ? name : sb_json_text (record, "name"), domain);
  draft->strings = split_data (draft->data);
  return TRUE;
}

static gboolean
is_same (const Draft *one,
         const Draft *other)
{
  return strcmp (one->name, other->name) == 0 && strcmp (one->data, other->data) == 0;
}

static gboolean
fail_duplicate (SbDnsCall *call,
                guint      number)
{
  return sb_godaddy_fail_field (call, number, "", "DUPLICATE_RECORD",
                                "Another record with the same attributes already exists");
}

static gboolean
check_once (SbDnsCall   *call,
            GPtrArray   *drafts,
            const Draft *draft)
{
  for (guint i = 0; i < drafts->len; i++)
    if (is_same (drafts->pdata[i], draft))
      return fail_duplicate (call, drafts->len);

  return TRUE;
}

/* Returns: (transfer full) (element-type Draft) (nullable): what the body holds; %NULL when it has answered */
static GPtrArray *
read_drafts (SbDnsCall  *call,
             JsonNode   *body,
             const char *domain,
             const char *type,
             const char *name)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func (draft_free);
  JsonArray *array = body != NULL && JSON_NODE_HOLDS_ARRAY (body) ? json_node_get_array (body) : NULL;

  if (array == NULL || json_array_get_length (array) == 0)
    {
      sb_godaddy_fail (call, array == NULL ? SOUP_STATUS_BAD_REQUEST : SOUP_STATUS_UNPROCESSABLE_ENTITY,
                       array == NULL ? "INVALID_JSON" : "INVALID_BODY", "Request body is not an array of records");
      return NULL;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      Draft *draft = g_new0 (Draft, 1);
      gboolean good = JSON_NODE_HOLDS_OBJECT (node)
                        ? read_draft (call, json_node_get_object (node), i, domain, type, name, draft)
                          && check_once (call, drafts, draft)
                        : sb_godaddy_fail_field (call, i, "", "UNEXPECTED_TYPE", "is not an object");

      if (!good)
        {
          draft_free (draft);
          return NULL;
        }
      g_ptr_array_add (drafts, draft);
    }

  return g_steal_pointer (&drafts);
}

/* A CNAME stands alone; and a record stands there once. */
static gboolean
check_room (SbDnsCall   *call,
            const char  *domain,
            const Draft *draft,
            guint        number,
            gboolean     adding)
{
  g_autoptr(GPtrArray) records = read_domain (call, domain, draft->name, NULL);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const SbRecord *record = records->pdata[i];
      g_autofree char *data = record->strings != NULL ? g_strjoinv ("", record->strings) : NULL;

      if (strcmp (record->type, "CNAME") == 0 || (adding && g_strcmp0 (data, draft->data) == 0))
        return fail_duplicate (call, number);
    }

  return records != NULL;
}

/* ---- writing ---- */

static void
plan_add (GArray            *changes,
          const char        *name,
          guint32            ttl,
          const char *const *strings)
{
  SbTxtChange change = { SB_TXT_ADD, name, ttl, strings };

  g_array_append_val (changes, change);
}

static void
plan_remove_all (GArray     *changes,
                 const char *name)
{
  SbTxtChange change = { .action = SB_TXT_REMOVE_ALL, .name = name };

  g_array_append_val (changes, change);
}

static gboolean
write_changes (SbDnsCall  *call,
               const char *domain,
               GArray     *changes)
{
  g_autoptr(GError) error = NULL;

  if (changes->len == 0
      || sb_zones_change (call->zones, domain, (const SbTxtChange *) (gpointer) changes->data, changes->len, &error))
    return TRUE;

  g_warning ("%s", error->message);
  return sb_godaddy_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal server error");
}

/* Somebody who has read @before now writes it back, with a value of its own. */
static void
write_back (SbDnsCall  *call,
            const char *domain,
            const char *name,
            GPtrArray  *before)
{
  static const char *const rival[] = { RIVAL, NULL };
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));

  plan_remove_all (changes, name);
  for (guint i = 0; i < before->len; i++)
    {
      const SbRecord *record = before->pdata[i];

      plan_add (changes, name, record->ttl, (const char *const *) record->strings);
    }
  plan_add (changes, name, TTL_MIN, rival);
  write_changes (call, domain, changes);
}

/* Changes a name's records, and answers; the rival's time is just after that. */
static void
change_name (SbDnsCall  *call,
             const char *domain,
             const char *name,
             GArray     *changes,
             guint       status)
{
  SbGodaddy *state = call->state;
  g_autoptr(GPtrArray) before = read_domain (call, domain, name, "TXT");

  if (before == NULL || !write_changes (call, domain, changes))
    return;

  sb_dns_answer (call, status, NULL, "");
  if (state->rival > 0 && ++state->changes % state->rival == 0)
    write_back (call, domain, name, before);
}

static void
plan_drafts (GArray    *changes,
             GPtrArray *drafts)
{
  for (guint i = 0; i < drafts->len; i++)
    {
      const Draft *draft = drafts->pdata[i];

      plan_add (changes, draft->name, draft->ttl, (const char *const *) draft->strings);
    }
}

void
sb_godaddy_add (SbDnsCall *call)
{
  const char *domain = find_domain (call);
  g_autoptr(JsonNode) body = sb_dns_call_json (call);
  g_autoptr(GPtrArray) drafts = domain != NULL ? read_drafts (call, body, domain, NULL, NULL) : NULL;
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));

  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    if (!check_room (call, domain, drafts->pdata[i], i, TRUE))
      return;
  if (drafts == NULL)
    return;

  plan_drafts (changes, drafts);
  change_name (call, domain, ((Draft *) drafts->pdata[0])->name, changes, SOUP_STATUS_OK);
}

void
sb_godaddy_replace (SbDnsCall *call)
{
  const char *domain = find_domain (call);
  g_autoptr(JsonNode) body = sb_dns_call_json (call);
  g_autoptr(GPtrArray) drafts = domain != NULL && check_type (call)
                                  ? read_drafts (call, body, domain, call->parts[1], call->parts[2]) : NULL;
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));

  if (drafts == NULL || !check_room (call, domain, drafts->pdata[0], 0, FALSE))
    return;

  const char *name = ((Draft *) drafts->pdata[0])->name;
  plan_remove_all (changes, name);
  plan_drafts (changes, drafts);
  change_name (call, domain, name, changes, SOUP_STATUS_OK);
}

/* Every record of that type in the whole domain. */
void
sb_godaddy_replace_type (SbDnsCall *call)
{
  const char *domain = find_domain (call);
  g_autoptr(JsonNode) body = sb_dns_call_json (call);
  g_autoptr(GPtrArray) drafts = domain != NULL && check_type (call)
                                  ? read_drafts (call, body, domain, call->parts[1], NULL) : NULL;
  g_autoptr(GPtrArray) before = drafts != NULL ? read_domain (call, domain, NULL, "TXT") : NULL;
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));

  if (before == NULL)
    return;

  for (guint i = 0; i < before->len; i++)
    plan_remove_all (changes, ((SbRecord *) before->pdata[i])->name);
  plan_drafts (changes, drafts);
  if (write_changes (call, domain, changes))
    sb_dns_answer (call, SOUP_STATUS_OK, NULL, "");
}

void
sb_godaddy_remove (SbDnsCall *call)
{
  const char *domain = find_domain (call);
  g_autofree char *name = domain != NULL ? full_name (call->parts[2], domain) : NULL;
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));

  if (domain == NULL || !check_type (call) || !check_is_txt (call, call->parts[1]))
    return;

  g_autoptr(GPtrArray) records = read_domain (call, domain, name, "TXT");
  if (records == NULL)
    return;
  if (records->len == 0)
    {
      sb_godaddy_fail (call, SOUP_STATUS_NOT_FOUND, "NOT_FOUND", "The requested record does not exist");
      return;
    }

  plan_remove_all (changes, name);
  change_name (call, domain, name, changes, SOUP_STATUS_NO_CONTENT);
}
