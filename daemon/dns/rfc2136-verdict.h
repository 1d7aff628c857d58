/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/message.h"

/** ChUpdatePeer: whom an answer came from, in words. */
typedef struct
{
  const char *server;
  const char *key_name;
  const char *algorithm;
} ChUpdatePeer;

/**
 * ch_rfc2136_judge_query:
 * @peer: who answered
 * @name: what was asked about
 * @answer: to a query that was signed
 *
 * Returns: %TRUE for a NOERROR or NXDOMAIN whose signature is good; else %FALSE with %CH_ERROR_CREDENTIALS,
 *   %CH_ERROR_CLOCK, %CH_ERROR_ZONE_NOT_FOUND, %CH_ERROR_TRANSIENT or %CH_ERROR_BAD_ANSWER and a sentence
 *   that tells which setting is likely wrong
 */
gboolean ch_rfc2136_judge_query (const ChUpdatePeer *peer,
                                 const char         *name,
                                 const ChDnsAnswer  *answer,
                                 GError            **error);

/**
 * ch_rfc2136_judge_update:
 *
 * The same for the answer to an update, after a query signed with the same key was answered well: what is
 * refused now is not refused because of the key. %CH_ERROR_FORBIDDEN and %CH_ERROR_CONFLICT come in addition.
 */
gboolean ch_rfc2136_judge_update (const ChUpdatePeer *peer,
                                  const char         *zone,
                                  const char         *name,
                                  const ChDnsAnswer  *answer,
                                  GError            **error);
