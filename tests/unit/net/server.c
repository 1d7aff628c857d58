/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include <stdlib.h>
#include <string.h>

struct _TestServer
{
  GSocketListener *listener;
  GTlsCertificate *certificate;
  TestScript script;
  gpointer data;
  guint16 port;
  gint requests;
  GCancellable *stop;
  GThread *thread;
};

static gsize
content_length (const char *head)
{
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *at = strstr (lower, "\r\ncontent-length:");

  return at != NULL ? strtoul (at + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

/* Reads head and body into @text; returns where the body begins, or 0 when the client went away. */
static gsize
read_request (GInputStream *in,
              GString      *text,
              GCancellable *stop)
{
  char chunk[4096];

  for (;;)
    {
      char *end = strstr (text->str, "\r\n\r\n");

      if (end != NULL)
        {
          gsize body = end + 4 - text->str;
          g_autofree char *head = g_strndup (text->str, body);

          if (text->len - body >= content_length (head))
            return body;
        }

      gssize n = g_input_stream_read (in, chunk, sizeof chunk, stop, NULL);
      if (n <= 0)
        return 0;
      g_string_append_len (text, chunk, n);
    }
}

static void
serve (TestServer *self,
       GIOStream  *connection)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gsize body = read_request (g_io_stream_get_input_stream (connection), text, self->stop);

  if (body > 0)
    {
      g_autofree char *head = g_strndup (text->str, body);
      TestRequest request = { .head = head, .body = text->str + body, .connection = connection };

      g_atomic_int_inc (&self->requests);
      self->script (&request, self->data);
    }
}

static gpointer
run (gpointer data)
{
  TestServer *self = data;

  while (!g_cancellable_is_cancelled (self->stop))
    {
      g_autoptr(GSocketConnection) plain = g_socket_listener_accept (self->listener, NULL, self->stop, NULL);
      g_autoptr(GIOStream) tls = NULL;

      if (plain == NULL)
        continue;
      if (self->certificate != NULL)
        tls = g_tls_server_connection_new (G_IO_STREAM (plain), self->certificate, NULL);
      if (tls == NULL)
        serve (self, G_IO_STREAM (plain));
      else if (g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->stop, NULL))
        serve (self, tls);
      if (tls != NULL)
        g_io_stream_close (tls, NULL, NULL);
      g_io_stream_close (G_IO_STREAM (plain), NULL, NULL);
    }

  return NULL;
}

TestServer *
test_server_new (GTlsCertificate *certificate,
                 TestScript       script,
                 gpointer         data)
{
  TestServer *self = g_new0 (TestServer, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) here = NULL;
  g_autoptr(GError) error = NULL;

  self->listener = g_socket_listener_new ();
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->script = script;
  self->data = data;
  self->stop = g_cancellable_new ();
  g_socket_listener_add_address (self->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &here, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
  self->thread = g_thread_new ("server", run, self);

  return self;
}

void
test_server_free (TestServer *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_clear_object (&self->certificate);
  g_object_unref (self->stop);
  g_free (self);
}

guint16
test_server_port (TestServer *self)
{
  return self->port;
}

guint
test_server_requests (TestServer *self)
{
  return g_atomic_int_get (&self->requests);
}

void
test_send (const TestRequest *request,
           const char        *bytes)
{
  GOutputStream *out = g_io_stream_get_output_stream (request->connection);

  /* the client may have gone: that is then what the test is about */
  g_output_stream_write_all (out, bytes, strlen (bytes), NULL, NULL, NULL);
}

void
test_answer (const TestRequest *request,
             int                status,
             const char        *content_type,
             const char        *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %d Word\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                                           "\r\nX-Twice: one\r\nX-Twice: two\r\nConnection: close\r\n\r\n%s",
                                           status, content_type, strlen (body), body);
  test_send (request, text);
}

void
test_wait_for_close (const TestRequest *request)
{
  GInputStream *in = g_io_stream_get_input_stream (request->connection);
  char byte;

  while (g_input_stream_read (in, &byte, 1, NULL, NULL) > 0)
    ;
}
