/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"

#define SB_CLOUDNS_AUTH_ID "1234"
#define SB_CLOUDNS_SUB_AUTH_ID "5678"
#define SB_CLOUDNS_SUB_AUTH_USER "sandbox"
#define SB_CLOUDNS_PASSWORD "sandbox-cloudns+password"

/**
 * SbCloudns:
 * @first_zone: (nullable): the one that is delegated to the sub-user at first
 * @params: (nullable): (element-type utf8 utf8): of the call that is being answered: its form, or its query
 * @types: (element-type utf8 utf8): of zones that are not "master"
 * @off: (element-type utf8): zones that are switched off
 * @delegated: (element-type utf8): zones that sub-users see
 * @ids: (element-type utf8 guint64): record → its id, which is new whenever the record is new
 * @busy: (element-type utf8 gint64): zone → when all servers have its last change (monotonic time)
 * @is_sub_user: who the caller of the moment is
 * @is_read_only: sub-users may not write
 * @pending: milliseconds until a change is everywhere
 * @rate: requests in a second; 0 for any number
 */
typedef struct
{
  const char *first_zone;
  GHashTable *params;
  GHashTable *types;
  GHashTable *off;
  GHashTable *delegated;
  GHashTable *ids;
  GHashTable *busy;
  guint64 last_id;
  gboolean is_sub_user;
  gboolean is_read_only;
  gint64 pending;
  gint64 rate;
  gint64 second;        /* that the requests are counted in */
  gint64 requests;
} SbCloudns;

/* ---- dns-cloudns.c ---- */

/** sb_cloudns_param: (transfer none): a parameter; "" when it is missing. */
const char *sb_cloudns_param (SbDnsCall  *call,
                              const char *name);

/** sb_cloudns_succeed: @data: (nullable) (transfer full). */
void sb_cloudns_succeed (SbDnsCall  *call,
                         const char *description,
                         JsonObject *data);

/** sb_cloudns_fail: with status 200, as the service does. */
void sb_cloudns_fail (SbDnsCall  *call,
                      const char *description);

/* ---- dns-cloudns-zones.c ---- */

/** sb_cloudns_zone: (transfer none) (nullable): the zone of "domain-name"; %NULL when it has answered. */
const char *sb_cloudns_zone (SbDnsCall *call);

/** sb_cloudns_zone_to_write: the same, for those who may change it. */
const char *sb_cloudns_zone_to_write (SbDnsCall *call);

/**
 * sb_cloudns_page:
 * @first: (out): where the page begins that the call wants
 * @length: (out): and how long it is
 *
 * Returns: %FALSE when it has answered
 */
gboolean sb_cloudns_page (SbDnsCall *call,
                          guint64   *first,
                          guint64   *length);

void sb_cloudns_get_zone     (SbDnsCall *call);
void sb_cloudns_list_zones   (SbDnsCall *call);
void sb_cloudns_count_pages  (SbDnsCall *call);
void sb_cloudns_list_servers (SbDnsCall *call);
void sb_cloudns_is_updated   (SbDnsCall *call);

/* ---- dns-cloudns-records.c ---- */

void sb_cloudns_list   (SbDnsCall *call);
void sb_cloudns_add    (SbDnsCall *call);
void sb_cloudns_delete (SbDnsCall *call);
