/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-cloudflare.h"

#include <string.h>

#define TTL_AUTOMATIC 1
#define TTL_AUTOMATIC_SECONDS 300
#define TTL_MIN 60
#define TTL_MAX 86400
#define COMMENT_MAX 100
#define CONTENT_MAX 2048
#define PER_PAGE_MAX 5000000

/* What the service knows of a record beyond what DNS holds. Its id is new whenever the record is new. */
typedef struct
{
  char *id;
  char *content;    /* (nullable): as it was given */
  char *comment;    /* (nullable) */
  gboolean is_automatic;
} Note;

void
sb_cloudflare_note_free (gpointer data)
{
  Note *note = data;

  g_free (note->id);
  g_free (note->content);
  g_free (note->comment);
  g_free (note);
}

static char *
note_key (const SbRecord *record)
{
  return g_strjoin (" ", record->name, record->type, record->data, NULL);
}

static Note *
note_of (SbCloudflare   *state,
         const SbRecord *record)
{
  g_autofree char *key = note_key (record);
  Note *note = g_hash_table_lookup (state->notes, key);

  if (note == NULL)
    {
      g_autofree char *serial = g_strdup_printf ("%u", ++state->serial);

      note = g_new0 (Note, 1);
      note->id = sb_dns_hex_id (32, key, serial, NULL);
      g_hash_table_insert (state->notes, g_steal_pointer (&key), note);
    }

  return note;
}

static void
forget (SbCloudflare   *state,
        const SbRecord *record)
{
  g_autofree char *key = note_key (record);

  g_hash_table_remove (state->notes, key);
}

static JsonObject *
record_to_json (SbCloudflare   *state,
                const SbRecord *record)
{
  const Note *note = note_of (state, record);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", note->id);
  json_object_set_string_member (object, "name", record->name);
  json_object_set_string_member (object, "type", record->type);
  json_object_set_string_member (object, "content", note->content != NULL ? note->content : record->data);
  json_object_set_boolean_member (object, "proxiable", FALSE);
  json_object_set_boolean_member (object, "proxied", FALSE);
  json_object_set_int_member (object, "ttl", note->is_automatic ? TTL_AUTOMATIC : (gint64) record->ttl);
  json_object_set_object_member (object, "settings", json_object_new ());
  json_object_set_object_member (object, "meta", json_object_new ());
  if (note->comment != NULL)
    json_object_set_string_member (object, "comment", note->comment);
  else
    json_object_set_null_member (object, "comment");
  json_object_set_array_member (object, "tags", json_array_new ());
  json_object_set_string_member (object, "created_on", "2026-01-01T00:00:00.000000Z");
  json_object_set_string_member (object, "modified_on", "2026-01-01T00:00:00.000000Z");
  return object;
}

/* ---- reading ---- */

/* The SOA and the NS at the apex are the service's own. */
static gboolean
is_ours (const SbRecord *record,
         const char     *zone)
{
  return strcmp (record->type, "SOA") == 0 || (strcmp (record->type, "NS") == 0 && strcmp (record->name, zone) == 0);
}

static GPtrArray *
read_zone (SbDnsCall  *call,
           const char *zone,
           const char *name,
           const char *type)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = sb_zones_read (call->zones, zone, name, type, &error);

  if (records == NULL)
    {
      g_warning ("%s", error->message);
      sb_cloudflare_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, 10001, "Internal error");
      return NULL;
    }

  for (guint i = records->len; i > 0; i--)
    if (is_ours (g_ptr_array_index (records, i - 1), zone))
      g_ptr_array_remove_index (records, i - 1);

  return records;
}

static const char *
filter (SbDnsCall  *call,
        const char *name,
        const char *exact)
{
  const char *value = sb_dns_call_query (call, exact);

  return value != NULL ? value : sb_dns_call_query (call, name);
}

void
sb_cloudflare_list (SbDnsCall *call)
{
  const char *zone = sb_cloudflare_zone (call);
  g_autoptr(GPtrArray) records = zone != NULL ? read_zone (call, zone, filter (call, "name", "name.exact"),
                                                           sb_dns_call_query (call, "type")) : NULL;
  const char *content = filter (call, "content", "content.exact");

  if (records == NULL)
    return;

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < records->len; i++)
    {
      JsonObject *object = record_to_json (call->state, g_ptr_array_index (records, i));

      if (content == NULL || strcmp (content, sb_json_text (object, "content")) == 0)
        json_array_add_object_element (array, object);
      else
        json_object_unref (object);
    }

  sb_cloudflare_succeed_page (call, array, 1, PER_PAGE_MAX, 100);
}

