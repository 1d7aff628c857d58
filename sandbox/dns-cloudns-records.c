/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-cloudns.h"

#include <string.h>

#define FIRST_ID 69469245
#define VALUE_MAX 2048

/* ---- reading ---- */

/* At the zone itself the empty text.
 * Returns: (transfer full) */
static char *
host_of (const SbRecord *record,
         const char     *zone)
{
  gsize length = strlen (record->name), below = strlen (zone);

  return g_strndup (record->name, length > below ? length - below - 1 : 0);
}

static char *
value_of (const SbRecord *record)
{
  return record->strings != NULL ? g_strjoinv ("", record->strings) : g_strdup (record->data);
}

static char *
key_of (const SbRecord *record)
{
  return g_strjoin (" ", record->name, record->type, record->data, NULL);
}

static guint64
id_of (SbCloudns      *state,
       const SbRecord *record)
{
  g_autofree char *key = key_of (record);
  guint64 *id = g_hash_table_lookup (state->ids, key);

  if (id == NULL)
    {
      id = g_new (guint64, 1);
      *id = FIRST_ID + ++state->last_id;
      g_hash_table_insert (state->ids, g_steal_pointer (&key), id);
    }

  return *id;
}

static void
fail_page (SbDnsCall *call)
{
  sb_dns_answer (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/html",
                 "<html><title>Error</title></html>");
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
      fail_page (call);
      return NULL;
    }

  /* is shown by a call of its own */
  for (guint i = records->len; i > 0; i--)
    if (strcmp (((SbRecord *) records->pdata[i - 1])->type, "SOA") == 0)
      g_ptr_array_remove_index (records, i - 1);

  return records;
}

/* strings where others have numbers, and the other way round */
static JsonObject *
record_to_json (const SbRecord *record,
                const char     *zone,
                const char     *id)
{
  JsonObject *object = json_object_new ();
  g_autofree char *host = host_of (record, zone), *value = value_of (record);
  g_autofree char *ttl = g_strdup_printf ("%u", record->ttl);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "type", record->type);
  json_object_set_string_member (object, "host", host);
  json_object_set_string_member (object, "record", value);
  json_object_set_string_member (object, "dynamicurl_status", "0");
  json_object_set_string_member (object, "failover", "0");
  json_object_set_string_member (object, "ttl", ttl);
  json_object_set_int_member (object, "status", 1);
  return object;
}

/* "host" filters when it is there at all: the empty one is the zone itself */
static gboolean
is_wanted (SbDnsCall      *call,
           const SbRecord *record,
           const char     *zone)
{
  SbCloudns *state = call->state;
  const char *wanted = g_hash_table_lookup (state->params, "host");
  g_autofree char *host = host_of (record, zone);

  return wanted == NULL || g_ascii_strcasecmp (wanted, host) == 0;
}

/* An object with the ids as names; an empty array when there is none. */
void
sb_cloudns_list (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  const char *zone = sb_cloudns_zone (call), *type = sb_cloudns_param (call, "type");
  g_autoptr(GPtrArray) records = NULL;
  guint64 first = 0, length = G_MAXUINT32, count = 0;

  if (zone == NULL
      || (*sb_cloudns_param (call, "page") != '\0' && !sb_cloudns_page (call, &first, &length)))
    return;

  records = read_zone (call, zone, NULL, *type != '\0' ? type : NULL);
  if (records == NULL)
    return;

  JsonObject *object = json_object_new ();
  for (guint i = 0; i < records->len; i++)
    if (is_wanted (call, records->pdata[i], zone) && count++ >= first && count <= first + length)
      {
        g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, id_of (state, records->pdata[i]));

        json_object_set_object_member (object, id, record_to_json (records->pdata[i], zone, id));
      }

  if (json_object_get_size (object) > 0)
    sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (object));
  else
    {
      json_object_unref (object);
      sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_array (json_array_new ()));
    }
}

/* ---- writing ---- */

/** Draft: one record to be. */
typedef struct
{
  char *name;
  guint32 ttl;
  GStrv strings;
} Draft;

