/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control-handlers.h"

#include "control.h"
#include "dates.h"
#include "vouchers.h"

#include <math.h>
#include <string.h>

gboolean
sb_control_flag (JsonObject *body,
                 const char *name,
                 gboolean    otherwise)
{
  return json_object_get_boolean_member_with_default (body, name, otherwise);
}

JsonNode *
sb_control_done (void)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "ok", TRUE);
  return sb_json_take_object (object);
}

static JsonNode *
list_requests (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  return sb_json_take_array (sb_requests_list (world->requests));
}

static JsonNode *
count_requests (SbWorld     *world,
                JsonObject  *body,
                char       **why)
{
  return sb_json_take_object (sb_requests_count (world->requests));
}

static JsonNode *
list_accounts (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  JsonArray *array = json_array_new ();
  GPtrArray *accounts = sb_state_accounts (world->state);

  for (guint i = 0; i < accounts->len; i++)
    {
      SbAccount *account = g_ptr_array_index (accounts, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "user", account->user);
      json_object_set_double_member (object, "balance", account->balance / 100.0);
      json_object_set_string_member (object, "currency", account->currency);
      json_object_set_string_member (object, "utc-offset", account->offset);
      json_object_set_boolean_member (object, "locked", account->locked);
      json_object_set_boolean_member (object, "ip-refused", account->ip_refused);
      json_object_set_boolean_member (object, "twelve-hours", account->twelve_hours);
      json_array_add_object_element (array, object);
    }

  return sb_json_take_array (array);
}

static SbAccount *
find_account (SbWorld     *world,
              JsonObject  *body,
              char       **why)
{
  GPtrArray *accounts = sb_state_accounts (world->state);
  const char *user = json_object_get_string_member_with_default (body, "user", NULL);
  SbAccount *account = user != NULL ? sb_state_account (world->state, user) : g_ptr_array_index (accounts, 0);

  if (account == NULL)
    *why = g_strdup_printf ("There is no account “%s”.", user);
  return account;
}

static gboolean
set_offset (SbAccount   *account,
            const char  *offset,
            char       **why)
{
  if (offset != NULL && !sb_offset_is_valid (offset))
    {
      *why = g_strdup ("“utc-offset” must be like +09:00.");
      return FALSE;
    }

  if (offset != NULL)
    {
      g_free (account->offset);
      account->offset = g_strdup (offset);
    }
  return TRUE;
}

static JsonNode *
set_account (SbWorld     *world,
             JsonObject  *body,
             char       **why)
{
  SbAccount *account = find_account (world, body, why);
  g_autoptr(GError) error = NULL;

  if (account == NULL
      || !set_offset (account, json_object_get_string_member_with_default (body, "utc-offset", NULL), why))
    return NULL;

  account->balance = llround (json_object_get_double_member_with_default (body, "balance",
                                                                          account->balance / 100.0) * 100);
  account->locked = sb_control_flag (body, "locked", account->locked);
  account->ip_refused = sb_control_flag (body, "ip-refused", account->ip_refused);
  account->twelve_hours = sb_control_flag (body, "twelve-hours", account->twelve_hours);
  if (!sb_state_save_account (world->state, account, &error))
    {
      *why = g_strdup (error->message);
      return NULL;
    }

  return sb_control_done ();
}

static JsonNode *
list_faults (SbWorld     *world,
             JsonObject  *body,
             char       **why)
{
  return sb_json_take_array (sb_faults_list (world->faults));
}

static JsonNode *
add_fault (SbWorld     *world,
           JsonObject  *body,
           char       **why)
{
  return sb_faults_add (world->faults, body, why) ? sb_control_done () : NULL;
}

static JsonNode *
set_dns (SbWorld     *world,
         JsonObject  *body,
         char       **why)
{
  return sb_dns_control (world->dns, body, why) ? sb_control_done () : NULL;
}

static JsonNode *
set_settings (SbWorld     *world,
              JsonObject  *body,
              char       **why)
{
  return sb_settings_change (&world->settings, body, why) ? sb_control_done () : NULL;
}

static JsonNode *
show_settings (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  return sb_json_take_object (sb_settings_to_json (&world->settings));
}

/* A check in a thread may still hold the table before. */
static JsonNode *
set_addresses (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  g_autoptr(GHashTable) addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *from;
  JsonNode *node;

  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &from, &node))
    {
      const char *to = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (to == NULL || !g_hostname_is_ip_address (from) || !g_hostname_is_ip_address (to))
        {
          *why = g_strdup ("It must be like {\"203.0.113.7\": \"127.0.0.1\"}.");
          return NULL;
        }
      g_hash_table_insert (addresses, g_strdup (from), g_strdup (to));
    }

  g_hash_table_unref (world->addresses);
  world->addresses = g_steal_pointer (&addresses);
  return sb_control_done ();
}

static JsonNode *
list_vouchers (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  return sb_json_take_array (sb_vouchers_list (world->vouchers));
}

