/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-godaddy.h"

#include <string.h>

/* GoDaddy's Domains API v1, as far as domains and their DNS records go. */

#define KEY "sandboxKey_0123456789abcdefghijklmnopq"
#define SECRET "sandboxSecret0123456789"
#define LIMIT_MAX 1000
#define TOO_MANY_REQUESTS 429    /* RFC 6585; libsoup has no name for it */
#define SERVER "ns01.domaincontrol.com"

/* ---- answers ---- */

gboolean
sb_godaddy_fail (SbDnsCall  *call,
                 guint       status,
                 const char *code,
                 const char *message)
{
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  sb_dns_answer_json (call, status, sb_json_take_object (error));
  return FALSE;
}

gboolean
sb_godaddy_fail_field (SbDnsCall  *call,
                       guint       record,
                       const char *field,
                       const char *code,
                       const char *message)
{
  JsonObject *error = json_object_new (), *detail = json_object_new ();
  JsonArray *details = json_array_new ();
  g_autofree char *path = g_strdup_printf ("records[%u]%s%s", record, *field != '\0' ? "." : "", field);

  json_object_set_string_member (detail, "code", code);
  json_object_set_string_member (detail, "path", path);
  json_object_set_string_member (detail, "message", message);
  json_array_add_object_element (details, detail);
  json_object_set_string_member (error, "code", "INVALID_BODY");
  json_object_set_string_member (error, "message", "Request body doesn't fulfill schema, see details in `fields`");
  json_object_set_array_member (error, "fields", details);
  sb_dns_answer_json (call, SOUP_STATUS_UNPROCESSABLE_ENTITY, sb_json_take_object (error));
  return FALSE;
}

gboolean
sb_godaddy_read_number (SbDnsCall  *call,
                        const char *name,
                        guint64     least,
                        guint64     most,
                        guint64    *number)
{
  const char *text = sb_dns_call_query (call, name);

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, least, most, number, NULL))
    return TRUE;

  g_autofree char *message = g_strdup_printf ("`%s` must be between %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
                                              name, least, most);
  return sb_godaddy_fail (call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "INVALID_QUERY", message);
}

static void
lost (SbDnsCall *call)
{
  sb_godaddy_fail (call, SOUP_STATUS_NOT_FOUND, "NOT_FOUND", "Not Found : The requested resource does not exist");
}

/* ---- who calls ---- */

static gboolean
fail_credentials (SbDnsCall  *call,
                  const char *code,
                  const char *message)
{
  return sb_godaddy_fail (call, SOUP_STATUS_UNAUTHORIZED, code, message);
}

static gboolean
check_key (SbDnsCall *call)
{
  SbGodaddy *state = call->state;
  const char *authorization = sb_dns_call_header (call, "Authorization");

  if (authorization == NULL)
    return fail_credentials (call, "MISSING_CREDENTIALS", "Unauthorized : Credentials must be specified");
  if (!g_str_has_prefix (authorization, "sso-key ") || strchr (authorization, ':') == NULL)
    return fail_credentials (call, "MALFORMED_CREDENTIALS", "Unauthorized : Malformed credentials");
  if (strcmp (authorization + strlen ("sso-key "), KEY ":" SECRET) != 0 || state->is_key_dead)
    return fail_credentials (call, "UNABLE_TO_AUTHENTICATE", "Unauthorized : Could not authenticate API key/secret");
  if (state->is_restricted)
    return sb_godaddy_fail (call, SOUP_STATUS_FORBIDDEN, "ACCESS_DENIED",
                            "Authenticated user is not allowed access");

  return TRUE;
}

/* An endpoint is method and path, whichever domain it is for. */
static gboolean
check_rate (SbDnsCall *call)
{
  SbGodaddy *state = call->state;
  gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;
  g_auto(GStrv) parts = g_strsplit (call->path, "/", -1);
  guint length = g_strv_length (parts);
  g_autofree char *endpoint = g_strdup_printf ("%s %u", call->method, length);

  if (now / 60 != state->minute)
    g_hash_table_remove_all (state->calls);
  state->minute = now / 60;

  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (state->calls, endpoint)) + 1;
  g_hash_table_replace (state->calls, g_steal_pointer (&endpoint), GUINT_TO_POINTER (count));
  if (state->rate == 0 || count <= state->rate)
    return TRUE;

  JsonObject *error = json_object_new ();
  json_object_set_string_member (error, "code", "TOO_MANY_REQUESTS");
  json_object_set_string_member (error, "message", "Too many requests received within interval");
  json_object_set_int_member (error, "retryAfterSec", 60 - now % 60);
  sb_dns_answer_json (call, TOO_MANY_REQUESTS, sb_json_take_object (error));
  return FALSE;
}

