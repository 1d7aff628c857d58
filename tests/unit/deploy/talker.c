/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talker.h"

#include <glib-unix.h>
#include <gnutls/abstract.h>
#include <string.h>

struct _TestTalker
{
  GSocket *listener;
  GThread *thread;
  GCancellable *stop;
  const TestLine *lines;
  TestLast last;
  gnutls_certificate_credentials_t credentials;
  guint16 port;
  gint n_heard;
};

static gboolean
hear (TestTalker     *talker,
      GSocket        *socket,
      const TestLine *line)
{
  g_autoptr(GString) heard = g_string_new (NULL);
  gsize length = line->n_hears > 0 ? line->n_hears : strlen (line->hears);

  while (line->n_hears > 0 ? heard->len < line->n_hears : !g_str_has_suffix (heard->str, "\r\n"))
    {
      char byte;

      if (g_socket_receive (socket, &byte, 1, talker->stop, NULL) != 1)
        return FALSE;
      g_string_append_c (heard, byte);
    }

  return heard->len >= length && memcmp (heard->str, line->hears, length) == 0;
}

static gboolean
follow_script (TestTalker *talker,
               GSocket    *socket)
{
  for (const TestLine *line = talker->lines; line->says != NULL || line->hears != NULL; line++)
    {
      gsize n = line->n_says > 0 || line->says == NULL ? line->n_says : strlen (line->says);

      if (line->says != NULL && g_socket_send (socket, line->says, n, talker->stop, NULL) != (gssize) n)
        return FALSE;
      if (line->hears != NULL && !hear (talker, socket, line))
        return FALSE;
    }

  g_atomic_int_inc (&talker->n_heard);
  return TRUE;
}

static void
wait_for_close (TestTalker *talker,
                GSocket    *socket)
{
  char buffer[256];

  while (g_socket_receive (socket, buffer, sizeof buffer, talker->stop, NULL) > 0)
    ;
}

static void
flood (TestTalker *talker,
       GSocket    *socket)
{
  char buffer[4096];

  memset (buffer, 'x', sizeof buffer);
  while (g_socket_send (socket, buffer, sizeof buffer, talker->stop, NULL) > 0)
    ;
}

static void
serve_tls (TestTalker *talker,
           GSocket    *socket)
{
  gnutls_session_t session;
  char buffer[256];
  int result;

  gnutls_init (&session, GNUTLS_SERVER);
  gnutls_set_default_priority (session);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, talker->credentials);
  gnutls_transport_set_int (session, g_socket_get_fd (socket));
  gnutls_handshake_set_timeout (session, 10000);
  do
    result = gnutls_handshake (session);
  while (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED);
  if (result == 0)
    gnutls_record_recv (session, buffer, sizeof buffer);
  gnutls_deinit (session);
}

static gpointer
run (gpointer data)
{
  TestTalker *talker = data;

  while (TRUE)
    {
      g_autoptr(GSocket) socket = g_socket_accept (talker->listener, talker->stop, NULL);

      if (socket == NULL)
        return NULL;
      if (!follow_script (talker, socket))
        continue;

      if (talker->last == TEST_LAST_TLS)
        {
          int fd = g_socket_get_fd (socket);
          g_unix_set_fd_nonblocking (fd, FALSE, NULL);
          serve_tls (talker, socket);
        }
      else if (talker->last == TEST_LAST_SILENCE)
        wait_for_close (talker, socket);
      else if (talker->last == TEST_LAST_FLOOD)
        flood (talker, socket);
    }
}

static void
listen_at (TestTalker *talker,
           const char *address,
           guint16     port)
{
  g_autoptr(GSocketAddress) here = g_inet_socket_address_new_from_string (address, port);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  talker->listener = g_socket_new (g_socket_address_get_family (here), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (talker->listener, here, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (talker->listener, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (talker->listener, NULL);
  talker->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* As they are: the functions for whole chains would put them in order and drop what does not belong. */
static void
use_certificates (TestTalker *talker,
                  const char *chain,
                  const char *key)
{
  gnutls_datum_t texts[] = { { (guint8 *) chain, strlen (chain) }, { (guint8 *) key, strlen (key) } };
  gnutls_pcert_st certificates[8];
  gnutls_privkey_t private;
  guint n = G_N_ELEMENTS (certificates);

  gnutls_privkey_init (&private);
  g_assert_cmpint (gnutls_privkey_import_x509_raw (private, &texts[1], GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);
  g_assert_cmpint (gnutls_pcert_list_import_x509_raw (certificates, &n, &texts[0], GNUTLS_X509_FMT_PEM, 0), >=, 0);

  /* It owns the key and the certificates now. */
  g_assert_cmpint (gnutls_certificate_set_key (talker->credentials, NULL, 0, certificates, n, private), >=, 0);
}

TestTalker *
test_talker_new (const char     *address,
                 guint16         port,
                 const TestLine *lines,
                 TestLast        last,
                 const char     *chain,
                 const char     *key)
{
  TestTalker *talker = g_new0 (TestTalker, 1);

  talker->lines = lines;
  talker->last = last;
  talker->stop = g_cancellable_new ();
  gnutls_certificate_allocate_credentials (&talker->credentials);
  if (chain != NULL)
    use_certificates (talker, chain, key);
  listen_at (talker, address, port);
  talker->thread = g_thread_new ("talker", run, talker);
  return talker;
}

guint16
test_talker_port (TestTalker *talker)
{
  return talker->port;
}

guint
test_talker_n_heard (TestTalker *talker)
{
  return g_atomic_int_get (&talker->n_heard);
}

void
test_talker_free (TestTalker *talker)
{
  g_cancellable_cancel (talker->stop);
  g_thread_join (talker->thread);
  g_object_unref (talker->listener);
  g_object_unref (talker->stop);
  gnutls_certificate_free_credentials (talker->credentials);
  g_free (talker);
}
