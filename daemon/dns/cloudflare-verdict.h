/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/service.h"

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