static gboolean
check (SbDnsCall *call)
{
  const char *type = sb_dns_call_header (call, "Content-Type");

  if (!check_key (call) || !check_rate (call))
    return FALSE;

  if (call->length > 0 && (type == NULL || !g_str_has_prefix (type, "application/json")))
    return sb_godaddy_fail (call, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_CONTENT_TYPE",
                            "Unsupported content-type");

  return TRUE;
}

/* ---- domains ---- */

static void
add_contact (JsonObject *object)
{
  JsonObject *contact = json_object_new ();

  json_object_set_string_member (contact, "nameFirst", "Ada");
  json_object_set_string_member (contact, "nameLast", "Example");
  json_object_set_string_member (contact, "email", "ada@example.test");
  json_object_set_string_member (contact, "phone", "+1.4805550100");
  json_object_set_object_member (object, "contactRegistrant", contact);
}

static JsonObject *
domain_to_json (SbGodaddy  *state,
                const char *name,
                gsize       number)
{
  JsonObject *object = json_object_new ();
  JsonArray *servers = json_array_new ();
  const char *status = g_hash_table_lookup (state->statuses, name), *server = g_hash_table_lookup (state->servers, name);

  json_object_set_int_member (object, "domainId", 1000 + number);
  json_object_set_string_member (object, "domain", name);
  json_object_set_string_member (object, "status", status != NULL ? status : "ACTIVE");
  json_object_set_boolean_member (object, "expirationProtected", FALSE);
  json_object_set_boolean_member (object, "holdRegistrar", FALSE);
  json_object_set_boolean_member (object, "locked", TRUE);
  json_object_set_boolean_member (object, "privacy", FALSE);
  json_object_set_boolean_member (object, "renewAuto", TRUE);
  json_object_set_boolean_member (object, "transferProtected", FALSE);
  json_object_set_string_member (object, "renewDeadline", "2030-01-01T00:00:00.000Z");
  json_object_set_string_member (object, "createdAt", "2026-01-01T00:00:00.000Z");
  json_array_add_string_element (servers, server != NULL ? server : SERVER);
  json_object_set_array_member (object, "nameServers", servers);
  add_contact (object);
  return object;
}

static gboolean
is_wanted (SbDnsCall  *call,
           JsonObject *domain)
{
  const char *statuses = sb_dns_call_query (call, "statuses");
  g_auto(GStrv) wanted = g_strsplit (statuses != NULL ? statuses : "", ",", -1);

  return statuses == NULL || g_strv_contains ((const char *const *) wanted, sb_json_text (domain, "status"));
}

static int
compare_names (gconstpointer one,
               gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

/* The next page begins after the domain @marker; without name servers unless they are asked for. */
static void
list_domains (SbDnsCall *call)
{
  const char *const *names = sb_zones_names (call->zones);
  const char *marker = sb_dns_call_query (call, "marker"), *includes = sb_dns_call_query (call, "includes");
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  guint64 limit = 100;

  if (!sb_godaddy_read_number (call, "limit", 1, LIMIT_MAX, &limit))
    return;

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (sorted, (char *) names[i]);
  g_ptr_array_sort (sorted, compare_names);

  JsonArray *domains = json_array_new ();
  for (guint i = 0; i < sorted->len && json_array_get_length (domains) < limit; i++)
    {
      JsonObject *domain = domain_to_json (call->state, sorted->pdata[i], i);

      if (includes == NULL || strstr (includes, "nameServers") == NULL)
        json_object_set_null_member (domain, "nameServers");
      if ((marker == NULL || strcmp (sorted->pdata[i], marker) > 0) && is_wanted (call, domain))
        json_array_add_object_element (domains, domain);
      else
        json_object_unref (domain);
    }

  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_array (domains));
}

