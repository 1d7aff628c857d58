/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "dns/web-account.h"

/* Cloudflare: what its files know of each other. cloudflare.c is the provider, cloudflare-zones.c finds
 * zones, cloudflare-call.c asks, cloudflare-verdict.c judges what is answered. */

#define CH_CLOUDFLARE_URL "https://api.cloudflare.com/client/v4"

extern const ChField ch_cloudflare_fields[];

/** ChCloudflare: an account, ready to be asked. */
typedef struct
{
  ChWebAccount web;
  GHashTable *settings;     /* (not owned) */
  char *bearer;             /* (nullable): secret */
  const char *headers[5];
} ChCloudflare;

/**
 * ChCloudflareSpecial: refusals that are good news to some.
 * @CH_CLOUDFLARE_THERE: just this record stands there already
 * @CH_CLOUDFLARE_GONE: there is no such record
 */
typedef enum
{
  CH_CLOUDFLARE_NOTHING,
  CH_CLOUDFLARE_THERE,
  CH_CLOUDFLARE_GONE,
} ChCloudflareSpecial;

/* ---- cloudflare-call.c ---- */

/** ch_cloudflare_open: @self: zeroed before; @access lives longer. %FALSE with %CH_ERROR_INVALID. */
gboolean ch_cloudflare_open (ChCloudflare      *self,
                             const ChDnsAccess *access,
                             GCancellable      *cancellable,
                             GError           **error);
void ch_cloudflare_clear (ChCloudflare *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChCloudflare, ch_cloudflare_clear)

/** ch_cloudflare_ask: (transfer full) (nullable): the envelope of a success. */
JsonNode *ch_cloudflare_ask (ChCloudflare         *self,
                             const char           *method,
                             const char           *path,
                             GBytes               *body,
                             ChCloudflareSpecial  *special,
                             GError              **error);

/** ch_cloudflare_list: (transfer full) (element-type JsonObject) (nullable): what is on all pages of a list. */
GPtrArray *ch_cloudflare_list (ChCloudflare *self,
                               const char   *path,
                               guint         per_page,
                               GError      **error);

/* ---- cloudflare-zones.c ---- */

/** ch_cloudflare_is_id: whether it is an id as zones and records have one. */
gboolean ch_cloudflare_is_id (const char *id);

/** ch_cloudflare_find_zone: (transfer full): the longest zone that holds @name; never a top-level domain. */
char *ch_cloudflare_find_zone (ChCloudflare *self,
                               const char   *name,
                               GError      **error);

/** ch_cloudflare_verify: see #ChDnsProvider.verify. */
gboolean ch_cloudflare_verify (ChCloudflare *self,
                               GPtrArray    *names,
                               GError      **error);

/** ch_cloudflare_zone_id: (transfer full) (nullable): the id of the zone to work on. */
char *ch_cloudflare_zone_id (ChCloudflare *self,
                             const char   *zone,
                             GError      **error);

/* ---- cloudflare-verdict.c ---- */

/**
 * ch_cloudflare_judge:
 * @status: of the answer
 * @envelope: (nullable): its body
 * @special: (out): set when %FALSE is returned
 *
 * What an answer means. Codes count more than the status, and those of an error's chain as much as its own.
 *
 * Returns: %TRUE for success, or %FALSE with the error, whose code is one of those of #ChDnsProvider
 */
gboolean ch_cloudflare_judge (guint                 status,
                              JsonObject           *envelope,
                              ChCloudflareSpecial  *special,
                              GError              **error);