static void
draft_clear (Draft *draft)
{
  g_free (draft->name);
  g_strfreev (draft->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

/* What is wrong with it, or %NULL. */
static const char *
read_draft (SbDnsCall  *call,
            const char *zone,
            Draft      *draft)
{
  static const char *const ttls[] = { "60", "300", "900", "1800", "3600", "21600", "43200", "86400", "172800",
                                      "259200", "604800", "1209600", "2419200", NULL };
  SbCloudns *state = call->state;
  const char *host = g_hash_table_lookup (state->params, "host"), *value = sb_cloudns_param (call, "record");
  const char *ttl = sb_cloudns_param (call, "ttl");

  if (strcmp (sb_cloudns_param (call, "record-type"), "TXT") != 0)
    return "Invalid record-type param.";
  if (host == NULL || host[strspn (host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.")] != '\0')
    return "Invalid host param.";
  if (*value == '\0' || strlen (value) > VALUE_MAX)
    return "Invalid record param.";
  if (!g_strv_contains (ttls, ttl))
    return "Invalid TTL. Choose from the list of the values we support.";

  g_autofree char *lower = g_ascii_strdown (host, -1);
  draft->name = *host != '\0' ? g_strconcat (lower, ".", zone, NULL) : g_strdup (zone);
  draft->ttl = g_ascii_strtoull (ttl, NULL, 10);
  draft->strings = sb_txt_split (value);
  return NULL;
}

static const SbRecord *
find_same (GPtrArray  *records,
           const char *value)
{
  for (guint i = 0; i < records->len; i++)
    {
      g_autofree char *other = value_of (records->pdata[i]);

      if (strcmp (((SbRecord *) records->pdata[i])->type, "TXT") == 0 && strcmp (value, other) == 0)
        return records->pdata[i];
    }

  return NULL;
}

static gboolean
is_free (SbDnsCall *call,
         GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    if (strcmp (((SbRecord *) records->pdata[i])->type, "CNAME") == 0)
      {
        sb_cloudns_fail (call, "You cannot have any other record if there is a CNAME for this host.");
        return FALSE;
      }

  if (find_same (records, sb_cloudns_param (call, "record")) == NULL)
    return TRUE;

  sb_cloudns_fail (call, "There is already the same record.");
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
  fail_page (call);
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
    .ttl = draft->ttl,
    .strings = (const char *const *) draft->strings,
  };

  if (!change (call, zone, &wanted))
    return;

  g_autoptr(GPtrArray) now = read_zone (call, zone, draft->name, "TXT");
  const SbRecord *record = now != NULL ? find_same (now, sb_cloudns_param (call, "record")) : NULL;
  if (record != NULL)
    {
      JsonObject *data = json_object_new ();

      json_object_set_int_member (data, "id", id_of (call->state, record));
      sb_cloudns_succeed (call, "The record was added successfully.", data);
    }
  else if (now != NULL)
    sb_cloudns_fail (call, "The record could not be added. Please try again.");
}

void
sb_cloudns_add (SbDnsCall *call)
{
  const char *zone = sb_cloudns_zone_to_write (call);
  g_auto(Draft) draft = { 0 };
  const char *wrong = zone != NULL ? read_draft (call, zone, &draft) : NULL;

  if (wrong != NULL)
    sb_cloudns_fail (call, wrong);
  if (zone == NULL || wrong != NULL)
    return;

  g_autoptr(GPtrArray) records = read_zone (call, zone, draft.name, NULL);
  if (records != NULL && is_free (call, records))
    create (call, zone, &draft);
}

static const SbRecord *
find_record (SbDnsCall *call,
             GPtrArray *records)
{
  guint64 id;

  if (g_ascii_string_to_unsigned (sb_cloudns_param (call, "record-id"), 10, 1, G_MAXUINT64, &id, NULL))
    for (guint i = 0; i < records->len; i++)
      if (id_of (call->state, records->pdata[i]) == id)
        return records->pdata[i];

  sb_cloudns_fail (call, "Invalid record-id param.");
  return NULL;
}

void
sb_cloudns_delete (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  const char *zone = sb_cloudns_zone_to_write (call);
  g_autoptr(GPtrArray) records = zone != NULL ? read_zone (call, zone, NULL, NULL) : NULL;
  const SbRecord *record = records != NULL ? find_record (call, records) : NULL;

  if (record == NULL)
    return;

  if (record->strings == NULL)
    {
      sb_cloudns_fail (call, "The sandbox changes TXT records only.");
      return;
    }

  SbTxtChange wanted = {
    .action = SB_TXT_REMOVE,
    .name = record->name,
    .strings = (const char *const *) record->strings,
  };
  if (!change (call, zone, &wanted))
    return;

  g_autofree char *key = key_of (record);
  g_hash_table_remove (state->ids, key);
  sb_cloudns_succeed (call, "The record was deleted successfully.", NULL);
}
