/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/route.h"

#define ANY_PORT 443

/* Connecting a datagram socket sends nothing; it only looks for a route. */
gboolean
ch_route_exists (GInetAddress *address)
{
  g_autoptr(GSocket) socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                                            G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) there = g_inet_socket_address_new (address, ANY_PORT);

  return socket != NULL && g_socket_connect (socket, there, NULL, NULL);
}
