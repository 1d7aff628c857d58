/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChOrderRow:
 *
 * What a list shows of one order. It is empty at first; its properties tell when they are filled or
 * change: id, loaded, name, state (a nick of #ChOrderState), reason, account (a name), product (a nick), served
 * ("served", "pending", "failing" or ""), not-after and term-end (Unix seconds; 0: no certificate).
 */
#define CH_TYPE_ORDER_ROW (ch_order_row_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderRow, ch_order_row, CH, ORDER_ROW, GObject)

/** ch_order_row_columns: what ch_order_row_fill() reads, as Manager.GetOrders wants it; ends with %NULL. */
extern const char *const ch_order_row_columns[];

/** ch_order_row_new: (transfer full): an empty row that is stale. */
ChOrderRow *ch_order_row_new (guint64 id);

guint64 ch_order_row_get_id (ChOrderRow *row);

/** ch_order_row_get_name: (transfer none): "" before it is loaded. */
const char *ch_order_row_get_name (ChOrderRow *row);

/** ch_order_row_get_state: (transfer none): a nick; "" before it is loaded. */
const char *ch_order_row_get_state (ChOrderRow *row);

/** ch_order_row_is_stale: whether it is to be asked for. */
gboolean ch_order_row_is_stale (ChOrderRow *row);

/** ch_order_row_set_stale: @stale is %FALSE once it was asked for. */
void ch_order_row_set_stale (ChOrderRow *row,
                             gboolean    stale);

/**
 * ch_order_row_fill:
 * @facts: a row of Manager.GetOrders
 *
 * Takes over what @facts say and tells of what changed.
 */
void ch_order_row_fill (ChOrderRow *row,
                        GVariant   *facts);
