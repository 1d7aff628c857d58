/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-cloudflare.h"

#include <string.h>

/* Cloudflare's API v4, as far as zones and DNS records go. */

#define TOKEN "sandbox-token_0123456789abcdefghijklmnopq"
#define EMAIL "admin@example.test"
#define KEY "0123456789abcdef0123456789abcdef01234"

/* ---- the envelope ---- */

void
sb_cloudflare_succeed (SbDnsCall  *call,
                       JsonNode   *result,
                       JsonObject *result_info)
{
  JsonObject *envelope = json_object_new ();

  json_object_set_boolean_member (envelope, "success", TRUE);
  json_object_set_array_member (envelope, "errors", json_array_new ());
  json_object_set_array_member (envelope, "messages", json_array_new ());
  json_object_set_member (envelope, "result", result);
  if (result_info != NULL)
    json_object_set_object_member (envelope, "result_info", result_info);

  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (envelope));
}

static JsonObject *
error_new (int         code,
           const char *message)
{
  JsonObject *error = json_object_new ();

  json_object_set_int_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  return error;
}

static void
fail_with (SbDnsCall *call,
           guint      status,
           JsonArray *errors)
{
  JsonObject *envelope = json_object_new ();

  json_object_set_boolean_member (envelope, "success", FALSE);
  json_object_set_array_member (envelope, "errors", errors);
  json_object_set_array_member (envelope, "messages", json_array_new ());
  json_object_set_null_member (envelope, "result");
  sb_dns_answer_json (call, status, sb_json_take_object (envelope));
}

void
sb_cloudflare_fail (SbDnsCall  *call,
                    guint       status,
                    int         code,
                    const char *message)
{
  JsonArray *errors = json_array_new ();

  json_array_add_object_element (errors, error_new (code, message));
  fail_with (call, status, errors);
}

void
sb_cloudflare_fail_chain (SbDnsCall  *call,
                          int         code,
                          const char *message,
                          int         inner_code,
                          const char *inner_message)
{
  JsonArray *errors = json_array_new (), *chain = json_array_new ();
  JsonObject *error = error_new (code, message);

  json_array_add_object_element (chain, error_new (inner_code, inner_message));
  json_object_set_array_member (error, "error_chain", chain);
  json_array_add_object_element (errors, error);
  fail_with (call, SOUP_STATUS_BAD_REQUEST, errors);
}

static void
fail_route (SbDnsCall *call,
            guint      status)
{
  JsonArray *errors = json_array_new ();
  g_autofree char *message = g_strdup_printf ("Could not route to %s, perhaps your object identifier is invalid?",
                                              call->path);

  json_array_add_object_element (errors, error_new (7003, message));
  json_array_add_object_element (errors, error_new (7000, "No route for that URI"));
  fail_with (call, status, errors);
}

static void
lost (SbDnsCall *call)
{
  fail_route (call, SOUP_STATUS_BAD_REQUEST);
}

/* ---- paging ---- */

static gboolean
read_number (SbDnsCall  *call,
             const char *name,
             guint64     least,
             guint64     most,
             guint64    *number)
{
  const char *text = sb_dns_call_query (call, name);

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, least, most, number, NULL))
    return TRUE;

  g_autofree char *message = g_strdup_printf ("Invalid %s, it must be between %" G_GUINT64_FORMAT " and %"
                                              G_GUINT64_FORMAT ".", name, least, most);
  sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 1004, message);
  return FALSE;
}

void
sb_cloudflare_succeed_page (SbDnsCall *call,
                            JsonArray *all,
                            guint      fewest,
                            guint      most,
                            guint      usual)
{
  g_autoptr(JsonArray) owned = all;
  guint64 page = 1, per_page = usual, total = json_array_get_length (all);
  JsonArray *result = json_array_new ();
  JsonObject *info = json_object_new ();

  if (!read_number (call, "page", 1, G_MAXUINT32, &page)
      || !read_number (call, "per_page", fewest, most, &per_page))
    {
      json_array_unref (result);
      json_object_unref (info);
      return;
    }

  for (guint64 i = (page - 1) * per_page; i < total && i < page * per_page; i++)
    json_array_add_element (result, json_array_dup_element (all, i));

  json_object_set_int_member (info, "page", page);
  json_object_set_int_member (info, "per_page", per_page);
  json_object_set_int_member (info, "count", json_array_get_length (result));
  json_object_set_int_member (info, "total_count", total);
  json_object_set_int_member (info, "total_pages", (total + per_page - 1) / per_page);
  sb_cloudflare_succeed (call, sb_json_take_array (result), info);
}

/* ---- who calls ---- */

