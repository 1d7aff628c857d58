/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order-row.h"
#include "model/service.h"

#include <adwaita.h>

/**
 * ChOrderDetail: one order: how it stands, why, and all that belongs to it, with what can be done about
 * it; it follows changes. What it shows is in boxes.h, what it does in actions.h.
 *
 * Properties: order (#ChOrderRow), folded (whether it hides the list, so that it needs a way back).
 */
#define CH_TYPE_ORDER_DETAIL (ch_order_detail_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderDetail, ch_order_detail, CH, ORDER_DETAIL, AdwBin)

/** ch_order_detail_set_service: whom to ask; once, before an order is set. */
void ch_order_detail_set_service (ChOrderDetail *detail,
                                  ChService     *service);

/** ch_order_detail_set_order: @order is (nullable). */
void ch_order_detail_set_order (ChOrderDetail *detail,
                                ChOrderRow    *order);