static void
get_domain (SbDnsCall *call)
{
  const char *const *names = sb_zones_names (call->zones);

  if (strchr (call->parts[0], '.') == NULL || strchr (call->parts[0], '_') != NULL)
    {
      sb_godaddy_fail (call, SOUP_STATUS_UNPROCESSABLE_ENTITY, "INVALID_DOMAIN", "`domain` is not a valid Domain name");
      return;
    }

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], call->parts[0]) == 0)
      {
        JsonObject *domain = domain_to_json (call->state, names[i], i);

        json_object_set_string_member (domain, "authCode", "sandbox-auth-code");
        sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (domain));
        return;
      }

  g_autofree char *message = g_strdup_printf ("Domain %s not found for shopper", call->parts[0]);
  sb_godaddy_fail (call, SOUP_STATUS_NOT_FOUND, "NOT_FOUND", message);
}

/* ---- life ---- */

static gpointer
open_state (SbZones *zones)
{
  SbGodaddy *state = g_new0 (SbGodaddy, 1);

  state->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return state;
}

static void
close_state (gpointer data)
{
  SbGodaddy *state = data;

  g_hash_table_unref (state->statuses);
  g_hash_table_unref (state->servers);
  g_hash_table_unref (state->calls);
  g_free (state);
}

static void
add_fields (gpointer    state,
            JsonObject *fields)
{
  json_object_set_string_member (fields, "key", KEY);
  json_object_set_string_member (fields, "secret", SECRET);
}

static void
reset (SbGodaddy *state)
{
  state->rate = state->rival = state->changes = 0;
  state->is_restricted = state->is_key_dead = FALSE;
  g_hash_table_remove_all (state->statuses);
  g_hash_table_remove_all (state->servers);
  g_hash_table_remove_all (state->calls);
}

static void
set_of_zone (GHashTable *table,
             JsonObject *order,
             const char *name)
{
  const char *zone = sb_json_text (order, "zone"), *value = sb_json_text (order, name);

  if (zone != NULL && value != NULL)
    g_hash_table_replace (table, g_strdup (zone), g_strdup (value));
}

static gboolean
control (gpointer     data,
         JsonObject  *order,
         char       **why)
{
  static const char *const known[] = {
    "kind", "reset", "key", "restricted", "rate", "rival", "zone", "status", "server", NULL
  };
  SbGodaddy *state = data;
  g_autofree char *unknown = sb_json_unknown (order, known);

  if (unknown != NULL)
    {
      *why = g_strdup_printf ("Unknown is “%s”. Known are: reset, key, restricted, rate, rival; zone, status, server.",
                              unknown);
      return FALSE;
    }

  if (json_object_get_boolean_member_with_default (order, "reset", FALSE))
    reset (state);
  state->is_key_dead = !json_object_get_boolean_member_with_default (order, "key", !state->is_key_dead);
  state->is_restricted = json_object_get_boolean_member_with_default (order, "restricted", state->is_restricted);
  state->rate = json_object_get_int_member_with_default (order, "rate", state->rate);
  state->rival = json_object_get_int_member_with_default (order, "rival", state->rival);
  set_of_zone (state->statuses, order, "status");
  set_of_zone (state->servers, order, "server");
  return TRUE;
}

static const SbDnsRoute routes[] = {
  { "GET", "/v1/domains", "godaddy.domains", list_domains },
  { "GET", "/v1/domains/{domain}", "godaddy.domain", get_domain },
  { "GET", "/v1/domains/{domain}/records", "godaddy.list", sb_godaddy_list },
  { "GET", "/v1/domains/{domain}/records/{type}", "godaddy.list", sb_godaddy_list },
  { "GET", "/v1/domains/{domain}/records/{type}/{name}", "godaddy.list", sb_godaddy_list },
  { "PATCH", "/v1/domains/{domain}/records", "godaddy.add", sb_godaddy_add },
  { "PUT", "/v1/domains/{domain}/records/{type}/{name}", "godaddy.replace", sb_godaddy_replace },
  { "PUT", "/v1/domains/{domain}/records/{type}", "godaddy.replace-type", sb_godaddy_replace_type },
  /* as some clients write it */
  { "GET", "/v1/domains/{domain}/records/{type}/", "godaddy.list", sb_godaddy_list },
  { "PUT", "/v1/domains/{domain}/records/{type}/", "godaddy.replace-type", sb_godaddy_replace_type },
  { "DELETE", "/v1/domains/{domain}/records/{type}/{name}", "godaddy.remove", sb_godaddy_remove },
  { NULL }
};

const SbDnsService sb_dns_godaddy = {
  .kind = "godaddy",
  .base = "",
  .routes = routes,
  .open = open_state,
  .close = close_state,
  .check = check,
  .lost = lost,
  .fields = add_fields,
  .control = control,
};
