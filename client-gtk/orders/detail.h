/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"
#include "model/order-row.h"

#include <adwaita.h>

/**
 * ChOrderDetail: one order: how it stands, why, and its story as Order.Explain tells it; it follows
 * changes.
 *
 * Properties: order (#ChOrderRow), folded (whether it hides the list, so that it needs a way back).
 */
#define CH_TYPE_ORDER_DETAIL (ch_order_detail_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderDetail, ch_order_detail, CH, ORDER_DETAIL, AdwBin)

/** ch_order_detail_set_client: whom to ask. */
void ch_order_detail_set_client (ChOrderDetail *detail,
                                 ChClient      *client);

/** ch_order_detail_set_order: @order is (nullable). */
void ch_order_detail_set_order (ChOrderDetail *detail,
                                ChOrderRow    *order);