static const SbRecord *
find_record (SbDnsCall *call,
             GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const SbRecord *record = g_ptr_array_index (records, i);

      if (strcmp (note_of (call->state, record)->id, call->parts[1]) == 0)
        return record;
    }

  sb_cloudflare_fail (call, SOUP_STATUS_NOT_FOUND, 81044, "Record does not exist.");
  return NULL;
}

void
sb_cloudflare_get (SbDnsCall *call)
{
  const char *zone = sb_cloudflare_zone (call);
  g_autoptr(GPtrArray) records = zone != NULL ? read_zone (call, zone, NULL, NULL) : NULL;
  const SbRecord *record = records != NULL ? find_record (call, records) : NULL;

  if (record != NULL)
    sb_cloudflare_succeed (call, sb_json_take_object (record_to_json (call->state, record)), NULL);
}

/* ---- writing ---- */

/* One record to be. */
typedef struct
{
  char *name;
  const char *content;
  GStrv strings;
  gint64 ttl;
  const char *comment;
} Draft;

static void
draft_clear (Draft *draft)
{
  g_free (draft->name);
  g_strfreev (draft->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

/* “"one" "two"”, with \" and \\; %NULL when a quote is not closed. Without quotes it is taken as it is. */
static GStrv
parse_content (const char *content)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *p = content;

  if (*p != '"')
    return sb_txt_split (content);

  while (*p == '"')
    {
      g_autoptr(GString) string = g_string_new (NULL);

      for (p++; *p != '"'; p++)
        {
          if (*p == '\\' && p[1] != '\0')
            p++;
          if (*p == '\0')
            return NULL;
          g_string_append_c (string, *p);
        }

      g_auto(GStrv) pieces = sb_txt_split (string->str);
      g_strv_builder_addv (builder, (const char **) pieces);
      for (p++; *p == ' '; p++)
        ;
    }

  return *p == '\0' ? g_strv_builder_end (builder) : NULL;
}

static gboolean
refuse (SbDnsCall  *call,
        int         code,
        const char *message)
{
  sb_cloudflare_fail_chain (call, 1004, "DNS Validation Error", code, message);
  return FALSE;
}

/* A name outside the zone is taken as relative to it. */
static char *
full_name (const char *name,
           const char *zone)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autofree char *below = g_strconcat (".", zone, NULL);

  if (strcmp (lower, "@") == 0 || strcmp (lower, zone) == 0)
    return g_strdup (zone);

  return g_str_has_suffix (lower, below) ? g_steal_pointer (&lower) : g_strconcat (lower, below, NULL);
}

static gboolean
read_ttl (SbDnsCall  *call,
          JsonObject *body,
          Draft      *draft)
{
  JsonNode *node = json_object_get_member (body, "ttl");

  draft->ttl = TTL_AUTOMATIC;
  if (node == NULL)
    return TRUE;

  draft->ttl = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                                                : 0;
  if (draft->ttl != TTL_AUTOMATIC && (draft->ttl < TTL_MIN || draft->ttl > TTL_MAX))
    return refuse (call, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.");

  return TRUE;
}

static gboolean
read_draft (SbDnsCall  *call,
            JsonObject *body,
            const char *zone,
            Draft      *draft)
{
  static const char *const known[] = { "type", "name", "content", "ttl", "comment", "tags", "proxied", "settings", NULL };
  const char *name = sb_json_text (body, "name");

  /* an empty one is sent by clients that use it for other types */
  if (json_object_has_member (body, "data") && json_object_get_null_member (body, "data"))
    json_object_remove_member (body, "data");
  g_autofree char *unknown = sb_json_unknown (body, known);

  draft->content = sb_json_text (body, "content");
  draft->comment = sb_json_text (body, "comment");
  if (unknown != NULL)
    return refuse (call, 9207, "Unknown field in the request body.");
  if (g_strcmp0 (sb_json_text (body, "type"), "TXT") != 0)
    return refuse (call, 9004, "Invalid DNS record type.");
  if (name == NULL || *name == '\0')
    return refuse (call, 9000, "DNS name is invalid.");
  if (draft->content == NULL || *draft->content == '\0')
    return refuse (call, 9009, "Content for TXT record is invalid.");
  if (strlen (draft->content) > CONTENT_MAX)
    return refuse (call, 9011, "Length of content is invalid.");
  if (draft->comment != NULL && g_utf8_strlen (draft->comment, -1) > COMMENT_MAX)
    return refuse (call, 9014, "Comment is too long.");

  draft->name = full_name (name, zone);
  draft->strings = parse_content (draft->content);
  if (draft->strings == NULL)
    return refuse (call, 9009, "Content for TXT record is invalid.");

  return read_ttl (call, body, draft);
}

static const SbRecord *
find_same (GPtrArray         *records,
           const char *const *strings)
{
  g_autofree char *text = g_strjoinv ("", (char **) strings);

  for (guint i = 0; i < records->len; i++)
    {
      const SbRecord *record = g_ptr_array_index (records, i);
      g_autofree char *other = record->strings != NULL ? g_strjoinv ("", record->strings) : NULL;

      if (g_strcmp0 (text, other) == 0)
        return record;
    }

  return NULL;
}

static gboolean
is_free (SbDnsCall   *call,
         GPtrArray   *records,
         const Draft *draft)
{
  for (guint i = 0; i < records->len; i++)
    if (strcmp (((SbRecord *) g_ptr_array_index (records, i))->type, "CNAME") == 0)
      {
        sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 81054, "A CNAME record with that host already exists.");
        return FALSE;
      }

  if (find_same (records, (const char *const *) draft->strings) == NULL)
    return TRUE;

  sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 81058, "An identical record already exists.");
  return FALSE;
}

