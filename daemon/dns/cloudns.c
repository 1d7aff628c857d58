/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudns-private.h"

#include "dns/name.h"
#include "dns/settle.h"
#include "dns/txt.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* ClouDNS has one record for each value, with an id: nothing is read, changed and written back, and nobody's
 * value can be lost. */

#define TTL_MIN 60
#define TTL_MAX 2419200

/* no other TTL is taken */
static const guint ttls[] = {
  TTL_MIN, 300, 900, 1800, 3600, 21600, 43200, 86400, 172800, 259200, 604800, 1209600, TTL_MAX,
};

static gboolean
check_id (const char *value,
          GError    **error)
{
  if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT32, NULL, NULL))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not an id: ids are numbers; the name of a sub-user goes into "
                           "“sub-auth-user”"), value);

  return TRUE;
}

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, TTL_MIN, TTL_MAX, error);
}

const ChField ch_cloudns_fields[] = {
  { "sub-auth-id", N_("Sub-user's id"),
    N_("Of an API sub-user, who sees only the zones that are delegated to it; made at ClouDNS under API & "
       "Resellers, API"),
    CH_FIELD_NONE, NULL, NULL, check_id },
  { "sub-auth-user", N_("Sub-user's name"), N_("In place of the sub-user's id"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "auth-id", N_("User's id"), N_("Of an API user, who may change everything in the account; a sub-user is "
                                   "better"),
    CH_FIELD_NONE, NULL, NULL, check_id },
  { "auth-password", N_("Password"), N_("Of that user of the interface; not the one to log in at the web "
                                        "page with"),
    CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, NULL },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached, rounded up to what ClouDNS has; where others stand at the "
       "name, theirs is kept"),
    CH_FIELD_ADVANCED, "60", NULL, check_ttl },
  { "settle", N_("Wait for ClouDNS"),
    N_("Seconds to wait at most until ClouDNS says that all its servers have a new record; 0 does not ask"),
    CH_FIELD_ADVANCED, "60", NULL, ch_dns_check_settle },
  CH_WEB_ACCOUNT_FIELDS (CH_CLOUDNS_URL),
  { NULL },
};

static gboolean
prepare (GHashTable *settings,
         GHashTable *secrets,
         GError    **error)
{
  guint count = 0;

  for (gsize i = 0; ch_cloudns_id_names[i] != NULL; i++)
    count += ch_fields_get (ch_cloudns_fields, settings, ch_cloudns_id_names[i]) != NULL;

  if (count == 1)
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("Give one of “auth-id”, “sub-auth-id” and “sub-auth-user”: ClouDNS takes no more "
                         "than one"));
}

/* ---- reading ---- */

static void
collect (JsonNode  *node,
         GPtrArray *records)
{
  JsonObject *record = ch_json_root_object (node);

  if (record != NULL)
    g_ptr_array_add (records, json_object_ref (record));
}

static void
collect_member (JsonObject *object,
                const char *name,
                JsonNode   *node,
                gpointer    records)
{
  collect (node, records);
}

static void
collect_element (JsonArray *array,
                 guint      i,
                 JsonNode  *node,
                 gpointer   records)
{
  collect (node, records);
}

/* at the zone itself the empty text */
static char *
host_of (const ChTxt *txt,
         const char  *zone)
{
  char *host = ch_dns_relative_name (txt->name, zone);

  if (g_str_equal (host, "@"))
    *host = '\0';
  return host;
}

/* All TXT records at the name. The list is an object with a record for each id, or an array when there is
 * none. Returns: (transfer full) (element-type JsonObject) (nullable) */
static GPtrArray *
list_records (ChCloudns   *self,
              const char  *zone,
              const ChTxt *txt,
              GError     **error)
{
  g_autofree char *host = host_of (txt, zone);
  const char *const params[] = { "domain-name", zone, "host", host, "type", "TXT", NULL };
  g_autoptr(JsonNode) node = ch_cloudns_ask (self, "dns/records", params, error);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  if (node == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), collect_member, records);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), collect_element, records);
  else
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("ClouDNS does not answer with a list of the records at "
                                                  "“%s”"), txt->name);
      return NULL;
    }

  return g_steal_pointer (&records);
}

/* the service is asked for the name's TXT records only; it is looked all the same */
static gboolean
is_it (JsonObject  *record,
       const char  *zone,
       const ChTxt *txt)
{
  g_autofree char *host = host_of (txt, zone);
  const char *given = ch_json_get_text (record, "host");

  return given != NULL && g_ascii_strcasecmp (given, host) == 0
         && g_strcmp0 (ch_json_get_text (record, "type"), "TXT") == 0
         && g_strcmp0 (ch_json_get_text (record, "record"), txt->value) == 0;
}

static JsonObject *
find_record (GPtrArray   *records,
             const char  *zone,
             const ChTxt *txt)
{
  for (guint i = 0; i < records->len; i++)
    if (is_it (records->pdata[i], zone, txt))
      return records->pdata[i];

  return NULL;
}

/* After a change whose end is in doubt: %TRUE when all is as wanted now. */
static gboolean
settle_doubt (ChCloudns   *self,
              const char  *zone,
              const ChTxt *txt,
              gboolean     is_wanted,
              GError      *doubt)
{
  g_autoptr(GPtrArray) records = list_records (self, zone, txt, NULL);

  if (records == NULL)
    doubt->code = CH_ERROR_UNKNOWN_OUTCOME;
  else if ((find_record (records, zone, txt) != NULL) == is_wanted)
    return TRUE;
  else if (doubt->code != CH_ERROR_EXISTS)
    doubt->code = CH_ERROR_TRANSIENT;
  else
    doubt->code = CH_ERROR_CONFLICT;

  return FALSE;
}

