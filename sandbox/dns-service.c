/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-service.h"

#include "exchange.h"

#include <string.h>

#define X(kind) extern const SbDnsService sb_dns_##kind;
#include "dns-services.h"
#undef X

static const SbDnsService *const services[] = {
#define X(kind) &sb_dns_##kind,
#include "dns-services.h"
#undef X
};

struct _SbDns
{
  SbZones *zones;
  gpointer states[G_N_ELEMENTS (services)];
};

SbDns *
sb_dns_new (SbZones *zones)
{
  SbDns *dns = g_new0 (SbDns, 1);

  dns->zones = zones;
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    dns->states[i] = services[i]->open != NULL ? services[i]->open (zones) : NULL;

  return dns;
}

void
sb_dns_free (SbDns *dns)
{
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (services[i]->close != NULL)
      services[i]->close (dns->states[i]);

  sb_zones_free (dns->zones);
  g_free (dns);
}

JsonObject *
sb_dns_to_json (SbDns *dns,
                guint  port)
{
  JsonObject *all = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      JsonObject *one = json_object_new (), *fields = json_object_new ();
      g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u" SB_DNS_PATH "/%s%s", port,
                                              services[i]->kind, services[i]->base);

      json_object_set_string_member (one, "url", url);
      services[i]->fields (dns->states[i], fields);
      if (services[i]->url_field != NULL)
        json_object_set_string_member (fields, services[i]->url_field, url);
      json_object_set_object_member (one, "fields", fields);
      json_object_set_object_member (all, services[i]->kind, one);
    }

  return all;
}

gboolean
sb_dns_control (SbDns       *dns,
                JsonObject  *order,
                char       **why)
{
  const char *kind = sb_json_text (order, "kind");

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_strcmp0 (kind, services[i]->kind) == 0 && services[i]->control != NULL)
      return services[i]->control (dns->states[i], order, why);

  *why = g_strdup_printf ("There is nothing to change at a DNS service “%s”.", kind != NULL ? kind : "");
  return FALSE;
}

/* ---- calls ---- */

const char *
sb_dns_call_header (SbDnsCall  *call,
                    const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (call->message), name);
}

const char *
sb_dns_call_query (SbDnsCall  *call,
                   const char *name)
{
  return g_hash_table_lookup (call->query, name);
}

JsonNode *
sb_dns_call_json (SbDnsCall *call)
{
  g_autoptr(JsonNode) node = g_utf8_validate_len (call->body, call->length, NULL)
                               ? json_from_string (call->body, NULL) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_VALUE (node) && !JSON_NODE_HOLDS_NULL (node) ? g_steal_pointer (&node)
                                                                                      : NULL;
}

void
sb_dns_answer_header (SbDnsCall  *call,
                      const char *name,
                      const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), name, value);
}

void
sb_dns_answer (SbDnsCall  *call,
               guint       status,
               const char *content_type,
               const char *text)
{
  call->status = status;
  g_free (call->content_type);
  call->content_type = g_strdup (content_type);
  g_string_assign (call->answer, text);
}

void
sb_dns_answer_json (SbDnsCall *call,
                    guint      status,
                    JsonNode  *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  sb_dns_answer (call, status, "application/json", text);
  json_node_unref (node);
}

JsonNode *
sb_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

JsonNode *
sb_json_take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

const char *
sb_json_text (JsonObject *object,
              const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

char *
sb_json_unknown (JsonObject        *object,
                 const char *const *known)
{
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      return g_strdup (at->data);

  return NULL;
}

char *
sb_dns_hex_id (guint       digits,
               const char *word,
               ...)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  va_list words;

  va_start (words, word);
  for (; word != NULL; word = va_arg (words, const char *))
    g_checksum_update (sum, (const guchar *) word, strlen (word) + 1);
  va_end (words);

  return g_strndup (g_checksum_get_string (sum), digits);
}

/* ---- routing ---- */

static gboolean
is_same (const SbDnsService *service,
         const char         *one,
         const char         *other)
{
  return (service->any_case ? g_ascii_strcasecmp (one, other) : strcmp (one, other)) == 0;
}

