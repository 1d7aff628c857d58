/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"

/* OrderIDs that GetDVApproverList gave out and no order has used yet; not kept over a restart, which
 * ends them as time does. */
typedef struct _SbReservations SbReservations;

SbReservations *sb_reservations_new  (void);
void            sb_reservations_free (SbReservations *reservations);

/**
 * sb_reserve:
 * @name: the FQDN that was asked for
 *
 * Returns: (transfer none) (nullable): a new OrderID; %NULL with the reason in the call's errors
 */
const char *sb_reserve (SbCall     *call,
                        const char *name);

/**
 * sb_reservation_name:
 * @id: an OrderID of a request
 *
 * Returns: (transfer none) (nullable): the FQDN it is for; %NULL with -4004, -4003 or -9902
 */
const char *sb_reservation_name (SbCall     *call,
                                 const char *id);