/* ---- writing ---- */

/* In DNS a TTL belongs to the whole set. */
static guint
choose_ttl (ChCloudns *self,
            GPtrArray *records)
{
  gint64 ttl = g_ascii_strtoll (ch_fields_get (ch_cloudns_fields, self->settings, "ttl"), NULL, 10);
  gsize i = 0;

  if (records->len > 0)
    ttl = ch_json_get_number (records->pdata[0], "ttl", ttl);
  while (i + 1 < G_N_ELEMENTS (ttls) && ttls[i] < ttl)
    i++;

  return ttls[i];
}

static gboolean
create (ChCloudns    *self,
        const char   *zone,
        const ChTxt  *txt,
        guint         ttl,
        gboolean     *existed,
        GError      **error)
{
  g_autofree char *host = host_of (txt, zone);
  g_autofree char *seconds = g_strdup_printf ("%u", ttl);
  const char *const params[] = { "domain-name", zone, "record-type", "TXT", "host", host,
                                 "record", txt->value, "ttl", seconds, NULL };
  g_autoptr(GError) failure = NULL;

  if (ch_cloudns_change (self, "dns/add-record", params, &failure))
    return TRUE;

  /* somebody else was faster? */
  gboolean is_there = g_error_matches (failure, CH_ERROR, CH_ERROR_EXISTS);
  if ((is_there || ch_service_is_doubtful (failure)) && settle_doubt (self, zone, txt, TRUE, failure))
    {
      *existed = is_there;
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
begin_add (const ChDnsAccess *access,
           const char        *zone,
           const ChTxt       *txt,
           gboolean          *existed,
           char             **token,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(ChCloudns) self = { 0 };

  *existed = FALSE;
  *token = NULL;
  if (!ch_dns_check_txt (txt, zone, error) || !ch_cloudns_open (&self, access, cancellable, error))
    return FALSE;

  g_autoptr(GPtrArray) records = list_records (&self, zone, txt, error);
  if (records == NULL)
    return FALSE;

  JsonObject *record = find_record (records, zone, txt);
  *existed = record != NULL;
  if (record != NULL && ch_json_get_number (record, "status", 1) == 0)
    return ch_error_set (error, CH_ERROR_CONFLICT,
                         _("This value is at “%s” already, but switched off at ClouDNS, so that nobody sees "
                           "it; switch it on or remove it"), txt->name);
  if (record != NULL)
    return TRUE;

  if (!create (&self, zone, txt, choose_ttl (&self, records), existed, error))
    return FALSE;

  *token = ch_dns_settle_token (ch_cloudns_fields, access->settings, zone);
  return TRUE;
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  g_autofree char *token = NULL;

  return begin_add (access, zone, txt, existed, &token, cancellable, error);
}

static gboolean
has_settled (const ChDnsAccess *access,
             const char        *token,
             GCancellable      *cancellable)
{
  g_auto(ChCloudns) self = { 0 };
  g_autofree char *zone = ch_dns_settle_what (ch_cloudns_fields, access->settings, token);

  return zone == NULL || !ch_dns_check_name (zone, NULL)
         || !ch_cloudns_open (&self, access, cancellable, NULL) || ch_cloudns_has_settled (&self, zone);
}

static gboolean
delete (ChCloudns   *self,
        const char  *zone,
        JsonObject  *record,
        const ChTxt *txt,
        GError     **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_json_get_number (record, "id", 0));
  const char *const params[] = { "domain-name", zone, "record-id", id, NULL };
  g_autoptr(GError) failure = NULL;

  if (g_str_equal (id, "0"))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("ClouDNS shows the value at “%s”, but no id to remove it by"), txt->name);

  if (ch_cloudns_change (self, "dns/delete-record", params, &failure)
      || g_error_matches (failure, CH_ERROR, CH_ERROR_NOT_FOUND)
      || (ch_service_is_doubtful (failure) && settle_doubt (self, zone, txt, FALSE, failure)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  g_auto(ChCloudns) self = { 0 };

  if (!ch_dns_check_txt (txt, zone, error) || !ch_cloudns_open (&self, access, cancellable, error))
    return FALSE;

  g_autoptr(GPtrArray) records = list_records (&self, zone, txt, error);
  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    if (is_it (records->pdata[i], zone, txt) && !delete (&self, zone, records->pdata[i], txt, error))
      return FALSE;

  return TRUE;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(ChCloudns) self = { 0 };

  if (!ch_dns_check_name (name, error) || !ch_cloudns_open (&self, access, cancellable, error))
    return NULL;

  return ch_cloudns_find_zone (&self, name, error);
}

/* Who may not list zones may have good credentials all the same. */
static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  static const char *const none[] = { NULL };
  g_auto(ChCloudns) self = { 0 };
  g_autoptr(GError) failure = NULL;

  if (!ch_cloudns_open (&self, access, cancellable, error))
    return FALSE;

  g_autoptr(JsonNode) node = ch_cloudns_ask (&self, "login/login", none, error);
  if (node == NULL)
    return FALSE;

  if (ch_cloudns_list_zones (&self, "100", zones, &failure)
      || g_error_matches (failure, CH_ERROR, CH_ERROR_FORBIDDEN))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

const ChDnsProvider ch_dns_cloudns = {
  .kind = "cloudns",
  .title = N_("ClouDNS"),
  .permissions = N_("An API sub-user (API & Resellers, API, sub-users) who may read and write, to whom only "
                    "the zones to be changed are delegated, from this machine's address only. The API needs "
                    "a paid plan."),
  .fields = ch_cloudns_fields,
  .prepare = prepare,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .begin_add = begin_add,
  .has_settled = has_settled,
  .remove = remove_txt,
};
