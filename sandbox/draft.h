/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"
#include "products.h"

/**
 * sb_draft_order:
 * @method: what kind of product the operation takes
 *
 * Makes an order of a request's OrderRequestParameter, SubID, ContactInfo and SANEntries, and checks
 * whether GlobalSign would take it. Nothing is stored or charged; `price` is set.
 *
 * Returns: (transfer full) (nullable): the order; %NULL with the reasons in the call's errors
 */
SbOrder *sb_draft_order (SbCall   *call,
                         SbMethod  method);

/**
 * sb_check_key:
 * @field: where the CSR stands
 *
 * -9940 for a key that was revoked, -6007 for one that was used with another common name.
 */
gboolean sb_check_key (SbCall     *call,
                       SbOrder    *order,
                       const char *field);
