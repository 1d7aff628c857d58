/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Telling people that a certificate ends. */

/** CH_EXPIRY_LAST_DAYS: from here on nothing is left unsaid, and the health is critical. */
#define CH_EXPIRY_LAST_DAYS 3

/** ChExpiryLook: what is to be told of a certificate. */
typedef struct
{
  int days;       /* the threshold that it is below; 0: it has ended; -1: nothing is to be told */
  gint64 next;    /* when to look again; 0: never */
} ChExpiryLook;

/**
 * ch_expiry_look:
 * @order: issued
 * @not_before: of its certificate in force
 * @renewed: whether another order took its place
 * @days: (array zero-terminated=1): the thresholds, falling
 *
 * Pure. A threshold of more than a third of the certificate's life does not count: a certificate of 47 days would
 * warn from its first day. While it will replace itself, nothing is told until two days after it should have, unless that has failed
 * or only three days are left.
 */
ChExpiryLook ch_expiry_look (const ChOrder *order, gint64 not_before, gboolean renewed, const guint *days, gint64 now);

/** ch_expiry_run: tells what is due, and ends orders whose certificate and term are over. */
void ch_expiry_run (ChWorld *world, gint64 now);
