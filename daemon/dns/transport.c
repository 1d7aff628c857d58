/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* GSocket and not GSocketClient: the latter counts in whole seconds for each read, so that a server which
 * drips octets holds us for ever, and it looks for proxies. */

#define UDP_TRIES 3
#define MESSAGE_MAX G_MAXUINT16
/* RFC 1035, 2.3.4: longer messages need EDNS on the other side, or TCP */
#define UDP_REQUEST_MAX 512

/** Exchange: what all steps of one exchange need. */
typedef struct
{
  const ChDnsRequest *request;
  const char *server;
  gint64 deadline;
  GCancellable *cancellable;
  gboolean sent;            /* from here on an update may have been done */
} Exchange;

gint64
ch_dns_deadline (double seconds)
{
  return g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
}

/* Gives a failure of GIO our code and a sentence; ours stay as they are. */
static void
explain (Exchange *exchange,
         GError  **error)
{
  g_autoptr(GError) cause = g_steal_pointer (error);

  if (cause->domain == CH_ERROR)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));
  else if (exchange->sent && ch_dns_request_is_update (exchange->request))
    ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME,
                  _("The DNS server “%s” was sent an update and did not answer: %s"),
                  exchange->server, cause->message);
  else if (exchange->sent)
    ch_error_set (error, CH_ERROR_UNREACHABLE, _("The DNS server “%s” did not answer: %s"),
                  exchange->server, cause->message);
  else
    ch_error_set (error, CH_ERROR_UNREACHABLE,
                  _("The DNS server “%s” cannot be reached: %s; check address, port and firewall"),
                  exchange->server, cause->message);
}

static gboolean
wait_for (Exchange    *exchange,
          GSocket     *socket,
          GIOCondition condition,
          gint64       until,
          GError     **error)
{
  gint64 left = MIN (until, exchange->deadline) - g_get_monotonic_time ();

  /* 0 microseconds would be a look, which is what a deadline that has passed gets */
  return g_socket_condition_timed_wait (socket, condition, MAX (left, 0), exchange->cancellable, error);
}

