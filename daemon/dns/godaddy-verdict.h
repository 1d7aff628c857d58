/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/service.h"

/**
 * ChGodaddySpecial: refusals that are good news to some.
 * @CH_GODADDY_THERE: just this record stands there already, or another that keeps it out
 * @CH_GODADDY_GONE: there is no such thing: a domain, or a record to be removed
 */
typedef enum
{
  CH_GODADDY_NOTHING,
  CH_GODADDY_THERE,
  CH_GODADDY_GONE,
} ChGodaddySpecial;

/**
 * ch_godaddy_judge:
 * @status: of the answer
 * @body: (nullable): what it holds
 * @special: (out): set when %FALSE is returned
 *
 * What an answer means.
 *
 * Returns: %TRUE for success, or %FALSE with the error, whose code is one of those of #ChDnsProvider
 */
gboolean ch_godaddy_judge (guint              status,
                           JsonObject        *body,
                           ChGodaddySpecial  *special,
                           GError           **error);

/**
 * ch_godaddy_wait: for #ChService: how long a 429 wants us to wait, which GoDaddy says in the body
 * ("retryAfterSec"); -1 when it does not say.
 */
gint64 ch_godaddy_wait (const ChHttpReply *reply);
