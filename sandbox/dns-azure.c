/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-azure.h"

#include <string.h>

/* Azure's resource manager, as far as public DNS zones go, in API version 2018-05-01. */

#define API_VERSION "2018-05-01"
#define API_VERSION_BEFORE "2018-03-01-preview"     /* the same as far as public zones go */
#define TOKEN_LIFE 3599
#define PAGE 100

/* ---- answers ---- */

static void
fail_va (SbDnsCall  *call,
         guint       status,
         const char *code,
         gboolean    is_bare,
         const char *format,
         va_list     args)
{
  JsonObject *error = json_object_new (), *object = is_bare ? error : json_object_new ();
  g_autofree char *message = g_strdup_vprintf (format, args);

  json_object_set_string_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  if (!is_bare)
    json_object_set_object_member (object, "error", error);
  sb_dns_answer_json (call, status, sb_json_take_object (object));
}

void
sb_azure_fail (SbDnsCall  *call,
               guint       status,
               const char *code,
               const char *format,
               ...)
{
  va_list args;

  va_start (args, format);
  fail_va (call, status, code, FALSE, format, args);
  va_end (args);
}

void
sb_azure_fail_bare (SbDnsCall  *call,
                    guint       status,
                    const char *code,
                    const char *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  fail_va (call, status, code, TRUE, format, args);
  va_end (args);
}

static void
lost (SbDnsCall *call)
{
  sb_azure_fail (call, SOUP_STATUS_NOT_FOUND, "InvalidResourceType",
                 "The resource type could not be found in the namespace 'Microsoft.Network' for api version '"
                 API_VERSION "'.");
}

/* ---- who calls, and for what ---- */

static gboolean
check_version (SbDnsCall *call)
{
  const char *version = sb_dns_call_query (call, "api-version");

  if (g_strcmp0 (version, API_VERSION) == 0 || g_strcmp0 (version, API_VERSION_BEFORE) == 0)
    return TRUE;

  if (version == NULL)
    sb_azure_fail (call, SOUP_STATUS_BAD_REQUEST, "MissingApiVersionParameter",
                   "The api-version query parameter (?api-version=) is required for all requests.");
  else
    sb_azure_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidApiVersionParameter",
                   "The api-version '%s' is invalid.", version);
  return FALSE;
}

static gboolean
check (SbDnsCall *call)
{
  if (g_str_has_suffix (call->path, "/token"))
    return TRUE;

  sb_dns_answer_header (call, "x-ms-ratelimit-remaining-subscription-reads", "11999");
  if (!sb_azure_know_caller (call) || !check_version (call))
    return FALSE;
  if (call->parts == NULL || g_ascii_strcasecmp (call->parts[0], SB_AZURE_SUBSCRIPTION) == 0)
    return TRUE;

  if (g_uuid_string_is_valid (call->parts[0]))
    sb_azure_fail (call, SOUP_STATUS_NOT_FOUND, "SubscriptionNotFound", "The subscription '%s' could not be found.",
                   call->parts[0]);
  else
    sb_azure_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidSubscriptionId",
                   "The provided subscription identifier '%s' is malformed or invalid.", call->parts[0]);
  return FALSE;
}

static gboolean
may (SbDnsCall *call,
     gboolean   write)
{
  const SbAzure *state = call->state;
  const char *zone = g_strv_length (call->parts) > 2 ? call->parts[2] : NULL;
  const char *first = sb_zones_names (call->zones)[0];

  switch (state->role)
    {
    case SB_AZURE_ROLE_GROUP:
      return TRUE;
    case SB_AZURE_ROLE_ZONE:
      return zone != NULL && first != NULL && g_ascii_strcasecmp (zone, first) == 0;
    case SB_AZURE_ROLE_READER:
      return !write;
    case SB_AZURE_ROLE_NONE:
    default:
      return FALSE;
    }
}

/* ---- zones ---- */

static const char *
find_zone (SbDnsCall  *call,
           const char *group,
           const char *name)
{
  const SbAzure *state = call->state;
  const char *const *names = sb_zones_names (call->zones);

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], name) == 0
        && (g_ascii_strcasecmp (group, SB_AZURE_GROUP) == 0 || (i == 0 && state->is_twice)))
      return names[i];

  return NULL;
}

static gboolean
check_group (SbDnsCall *call)
{
  if (g_ascii_strcasecmp (call->parts[1], SB_AZURE_GROUP) == 0
      || g_ascii_strcasecmp (call->parts[1], SB_AZURE_OTHER_GROUP) == 0)
    return TRUE;

  sb_azure_fail (call, SOUP_STATUS_NOT_FOUND, "ResourceGroupNotFound", "Resource group '%s' could not be found.",
                 call->parts[1]);
  return FALSE;
}

