/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "azure-private.h"

#include "dns/common.h"
#include "dns/name.h"
#include "dns/turn.h"
#include "dns/txt.h"
#include "dns/web-account.h"
#include "lib/error.h"
#include "net/pause.h"

#include <glib/gi18n.h>
#include <string.h>

/* Azure DNS through the resource manager, API version 2018-05-01. A set of records is read whole and written
 * whole; every write says which state it was made from (If-Match, If-None-Match), so that nobody's value is lost. */

#define TTL_MAX 2147483647
#define TIMEOUT 30              /* seconds without any byte */
#define TRIES 8                 /* when others change the same set */
#define PAUSE_MS 200            /* before the second; doubled each time */

static gboolean
check_id (const char *value,
          GError    **error)
{
  if (!g_uuid_string_is_valid (value))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not an id such as 01234567-89ab-cdef-0123-456789abcdef"), value);

  return TRUE;
}

/* An id, or one of the tenant's domains. */
static gboolean
check_tenant (const char *value,
              GError    **error)
{
  if (!ch_dns_check_name (value, NULL) || (!g_uuid_string_is_valid (value) && strchr (value, '.') == NULL))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a tenant: its id, or its domain such as example.onmicrosoft.com"),
                         value);

  return TRUE;
}

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, 1, TTL_MAX, error);
}

