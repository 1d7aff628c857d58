/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake.h"

#include <string.h>

#define MESSAGE_MAX 65535
#define OPCODE_UPDATE 5

struct Fake
{
  FakeManner manner;
  guint16 port;
  guint16 upstream;
  gboolean dead;
  GSocket *tcp;
  GSocket *udp;
  GThread *tcp_thread;
  GThread *udp_thread;
  GCancellable *stop;
  GMutex lock;
  guint datagrams;          /* guarded by the lock */
  gboolean alike;           /* guarded by the lock */
  GBytes *first;            /* guarded by the lock */
};

static gboolean
is_update (const guint8 *message)
{
  return (message[2] >> 3 & 15) == OPCODE_UPDATE;
}

static gboolean
read_all (Fake    *fake,
          GSocket *socket,
          guint8  *data,
          gsize    length)
{
  for (gsize at = 0; at < length;)
    {
      gssize got = g_socket_receive (socket, (char *) data + at, length - at, fake->stop, NULL);

      if (got <= 0)
        return FALSE;
      at += got;
    }

  return TRUE;
}

static void
write_all (Fake         *fake,
           GSocket      *socket,
           const guint8 *data,
           gsize         length)
{
  for (gsize at = 0; at < length;)
    {
      gssize sent = g_socket_send (socket, (const char *) data + at, length - at, fake->stop, NULL);

      if (sent <= 0)
        return;
      at += sent;
    }
}

/* header and question of the message as an answer with @rcode, without the records behind them */
static gsize
make_answer (guint8       *answer,
             const guint8 *message,
             guint8        rcode)
{
  gsize length = 12;

  while (message[length] != 0)
    length += message[length] + 1;
  length += 5;

  memcpy (answer, message, length);
  memset (answer + 6, 0, 6);
  answer[2] = (message[2] & 0x78) | 0x84;
  answer[3] = rcode;
  return length;
}

/* the answer to one message; 0 for none */
static gsize
answer_to (Fake         *fake,
           guint8       *answer,
           const guint8 *message,
           gsize         length,
           gboolean      is_udp)
{
  gsize size = make_answer (answer, message, fake->manner == FAKE_REFUSE ? 5 : 0);

  switch (fake->manner)
    {
    case FAKE_GARBAGE:
      return g_strlcpy ((char *) answer, "HTTP/1.1 400 Bad Request\r\n\r\n", MESSAGE_MAX);
    case FAKE_WRONG_ID:
      answer[0] ^= 0xff;
      return size;
    case FAKE_FORGE:
      memcpy (answer, message, length);
      answer[2] |= 0x80;
      return length;
    case FAKE_TRUNCATE:
      answer[2] |= is_udp ? 0x02 : 0;
      return size;
    case FAKE_ECHO:
    case FAKE_LATE:
    case FAKE_REFUSE:
    case FAKE_CUT:
    case FAKE_HUGE:
      return size;
    default:
      return 0;
    }
}

static void
await_stop (Fake *fake)
{
  GPollFD wake;

  g_cancellable_make_pollfd (fake->stop, &wake);
  g_poll (&wake, 1, -1);
  g_cancellable_release_fd (fake->stop);
}

static gsize
relay (Fake         *fake,
       guint8       *answer,
       const guint8 *framed,
       gsize         length)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                                             fake->upstream,
                                                                             fake->stop, NULL);
  if (connection == NULL)
    return 0;

  GSocket *socket = g_socket_connection_get_socket (connection);
  write_all (fake, socket, framed, length);
  if (!read_all (fake, socket, answer, 2))
    return 0;

  gsize size = answer[0] << 8 | answer[1];
  return read_all (fake, socket, answer + 2, size) ? size + 2 : 0;
}

static void
serve_relay (Fake         *fake,
             GSocket      *client,
             const guint8 *framed,
             gsize         length)
{
  g_autofree guint8 *answer = g_malloc (MESSAGE_MAX + 2);
  gboolean update = is_update (framed + 2);

  if (fake->dead || (update && fake->manner == FAKE_SWALLOW_UPDATES))
    return;

  gsize size = relay (fake, answer, framed, length);
  if (!update)
    write_all (fake, client, answer, size);

  fake->dead = update && fake->manner == FAKE_DIE_AT_UPDATE;
}

