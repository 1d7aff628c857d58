/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "authority.h"
#include "check.h"
#include "faults.h"
#include "requests.h"
#include "state.h"

/**
 * SbWorld:
 * @dns: the DNS services
 * @servers: (element-type GSocketAddress): whom the DNS checks ask
 * @high_risk: (element-type utf8): names whose orders wait for a phishing check
 * @vetting_delay: milliseconds between a seen proof and the issue
 * @order_limit: most orders in one answer
 * @limit_is_error: more than @order_limit is an error; else the answer is cut
 *
 * All that the services work on. Everything happens on the main loop.
 */
typedef struct
{
  struct _SbDns *dns;
  SbState *state;
  SbAuthority *authority;
  SbFaults *faults;
  SbRequests *requests;
  GPtrArray *servers;
  GHashTable *high_risk;
  gint64 vetting_delay;
  guint order_limit;
  gboolean limit_is_error;
  SbCheckFlags check;
} SbWorld;

#define SB_ORDER_LIMIT 500

/* Issues what a vetting delay has held until now. */
void sb_world_settle (SbWorld *world,
                      gint64   now);
