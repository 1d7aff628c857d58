/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/**
 * ChOrderList: the table of orders.
 *
 * Properties:
 * - model: a #GtkSelectionModel of #ChOrderRow
 * - room: how many pixels wide it is; the less, the fewer columns
 *
 * Signals:
 * - sorted: the title of a column was clicked
 */
#define CH_TYPE_ORDER_LIST (ch_order_list_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderList, ch_order_list, CH, ORDER_LIST, AdwBin)

/** ch_order_list_get_sort: (transfer full): how its titles say to sort, as Manager.ListOrderIds wants it. */
char *ch_order_list_get_sort (ChOrderList *list);
