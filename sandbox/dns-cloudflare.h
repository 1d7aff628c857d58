/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"

/**
 * SbCloudflare:
 * @statuses: (element-type utf8 utf8): of zones that are not "active"
 * @types: (element-type utf8 utf8): of zones that are not "full"
 * @notes: what the service knows of a record beyond what DNS holds
 * @is_token_dead: the token has been revoked
 * @is_zone_hidden: the token lacks Zone:Read
 * @is_edit_refused: the token lacks DNS:Edit
 */
typedef struct
{
  GHashTable *statuses;
  GHashTable *types;
  GHashTable *notes;
  guint serial;
  gboolean is_token_dead;
  gboolean is_zone_hidden;
  gboolean is_edit_refused;
} SbCloudflare;

/* ---- dns-cloudflare.c ---- */

/* the envelope; @result, @result_info and @all are (transfer full) */
void sb_cloudflare_succeed      (SbDnsCall  *call,
                                 JsonNode   *result,
                                 JsonObject *result_info);
void sb_cloudflare_succeed_page (SbDnsCall  *call,
                                 JsonArray  *all,
                                 guint       fewest,
                                 guint       most,
                                 guint       usual);
void sb_cloudflare_fail         (SbDnsCall  *call,
                                 guint       status,
                                 int         code,
                                 const char *message);
void sb_cloudflare_fail_chain   (SbDnsCall  *call,
                                 int         code,
                                 const char *message,
                                 int         inner_code,
                                 const char *inner_message);

/** sb_cloudflare_zone: (transfer none) (nullable): the zone of the path; %NULL when it has answered. */
const char *sb_cloudflare_zone (SbDnsCall *call);

/* ---- dns-cloudflare-records.c ---- */

void sb_cloudflare_note_free (gpointer note);

void sb_cloudflare_list   (SbDnsCall *call);
void sb_cloudflare_get    (SbDnsCall *call);
void sb_cloudflare_create (SbDnsCall *call);
void sb_cloudflare_delete (SbDnsCall *call);
