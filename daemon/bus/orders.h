/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/internal.h"

/* The list of orders: rows for people and tables, and one signal for its changes. */

#define CH_ORDERS_CHANGED_MAX 1000  /* ids in one signal; above it says "ask again" */

void ch_order_feed_init (ChOrderFeed *feed);
void ch_order_feed_clear (ChOrderFeed *feed);

/** ch_order_feed_note: an order is new, changed or gone; told within 200 ms. */
void ch_order_feed_note (ChBus *bus, gint64 id);