static void
serve_tcp (Fake    *fake,
           GSocket *client)
{
  g_autofree guint8 *message = g_malloc (MESSAGE_MAX + 2);
  g_autofree guint8 *answer = g_malloc0 (MESSAGE_MAX + 2);

  if (!read_all (fake, client, message, 2))
    return;

  gsize length = message[0] << 8 | message[1];
  if (!read_all (fake, client, message + 2, length))
    return;

  if (fake->manner >= FAKE_DROP_UPDATES)
    {
      serve_relay (fake, client, message, length + 2);
      return;
    }

  if (fake->manner == FAKE_SILENT)
    await_stop (fake);

  gsize size = answer_to (fake, answer + 2, message + 2, length, FALSE);
  gsize announced = fake->manner == FAKE_HUGE ? MESSAGE_MAX : size;
  answer[0] = announced >> 8;
  answer[1] = announced & 0xff;
  if (size > 0)
    write_all (fake, client, answer, fake->manner == FAKE_CUT ? size / 2 : announced + 2);
}

static gpointer
tcp_main (gpointer data)
{
  Fake *fake = data;

  while (!g_cancellable_is_cancelled (fake->stop))
    {
      g_autoptr(GSocket) client = g_socket_accept (fake->tcp, fake->stop, NULL);

      if (client != NULL)
        serve_tcp (fake, client);
    }

  return NULL;
}

static void
note_datagram (Fake         *fake,
               const guint8 *message,
               gsize         length)
{
  g_autoptr(GBytes) bytes = g_bytes_new (message, length);

  g_mutex_lock (&fake->lock);
  if (fake->first == NULL)
    fake->first = g_bytes_ref (bytes);
  fake->alike = fake->alike && g_bytes_equal (fake->first, bytes);
  fake->datagrams++;
  g_mutex_unlock (&fake->lock);
}

static gpointer
udp_main (gpointer data)
{
  Fake *fake = data;
  g_autofree guint8 *message = g_malloc (MESSAGE_MAX);
  g_autofree guint8 *answer = g_malloc0 (MESSAGE_MAX);

  while (!g_cancellable_is_cancelled (fake->stop))
    {
      g_autoptr(GSocketAddress) from = NULL;
      gssize length = g_socket_receive_from (fake->udp, &from, (char *) message, MESSAGE_MAX, fake->stop,
                                             NULL);

      if (length < 12)
        continue;

      note_datagram (fake, message, length);
      gsize size = answer_to (fake, answer, message, length, TRUE);
      if (fake->manner == FAKE_LATE)
        {
          answer[1] ^= 1;
          g_socket_send_to (fake->udp, from, (char *) answer, size, NULL, NULL);
          answer[1] ^= 1;
        }
      if (size > 0)
        g_socket_send_to (fake->udp, from, (char *) answer, size, NULL, NULL);
    }

  return NULL;
}

static GSocket *
open_socket (GSocketType type,
             guint16     port)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (!g_socket_bind (socket, address, TRUE, NULL)
      || (type == G_SOCKET_TYPE_STREAM && !g_socket_listen (socket, NULL)))
    return NULL;

  return g_steal_pointer (&socket);
}

Fake *
fake_start (FakeManner manner,
            guint16    upstream)
{
  Fake *fake = g_new0 (Fake, 1);

  fake->manner = manner;
  fake->upstream = upstream;
  fake->alike = TRUE;
  fake->stop = g_cancellable_new ();
  g_mutex_init (&fake->lock);
  while (fake->udp == NULL)
    {
      g_clear_object (&fake->tcp);
      fake->tcp = open_socket (G_SOCKET_TYPE_STREAM, 0);
      g_autoptr(GSocketAddress) address = g_socket_get_local_address (fake->tcp, NULL);
      fake->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
      fake->udp = open_socket (G_SOCKET_TYPE_DATAGRAM, fake->port);
    }

  fake->tcp_thread = g_thread_new ("fake-tcp", tcp_main, fake);
  fake->udp_thread = g_thread_new ("fake-udp", udp_main, fake);
  return fake;
}

guint16
fake_get_port (Fake *fake)
{
  return fake->port;
}

guint
fake_get_datagrams (Fake     *fake,
                    gboolean *alike)
{
  g_mutex_lock (&fake->lock);
  guint datagrams = fake->datagrams;
  *alike = fake->alike;
  g_mutex_unlock (&fake->lock);
  return datagrams;
}

void
fake_stop (Fake *fake)
{
  g_cancellable_cancel (fake->stop);
  g_thread_join (fake->tcp_thread);
  g_thread_join (fake->udp_thread);
  g_object_unref (fake->tcp);
  g_object_unref (fake->udp);
  g_object_unref (fake->stop);
  g_clear_pointer (&fake->first, g_bytes_unref);
  g_mutex_clear (&fake->lock);
  g_free (fake);
}
