/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "dns/web-account.h"

/* ClouDNS: what its files know of each other. cloudns.c is the provider, cloudns-zones.c finds zones,
 * cloudns-call.c asks and judges what is answered. */

#define CH_CLOUDNS_URL "https://api.cloudns.net"

extern const ChField ch_cloudns_fields[];

/** ChCloudns: one account, ready to be asked. */
typedef struct
{
  ChWebAccount web;
  GHashTable *settings;     /* (not owned) */
  const char *id_name;      /* which of the three ways to log in: "auth-id" */
  const char *id;
  const char *password;
} ChCloudns;

/* ---- cloudns-call.c ---- */

/** ch_cloudns_id_names: (array zero-terminated=1): the fields of which an account has one. */
extern const char *const ch_cloudns_id_names[];

/** ch_cloudns_open: @self: zeroed before; @access lives longer. %FALSE with %CH_ERROR_INVALID. */
gboolean ch_cloudns_open (ChCloudns         *self,
                          const ChDnsAccess *access,
                          GCancellable      *cancellable,
                          GError           **error);
void ch_cloudns_clear (ChCloudns *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChCloudns, ch_cloudns_clear)

/**
 * ch_cloudns_ask:
 * @call: such as "dns/records"
 * @params: (array zero-terminated=1): name, value, …
 *
 * For what changes nothing.
 *
 * Returns: (transfer full): what the service answers, which is never one of its refusals, or %NULL with the
 *   errors of ch_service_ask() and #ChDnsProvider, and with %CH_ERROR_EXISTS or %CH_ERROR_NOT_FOUND for a
 *   record
 */
JsonNode *ch_cloudns_ask (ChCloudns          *self,
                          const char         *call,
                          const char *const  *params,
                          GError            **error);

/** ch_cloudns_change: the same for a change; after an error that is ch_service_is_doubtful() look first. */
gboolean ch_cloudns_change (ChCloudns          *self,
                            const char         *call,
                            const char *const  *params,
                            GError            **error);

/* ---- cloudns-zones.c ---- */

/** ch_cloudns_list_zones: adds the names of the first zones, as many as @rows says: "10" or "100". */
gboolean ch_cloudns_list_zones (ChCloudns   *self,
                                const char  *rows,
                                GPtrArray   *names,
                                GError     **error);

/** ch_cloudns_find_zone: (transfer full): the zone of the account that holds @name: the longest one. */
char *ch_cloudns_find_zone (ChCloudns   *self,
                            const char  *name,
                            GError     **error);

/** ch_cloudns_has_settled: whether all name servers have the zone as it is, or nobody says. Asks once. */
gboolean ch_cloudns_has_settled (ChCloudns  *self,
                                 const char *zone);