static const ChField fields[] = {
  { "subscription", N_("Subscription"), N_("Id of the subscription that the zone is in"),
    CH_FIELD_REQUIRED, NULL, NULL, check_id },
  { "tenant", N_("Tenant"),
    N_("Id of the directory (tenant) that the application is registered in, or its domain"),
    CH_FIELD_REQUIRED, NULL, NULL, check_tenant },
  { "client-id", N_("Client id"), N_("Application (client) id of the registered application"),
    CH_FIELD_REQUIRED, NULL, NULL, check_id },
  { "client-secret", N_("Client secret"),
    N_("Value of a client secret of the application, which is shown only once; not its id"),
    CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, NULL },
  { "resource-group", N_("Resource group"),
    N_("Group that the zone is in; needed when the application's role is on the zone alone, else found by "
       "listing"),
    CH_FIELD_NONE, NULL, NULL, NULL },
  { "cloud", N_("Cloud"), N_("Which Azure the subscription is in"),
    CH_FIELD_WHERE, "public", "public|china|us-government", NULL },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached; where others stand at the name, theirs is kept"),
    CH_FIELD_ADVANCED, "60", NULL, check_ttl },
  { "login-url", N_("Log-in URL"), N_("Where tokens are given out, instead of the cloud's own address"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  { "url", N_("URL"), N_("Where the resource manager answers, instead of the cloud's own address"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  CH_WEB_ACCOUNT_WAY_FIELDS,
  { NULL },
};

/* ---- the account ---- */

static const struct { const char *name, *login_url, *url; } clouds[] = {
  { "public", "https://login.microsoftonline.com", "https://management.azure.com" },
  { "china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn" },
  { "us-government", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net" },
};

static char *
choose_url (const char *given,
            const char *own)
{
  return given != NULL ? g_strndup (given, strlen (given) - g_str_has_suffix (given, "/")) : g_strdup (own);
}

/* Whoever has the same key has shown the same secret. */
static char *
make_key (const ChAzure *azure)
{
  const char *const parts[] = { azure->login_url, azure->url, azure->tenant, azure->client, azure->secret };
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (sum, (const guchar *) parts[i], strlen (parts[i]) + 1);

  return g_strdup (g_checksum_get_string (sum));
}

static void
azure_clear (ChAzure *azure)
{
  g_clear_pointer (&azure->login_url, g_free);
  g_clear_pointer (&azure->url, g_free);
  g_clear_pointer (&azure->key, g_free);
  g_clear_pointer (&azure->login_caller, g_free);
  g_clear_pointer (&azure->caller, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChAzure, azure_clear)

/* Log-ins and requests have limits of their own; both are those of the application. */
static ChService
make_service (const ChAzure     *azure,
              const ChDnsAccess *access,
              const char        *url)
{
  return (ChService) {
    .name = "Azure",
    .http = {
      .base_url = url,
      .ca_pem = ch_fields_get (fields, access->settings, "ca-certificate"),
      .proxy = ch_fields_get (fields, access->settings, "proxy"),
      .timeout = TIMEOUT,
    },
    .cancellable = azure->cancellable,
  };
}

static void
set_places (ChAzure           *azure,
            const ChDnsAccess *access)
{
  const char *cloud = ch_fields_get (fields, access->settings, "cloud");
  gsize i = 0;

  while (i + 1 < G_N_ELEMENTS (clouds) && !g_str_equal (clouds[i].name, cloud))
    i++;
  azure->login_url = choose_url (ch_fields_get (fields, access->settings, "login-url"), clouds[i].login_url);
  azure->url = choose_url (ch_fields_get (fields, access->settings, "url"), clouds[i].url);
  azure->key = make_key (azure);
  azure->login_caller = ch_pause_caller (azure->login_url, azure->key);
  azure->caller = ch_pause_caller (azure->url, azure->key);
  azure->login = make_service (azure, access, azure->login_url);
  azure->login.caller = azure->login_caller;
  azure->manager = make_service (azure, access, azure->url);
  azure->manager.caller = azure->caller;
}

static gboolean
azure_open (ChAzure           *azure,
            const ChDnsAccess *access,
            GCancellable      *cancellable,
            GError           **error)
{
  GHashTable *settings = access->settings;

  azure->subscription = ch_fields_get (fields, settings, "subscription");
  azure->tenant = ch_fields_get (fields, settings, "tenant");
  azure->client = ch_fields_get (fields, settings, "client-id");
  azure->secret = access->secrets != NULL ? ch_fields_get (fields, access->secrets, "client-secret") : NULL;
  if (azure->subscription == NULL || azure->tenant == NULL || azure->client == NULL || azure->secret == NULL)
    return ch_error_set (error, CH_ERROR_CREDENTIALS,
                         _("The Azure account lacks a subscription, tenant, client id or client secret; set "
                           "all four"));

  azure->group = ch_fields_get (fields, settings, "resource-group");
  azure->resolver = ch_dns_common_get (settings, "resolver");
  azure->ttl = strtoul (ch_fields_get (fields, settings, "ttl"), NULL, 10);
  azure->cancellable = cancellable;
  set_places (azure, access);
  return TRUE;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(ChAzure) azure = { 0 };

  if (!ch_dns_check_name (name, error) || !azure_open (&azure, access, cancellable, error))
    return NULL;

  return ch_azure_find_zone (&azure, name, error);
}

/* ---- a set of records ---- */

/** Set: the TXT records of a name as they were read. */
typedef struct
{
  char *etag;                   /* (owned) (nullable): %NULL when there is no set */
  JsonArray *records;           /* (owned): as Azure wrote them: {"value": ["…", …]} */
  JsonObject *metadata;         /* (owned) (nullable) */
  gint64 ttl;
} Set;

static void
set_clear (Set *set)
{
  g_clear_pointer (&set->etag, g_free);
  g_clear_pointer (&set->records, json_array_unref);
  g_clear_pointer (&set->metadata, json_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/* A value is the strings of one record, joined. */
static gboolean
record_is (JsonNode   *record,
           const char *value)
{
  JsonArray *strings = ch_json_get_array (ch_json_root_object (record), "value");

  for (guint i = 0; strings != NULL && i < json_array_get_length (strings); i++)
    {
      JsonNode *node = json_array_get_element (strings, i);
      const char *string = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (string == NULL || !g_str_has_prefix (value, string))
        return FALSE;
      value += strlen (string);
    }

  return strings != NULL && *value == '\0';
}

static gboolean
has_value (JsonArray  *records,
           const char *value)
{
  for (guint i = 0; records != NULL && i < json_array_get_length (records); i++)
    if (record_is (json_array_get_element (records, i), value))
      return TRUE;

  return FALSE;
}

/* What cannot be read completely must not be written back. */
static gboolean
set_read (Set                *set,
          const ChAzureReply *reply,
          const char         *name,
          GError            **error)
{
  JsonObject *properties = ch_json_get_object (reply->object, "properties");
  JsonArray *records = ch_json_get_array (properties, "TXTRecords");
  JsonObject *metadata = ch_json_get_object (properties, "metadata");
  gint64 ttl = ch_json_get_number (properties, "TTL", -1);
  const char *etag = ch_json_get_text (reply->object, "etag");

  if (etag == NULL)
    etag = reply->etag;
  if (ttl < 0 || etag == NULL || !ch_web_account_is_header (etag)
      || (records == NULL && json_object_has_member (properties, "TXTRecords")))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("Azure shows the TXT records of “%s” in a way that is not understood, so that they "
                           "are left alone"), name);

  set->etag = g_strdup (etag);
  set->records = records != NULL ? json_array_ref (records) : json_array_new ();
  set->metadata = metadata != NULL ? json_object_ref (metadata) : NULL;
  set->ttl = ttl;
  return TRUE;
}

static JsonNode *
record_new (const char *value)
{
  g_auto(GStrv) strings = ch_dns_split_txt (value);
  JsonArray *array = json_array_new ();
  JsonObject *record = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (gsize i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (record, "value", array);
  json_node_take_object (node, record);
  return node;
}

/* What would stand there after the change. */
static JsonArray *
set_changed (const Set  *set,
             const char *value,
             gboolean    adding)
{
  JsonArray *records = json_array_new ();

  for (guint i = 0; i < json_array_get_length (set->records); i++)
    {
      JsonNode *record = json_array_get_element (set->records, i);

      if (!record_is (record, value))
        json_array_add_element (records, json_node_copy (record));
    }
  if (adding)
    json_array_add_element (records, record_new (value));

  return records;
}

/* Putting replaces everything: what is not sent back is gone. */
static GBytes *
set_to_json (const Set *set,
             JsonArray *records)
{
  JsonObject *properties = json_object_new ();
  JsonObject *object = json_object_new ();

  json_object_set_int_member (properties, "TTL", set->ttl);
  if (set->metadata != NULL)
    json_object_set_object_member (properties, "metadata", json_object_ref (set->metadata));
  json_object_set_array_member (properties, "TXTRecords", json_array_ref (records));
  json_object_set_object_member (object, "properties", properties);
  return ch_json_to_bytes (object);
}

/* ---- a change ---- */

/** Change: one value to be put or taken away. */
typedef struct
{
  ChAzure *azure;
  const ChTxt *txt;
  char *path;                   /* (owned): of the set */
  gboolean adding;
} Change;

/** Outcome: what became of a write. */
typedef enum
{
  OUTCOME_DONE,
  OUTCOME_MET,          /* somebody else was faster */
  OUTCOME_DOUBTFUL,     /* an error, but it may have been done */
  OUTCOME_REFUSED,      /* an error */
} Outcome;

static gboolean
look (const Change *change,
      Set          *set,
      GError      **error)
{
  g_autoptr(ChAzureReply) reply = ch_azure_call (change->azure, "GET", change->path, NULL, NULL, NULL, error);

  if (reply == NULL)
    return FALSE;

  if (reply->status == 200 && reply->object != NULL)
    return set_read (set, reply, change->txt->name, error);

  /* other codes say that there is no zone or group */
  if (reply->status != 404 || g_strcmp0 (ch_azure_code (reply), "NotFound") != 0)
    return ch_azure_fail (change->azure, change->txt->name, reply, error);

  set->records = json_array_new ();
  set->ttl = change->azure->ttl;
  return TRUE;
}

static ChAzureReply *
send_change (const Change *change,
             const Set    *before,
             GError      **error)
{
  g_autoptr(JsonArray) records = set_changed (before, change->txt->value, change->adding);
  const char *condition = before->etag != NULL ? "If-Match" : "If-None-Match";
  const char *tag = before->etag != NULL ? before->etag : "*";

  if (json_array_get_length (records) == 0)
    return ch_azure_call (change->azure, "DELETE", change->path, condition, tag, NULL, error);

  g_autoptr(GBytes) body = set_to_json (before, records);
  return ch_azure_call (change->azure, "PUT", change->path, condition, tag, body, error);
}

/* Whether the answer itself shows the new state; a removed set shows nothing. */
static gboolean
is_confirmed (const Change       *change,
              const ChAzureReply *reply)
{
  JsonArray *records = ch_json_get_array (ch_json_get_object (reply->object, "properties"), "TXTRecords");

  return records != NULL ? has_value (records, change->txt->value) == change->adding : !change->adding;
}

static Outcome
write_set (const Change *change,
           const Set    *before,
           GError      **error)
{
  g_autoptr(ChAzureReply) reply = send_change (change, before, error);

  if (reply == NULL)
    return ch_service_is_doubtful (*error) ? OUTCOME_DOUBTFUL : OUTCOME_REFUSED;

  if (reply->status >= 200 && reply->status < 300)
    {
      if (is_confirmed (change, reply))
        return OUTCOME_DONE;
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Azure took the change of “%s” but does not show it"),
                    change->txt->name);
      return OUTCOME_DOUBTFUL;
    }

  ch_azure_fail (change->azure, change->txt->name, reply, error);
  return ch_azure_is_met (reply) ? OUTCOME_MET : OUTCOME_REFUSED;
}

/* After a doubtful write the state decides. @doubt: (transfer full) */
static gboolean
settle (const Change *change,
        GError       *doubt,
        GError      **error)
{
  g_autoptr(GError) cause = doubt;
  g_auto(Set) after = { 0 };
  g_autoptr(GError) unread = NULL;

  if (!look (change, &after, &unread))
    return ch_error_set (error,
                         unread->code == CH_ERROR_CANCELLED ? CH_ERROR_CANCELLED : CH_ERROR_UNKNOWN_OUTCOME,
                         _("It is not known whether Azure has changed “%s”: %s"), change->txt->name,
                         cause->message);

  if (has_value (after.records, change->txt->value) == change->adding)
    return TRUE;

  return ch_error_set (error, CH_ERROR_TRANSIENT, _("Azure has not changed “%s”: %s"), change->txt->name,
                       cause->message);
}

/* @found: (out): nothing had to be done. */
static gboolean
apply (const Change *change,
       gboolean     *found,
       GError      **error)
{
  for (guint try = 0;; try++)
    {
      g_auto(Set) before = { 0 };
      g_autoptr(GError) failure = NULL;

      if (!look (change, &before, error))
        return FALSE;

      *found = has_value (before.records, change->txt->value) == change->adding;
      Outcome outcome = *found ? OUTCOME_DONE : write_set (change, &before, &failure);
      if (outcome == OUTCOME_DONE)
        return TRUE;

      if (outcome == OUTCOME_DOUBTFUL)
        return settle (change, g_steal_pointer (&failure), error);

      if (outcome == OUTCOME_REFUSED || try + 1 == TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }

      if (!ch_dns_pause (PAUSE_MS << MIN (try, 4), change->azure->cancellable, error))
        return FALSE;
    }
}

static gboolean
apply_in_zone (Change     *change,
               const char *zone,
               gboolean   *found,
               GError    **error)
{
  g_autofree char *relative = ch_dns_relative_name (change->txt->name, zone);
  g_autofree char *group = ch_azure_find_group (change->azure, zone, error);

  if (group == NULL)
    return FALSE;

  g_autofree char *below = g_strconcat ("/TXT/", relative, NULL);
  g_autofree char *path = ch_azure_zone_path (change->azure, group, zone, below);
  g_autoptr(ChDnsTurn) turn = ch_dns_turn_wait (path, change->azure->cancellable, error);
  if (turn == NULL)
    return FALSE;

  change->path = path;
  return apply (change, found, error);
}

/* A zone that was moved is looked for again. */
static gboolean
do_change (const ChDnsAccess *access,
           const char        *given_zone,
           const ChTxt       *txt,
           gboolean           adding,
           gboolean          *found,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(ChAzure) azure = { 0 };
  g_autofree char *zone = ch_dns_name_tidy (given_zone);
  Change change = { .azure = &azure, .txt = txt, .adding = adding };
  g_autoptr(GError) failure = NULL;

  if (!ch_dns_check_txt (txt, zone, error) || !azure_open (&azure, access, cancellable, error))
    return FALSE;

  if (apply_in_zone (&change, zone, found, &failure))
    return TRUE;

  gboolean is_gone = g_error_matches (failure, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND)
                     || g_error_matches (failure, CH_ERROR, CH_ERROR_INVALID);
  if (is_gone && ch_azure_forget_group (&azure, zone))
    return apply_in_zone (&change, zone, found, error);

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  *existed = FALSE;
  return do_change (access, zone, txt, TRUE, existed, cancellable, error);
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  gboolean gone = FALSE;

  return do_change (access, zone, txt, FALSE, &gone, cancellable, error);
}

static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  g_auto(ChAzure) azure = { 0 };

  return azure_open (&azure, access, cancellable, error) && ch_azure_verify (&azure, zones, error);
}

extern const ChDnsProvider ch_dns_azure;

const ChDnsProvider ch_dns_azure = {
  .kind = "azure",
  .title = N_("Azure DNS"),
  .permissions = N_("A role on the zone, or on its resource group, with the actions "
                    "Microsoft.Network/dnsZones/read, Microsoft.Network/dnsZones/TXT/read, "
                    "Microsoft.Network/dnsZones/TXT/write and Microsoft.Network/dnsZones/TXT/delete; the "
                    "built-in “DNS Zone Contributor” has them and more. With a role on single zones give "
                    "“resource-group”, because Azure then lists no zones"),
  .fields = fields,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .remove = remove_txt,
};
