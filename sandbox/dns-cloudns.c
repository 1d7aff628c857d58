/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-cloudns.h"

#include <string.h>

/* ClouDNS's API, as far as zones and TXT records go. Its status is always 200, and each call has its own
 * shape of answer: objects, arrays, and bare numbers and truth values. */

#define PENDING 300

static const char *const names_of_ids[] = { "auth-id", "sub-auth-id", "sub-auth-user" };
static const char *const ids[] = { SB_CLOUDNS_AUTH_ID, SB_CLOUDNS_SUB_AUTH_ID, SB_CLOUDNS_SUB_AUTH_USER };

/* ---- answers ---- */

const char *
sb_cloudns_param (SbDnsCall  *call,
                  const char *name)
{
  SbCloudns *state = call->state;
  const char *value = g_hash_table_lookup (state->params, name);

  return value != NULL ? value : "";
}

static void
answer (SbDnsCall  *call,
        const char *status,
        const char *description,
        JsonObject *data)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "status", status);
  json_object_set_string_member (object, "statusDescription", description);
  if (data != NULL)
    json_object_set_object_member (object, "data", data);
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (object));
}

void
sb_cloudns_succeed (SbDnsCall  *call,
                    const char *description,
                    JsonObject *data)
{
  answer (call, "Success", description, data);
}

void
sb_cloudns_fail (SbDnsCall  *call,
                 const char *description)
{
  answer (call, "Failed", description, NULL);
}

static void
lost (SbDnsCall *call)
{
  sb_dns_answer (call, SOUP_STATUS_NOT_FOUND, "text/html", "<html><title>404 Not Found</title></html>");
}

/* ---- who calls, and how often ---- */

/* Parameters come in the query or in a form, to every call. */
static void
read_params (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (call->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean is_form = strcmp (call->method, "POST") == 0
                     && g_strcmp0 (type, "application/x-www-form-urlencoded") == 0;

  g_clear_pointer (&state->params, g_hash_table_unref);
  state->params = is_form ? soup_form_decode (call->body) : g_hash_table_ref (call->query);
}

/* exactly one of the three, and the password */
static gboolean
know_caller (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  guint given = 0, right = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const char *id = sb_cloudns_param (call, names_of_ids[i]);

      given += *id != '\0';
      right += strcmp (id, ids[i]) == 0;
    }

  state->is_sub_user = *sb_cloudns_param (call, "auth-id") == '\0';
  return given == 1 && right == 1
         && strcmp (sb_cloudns_param (call, "auth-password"), SB_CLOUDNS_PASSWORD) == 0;
}

static gboolean
is_too_often (SbCloudns *state)
{
  gint64 second = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (second != state->second)
    state->requests = 0;
  state->second = second;
  return state->rate > 0 && ++state->requests > state->rate;
}

static gboolean
check (SbDnsCall *call)
{
  read_params (call);
  if (is_too_often (call->state))
    sb_cloudns_fail (call, "You have reached the limit of requests per second.");
  else if (!know_caller (call))
    sb_cloudns_fail (call, "Invalid authentication, incorrect auth-id or auth-password.");
  else
    return TRUE;

  return FALSE;
}

static void
log_in (SbDnsCall *call)
{
  sb_cloudns_succeed (call, "Success login.", NULL);
}

/* ---- life ---- */

static void
reset (SbCloudns *state)
{
  g_hash_table_remove_all (state->types);
  g_hash_table_remove_all (state->off);
  g_hash_table_remove_all (state->delegated);
  if (state->first_zone != NULL)
    g_hash_table_add (state->delegated, g_strdup (state->first_zone));
  state->is_read_only = FALSE;
  state->pending = PENDING;
  state->rate = 0;
}

static gpointer
open_state (SbZones *zones)
{
  SbCloudns *state = g_new0 (SbCloudns, 1);

  state->first_zone = sb_zones_names (zones)[0];
  state->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->off = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->delegated = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reset (state);
  return state;
}

static void
close_state (gpointer data)
{
  SbCloudns *state = data;

  g_clear_pointer (&state->params, g_hash_table_unref);
  g_hash_table_unref (state->types);
  g_hash_table_unref (state->off);
  g_hash_table_unref (state->delegated);
  g_hash_table_unref (state->ids);
  g_hash_table_unref (state->busy);
  g_free (state);
}

static void
add_fields (gpointer    state,
            JsonObject *fields)
{
  json_object_set_string_member (fields, "sub-auth-id", SB_CLOUDNS_SUB_AUTH_ID);
  json_object_set_string_member (fields, "auth-password", SB_CLOUDNS_PASSWORD);
}

static void
change_zone (SbCloudns  *state,
             JsonObject *order)
{
  const char *zone = sb_json_text (order, "zone"), *type = sb_json_text (order, "type");

  if (zone == NULL)
    return;

  if (type != NULL)
    g_hash_table_replace (state->types, g_strdup (zone), g_strdup (type));
  if (json_object_get_boolean_member_with_default (order, "off", FALSE))
    g_hash_table_add (state->off, g_strdup (zone));
  if (!json_object_get_boolean_member_with_default (order, "delegated", TRUE))
    g_hash_table_remove (state->delegated, zone);
  else if (json_object_has_member (order, "delegated"))
    g_hash_table_add (state->delegated, g_strdup (zone));
}

static gboolean
control (gpointer     data,
         JsonObject  *order,
         char       **why)
{
  static const char *const known[] = { "kind", "reset", "zone", "type", "off", "delegated", "read-only",
                                       "pending", "rate", NULL };
  SbCloudns *state = data;
  g_autofree char *unknown = sb_json_unknown (order, known);

  if (unknown != NULL)
    {
      *why = g_strdup_printf ("Unknown is “%s”. Known are: reset; zone, type, off, delegated; read-only, "
                              "pending, rate.",
                              unknown);
      return FALSE;
    }

  if (json_object_get_boolean_member_with_default (order, "reset", FALSE))
    reset (state);
  change_zone (state, order);
  state->is_read_only = json_object_get_boolean_member_with_default (order, "read-only", state->is_read_only);
  state->pending = json_object_get_int_member_with_default (order, "pending", state->pending);
  state->rate = json_object_get_int_member_with_default (order, "rate", state->rate);
  return TRUE;
}

#define EITHER_WAY(path, operation, handler) \
  { "GET", path, operation, handler }, { "POST", path, operation, handler }

static const SbDnsRoute routes[] = {
  EITHER_WAY ("/login/login.json", "cloudns.login", log_in),
  EITHER_WAY ("/dns/get-zone-info.json", "cloudns.zone", sb_cloudns_get_zone),
  EITHER_WAY ("/dns/list-zones.json", "cloudns.zones", sb_cloudns_list_zones),
  EITHER_WAY ("/dns/get-pages-count.json", "cloudns.pages", sb_cloudns_count_pages),
  EITHER_WAY ("/dns/records.json", "cloudns.list", sb_cloudns_list),
  EITHER_WAY ("/dns/add-record.json", "cloudns.create", sb_cloudns_add),
  EITHER_WAY ("/dns/delete-record.json", "cloudns.delete", sb_cloudns_delete),
  EITHER_WAY ("/dns/update-status.json", "cloudns.status", sb_cloudns_list_servers),
  EITHER_WAY ("/dns/is-updated.json", "cloudns.updated", sb_cloudns_is_updated),
  { NULL }
};

const SbDnsService sb_dns_cloudns = {
  .kind = "cloudns",
  .base = "",
  .routes = routes,
  .open = open_state,
  .close = close_state,
  .check = check,
  .lost = lost,
  .fields = add_fields,
  .control = control,
};
