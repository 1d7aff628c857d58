/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-azure.h"

#include <string.h>

/* Sets of TXT records. The records stand in DNS; here is what DNS does not hold. */

#define TTL_MAX 2147483647
#define TTL_USUAL 3600
#define RECORDS_MAX 20
#define STRING_MAX 255
#define VALUE_MAX 4096

/** Note: what belongs to a set besides its records. */
typedef struct
{
  char *etag;
  char *content;        /* that the tag is for: others may change DNS, too */
  JsonObject *metadata; /* (nullable) */
  gboolean is_empty;    /* a set without records, which stands nowhere else */
} Note;

/** Set: a set as a call finds it. */
typedef struct
{
  const char *zone;
  char *key;
  char *name;           /* FQDN */
  char *relative;
  GPtrArray *records;   /* (element-type SbRecord): what stands in DNS */
  Note *note;           /* (nullable): %NULL when there is no set */
} Set;

void
sb_azure_note_free (gpointer data)
{
  Note *note = data;

  g_free (note->etag);
  g_free (note->content);
  g_clear_pointer (&note->metadata, json_object_unref);
  g_free (note);
}

static void
set_clear (Set *set)
{
  g_free (set->key);
  g_free (set->name);
  g_free (set->relative);
  g_clear_pointer (&set->records, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

static char *
content_of (GPtrArray *records)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (text, "%u %s\n", ((SbRecord *) records->pdata[i])->ttl,
                            ((SbRecord *) records->pdata[i])->data);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A new one with every write, also of the same. */
static void
stamp (SbAzure *state,
       Note    *note,
       char    *content)
{
  g_free (note->etag);
  note->etag = g_strdup_printf ("%08x-0000-0000-0000-%012x", ++state->serial, g_random_int ());
  g_free (note->content);
  note->content = content;
}

static Note *
note_for (SbAzure *state,
          Set     *set)
{
  Note *note = g_hash_table_lookup (state->sets, set->key);

  if (note == NULL)
    {
      note = g_new0 (Note, 1);
      g_hash_table_insert (state->sets, g_strdup (set->key), note);
    }

  return note;
}

/* What others have changed in DNS is a change like one that was made here. */
static void
find_note (SbAzure *state,
           Set     *set)
{
  Note *known = g_hash_table_lookup (state->sets, set->key);

  if (set->records->len == 0 && (known == NULL || !known->is_empty))
    {
      g_hash_table_remove (state->sets, set->key);
      return;
    }

  set->note = note_for (state, set);
  g_autofree char *content = content_of (set->records);
  if (g_strcmp0 (set->note->content, content) != 0)
    stamp (state, set->note, g_steal_pointer (&content));
}

static GPtrArray *
read_records (SbDnsCall  *call,
              const char *zone,
              const char *name,
              const char *type)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = sb_zones_read (call->zones, zone, name, type, &error);

  if (records == NULL)
    sb_azure_fail_bare (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalServerError", "%s", error->message);
  return records;
}

/* The zone of the path, where only TXT is. %NULL: answered */
static const char *
open_zone (SbDnsCall *call,
           gboolean   write)
{
  const char *zone = sb_azure_zone (call, write);

  if (zone == NULL || g_ascii_strcasecmp (call->parts[3], "TXT") == 0)
    return zone;

  sb_azure_fail_bare (call, SOUP_STATUS_BAD_REQUEST, "BadRequest", "This stand-in has TXT records only.");
  return NULL;
}

/* FALSE: answered */
static gboolean
set_read (SbDnsCall  *call,
          Set        *set,
          const char *zone,
          const char *relative)
{
  SbAzure *state = call->state;

  set->zone = zone;
  set->relative = g_strdup (relative);
  g_autofree char *name = strcmp (set->relative, "@") == 0 ? g_strdup (set->zone)
                                                           : g_strconcat (set->relative, ".", set->zone, NULL);
  set->name = g_ascii_strdown (name, -1);
  set->key = g_strconcat (set->zone, " ", set->name, NULL);
  set->records = read_records (call, set->zone, set->name, "TXT");
  if (set->records == NULL)
    return FALSE;

  find_note (state, set);
  return TRUE;
}

/* FALSE: answered */
static gboolean
set_open (SbDnsCall *call,
          Set       *set,
          gboolean   write)
{
  const char *zone = open_zone (call, write);

  return zone != NULL && set_read (call, set, zone, call->parts[4]);
}

/* ---- showing ---- */

static JsonArray *
records_to_json (GPtrArray *records)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < records->len; i++)
    {
      const SbRecord *record = records->pdata[i];
      JsonObject *object = json_object_new ();
      JsonArray *strings = json_array_new ();

      for (gsize j = 0; record->strings != NULL && record->strings[j] != NULL; j++)
        json_array_add_string_element (strings, record->strings[j]);
      json_object_set_array_member (object, "value", strings);
      json_array_add_object_element (array, object);
    }

  return array;
}

