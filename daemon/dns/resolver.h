/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/message.h"

/**
 * ch_dns_parse_server:
 * @text: "192.0.2.1", "192.0.2.1:5353", "2001:db8::1" or "[2001:db8::1]:5353"
 *
 * Returns: (transfer full): the address, with port 53 when none is given, or %NULL with %CH_ERROR_INVALID
 */
GInetSocketAddress *ch_dns_parse_server (const char *text,
                                         GError    **error);

/**
 * ch_dns_parse_servers:
 * @text: one or more of them, separated by commas
 *
 * Returns: (transfer full) (element-type GInetSocketAddress): at least one, or %NULL with %CH_ERROR_INVALID
 */
GPtrArray *ch_dns_parse_servers (const char *text,
                                 GError    **error);

/**
 * ch_dns_server_text: (transfer full): how ch_dns_parse_server() would read it; the port only when it
 * is not 53.
 */
char *ch_dns_server_text (GInetSocketAddress *address);

/** ChNameServer: one address of one name server. */
typedef struct
{
  char *name;                     /* its host name, or its address when it was given so */
  GInetSocketAddress *address;
} ChNameServer;

ChNameServer *ch_name_server_new (const char         *name,
                                  GInetSocketAddress *address);
void ch_name_server_free (ChNameServer *server);

/** ch_name_servers_listed: (transfer full) (element-type ChNameServer): ch_dns_parse_servers() as name servers. */
GPtrArray *ch_name_servers_listed (const char *text,
                                   GError    **error);

/** ch_name_servers_keep_family: @family: %G_SOCKET_FAMILY_INVALID keeps all. */
void ch_name_servers_keep_family (GPtrArray     *servers,
                                  GSocketFamily  family);

/**
 * ch_dns_soa_owner:
 * @answer: what was said when asked for the SOA of @name
 *
 * Returns: (transfer none) (nullable): the zone that holds @name according to the answer, %NULL when it does
 * not say
 */
const char *ch_dns_soa_owner (const ChDnsAnswer *answer,
                              const char        *name);

/**
 * ch_dns_find_servers:
 * @name: FQDN of a record
 * @resolver: (nullable): "address[:port]"; %NULL: those of /etc/resolv.conf
 * @deadline: from ch_dns_deadline()
 * @zone: (out): the zone cut above @name
 *
 * Finds the zone that holds a name and all addresses of its name servers.
 *
 * Returns: (transfer full) (element-type ChNameServer): at least one and at most 32, or %NULL with
 *   %CH_ERROR_ZONE_NOT_FOUND, %CH_ERROR_UNREACHABLE, %CH_ERROR_INVALID or %CH_ERROR_CANCELLED
 */
GPtrArray *ch_dns_find_servers (const char   *name,
                                const char   *resolver,
                                gint64        deadline,
                                char        **zone,
                                GCancellable *cancellable,
                                GError      **error);

/**
 * ch_dns_find_host:
 * @name: FQDN of a host
 * @resolver: (nullable): as in ch_dns_find_servers()
 * @deadline: from ch_dns_deadline()
 *
 * Returns: (transfer full) (element-type GInetAddress): all its addresses, A and AAAA, at most 32; empty when it has
 *   none; or %NULL with %CH_ERROR_UNREACHABLE, %CH_ERROR_INVALID or %CH_ERROR_CANCELLED
 */
GPtrArray *ch_dns_find_host (const char   *name,
                             const char   *resolver,
                             gint64        deadline,
                             GCancellable *cancellable,
                             GError      **error);
