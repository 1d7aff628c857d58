/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChOrderFilterBar: which orders the list shows: by state, by account, by how soon their certificate ends.
 *
 * Signals:
 * - changed: another choice was made
 */
#define CH_TYPE_ORDER_FILTER_BAR (ch_order_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderFilterBar, ch_order_filter_bar, CH, ORDER_FILTER_BAR, AdwBin)

/** ch_order_filter_bar_set_service: whose accounts can be chosen; once. */
void ch_order_filter_bar_set_service (ChOrderFilterBar *bar,
                                      ChService        *service);

/** ch_order_filter_bar_get: (transfer floating): what was chosen, as Manager.ListOrderIds wants it; empty:
 * all. */
GVariant *ch_order_filter_bar_get (ChOrderFilterBar *bar);

/** ch_order_filter_bar_reset: chooses all. */
void ch_order_filter_bar_reset (ChOrderFilterBar *bar);
