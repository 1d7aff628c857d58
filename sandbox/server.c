/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include "call.h"

#include "dns-service.h"
#include "exchange.h"
#include "pages.h"

#include <string.h>

#define XML_TYPE "text/xml;charset=UTF-8"

/* One call of the SOAP services on its way to an answer. */
typedef struct
{
  SbWorld *world;
  SbExchange *exchange;
} Soap;

static void
note (SbWorld    *world,
      SbExchange *exchange,
      const char *operation,
      const char *order_id,
      const char *outcome)
{
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->message);

  sb_requests_add (world->requests, operation, order_id, body->data != NULL ? body->data : "",
                   body->data != NULL ? body->length : 0, outcome);
  g_info ("%s %s: %s", operation != NULL ? operation : "?", order_id != NULL ? order_id : "-", outcome);
}

static void
send_fault (SbExchange *exchange,
            const char *text)
{
  g_autoptr(GBytes) body = sb_wire_fault (text);

  sb_exchange_send (exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, XML_TYPE, body);
}

static void
call_done_cb (SbCall   *call,
              gpointer  user_data)
{
  g_autofree Soap *soap = user_data;
  g_autofree char *outcome = sb_call_outcome (call);
  g_autoptr(GBytes) body = sb_call_answer (call);

  note (soap->world, soap->exchange, call->operation->name, call->order_id, outcome);
  sb_call_free (call);
  sb_exchange_answer (soap->exchange, SOUP_STATUS_OK, XML_TYPE, body);
}

/* Faults that take the place of the work. */
static gboolean
fault_prevents (SbWorld    *world,
                SbExchange *exchange,
                const char *operation)
{
  if (exchange->fault != NULL && exchange->fault->soap_fault)
    {
      note (world, exchange, operation, NULL, "fault");
      send_fault (exchange, "Fault occurred while processing.");
      return TRUE;
    }
  if (sb_exchange_prevention (exchange) == NULL)
    return FALSE;

  note (world, exchange, operation, NULL, sb_exchange_prevention (exchange));
  sb_exchange_prevent (exchange);
  return TRUE;
}

static void
dispatch (SbWorld    *world,
          SbExchange *exchange,
          const char *service)
{
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->message);
  xmlNode *element = NULL, *request = NULL;
  g_autofree char *wrong = NULL;
  g_autoptr(xmlDoc) doc = sb_wire_parse (body->data, body->length, &element, &request, &wrong);

  if (doc == NULL)
    {
      note (world, exchange, NULL, NULL, "fault");
      send_fault (exchange, wrong);
      return;
    }

  const SbOperation *operation = sb_schema_find (service, (const char *) element->name);
  if (operation == NULL)
    {
      g_autofree char *text = g_strdup_printf ("Message part %s was not recognized by %s.", element->name,
                                               service);
      note (world, exchange, (const char *) element->name, NULL, "fault");
      send_fault (exchange, text);
      return;
    }

  exchange->fault = sb_faults_take (world->faults, operation->name);
  if (fault_prevents (world, exchange, operation->name))
    return;

  const SbFault *fault = exchange->fault;
  Soap *soap = g_new (Soap, 1);
  *soap = (Soap) { world, exchange };
  SbCall *call = sb_call_new (world, operation, g_steal_pointer (&doc), request, call_done_cb, soap);
  if (fault != NULL && fault->code != 0)
    sb_call_refuse (call, fault->code, fault->field, fault->message);
  else
    sb_call_run (call);
}

static gboolean
is_service (const char *name)
{
  static const char *const services[] = { "ServerSSLService", "GASService", "AccountService", NULL };

  return g_strv_contains (services, name);
}

static void
soap_request_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           user_data)
{
  const char *service = path + strlen (SB_BASE_PATH) + (path[strlen (SB_BASE_PATH)] == '/');
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (!is_service (service))
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (soup_server_message_get_method (message) != SOUP_METHOD_POST)
    soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
  else if (g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "text/xml") != 0)
    soup_server_message_set_status (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, NULL);
  else
    {
      SoupMessageHeaders *out = soup_server_message_get_response_headers (message);
      g_autofree char *session = g_strdup_printf ("JSESSIONID=%08X%08X; Path=/kb; Secure; HttpOnly",
                                                  g_random_int (), g_random_int ());

      soup_message_headers_replace (out, "Set-Cookie", session);
      dispatch (user_data, sb_exchange_new (message), service);
    }
}

SoupServer *
sb_server_new (SbWorld  *world,
               guint     port,
               GError  **error)
{
  g_autoptr(GTlsCertificate) certificate = sb_authority_server_certificate (world->authority, error);
  g_autoptr(SoupServer) server = NULL;
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  if (certificate == NULL)
    return NULL;

  /* raw paths: some of the DNS services' clients sign them as they are */
  server = soup_server_new ("server-header", "Apache", "tls-certificate", certificate, "raw-paths", TRUE, NULL);
  sb_exchange_guard (server, SB_BASE_PATH);
  soup_server_add_handler (server, SB_BASE_PATH, soap_request_cb, world, NULL);
  sb_exchange_guard (server, SB_DNS_PATH);
  soup_server_add_handler (server, SB_DNS_PATH, sb_dns_request_cb, world, NULL);
  sb_exchange_guard (server, SB_PAGES_PATH);
  soup_server_add_handler (server, SB_PAGES_PATH, sb_page_request_cb, world, NULL);
  if (!soup_server_listen (server, address, SOUP_SERVER_LISTEN_HTTPS, error))
    return NULL;

  return g_steal_pointer (&server);
}

guint
sb_server_port (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint port = uris != NULL ? g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}
