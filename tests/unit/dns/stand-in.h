/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "contract.h"
#include "servers.h"

#include <json-glib/json-glib.h>

/**
 * StandIn: the sandbox with its DNS services, in front of a BIND that holds their zone example.test (see
 * #ServerKind). What they write is seen by asking BIND.
 */
typedef struct
{
  Server *bind;
  char *folder;
  GSubprocess *process;
  JsonNode *facts;      /* what the sandbox says at its start */
  char *ca_pem;
} StandIn;

/** stand_in_is_possible: whether BIND is installed and the build's sandbox is known. */
gboolean stand_in_is_possible (void);

StandIn *stand_in_start (void);
void stand_in_stop (StandIn *stand_in);

/** stand_in_url: (transfer none): of the DNS service @kind. */
const char *stand_in_url (StandIn    *stand_in,
                          const char *kind);

/** stand_in_access: an account that the stand-in for @provider knows, with "url" and "ca-certificate". */
ChDnsAccess stand_in_access (StandIn             *stand_in,
                             const ChDnsProvider *provider);

void access_set (GHashTable *table,
                 const char *name,
                 const char *value);
void access_clear (ChDnsAccess *access);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChDnsAccess, access_clear)

/** stand_in_control: POST @json to @path ("/dns", "/faults", "/clear") of the control interface; it must be taken. */
void stand_in_control (StandIn    *stand_in,
                       const char *path,
                       const char *json);

/** stand_in_fault: what happens to the next request of an operation: ("cloudflare.create", "\"drop\": \"after\""). */
void stand_in_fault (StandIn    *stand_in,
                     const char *operation,
                     const char *fault);

/** stand_in_calm: no faults, and the service as it began. */
void stand_in_calm (StandIn    *stand_in,
                    const char *kind);

/** stand_in_requests: how many requests for "KIND.…" it has noted since it began. */
guint stand_in_requests (StandIn    *stand_in,
                         const char *operation);

/** stand_in_contract: registers the promises of contract.h for it; @contract lives until they have run. */
void stand_in_contract (StandIn             *stand_in,
                        Contract            *contract,
                        const ChDnsProvider *provider);

/**
 * stand_in_many_writers:
 * @accesses: an account for each writer, which may be the same
 *
 * Each writer puts @rounds values at one name and takes them away again, all at once; a neighbour stands there before
 * and alone afterwards. What is to be tried again by its error is tried again.
 */
void stand_in_many_writers (StandIn             *stand_in,
                            const ChDnsProvider *provider,
                            const ChDnsAccess   *accesses,
                            guint                n_accesses,
                            guint                rounds);