static JsonNode *
add_voucher (SbWorld     *world,
             JsonObject  *body,
             char       **why)
{
  return sb_vouchers_add (world->vouchers, body, why) ? sb_control_done () : NULL;
}

static JsonNode *
clear (SbWorld     *world,
       JsonObject  *body,
       char       **why)
{
  sb_faults_clear (world->faults);
  g_hash_table_remove_all (world->high_risk);
  world->settings = world->start;
  sb_vouchers_free (world->vouchers);
  world->vouchers = sb_vouchers_new ();
  g_hash_table_unref (world->addresses);
  world->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (sb_control_flag (body, "requests", FALSE))
    sb_requests_clear (world->requests);
  return sb_control_done ();
}

static JsonNode *
add_high_risk (SbWorld     *world,
               JsonObject  *body,
               char       **why)
{
  const char *name = json_object_get_string_member_with_default (body, "name", NULL);

  if (name == NULL)
    {
      *why = g_strdup ("“name” is missing.");
      return NULL;
    }

  g_hash_table_add (world->high_risk, g_ascii_strdown (name, -1));
  return sb_control_done ();
}

static const struct
{
  const char *method;
  const char *path;
  SbControlHandler handler;
} routes[] = {
  { "GET", SB_CONTROL_PATH "/orders", sb_control_list_orders },
  { "GET", SB_CONTROL_PATH "/requests", list_requests },
  { "GET", SB_CONTROL_PATH "/accounts", list_accounts },
  { "POST", SB_CONTROL_PATH "/account", set_account },
  { "GET", SB_CONTROL_PATH "/faults", list_faults },
  { "POST", SB_CONTROL_PATH "/faults", add_fault },
  { "POST", SB_CONTROL_PATH "/dns", set_dns },
  { "GET", SB_CONTROL_PATH "/settings", show_settings },
  { "POST", SB_CONTROL_PATH "/settings", set_settings },
  { "POST", SB_CONTROL_PATH "/addresses", set_addresses },
  { "GET", SB_CONTROL_PATH "/mails", sb_control_list_mails },
  { "POST", SB_CONTROL_PATH "/mails/approve", sb_control_approve },
  { "POST", SB_CONTROL_PATH "/mails/reject", sb_control_reject },
  { "POST", SB_CONTROL_PATH "/vet", sb_control_vet },
  { "GET", SB_CONTROL_PATH "/vouchers", list_vouchers },
  { "POST", SB_CONTROL_PATH "/vouchers", add_voucher },
  { "GET", SB_CONTROL_PATH "/counts", count_requests },
  { "POST", SB_CONTROL_PATH "/seed", sb_control_seed },
  { "POST", SB_CONTROL_PATH "/clear", clear },
  { "POST", SB_CONTROL_PATH "/high-risk", add_high_risk },
  { "POST", SB_CONTROL_PATH "/release", sb_control_release },
};

static SbControlHandler
find_route (const char *method,
            const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].method, method) == 0 && strcmp (routes[i].path, path) == 0)
      return routes[i].handler;

  return NULL;
}

static void
reply (SoupServerMessage *message,
       guint              status,
       JsonNode          *node)
{
  g_autofree char *text = json_to_string (node, TRUE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, line, strlen (line));
}

static void
reply_wrong (SoupServerMessage *message,
             guint              status,
             const char        *why)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "error", why);
  g_autoptr(JsonNode) node = sb_json_take_object (object);
  reply (message, status, node);
}

/* An empty body is an empty object. */
static JsonNode *
read_body (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = body->data != NULL ? g_strndup (body->data, body->length) : NULL;
  g_autoptr(JsonNode) node = text != NULL && *text != '\0' ? json_from_string (text, NULL)
                                                           : sb_json_take_object (json_object_new ());

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static void
control_request_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  SbControlHandler handler = find_route (soup_server_message_get_method (message), path);
  g_autoptr(JsonNode) body = read_body (message);
  g_autofree char *why = NULL;

  if (handler == NULL)
    {
      reply_wrong (message, SOUP_STATUS_NOT_FOUND, "No such control. See chancery-sandbox(1).");
      return;
    }
  if (body == NULL)
    {
      reply_wrong (message, SOUP_STATUS_BAD_REQUEST, "The body must be a JSON object.");
      return;
    }

  g_autoptr(JsonNode) answer = handler (user_data, json_node_get_object (body), &why);
  if (answer != NULL)
    reply (message, SOUP_STATUS_OK, answer);
  else
    reply_wrong (message, SOUP_STATUS_BAD_REQUEST, why);
}

SoupServer *
sb_control_new (SbWorld  *world,
                guint     port,
                GError  **error)
{
  g_autoptr(SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  soup_server_add_handler (server, SB_CONTROL_PATH, control_request_cb, world, NULL);
  if (!soup_server_listen (server, address, 0, error))
    return NULL;

  return g_steal_pointer (&server);
}