static gboolean
has_only (const char *text,
          const char *allowed)
{
  return text[strspn (text, allowed)] == '\0';
}

static gboolean
refuse_format (SbDnsCall  *call,
               int         code,
               const char *header)
{
  g_autofree char *message = g_strdup_printf ("Invalid format for %s header", header);

  sb_cloudflare_fail_chain (call, 6003, "Invalid request headers", code, message);
  return FALSE;
}

static gboolean
check_token (SbDnsCall  *call,
             const char *authorization)
{
  SbCloudflare *state = call->state;
  const char *token = g_str_has_prefix (authorization, "Bearer ") ? authorization + strlen ("Bearer ") : "";

  if (*token == '\0' || !has_only (token, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_"))
    return refuse_format (call, 6111, "Authorization");

  if (strcmp (token, TOKEN) != 0 || state->is_token_dead)
    {
      sb_cloudflare_fail (call, SOUP_STATUS_UNAUTHORIZED, 1000, "Invalid API Token");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_key (SbDnsCall  *call,
           const char *email,
           const char *key)
{
  if (email == NULL || strchr (email, '@') == NULL)
    return refuse_format (call, 6102, "X-Auth-Email");
  if (key == NULL || strlen (key) != strlen (KEY) || !has_only (key, "abcdef" G_CSET_DIGITS))
    return refuse_format (call, 6103, "X-Auth-Key");
  if (g_ascii_strcasecmp (email, EMAIL) == 0 && strcmp (key, KEY) == 0)
    return TRUE;

  sb_cloudflare_fail (call, SOUP_STATUS_FORBIDDEN, 9103, "Unknown X-Auth-Key or X-Auth-Email");
  return FALSE;
}

static gboolean
check (SbDnsCall *call)
{
  const char *authorization = sb_dns_call_header (call, "Authorization");
  const char *email = sb_dns_call_header (call, "X-Auth-Email");
  const char *key = sb_dns_call_header (call, "X-Auth-Key");

  sb_dns_answer_header (call, "Ratelimit", "\"default\";r=1199;t=300");
  sb_dns_answer_header (call, "Ratelimit-Policy", "\"default\";q=1200;w=300");
  if (authorization != NULL && (email != NULL || key != NULL))
    return refuse_format (call, 6111, "Authorization");
  if (authorization != NULL)
    return check_token (call, authorization);
  if (email != NULL || key != NULL)
    return check_key (call, email, key);

  sb_cloudflare_fail (call, SOUP_STATUS_BAD_REQUEST, 9106,
                      "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  return FALSE;
}

static void
verify_token (SbDnsCall *call)
{
  JsonObject *result = json_object_new ();
  g_autofree char *id = sb_dns_hex_id (32, "token", NULL);

  json_object_set_string_member (result, "id", id);
  json_object_set_string_member (result, "status", "active");
  sb_cloudflare_succeed (call, sb_json_take_object (result), NULL);
}

/* ---- zones ---- */

static char *
zone_id (const char *zone)
{
  return sb_dns_hex_id (32, "zone", zone, NULL);
}

static JsonObject *
zone_to_json (SbCloudflare *state,
              const char   *zone)
{
  JsonObject *object = json_object_new (), *account = json_object_new ();
  JsonArray *servers = json_array_new ();
  g_autofree char *id = zone_id (zone), *account_id = sb_dns_hex_id (32, "account", NULL);
  const char *status = g_hash_table_lookup (state->statuses, zone), *type = g_hash_table_lookup (state->types, zone);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", zone);
  json_object_set_string_member (object, "status", status != NULL ? status : "active");
  json_object_set_string_member (object, "type", type != NULL ? type : "full");
  json_object_set_boolean_member (object, "paused", FALSE);
  json_object_set_int_member (object, "development_mode", 0);
  json_array_add_string_element (servers, "ada.ns.cloudflare.test");
  json_array_add_string_element (servers, "bob.ns.cloudflare.test");
  json_object_set_array_member (object, "name_servers", servers);
  json_object_set_string_member (account, "id", account_id);
  json_object_set_string_member (account, "name", "Sandbox");
  json_object_set_object_member (object, "account", account);
  json_object_set_string_member (object, "created_on", "2026-01-01T00:00:00.000000Z");
  json_object_set_string_member (object, "modified_on", "2026-01-01T00:00:00.000000Z");
  return object;
}

static gboolean
is_wanted (SbDnsCall  *call,
           JsonObject *object,
           const char *name)
{
  const char *wanted = sb_dns_call_query (call, name);

  return wanted == NULL || g_ascii_strcasecmp (wanted, sb_json_text (object, name)) == 0;
}

/* A token without the right to read zones sees none, and is told nothing. */
static void
list_zones (SbDnsCall *call)
{
  SbCloudflare *state = call->state;
  const char *const *names = sb_zones_names (call->zones);
  JsonArray *zones = json_array_new ();

  for (gsize i = 0; !state->is_zone_hidden && names[i] != NULL; i++)
    {
      JsonObject *zone = zone_to_json (state, names[i]);

      if (is_wanted (call, zone, "name") && is_wanted (call, zone, "status"))
        json_array_add_object_element (zones, zone);
      else
        json_object_unref (zone);
    }

  sb_cloudflare_succeed_page (call, zones, 5, 50, 20);
}

static gboolean
is_id (const char *text)
{
  return strlen (text) == 32 && has_only (text, "abcdef" G_CSET_DIGITS);
}

const char *
sb_cloudflare_zone (SbDnsCall *call)
{
  SbCloudflare *state = call->state;
  const char *const *names = sb_zones_names (call->zones);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *id = zone_id (names[i]);

      if (strcmp (id, call->parts[0]) != 0)
        continue;
      if (!state->is_edit_refused)
        return names[i];

      sb_cloudflare_fail (call, SOUP_STATUS_FORBIDDEN, 10000, "Authentication error");
      return NULL;
    }

  fail_route (call, is_id (call->parts[0]) ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_BAD_REQUEST);
  return NULL;
}

static void
get_zone (SbDnsCall *call)
{
  SbCloudflare *state = call->state;
  const char *zone = sb_cloudflare_zone (call);

  if (zone != NULL && state->is_zone_hidden)
    sb_cloudflare_fail (call, SOUP_STATUS_FORBIDDEN, 9109, "Unauthorized to access requested resource");
  else if (zone != NULL)
    sb_cloudflare_succeed (call, sb_json_take_object (zone_to_json (state, zone)), NULL);
}

/* ---- life ---- */

static gpointer
open_state (SbZones *zones)
{
  SbCloudflare *state = g_new0 (SbCloudflare, 1);

  state->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sb_cloudflare_note_free);
  return state;
}

static void
close_state (gpointer data)
{
  SbCloudflare *state = data;

  g_hash_table_unref (state->statuses);
  g_hash_table_unref (state->types);
  g_hash_table_unref (state->notes);
  g_free (state);
}

static void
add_fields (gpointer    state,
            JsonObject *fields)
{
  json_object_set_string_member (fields, "api-token", TOKEN);
}

static void
reset (SbCloudflare *state)
{
  state->is_token_dead = state->is_zone_hidden = state->is_edit_refused = FALSE;
  g_hash_table_remove_all (state->statuses);
  g_hash_table_remove_all (state->types);
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
  static const char *const known[] = { "kind", "reset", "token", "zone-read", "dns-edit", "zone", "status", "type", NULL };
  SbCloudflare *state = data;
  g_autofree char *unknown = sb_json_unknown (order, known);

  if (unknown != NULL)
    {
      *why = g_strdup_printf ("Unknown is “%s”. Known are: reset, token, zone-read, dns-edit; zone, status, type.", unknown);
      return FALSE;
    }

  if (json_object_get_boolean_member_with_default (order, "reset", FALSE))
    reset (state);
  state->is_token_dead = !json_object_get_boolean_member_with_default (order, "token", !state->is_token_dead);
  state->is_zone_hidden = !json_object_get_boolean_member_with_default (order, "zone-read", !state->is_zone_hidden);
  state->is_edit_refused = !json_object_get_boolean_member_with_default (order, "dns-edit", !state->is_edit_refused);
  set_of_zone (state->statuses, order, "status");
  set_of_zone (state->types, order, "type");
  return TRUE;
}

static const SbDnsRoute routes[] = {
  { "GET", "/user/tokens/verify", "cloudflare.verify", verify_token },
  { "GET", "/zones", "cloudflare.zones", list_zones },
  { "GET", "/zones/{zone}", "cloudflare.zone", get_zone },
  { "GET", "/zones/{zone}/dns_records", "cloudflare.list", sb_cloudflare_list },
  { "POST", "/zones/{zone}/dns_records", "cloudflare.create", sb_cloudflare_create },
  { "GET", "/zones/{zone}/dns_records/{record}", "cloudflare.get", sb_cloudflare_get },
  { "DELETE", "/zones/{zone}/dns_records/{record}", "cloudflare.delete", sb_cloudflare_delete },
  { NULL }
};

const SbDnsService sb_dns_cloudflare = {
  .kind = "cloudflare",
  .base = "/client/v4",
  .routes = routes,
  .open = open_state,
  .close = close_state,
  .check = check,
  .lost = lost,
  .fields = add_fields,
  .control = control,
};