static gboolean
change (SbDnsCall         *call,
        const char        *zone,
        const SbTxtChange *wanted)
{
  g_autoptr(GError) error = NULL;

  if (sb_zones_change (call->zones, zone, wanted, 1, &error))
    return TRUE;

  g_warning ("%s", error->message);
  sb_cloudflare_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, 10001, "Internal error");
  return FALSE;
}

static void
create (SbDnsCall   *call,
        const char  *zone,
        const Draft *draft)
{
  SbTxtChange wanted = {
    .action = SB_TXT_ADD,
    .name = draft->name,
    .ttl = draft->ttl == TTL_AUTOMATIC ? TTL_AUTOMATIC_SECONDS : draft->ttl,
    .strings = (const char *const *) draft->strings,
  };

  if (!change (call, zone, &wanted))
    return;

  g_autoptr(GPtrArray) now = read_zone (call, zone, draft->name, "TXT");
  const SbRecord *record = now != NULL ? find_same (now, wanted.strings) : NULL;
  if (now != NULL && record == NULL)
    sb_cloudflare_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, 10001, "Internal error");
  if (record == NULL)
    return;

  Note *note = note_of (call->state, record);
  g_free (note->content);
  g_free (note->comment);
  note->content = g_strdup (draft->content);
  note->comment = g_strdup (draft->comment);
  note->is_automatic = draft->ttl == TTL_AUTOMATIC;
  sb_cloudflare_succeed (call, sb_json_take_object (record_to_json (call->state, record)), NULL);
}

void
sb_cloudflare_create (SbDnsCall *call)
{
  const char *zone = sb_cloudflare_zone (call);
  g_autoptr(JsonNode) body = sb_dns_call_json (call);
  g_auto(Draft) draft = { 0 };

  if (zone == NULL)
    return;

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 9207, "Request body is invalid.");
      return;
    }

  if (!read_draft (call, json_node_get_object (body), zone, &draft))
    return;

  g_autoptr(GPtrArray) records = read_zone (call, zone, draft.name, NULL);
  if (records != NULL && is_free (call, records, &draft))
    create (call, zone, &draft);
}

void
sb_cloudflare_delete (SbDnsCall *call)
{
  const char *zone = sb_cloudflare_zone (call);
  g_autoptr(GPtrArray) records = zone != NULL ? read_zone (call, zone, NULL, NULL) : NULL;
  const SbRecord *record = records != NULL ? find_record (call, records) : NULL;

  if (record == NULL)
    return;

  if (record->strings == NULL)
    {
      sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 1004, "The sandbox changes TXT records only.");
      return;
    }

  SbTxtChange wanted = {
    .action = SB_TXT_REMOVE,
    .name = record->name,
    .strings = (const char *const *) record->strings,
  };
  if (!change (call, zone, &wanted))
    return;

  JsonObject *result = json_object_new ();
  json_object_set_string_member (result, "id", call->parts[1]);
  forget (call->state, record);
  sb_cloudflare_succeed (call, sb_json_take_object (result), NULL);
}
