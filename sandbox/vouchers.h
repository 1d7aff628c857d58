/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"

/* Coupons and campaigns: all invented. */
typedef struct _SbVouchers SbVouchers;

SbVouchers *sb_vouchers_new  (void);
void        sb_vouchers_free (SbVouchers *vouchers);

/**
 * sb_vouchers_add:
 * @body: `kind` (“coupon” or “campaign”), `code`, and perhaps `percent`, `state` (“active”, “expired”,
 *   “used”, “inactive”), `currency`, `once`
 *
 * Takes the place of one with the same code.
 */
gboolean sb_vouchers_add (SbVouchers  *vouchers,
                          JsonObject  *body,
                          char       **why);

JsonArray *sb_vouchers_list (SbVouchers *vouchers);

/**
 * sb_vouchers_apply:
 * @order: drafted; its `price` falls
 *
 * Reads Coupon and Campaign: -9913 and -9914 for an unknown one, -9918 expired, -9919 used, -9920 not
 * active, -9922 for another currency.
 */
gboolean sb_vouchers_apply (SbCall  *call,
                            SbOrder *order);

/* The order was placed: a voucher that is good once is used. */
void sb_vouchers_use (SbVouchers    *vouchers,
                      const SbOrder *order);