/* Rights come before existence: without one nothing is told, not even what is not there. */
const char *
sb_azure_zone (SbDnsCall *call,
               gboolean   write)
{
  if (!may (call, write))
    {
      sb_azure_fail (call, SOUP_STATUS_FORBIDDEN, "AuthorizationFailed",
                     "The client '" SB_AZURE_CLIENT "' with object id '00000000-0000-0000-0000-00000000000a' does not have "
                     "authorization to perform action 'Microsoft.Network/dnsZones/%s' over scope '%s' or the scope is "
                     "invalid. If access was recently granted, please refresh your credentials.",
                     write ? "TXT/write" : "read", call->path);
      return NULL;
    }
  if (!check_group (call))
    return NULL;

  const char *zone = find_zone (call, call->parts[1], call->parts[2]);
  if (zone != NULL)
    return zone;

  if (g_strv_length (call->parts) > 3)
    sb_azure_fail (call, SOUP_STATUS_NOT_FOUND, "ParentResourceNotFound",
                   "Can not perform requested operation on nested resource. Parent resource '%s' not found.", call->parts[2]);
  else
    sb_azure_fail (call, SOUP_STATUS_NOT_FOUND, "ResourceNotFound",
                   "The Resource 'Microsoft.Network/dnsZones/%s' under resource group '%s' was not found.", call->parts[2],
                   call->parts[1]);
  return NULL;
}

/* Those that the zone has in DNS; of its copy in the other group, some that nobody asks. */
static JsonArray *
name_servers (SbDnsCall  *call,
              const char *group,
              const char *zone)
{
  JsonArray *servers = json_array_new ();
  g_autoptr(GPtrArray) records = strcmp (group, SB_AZURE_GROUP) == 0
                                   ? sb_zones_read (call->zones, zone, zone, "NS", NULL) : NULL;

  for (guint i = 0; records != NULL && i < records->len; i++)
    json_array_add_string_element (servers, ((SbRecord *) records->pdata[i])->data);
  if (records == NULL)
    json_array_add_string_element (servers, "ns1-99.azure-dns.test.");
  return servers;
}

static JsonObject *
zone_to_json (SbDnsCall  *call,
              const char *group,
              const char *zone)
{
  const SbAzure *state = call->state;
  JsonObject *object = json_object_new (), *properties = json_object_new ();
  g_autofree char *id = g_strdup_printf ("/subscriptions/" SB_AZURE_SUBSCRIPTION
                                         "/resourceGroups/%s/providers/Microsoft.Network/dnszones/%s", group, zone);
  g_autofree char *etag = sb_dns_hex_id (8, group, zone, NULL);

  json_object_set_int_member (properties, "maxNumberOfRecordSets", 10000);
  json_object_set_array_member (properties, "nameServers", name_servers (call, group, zone));
  json_object_set_string_member (properties, "zoneType", state->is_private ? "Private" : "Public");
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", zone);
  json_object_set_string_member (object, "type", "Microsoft.Network/dnszones");
  json_object_set_string_member (object, "etag", etag);
  json_object_set_string_member (object, "location", "global");
  json_object_set_object_member (object, "tags", json_object_new ());
  json_object_set_object_member (object, "properties", properties);
  return object;
}

static void
get_zone (SbDnsCall *call)
{
  const char *zone = sb_azure_zone (call, FALSE);

  if (zone != NULL)
    sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (zone_to_json (call, call->parts[1], zone)));
}

/* Where the rest of a list is: a whole URL that only means something to the service. */
static char *
next_link (SbDnsCall *call,
           guint64    from)
{
  g_autofree char *origin = sb_azure_origin (call);

  return g_strdup_printf ("%s%s?api-version=" API_VERSION "&$skipToken=%" G_GUINT64_FORMAT, origin, call->path, from);
}

void
sb_azure_answer_page (SbDnsCall *call,
                      JsonArray *all)
{
  const SbAzure *state = call->state;
  const char *token = sb_dns_call_query (call, "$skipToken"), *top = sb_dns_call_query (call, "$top");
  g_autoptr(JsonArray) owned = all;
  JsonArray *value = json_array_new ();
  JsonObject *object = json_object_new ();
  guint64 from = 0, count = state->page;

  if (token != NULL)
    g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT32, &from, NULL);
  if (top != NULL)
    g_ascii_string_to_unsigned (top, 10, 1, 1000, &count, NULL);

  for (guint64 i = from; i < json_array_get_length (all) && i < from + count; i++)
    json_array_add_element (value, json_array_dup_element (all, i));
  json_object_set_array_member (object, "value", value);
  if (from + count < json_array_get_length (all))
    {
      g_autofree char *next = next_link (call, from + count);
      json_object_set_string_member (object, "nextLink", next);
    }
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (object));
}

static void
add_zones (SbDnsCall  *call,
           JsonArray  *zones,
           const char *group)
{
  const char *const *names = sb_zones_names (call->zones);

  for (gsize i = 0; names[i] != NULL; i++)
    if (find_zone (call, group, names[i]) != NULL)
      json_array_add_object_element (zones, zone_to_json (call, group, names[i]));
}

