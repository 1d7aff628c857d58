/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include "call.h"

#include <gnutls/crypto.h>
#include <string.h>

#define BODY_MAX (4 * 1024 * 1024)
#define XML_TYPE "text/xml;charset=UTF-8"

/* One HTTP request on its way to an answer. */
typedef struct
{
  SbWorld *world;
  SoupServerMessage *message; /* (owned) */
  SbFault *fault;             /* (owned) (nullable) */
  GBytes *answer;             /* (owned) (nullable): while it waits for a latency */
  gboolean is_gone;           /* the client closed the connection */
} Exchange;

static void
gone_cb (Exchange *exchange)
{
  exchange->is_gone = TRUE;
}

static Exchange *
exchange_new (SbWorld           *world,
              SoupServerMessage *message)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->world = world;
  exchange->message = g_object_ref (message);
  g_signal_connect_swapped (message, "disconnected", G_CALLBACK (gone_cb), exchange);
  soup_server_message_pause (message);
  return exchange;
}

static void
exchange_free (Exchange *exchange)
{
  g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_object_unref (exchange->message);
  g_clear_pointer (&exchange->fault, sb_fault_free);
  g_clear_pointer (&exchange->answer, g_bytes_unref);
  g_free (exchange);
}

static void
note (Exchange   *exchange,
      const char *operation,
      const char *order_id,
      const char *outcome)
{
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->message);

  sb_requests_add (exchange->world->requests, operation, order_id, body->data != NULL ? body->data : "",
                   body->data != NULL ? body->length : 0, outcome);
  g_info ("%s %s: %s", operation != NULL ? operation : "?", order_id != NULL ? order_id : "-", outcome);
}

static void
respond (Exchange   *exchange,
         guint       status,
         const char *type,
         GBytes     *body)
{
  if (!exchange->is_gone)
    {
      SoupMessageBody *out = soup_server_message_get_response_body (exchange->message);
      SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);
      g_autofree char *session = g_strdup_printf ("JSESSIONID=%08X%08X; Path=/kb; Secure; HttpOnly",
                                                  g_random_int (), g_random_int ());

      soup_server_message_set_status (exchange->message, status, NULL);
      soup_message_headers_replace (headers, "Content-Type", type);
      soup_message_headers_replace (headers, "Set-Cookie", session);
      soup_message_body_append_bytes (out, body);
      soup_message_body_complete (out);
      soup_server_message_unpause (exchange->message);
    }

  exchange_free (exchange);
}

static void
send_fault (Exchange   *exchange,
            const char *text)
{
  g_autoptr(GBytes) body = sb_wire_fault (text);

  respond (exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, XML_TYPE, body);
}

/* As the delivery network in front of the service answers when it has trouble. */
static void
send_page (Exchange *exchange)
{
  static const char page[] =
    "<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head>\n"
    "<body><h1>Sorry</h1><p>The page is not available. Please try again later.</p></body></html>\n";
  g_autoptr(GBytes) body = g_bytes_new_static (page, strlen (page));

  guint status = exchange->fault->status != 0 ? exchange->fault->status : SOUP_STATUS_OK;

  respond (exchange, status, "text/html", body);
}

static void
drop (Exchange *exchange)
{
  if (!exchange->is_gone)
    {
      g_autoptr(GIOStream) stream = soup_server_message_steal_connection (exchange->message);

      if (stream != NULL)
        g_io_stream_close (stream, NULL, NULL);
    }

  exchange_free (exchange);
}

static GBytes *
random_bytes (gsize length)
{
  guint8 *data = g_malloc (length);

  gnutls_rnd (GNUTLS_RND_NONCE, data, length);
  return g_bytes_new_take (data, length);
}

/* Well-formed, and far too big: a comment stands before the root element's end. */
static GBytes *
inflate (GBytes *answer,
         gsize   by)
{
  static const char end[] = "</soap:Envelope>";
  gsize length = 0;
  const char *text = g_bytes_get_data (answer, &length);
  const char *cut = g_strrstr_len (text, length, end);
  GString *huge = g_string_sized_new (length + by + 16);

  g_string_append_len (huge, text, cut - text);
  g_string_append (huge, "<!--");
  gsize start = huge->len;
  g_string_set_size (huge, start + by);
  memset (huge->str + start, 'x', by);
  g_string_append (huge, "-->");
  g_string_append (huge, end);
  return g_string_free_to_bytes (huge);
}

