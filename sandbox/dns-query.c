/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-query.h"

#include <gnutls/crypto.h>
#include <string.h>

#define SECONDS 2
#define TRIES 2

void
sb_packet_free (SbPacket *packet)
{
  knot_pkt_free (packet);
}

static SbPacket *
new_question (const char *name,
              uint16_t    type)
{
  g_autoptr(SbPacket) packet = knot_pkt_new (NULL, KNOT_WIRE_MAX_PKTSIZE, NULL);
  knot_dname_t *owner = knot_dname_from_str_alloc (name);
  uint16_t id = 0;
  int rc = owner != NULL && packet != NULL ? KNOT_EOK : KNOT_EINVAL;

  gnutls_rnd (GNUTLS_RND_NONCE, &id, sizeof id);
  if (rc == KNOT_EOK)
    {
      knot_wire_set_id (packet->wire, id);
      knot_wire_set_rd (packet->wire);
      rc = knot_pkt_put_question (packet, owner, KNOT_CLASS_IN, type);
    }
  knot_dname_free (owner, NULL);

  return rc == KNOT_EOK ? g_steal_pointer (&packet) : NULL;
}

static gboolean
is_answer (SbPacket *question,
           SbPacket *answer)
{
  return answer != NULL && knot_pkt_parse (answer, 0) == KNOT_EOK
         && knot_wire_get_qr (answer->wire)
         && knot_wire_get_id (answer->wire) == knot_wire_get_id (question->wire)
         && knot_pkt_qname (answer) != NULL && knot_pkt_qtype (answer) == knot_pkt_qtype (question)
         && knot_dname_is_case_equal (knot_pkt_qname (answer), knot_pkt_qname (question));
}

static GSocket *
open_socket (GSocketAddress *server,
             GSocketType     type)
{
  GSocketProtocol protocol = type == G_SOCKET_TYPE_DATAGRAM ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP;
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (server), type, protocol, NULL);

  if (socket == NULL)
    return NULL;
  g_socket_set_timeout (socket, SECONDS);
  if (!g_socket_connect (socket, server, NULL, NULL))
    return NULL;

  return g_steal_pointer (&socket);
}

/* knot_pkt_new() over foreign memory does not own it: so the packet makes its own and is filled. */
static SbPacket *
new_answer (const guint8 *data,
            gsize         length)
{
  if (length == 0 || length > KNOT_WIRE_MAX_PKTSIZE)
    return NULL;

  g_autoptr(SbPacket) packet = knot_pkt_new (NULL, length, NULL);
  if (packet == NULL)
    return NULL;

  memcpy (packet->wire, data, length);
  packet->size = length;
  return g_steal_pointer (&packet);
}

static SbPacket *
ask_udp (GSocketAddress *server,
         SbPacket         *question)
{
  g_autoptr(GSocket) socket = open_socket (server, G_SOCKET_TYPE_DATAGRAM);
  guint8 buffer[4096];

  if (socket == NULL || g_socket_send (socket, (char *) question->wire, question->size, NULL, NULL) < 0)
    return NULL;

  /* Other datagrams than ours may come first; a stream of them must not keep us for ever. */
  for (guint i = 0; i < 8; i++)
    {
      gssize length = g_socket_receive (socket, (char *) buffer, sizeof buffer, NULL, NULL);

      if (length <= 0)
        return NULL;

      g_autoptr(SbPacket) answer = new_answer (buffer, length);
      if (is_answer (question, answer))
        return g_steal_pointer (&answer);
    }

  return NULL;
}

static SbPacket *
ask_tcp (GSocketAddress *server,
         SbPacket         *question)
{
  g_autoptr(GSocket) socket = open_socket (server, G_SOCKET_TYPE_STREAM);

  if (socket == NULL)
    return NULL;

  g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  guint8 size[2] = { question->size >> 8, question->size & 0xff };
  g_autofree guint8 *buffer = g_malloc (KNOT_WIRE_MAX_PKTSIZE);
  gsize done = 0;

  if (!g_output_stream_write_all (out, size, 2, NULL, NULL, NULL)
      || !g_output_stream_write_all (out, question->wire, question->size, NULL, NULL, NULL)
      || !g_input_stream_read_all (in, size, 2, &done, NULL, NULL) || done != 2)
    return NULL;

  gsize length = (gsize) size[0] << 8 | size[1];
  if (!g_input_stream_read_all (in, buffer, length, &done, NULL, NULL) || done != length)
    return NULL;

  g_autoptr(SbPacket) answer = new_answer (buffer, length);
  return is_answer (question, answer) ? g_steal_pointer (&answer) : NULL;
}

SbPacket *
sb_dns_ask (GSocketAddress *server,
            const char     *name,
            uint16_t        type)
{
  g_autoptr(SbPacket) question = new_question (name, type);

  for (guint i = 0; question != NULL && i < TRIES; i++)
    {
      g_autoptr(SbPacket) answer = ask_udp (server, question);

      if (answer != NULL && knot_wire_get_tc (answer->wire))
        return ask_tcp (server, question);
      if (answer != NULL)
        return g_steal_pointer (&answer);
    }

  return NULL;
}