static GSocket *
connect_socket (Exchange       *exchange,
                GSocketAddress *address,
                GSocketType     type,
                GError        **error)
{
  g_autoptr(GError) pending = NULL;
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (address), type,
                                            G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL)
    return NULL;

  /* a connected datagram socket takes packets from that address and port only, and hears of closed ports */
  g_socket_set_blocking (socket, FALSE);
  if (g_socket_connect (socket, address, exchange->cancellable, &pending))
    return g_steal_pointer (&socket);

  if (!g_error_matches (pending, G_IO_ERROR, G_IO_ERROR_PENDING))
    {
      g_propagate_error (error, g_steal_pointer (&pending));
      return NULL;
    }

  if (!wait_for (exchange, socket, G_IO_OUT, exchange->deadline, error)
      || !g_socket_check_connect_result (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* ---- UDP ---- */

/* waits until @until for the answer */
static ChDnsAnswer *
receive_datagram (Exchange *exchange,
                  GSocket  *socket,
                  gint64    until,
                  GError  **error)
{
  g_autofree guint8 *buffer = g_malloc (MESSAGE_MAX);

  while (TRUE)
    {
      if (!wait_for (exchange, socket, G_IO_IN, until, error))
        return NULL;

      gssize length = g_socket_receive_with_blocking (socket, (char *) buffer, MESSAGE_MAX, FALSE,
                                                      exchange->cancellable, error);
      if (length < 0)
        return NULL;

      /* late duplicates and guesses of strangers are passed over */
      if (ch_dns_request_is_answered_by (exchange->request, buffer, length))
        return ch_dns_answer_parse (exchange->request, buffer, length, error);
    }
}

static ChDnsAnswer *
exchange_udp (Exchange       *exchange,
              GSocketAddress *address,
              GError        **error)
{
  GBytes *wire = ch_dns_request_get_wire (exchange->request);
  gint64 patience = (exchange->deadline - g_get_monotonic_time ()) / UDP_TRIES;
  g_autoptr(GSocket) socket = connect_socket (exchange, address, G_SOCKET_TYPE_DATAGRAM, error);

  if (socket == NULL)
    return NULL;

  /* the same octets each time, ID and signature included, so that a server which got the first does not do
   * it twice */
  for (int i = 1; i <= UDP_TRIES; i++)
    {
      g_autoptr(GError) silence = NULL;

      if (g_socket_send (socket, g_bytes_get_data (wire, NULL), g_bytes_get_size (wire),
                         exchange->cancellable, error) < 0)
        return NULL;

      exchange->sent = TRUE;
      ChDnsAnswer *answer = receive_datagram (exchange, socket, g_get_monotonic_time () + patience, &silence);
      if (answer != NULL)
        return answer;

      /* the host itself says that nobody listens there, so nobody got it */
      if (i == 1 && g_error_matches (silence, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        exchange->sent = FALSE;

      if (i == UDP_TRIES || !g_error_matches (silence, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        {
          g_propagate_error (error, g_steal_pointer (&silence));
          return NULL;
        }
    }

  g_assert_not_reached ();
}

/* ---- TCP ---- */

static gboolean
send_all (Exchange     *exchange,
          GSocket      *socket,
          const guint8 *data,
          gsize         length,
          GError      **error)
{
  while (length > 0)
    {
      if (!wait_for (exchange, socket, G_IO_OUT, exchange->deadline, error))
        return FALSE;

      gssize sent = g_socket_send_with_blocking (socket, (const char *) data, length, FALSE,
                                                 exchange->cancellable, error);
      if (sent < 0)
        return FALSE;

      exchange->sent = TRUE;
      data += sent;
      length -= sent;
    }

  return TRUE;
}

static gboolean
receive_all (Exchange *exchange,
             GSocket  *socket,
             guint8   *data,
             gsize     length,
             GError  **error)
{
  while (length > 0)
    {
      if (!wait_for (exchange, socket, G_IO_IN, exchange->deadline, error))
        return FALSE;

      gssize got = g_socket_receive_with_blocking (socket, (char *) data, length, FALSE,
                                                   exchange->cancellable, error);
      if (got < 0)
        return FALSE;

      if (got == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _("it closed the connection"));
          return FALSE;
        }

      data += got;
      length -= got;
    }

  return TRUE;
}

/* a message behind its length (RFC 1035, 4.2.2) in one segment: some servers want it so */
static gboolean
send_message (Exchange *exchange,
              GSocket  *socket,
              GError  **error)
{
  GBytes *wire = ch_dns_request_get_wire (exchange->request);
  gsize size = g_bytes_get_size (wire);
  g_autofree guint8 *framed = g_malloc (size + 2);

  framed[0] = size >> 8;
  framed[1] = size & 0xff;
  memcpy (framed + 2, g_bytes_get_data (wire, NULL), size);
  return send_all (exchange, socket, framed, size + 2, error);
}

static ChDnsAnswer *
exchange_tcp (Exchange       *exchange,
              GSocketAddress *address,
              GError        **error)
{
  g_autoptr(GSocket) socket = connect_socket (exchange, address, G_SOCKET_TYPE_STREAM, error);
  guint8 prefix[2];

  if (socket == NULL
      || !send_message (exchange, socket, error)
      || !receive_all (exchange, socket, prefix, sizeof prefix, error))
    return NULL;

  gsize length = prefix[0] << 8 | prefix[1];
  g_autofree guint8 *answer = g_malloc (length + 1);
  if (!receive_all (exchange, socket, answer, length, error))
    return NULL;

  if (!ch_dns_request_is_answered_by (exchange->request, answer, length))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER,
                    _("What “%s” sent is not an answer to our question; is it a DNS server?"),
                    exchange->server);
      return NULL;
    }

  return ch_dns_answer_parse (exchange->request, answer, length, error);
}

/* ---- both ---- */

static ChDnsAnswer *
exchange_auto (Exchange       *exchange,
               GSocketAddress *address,
               GError        **error)
{
  if (g_bytes_get_size (ch_dns_request_get_wire (exchange->request)) > UDP_REQUEST_MAX)
    return exchange_tcp (exchange, address, error);

  g_autoptr(ChDnsAnswer) answer = exchange_udp (exchange, address, error);

  /* an update has been done by then: its answer is the code, and nothing more is to be had by asking again */
  if (answer == NULL || !answer->truncated || ch_dns_request_is_update (exchange->request))
    return g_steal_pointer (&answer);

  return exchange_tcp (exchange, address, error);
}

static ChDnsAnswer *
exchange_udp_only (Exchange       *exchange,
                   GSocketAddress *address,
                   GError        **error)
{
  g_autoptr(ChDnsAnswer) answer = exchange_udp (exchange, address, error);

  if (answer != NULL && answer->truncated && !ch_dns_request_is_update (exchange->request))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER,
                    _("The answer of “%s” does not fit into a UDP packet; set “transport” to “tcp” or "
                      "“auto”"), exchange->server);
      return NULL;
    }

  return g_steal_pointer (&answer);
}

static ChDnsAnswer *
exchange_with (Exchange       *exchange,
               GSocketAddress *address,
               ChDnsTransport  transport,
               GError        **error)
{
  switch (transport)
    {
    case CH_DNS_TRANSPORT_UDP:
      return exchange_udp_only (exchange, address, error);
    case CH_DNS_TRANSPORT_AUTO:
      return exchange_auto (exchange, address, error);
    case CH_DNS_TRANSPORT_TCP:
    default:
      return exchange_tcp (exchange, address, error);
    }
}

ChDnsAnswer *
ch_dns_exchange (GSocketConnectable *server,
                 const char         *name,
                 const ChDnsRequest *request,
                 ChDnsTransport      transport,
                 gint64              deadline,
                 GCancellable       *cancellable,
                 GError            **error)
{
  g_autoptr(GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (server);
  g_autoptr(GError) failure = NULL;
  Exchange exchange = { request, name, deadline, cancellable, FALSE };

  /* the next address only while nothing has been sent */
  while (!exchange.sent)
    {
      g_autoptr(GError) unresolved = NULL;
      g_autoptr(GSocketAddress) address = g_socket_address_enumerator_next (addresses, cancellable,
                                                                            &unresolved);

      if (address == NULL)
        {
          if (unresolved != NULL && failure == NULL)
            failure = g_steal_pointer (&unresolved);
          break;
        }

      g_clear_error (&failure);
      ChDnsAnswer *answer = exchange_with (&exchange, address, transport, &failure);
      if (answer != NULL)
        return answer;

      if (g_cancellable_is_cancelled (cancellable))
        break;
    }

  if (failure == NULL)
    ch_error_set (&failure, CH_ERROR_UNREACHABLE, _("The DNS server “%s” has no address"), name);

  explain (&exchange, &failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
