/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exchange.h"

#include <gnutls/crypto.h>
#include <string.h>

#define BODY_MAX (4 * 1024 * 1024)

static void
gone_cb (SbExchange *exchange)
{
  exchange->is_gone = TRUE;
}

SbExchange *
sb_exchange_new (SoupServerMessage *message)
{
  SbExchange *exchange = g_new0 (SbExchange, 1);

  exchange->message = g_object_ref (message);
  g_signal_connect_swapped (message, "disconnected", G_CALLBACK (gone_cb), exchange);
  soup_server_message_pause (message);
  return exchange;
}

static void
exchange_free (SbExchange *exchange)
{
  g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_object_unref (exchange->message);
  g_clear_pointer (&exchange->fault, sb_fault_free);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_free (exchange->type);
  g_free (exchange);
}

void
sb_exchange_send (SbExchange *exchange,
                  guint       status,
                  const char *type,
                  GBytes     *body)
{
  if (!exchange->is_gone)
    {
      SoupMessageBody *out = soup_server_message_get_response_body (exchange->message);
      SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);

      soup_server_message_set_status (exchange->message, status, NULL);
      if (type != NULL)
        soup_message_headers_replace (headers, "Content-Type", type);
      if (g_bytes_get_size (body) > 0)
        soup_message_body_append_bytes (out, body);
      soup_message_body_complete (out);
      soup_server_message_unpause (exchange->message);
    }

  exchange_free (exchange);
}

void
sb_exchange_drop (SbExchange *exchange)
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

/* Well-formed, and far too big: XML and JSON end in as many blanks as one likes. */
static GBytes *
inflate (GBytes *answer,
         gsize   by)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (answer, &length);
  guint8 *huge = g_malloc (length + by);

  if (length > 0)
    memcpy (huge, data, length);
  memset (huge + length, ' ', by);
  return g_bytes_new_take (huge, length + by);
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
  SbExchange *exchange = user_data;
  g_autoptr(GBytes) body = g_steal_pointer (&exchange->body);
  g_autofree char *type = g_steal_pointer (&exchange->type);

  if (exchange->fault->drop == SB_DROP_AFTER)
    sb_exchange_drop (exchange);
  else
    sb_exchange_send (exchange, exchange->status, type, body);
  return G_SOURCE_REMOVE;
}

void
sb_exchange_answer (SbExchange *exchange,
                    guint       status,
                    const char *type,
                    GBytes     *body)
{
  const SbFault *fault = exchange->fault;
  g_autoptr(GBytes) bytes = spoil (fault, body);

  if (fault != NULL && fault->latency > 0)
    {
      exchange->status = status;
      exchange->type = g_strdup (type);
      exchange->body = g_steal_pointer (&bytes);
      g_timeout_add (fault->latency, latency_over_cb, exchange);
    }
  else if (fault != NULL && fault->drop == SB_DROP_AFTER)
    sb_exchange_drop (exchange);
  else
    sb_exchange_send (exchange, status, type, bytes);
}

/* As the delivery network in front of a service answers when it has trouble. */
static void
send_page (SbExchange *exchange)
{
  static const char page[] =
    "<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head>\n"
    "<body><h1>Sorry</h1><p>The page is not available. Please try again later.</p></body></html>\n";
  g_autoptr(GBytes) body = g_bytes_new_static (page, strlen (page));
  guint status = exchange->fault->status != 0 ? exchange->fault->status : SOUP_STATUS_OK;

  sb_exchange_send (exchange, status, "text/html", body);
}

static void
send_scripted (SbExchange *exchange)
{
  const SbFault *fault = exchange->fault;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);
  g_autoptr(GBytes) body = g_bytes_new (fault->body != NULL ? fault->body : "",
                                        fault->body != NULL ? strlen (fault->body) : 0);
  g_autofree char *type = g_strdup (fault->content_type);

  for (gsize i = 0; fault->headers != NULL && fault->headers[i] != NULL; i += 2)
    soup_message_headers_replace (headers, fault->headers[i], fault->headers[i + 1]);

  sb_exchange_send (exchange, fault->status != 0 ? fault->status : SOUP_STATUS_OK, type, body);
}

const char *
sb_exchange_prevention (SbExchange *exchange)
{
  const SbFault *fault = exchange->fault;

  if (fault == NULL)
    return NULL;
  if (fault->drop == SB_DROP_BEFORE)
    return "dropped before";
  if (fault->body != NULL || fault->headers != NULL)
    return "scripted answer";

  return fault->html || fault->status != 0 ? "page" : NULL;
}

void
sb_exchange_prevent (SbExchange *exchange)
{
  const SbFault *fault = exchange->fault;

  if (fault->drop == SB_DROP_BEFORE)
    sb_exchange_drop (exchange);
  else if (fault->body != NULL || fault->headers != NULL)
    send_scripted (exchange);
  else
    send_page (exchange);
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

void
sb_exchange_guard (SoupServer *server,
                   const char *path)
{
  /* On the same path as the handler: of all handlers, early ones included, libsoup asks the nearest only. */
  soup_server_add_early_handler (server, path, headers_read_cb, NULL, NULL);
}