/* Returns: (transfer full) (nullable): what stands in the place of each {…} */
static GStrv
match (const SbDnsService *service,
       const char         *pattern,
       const char         *path)
{
  g_auto(GStrv) wanted = g_strsplit (pattern, "/", -1), given = g_strsplit (path, "/", -1);
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new ();

  if (g_strv_length (wanted) != g_strv_length (given))
    return NULL;

  for (gsize i = 0; wanted[i] != NULL; i++)
    {
      g_autofree char *text = g_uri_unescape_string (given[i], NULL);

      if (text == NULL || (*wanted[i] == '{' ? *text == '\0' : !is_same (service, wanted[i], text)))
        return NULL;
      if (*wanted[i] == '{')
        g_strv_builder_add (parts, text);
    }

  return g_strv_builder_end (parts);
}

static const SbDnsRoute *
find_route (SbDnsCall *call)
{
  gsize length = strlen (call->service->base);

  if (strncmp (call->path, call->service->base, length) != 0)
    return NULL;

  for (const SbDnsRoute *route = call->service->routes; route->method != NULL; route++)
    if (strcmp (route->method, call->method) == 0
        && (call->parts = match (call->service, route->pattern, call->path + length)) != NULL)
      return route;

  return NULL;
}

static void
call_clear (SbDnsCall *call)
{
  g_hash_table_unref (call->query);
  g_strfreev (call->parts);
  g_free (call->content_type);
  g_string_free (call->answer, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SbDnsCall, call_clear)

static void
call_init (SbDnsCall         *call,
           SbDns             *dns,
           gsize              service,
           SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  call->service = services[service];
  call->state = dns->states[service];
  call->zones = dns->zones;
  call->message = message;
  call->method = soup_server_message_get_method (message);
  call->path = g_uri_get_path (uri) + strlen (SB_DNS_PATH "/") + strlen (services[service]->kind);
  call->raw_query = g_uri_get_query (uri);
  call->query = call->raw_query != NULL ? soup_form_decode (call->raw_query)
                                        : g_hash_table_new (g_str_hash, g_str_equal);
  call->body = body->data != NULL ? body->data : "";
  call->length = body->data != NULL ? body->length : 0;
  call->answer = g_string_new (NULL);
}

/* Method and path, and the body: without headers, which are where most secrets are. */
static void
note (SbWorld    *world,
      SbDnsCall  *call,
      const char *operation,
      const char *outcome)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_printf (text, "%s %s%s%s\n\n", call->method, call->path, call->raw_query != NULL ? "?" : "",
                   call->raw_query != NULL ? call->raw_query : "");
  g_string_append_len (text, call->body, call->length);
  sb_requests_add (world->requests, operation, NULL, text->str, text->len, outcome);
  g_info ("%s: %s", operation, outcome);
}

static void
work (SbWorld    *world,
      SbDnsCall  *call,
      SbExchange *exchange)
{
  const SbDnsRoute *route = find_route (call);
  g_autofree char *nowhere = g_strconcat (call->service->kind, ".?", NULL);
  const char *operation = route != NULL ? route->operation : nowhere;

  exchange->fault = sb_faults_take (world->faults, operation);
  if (sb_exchange_prevention (exchange) != NULL)
    {
      note (world, call, operation, sb_exchange_prevention (exchange));
      sb_exchange_prevent (exchange);
      return;
    }

  if (call->service->check == NULL || call->service->check (call))
    (route != NULL ? route->handler : call->service->lost) (call);

  g_autofree char *outcome = g_strdup_printf ("%u", call->status);
  g_autoptr(GBytes) body = g_bytes_new (call->answer->str, call->answer->len);
  note (world, call, operation, outcome);
  sb_exchange_answer (exchange, call->status, call->content_type, body);
}

void
sb_dns_request_cb (SoupServer        *server,
                   SoupServerMessage *message,
                   const char        *path,
                   GHashTable        *query,
                   gpointer           user_data)
{
  SbWorld *world = user_data;
  const char *rest = g_str_has_prefix (path, SB_DNS_PATH "/") ? path + strlen (SB_DNS_PATH "/") : "";

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      gsize length = strlen (services[i]->kind);

      if (strncmp (rest, services[i]->kind, length) == 0 && (rest[length] == '/' || rest[length] == '\0'))
        {
          g_auto(SbDnsCall) call = { 0 };

          call_init (&call, world->dns, i, message);
          work (world, &call, sb_exchange_new (message));
          return;
        }
    }

  soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}