static gint64
ttl_of (const Set *set)
{
  return set->records->len > 0 ? ((SbRecord *) set->records->pdata[0])->ttl : TTL_USUAL;
}

static JsonObject *
set_to_json (SbDnsCall *call,
             const Set *set,
             gint64     ttl)
{
  JsonObject *object = json_object_new (), *properties = json_object_new ();
  g_autofree char *id = g_strdup_printf ("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network/dnszones/%s/TXT/%s",
                                         call->parts[0], call->parts[1], set->zone, set->relative);
  g_autofree char *fqdn = g_strconcat (set->name, ".", NULL);

  if (set->note->metadata != NULL)
    json_object_set_object_member (properties, "metadata", json_object_ref (set->note->metadata));
  json_object_set_string_member (properties, "fqdn", fqdn);
  json_object_set_int_member (properties, "TTL", ttl);
  json_object_set_array_member (properties, "TXTRecords", records_to_json (set->records));
  json_object_set_object_member (properties, "targetResource", json_object_new ());
  json_object_set_string_member (properties, "provisioningState", "Succeeded");
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", set->relative);
  json_object_set_string_member (object, "type", "Microsoft.Network/dnszones/TXT");
  json_object_set_string_member (object, "etag", set->note->etag);
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static void
show (SbDnsCall *call,
      guint      status,
      const Set *set,
      gint64     ttl)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", set->note->etag);

  sb_dns_answer_header (call, "ETag", quoted);
  sb_dns_answer_json (call, status, sb_json_take_object (set_to_json (call, set, ttl)));
}

/* Those that stand in DNS. */
void
sb_azure_list_sets (SbDnsCall *call)
{
  const char *zone = open_zone (call, FALSE);
  g_autoptr(GPtrArray) records = zone != NULL ? read_records (call, zone, NULL, "TXT") : NULL;
  g_autoptr(JsonArray) sets = json_array_new ();
  const char *last = "";

  /* sorted by name */
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const char *name = ((SbRecord *) records->pdata[i])->name;
      gsize length = strlen (name) - strlen (zone);
      g_autofree char *relative = length > 0 ? g_strndup (name, length - 1) : g_strdup ("@");
      g_auto(Set) set = { 0 };

      if (strcmp (name, last) == 0)
        continue;
      if (!set_read (call, &set, zone, relative))
        return;
      json_array_add_object_element (sets, set_to_json (call, &set, ttl_of (&set)));
      last = name;
    }

  if (records != NULL)
    sb_azure_answer_page (call, g_steal_pointer (&sets));
}

void
sb_azure_get_set (SbDnsCall *call)
{
  g_auto(Set) set = { 0 };

  if (!set_open (call, &set, FALSE))
    return;

  if (set.note != NULL)
    show (call, SOUP_STATUS_OK, &set, ttl_of (&set));
  else
    sb_azure_fail_bare (call, SOUP_STATUS_NOT_FOUND, "NotFound",
                        "The resource record '%s' does not exist in resource group '%s' of subscription '%s'.",
                        set.relative, call->parts[1], call->parts[0]);
}

/* ---- conditions ---- */

static gboolean
is_tag (const char *given,
        const Note *note)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", note->etag);

  return strcmp (given, "*") == 0 || strcmp (given, note->etag) == 0 || strcmp (given, quoted) == 0;
}

