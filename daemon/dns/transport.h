/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/message.h"

/**
 * ChDnsTransport:
 * @CH_DNS_TRANSPORT_TCP: a connection for each message: no doubt about what arrived
 * @CH_DNS_TRANSPORT_UDP: datagrams only
 * @CH_DNS_TRANSPORT_AUTO: datagrams, and TCP for what does not fit into one
 */
typedef enum
{
  CH_DNS_TRANSPORT_TCP,
  CH_DNS_TRANSPORT_UDP,
  CH_DNS_TRANSPORT_AUTO,
} ChDnsTransport;

/** ch_dns_deadline: the moment in @seconds from now, for ch_dns_exchange(). */
gint64 ch_dns_deadline (double seconds);

/**
 * ch_dns_exchange:
 * @server: an address, or a host name with port, whose addresses are tried in turn
 * @name: the server in words, for messages
 * @request: what to send
 * @deadline: from ch_dns_deadline(); after it nothing is waited for
 *
 * Sends a request and waits for its answer. Over UDP the same octets are sent up to three times, and
 * everything that is no answer to just this request is passed over. Blocks.
 *
 * Returns: (transfer full): the answer, or %NULL with
 *   %CH_ERROR_UNREACHABLE: nothing was sent, or it was a query, which changes nothing;
 *   %CH_ERROR_UNKNOWN_OUTCOME: an update was sent and no answer came;
 *   %CH_ERROR_BAD_ANSWER: what came is no answer; %CH_ERROR_CANCELLED
 */
ChDnsAnswer *ch_dns_exchange (GSocketConnectable *server,
                              const char         *name,
                              const ChDnsRequest *request,
                              ChDnsTransport      transport,
                              gint64              deadline,
                              GCancellable       *cancellable,
                              GError            **error);
