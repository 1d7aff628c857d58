/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/view.h"

/**
 * ChSeen: what one server said.
 * @CH_SEEN_VALUE: it shows the value
 * @CH_SEEN_OTHER: it answers with authority, without the value
 * @CH_SEEN_NO_NAME: it says that the name does not exist
 * @CH_SEEN_NOT_AUTHORITATIVE: lame, refused or no AA bit
 * @CH_SEEN_SERVFAIL: it has trouble
 * @CH_SEEN_SILENT: no answer
 */
typedef enum
{
  CH_SEEN_VALUE,
  CH_SEEN_OTHER,
  CH_SEEN_NO_NAME,
  CH_SEEN_NOT_AUTHORITATIVE,
  CH_SEEN_SERVFAIL,
  CH_SEEN_SILENT,
} ChSeen;

/** ChObservation: one server's answer. */
typedef struct
{
  char *server;     /* its name, or the address when it was given so */
  char *address;    /* "192.0.2.1" or "192.0.2.1:5301" when the port is not 53 */
  ChSeen seen;
  char *text;       /* in words: "shows the value", "answers NXDOMAIN", … */
} ChObservation;

/** ChPropagation: what all servers said. */
typedef struct
{
  char *zone;             /* the zone cut that was found, or NULL where name servers were given */
  GPtrArray *observations;  /* (element-type ChObservation) */
  gboolean complete;      /* every server that answers with authority shows the value, and at least one does
                             in each address family that we can reach. Silent, lame and troubled servers are
                             reported and do not count as "no": a resolver would ask the next one */
  gboolean denied;        /* a server that is in charge says that it is not there */
  gboolean doubtful;      /* a server has said nothing about it */
  char *summary;          /* one sentence: "2 of 3 servers show the value; ns2.example.test
                             (192.0.2.2) still answers NXDOMAIN" */
} ChPropagation;

void ch_propagation_free (ChPropagation *propagation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPropagation, ch_propagation_free)

/**
 * ch_propagation_look:
 * @name: FQDN of the TXT record
 * @value: what must stand there, among others
 * @view: whom to ask; the authoritative servers, if it does not say
 *
 * Asks every authoritative server of the zone once, over IPv4 and IPv6 where it has them and this
 * machine has a route. Blocks for at most some seconds; waiting between looks is the engine's.
 *
 * Returns: (transfer full): what they said, or %NULL with %CH_ERROR_UNREACHABLE or %CH_ERROR_ZONE_NOT_FOUND
 *   when the servers themselves could not be found
 */
ChPropagation *ch_propagation_look (const char       *name,
                                    const char       *value,
                                    const ChDnsView  *view,
                                    GCancellable     *cancellable,
                                    GError          **error);
