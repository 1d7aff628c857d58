/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChOrderBulk: what a person can do with many orders at once; stands where otherwise the detail of one is.
 *
 * Properties:
 * - folded: whether it has the window to itself
 */
#define CH_TYPE_ORDER_BULK (ch_order_bulk_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderBulk, ch_order_bulk, CH, ORDER_BULK, AdwBin)

/** ch_order_bulk_set_service: once. */
void ch_order_bulk_set_service (ChOrderBulk *bulk,
                                ChService   *service);

/** ch_order_bulk_set_orders: @orders, (element-type ChOrderRow), are followed. */
void ch_order_bulk_set_orders (ChOrderBulk *bulk,
                               GListModel  *orders);