/* FALSE: answered. Of If-None-Match only "*" counts, as the specification says. */
static gboolean
conditions_hold (SbDnsCall *call,
                 const Set *set)
{
  const char *match = sb_dns_call_header (call, "If-Match");
  const char *none = sb_dns_call_header (call, "If-None-Match");
  gboolean is_missing = match != NULL && (set->note == NULL || !is_tag (match, set->note));
  gboolean is_there = g_strcmp0 (none, "*") == 0 && set->note != NULL;

  if (!is_missing && !is_there)
    return TRUE;

  sb_azure_fail_bare (call, SOUP_STATUS_PRECONDITION_FAILED, "PreconditionFailed",
                      "The condition '%s' in the %s header was not satisfied. The current was '%s'.",
                      is_missing ? match : none, is_missing ? "If-Match" : "If-None-Match",
                      set->note != NULL ? set->note->etag : "");
  return FALSE;
}

/* ---- writing ---- */

/** Wanted: what a client wants to stand there. */
typedef struct
{
  gint64 ttl;
  GPtrArray *records;   /* (element-type GStrv) */
  JsonObject *metadata; /* (not owned) (nullable) */
} Wanted;

static void
wanted_clear (Wanted *wanted)
{
  g_clear_pointer (&wanted->records, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static gboolean
refuse (SbDnsCall  *call,
        const char *message)
{
  sb_azure_fail_bare (call, SOUP_STATUS_BAD_REQUEST, "BadRequest", "%s", message);
  return FALSE;
}

static gboolean
knows_all (SbDnsCall         *call,
           JsonObject        *object,
           const char *const *known)
{
  g_autofree char *unknown = sb_json_unknown (object, known);

  if (unknown == NULL)
    return TRUE;

  sb_azure_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestContent",
                 "The request content was invalid and could not be deserialized: 'Could not find member '%s' on object of "
                 "type 'RecordSet'.'", unknown);
  return FALSE;
}

static JsonNode *
typed (JsonObject   *object,
       const char   *name,
       JsonNodeType  type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

static GStrv
read_strings (JsonNode *record)
{
  JsonNode *value = JSON_NODE_HOLDS_OBJECT (record) ? typed (json_node_get_object (record), "value", JSON_NODE_ARRAY)
                                                    : NULL;
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new ();
  gsize total = 0;

  if (value == NULL || json_object_get_size (json_node_get_object (record)) != 1
      || json_array_get_length (json_node_get_array (value)) == 0)
    return NULL;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
    {
      JsonNode *node = json_array_get_element (json_node_get_array (value), i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (text == NULL || strlen (text) > STRING_MAX || (total += strlen (text)) > VALUE_MAX)
        return NULL;
      g_strv_builder_add (strings, text);
    }

  return g_strv_builder_end (strings);
}

static gboolean
has_strings (GPtrArray *records,
             GStrv      strings)
{
  for (guint i = 0; i < records->len; i++)
    if (g_strv_equal (records->pdata[i], (const char *const *) strings))
      return TRUE;

  return FALSE;
}

static gboolean
read_wanted_records (SbDnsCall *call,
                     JsonArray *array,
                     Wanted    *wanted)
{
  if (json_array_get_length (array) > RECORDS_MAX)
    return refuse (call, "The number of records in the record set exceeds the limit of 20.");

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GStrv strings = read_strings (json_array_get_element (array, i));

      if (strings == NULL)
        return refuse (call, "The value of a TXT record is not valid: strings of 255, 4096 characters in all.");

      gboolean is_twice = has_strings (wanted->records, strings);
      g_ptr_array_add (wanted->records, strings);
      if (is_twice)
        return refuse (call, "The record set contains the same record more than once.");
    }

  return TRUE;
}

static gboolean
read_wanted (SbDnsCall  *call,
             JsonObject *object,
             Wanted     *wanted)
{
  static const char *const of_set[] = { "id", "name", "type", "etag", "properties", NULL };
  static const char *const of_properties[] = { "TTL", "TXTRecords", "metadata", "fqdn", "provisioningState",
                                               "targetResource", NULL };
  JsonNode *properties = typed (object, "properties", JSON_NODE_OBJECT);

  if (!knows_all (call, object, of_set))
    return FALSE;
  if (properties == NULL)
    return refuse (call, "The record set has no properties.");
  if (!knows_all (call, json_node_get_object (properties), of_properties))
    return FALSE;

  JsonNode *ttl = typed (json_node_get_object (properties), "TTL", JSON_NODE_VALUE);
  JsonNode *records = typed (json_node_get_object (properties), "TXTRecords", JSON_NODE_ARRAY);
  JsonNode *metadata = typed (json_node_get_object (properties), "metadata", JSON_NODE_OBJECT);
  wanted->ttl = ttl != NULL ? json_node_get_int (ttl) : 0;
  if (wanted->ttl < 1 || wanted->ttl > TTL_MAX)
    return refuse (call, "The TTL of the record set is missing or not between 1 and 2147483647.");
  if (records == NULL)
    return refuse (call, "The record set has no TXTRecords.");

  wanted->metadata = metadata != NULL ? json_node_get_object (metadata) : NULL;
  wanted->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return read_wanted_records (call, json_node_get_array (records), wanted);
}

/* The whole set in one update: nobody sees it half. */
static gboolean
write_dns (SbDnsCall *call,
           const Set *set,
           GPtrArray *records,
           guint32    ttl)
{
  g_autoptr(GArray) changes = g_array_new (FALSE, TRUE, sizeof (SbTxtChange));
  SbTxtChange clear = { .action = SB_TXT_REMOVE_ALL, .name = set->name };
  g_autoptr(GError) error = NULL;

  g_array_append_val (changes, clear);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      SbTxtChange one = { SB_TXT_ADD, set->name, ttl, records->pdata[i] };

      g_array_append_val (changes, one);
    }

  if (sb_zones_change (call->zones, set->zone, (SbTxtChange *) changes->data, changes->len, &error))
    return TRUE;

  sb_azure_fail_bare (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalServerError", "%s", error->message);
  return FALSE;
}

static gboolean
has_no_alias (SbDnsCall *call,
              const Set *set)
{
  g_autoptr(GPtrArray) aliases = read_records (call, set->zone, set->name, "CNAME");

  if (aliases == NULL)
    return FALSE;
  if (aliases->len == 0)
    return TRUE;

  sb_azure_fail_bare (call, SOUP_STATUS_CONFLICT, "Conflict",
                      "The record could not be created because a CNAME record with the same name already exists in this "
                      "zone.");
  return FALSE;
}

static void
keep_note (SbDnsCall    *call,
           Set          *set,
           const Wanted *wanted)
{
  SbAzure *state = call->state;

  set->note = note_for (state, set);
  set->note->is_empty = wanted->records->len == 0;
  g_clear_pointer (&set->note->metadata, json_object_unref);
  set->note->metadata = wanted->metadata != NULL ? json_object_ref (wanted->metadata) : NULL;
  stamp (state, set->note, content_of (set->records));
}

void
sb_azure_put_set (SbDnsCall *call)
{
  g_autoptr(JsonNode) body = sb_dns_call_json (call);
  g_auto(Wanted) wanted = { 0 };
  g_auto(Set) set = { 0 };

  if (!set_open (call, &set, TRUE))
    return;

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      sb_azure_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestContent", "The request content was invalid.");
      return;
    }
  gboolean is_new = set.note == NULL;
  if (!read_wanted (call, json_node_get_object (body), &wanted) || !conditions_hold (call, &set)
      || !has_no_alias (call, &set) || !write_dns (call, &set, wanted.records, wanted.ttl))
    return;

  g_clear_pointer (&set.records, g_ptr_array_unref);
  set.records = read_records (call, set.zone, set.name, "TXT");
  if (set.records == NULL)
    return;

  keep_note (call, &set, &wanted);
  show (call, is_new ? SOUP_STATUS_CREATED : SOUP_STATUS_OK, &set, wanted.ttl);
}

void
sb_azure_delete_set (SbDnsCall *call)
{
  SbAzure *state = call->state;
  g_auto(Set) set = { 0 };

  if (!set_open (call, &set, TRUE))
    return;

  if (state->is_locked)
    sb_azure_fail (call, SOUP_STATUS_CONFLICT, "ScopeLocked",
                   "The scope '%s' cannot perform delete operation because following scope(s) are locked. Please remove the "
                   "lock and try again.", call->path);
  else if (set.note == NULL)
    sb_dns_answer (call, SOUP_STATUS_NO_CONTENT, NULL, "");
  else if (conditions_hold (call, &set) && write_dns (call, &set, NULL, 0))
    {
      g_hash_table_remove (state->sets, set.key);
      sb_dns_answer (call, SOUP_STATUS_OK, NULL, "");
    }
}
