/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "shell/page.h"

/**
 * ChOrdersPage: the list of orders with its search, and beside it the one that is selected. In a
 * narrow window only one of both is seen.
 */
#define CH_TYPE_ORDERS_PAGE (ch_orders_page_get_type ())
G_DECLARE_FINAL_TYPE (ChOrdersPage, ch_orders_page, CH, ORDERS_PAGE, ChPage)