/* What the application may not see is left out, which is no error. */
static void
list_all (SbDnsCall *call)
{
  JsonArray *zones = json_array_new ();

  if (may (call, FALSE))
    {
      add_zones (call, zones, SB_AZURE_OTHER_GROUP);
      add_zones (call, zones, SB_AZURE_GROUP);
    }
  sb_azure_answer_page (call, zones);
}

static void
list_group (SbDnsCall *call)
{
  if (!check_group (call))
    return;

  JsonArray *zones = json_array_new ();
  if (may (call, FALSE))
    add_zones (call, zones, call->parts[1]);
  sb_azure_answer_page (call, zones);
}

/* ---- life ---- */

static void
reset (SbAzure *state)
{
  state->token_life = TOKEN_LIFE;
  state->page = PAGE;
  state->role = SB_AZURE_ROLE_GROUP;
  state->is_secret_expired = state->is_other_tenant = state->is_locked = FALSE;
  state->is_twice = state->is_private = FALSE;
}

static gpointer
open_state (SbZones *zones)
{
  SbAzure *state = g_new0 (SbAzure, 1);

  state->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sb_azure_note_free);
  reset (state);
  return state;
}

static void
close_state (gpointer data)
{
  SbAzure *state = data;

  g_hash_table_unref (state->tokens);
  g_hash_table_unref (state->sets);
  g_free (state);
}

static void
add_fields (gpointer    state,
            JsonObject *fields)
{
  json_object_set_string_member (fields, "subscription", SB_AZURE_SUBSCRIPTION);
  json_object_set_string_member (fields, "tenant", SB_AZURE_TENANT);
  json_object_set_string_member (fields, "client-id", SB_AZURE_CLIENT);
  json_object_set_string_member (fields, "client-secret", SB_AZURE_SECRET);
  json_object_set_string_member (fields, "resource-group", SB_AZURE_GROUP);
}

static void
set_flag (JsonObject *order,
          const char *name,
          gboolean   *flag)
{
  *flag = json_object_get_boolean_member_with_default (order, name, *flag);
}

static gboolean
set_role (SbAzure    *state,
          const char *name)
{
  static const char *const roles[] = { "group", "zone", "reader", "none" };

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (strcmp (roles[i], name) == 0)
      {
        state->role = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
control (gpointer     data,
         JsonObject  *order,
         char       **why)
{
  static const char *const known[] = { "kind", "reset", "token-life", "expire-tokens", "page", "role", "secret-expired",
                                       "other-tenant", "locked", "twice", "private", NULL };
  SbAzure *state = data;
  g_autofree char *unknown = sb_json_unknown (order, known);
  const char *role = sb_json_text (order, "role");

  if (unknown != NULL || (role != NULL && !set_role (state, role)))
    {
      g_autofree char *list = g_strjoinv (", ", (char **) known + 1);
      *why = g_strdup_printf ("Unknown is “%s”. Known are: %s; of roles: group, zone, reader, none.",
                              unknown != NULL ? unknown : role, list);
      return FALSE;
    }

  if (json_object_get_boolean_member_with_default (order, "reset", FALSE))
    reset (state);
  if (json_object_get_boolean_member_with_default (order, "expire-tokens", FALSE))
    g_hash_table_remove_all (state->tokens);
  state->token_life = json_object_get_int_member_with_default (order, "token-life", state->token_life);
  state->page = MAX (1, json_object_get_int_member_with_default (order, "page", state->page));
  set_flag (order, "secret-expired", &state->is_secret_expired);
  set_flag (order, "other-tenant", &state->is_other_tenant);
  set_flag (order, "locked", &state->is_locked);
  set_flag (order, "twice", &state->is_twice);
  set_flag (order, "private", &state->is_private);
  return TRUE;
}

#define GROUP "/subscriptions/{subscription}/resourceGroups/{group}"
#define ZONES GROUP "/providers/Microsoft.Network/dnsZones"

static const SbDnsRoute routes[] = {
  { "POST", "/{tenant}/oauth2/v2.0/token", "azure.token", sb_azure_token },
  { "POST", "/{tenant}/oauth2/token", "azure.token-v1", sb_azure_token_v1 },
  { "GET", "/subscriptions/{subscription}/providers/Microsoft.Network/dnsZones", "azure.zones", list_all },
  { "GET", ZONES, "azure.group-zones", list_group },
  { "GET", ZONES "/{zone}", "azure.zone", get_zone },
  { "GET", ZONES "/{zone}/{type}", "azure.sets", sb_azure_list_sets },
  { "GET", ZONES "/{zone}/{type}/{name}", "azure.get", sb_azure_get_set },
  { "PUT", ZONES "/{zone}/{type}/{name}", "azure.put", sb_azure_put_set },
  { "DELETE", ZONES "/{zone}/{type}/{name}", "azure.delete", sb_azure_delete_set },
  { NULL }
};

const SbDnsService sb_dns_azure = {
  .kind = "azure",
  .base = "",
  .any_case = TRUE,
  .routes = routes,
  .open = open_state,
  .close = close_state,
  .check = check,
  .lost = lost,
  .fields = add_fields,
  .url_field = "login-url",
  .control = control,
};
