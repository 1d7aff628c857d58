/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "authority.h"
#include "check.h"
#include "faults.h"
#include "requests.h"
#include "settings.h"
#include "state.h"

/**
 * SbWorld:
 * @dns: the DNS services
 * @servers: (element-type GSocketAddress): whom the DNS checks ask
 * @addresses: (element-type utf8 utf8): which address is asked in place of another one; replaced as a whole
 * @reservations: see reservations.h
 * @vouchers: see vouchers.h
 * @high_risk: (element-type utf8): names whose orders wait for a phishing check
 * @start: the settings as the options give them
 * @base: `https://127.0.0.1:PORT`, where the pages for people stand
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
  struct _SbVouchers *vouchers;
  GHashTable *addresses;
  struct _SbReservations *reservations;
  GHashTable *high_risk;
  SbSettings settings;
  SbSettings start;
  char *base;
  SbCheckFlags check;
} SbWorld;

/* Does what a delay has held until now. */
void sb_world_settle (SbWorld *world,
                      gint64   now);