static GBytes *
spoil (const SbFault *fault,
       GBytes        *answer)
{
  gsize length = g_bytes_get_size (answer);

  if (fault != NULL && fault->garbage)
    return random_bytes (length);
  if (fault != NULL && fault->huge > 0)
    return inflate (answer, fault->huge);
  if (fault != NULL && fault->truncate >= 0)
    return g_bytes_new_from_bytes (answer, 0, MIN ((gsize) fault->truncate, length));

  return g_bytes_ref (answer);
}

static gboolean
latency_over_cb (gpointer user_data)
{
  Exchange *exchange = user_data;
  g_autoptr(GBytes) body = g_steal_pointer (&exchange->answer);

  if (exchange->fault->drop == SB_DROP_AFTER)
    drop (exchange);
  else
    respond (exchange, SOUP_STATUS_OK, XML_TYPE, body);
  return G_SOURCE_REMOVE;
}

static void
answer (Exchange *exchange,
        GBytes   *body)
{
  const SbFault *fault = exchange->fault;
  g_autoptr(GBytes) bytes = spoil (fault, body);

  if (fault != NULL && fault->latency > 0)
    {
      exchange->answer = g_steal_pointer (&bytes);
      g_timeout_add (fault->latency, latency_over_cb, exchange);
    }
  else if (fault != NULL && fault->drop == SB_DROP_AFTER)
    drop (exchange);
  else
    respond (exchange, SOUP_STATUS_OK, XML_TYPE, bytes);
}

static void
call_done_cb (SbCall   *call,
              gpointer  user_data)
{
  Exchange *exchange = user_data;
  g_autofree char *outcome = sb_call_outcome (call);
  g_autoptr(GBytes) body = sb_call_answer (call);

  note (exchange, call->operation->name, call->order_id, outcome);
  sb_call_free (call);
  answer (exchange, body);
}

/* Faults that take the place of the work. */
static gboolean
fault_prevents (Exchange   *exchange,
                const char *operation)
{
  SbFault *fault = exchange->fault;

  if (fault == NULL)
    return FALSE;

  if (fault->drop == SB_DROP_BEFORE)
    {
      note (exchange, operation, NULL, "dropped before");
      drop (exchange);
    }
  else if (fault->html || fault->status != 0)
    {
      note (exchange, operation, NULL, "page");
      send_page (exchange);
    }
  else if (fault->soap_fault)
    {
      note (exchange, operation, NULL, "fault");
      send_fault (exchange, "Fault occurred while processing.");
    }
  else
    return FALSE;

  return TRUE;
}

static void
dispatch (Exchange   *exchange,
          const char *service)
{
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->message);
  xmlNode *element = NULL, *request = NULL;
  g_autofree char *wrong = NULL;
  g_autoptr(xmlDoc) doc = sb_wire_parse (body->data, body->length, &element, &request, &wrong);

  if (doc == NULL)
    {
      note (exchange, NULL, NULL, "fault");
      send_fault (exchange, wrong);
      return;
    }

  const SbOperation *operation = sb_schema_find (service, (const char *) element->name);
  if (operation == NULL)
    {
      g_autofree char *text = g_strdup_printf ("Message part %s was not recognized by %s.", element->name,
                                               service);
      note (exchange, (const char *) element->name, NULL, "fault");
      send_fault (exchange, text);
      return;
    }

  exchange->fault = sb_faults_take (exchange->world->faults, operation->name);
  if (fault_prevents (exchange, operation->name))
    return;

  SbCall *call = sb_call_new (exchange->world, operation, g_steal_pointer (&doc), request, call_done_cb,
                              exchange);
  if (exchange->fault != NULL && exchange->fault->code != 0)
    sb_call_refuse (call, exchange->fault->code, exchange->fault->field, exchange->fault->message);
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
    dispatch (exchange_new (user_data, message), service);
}

/* Runs before the body is read, so that a huge one is never held in memory. */
static void
headers_read_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  guint status = SOUP_STATUS_NONE;

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    status = SOUP_STATUS_LENGTH_REQUIRED;
  else if (soup_message_headers_get_content_length (headers) > BODY_MAX)
    status = SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;

  if (status != SOUP_STATUS_NONE)
    {
      soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
      soup_server_message_set_status (message, status, NULL);
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

  server = soup_server_new ("server-header", "Apache", "tls-certificate", certificate, NULL);
  /* On the same path as the other: of all handlers, early ones included, libsoup asks the nearest only. */
  soup_server_add_early_handler (server, SB_BASE_PATH, headers_read_cb, NULL, NULL);
  soup_server_add_handler (server, SB_BASE_PATH, soap_request_cb, world, NULL);
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
