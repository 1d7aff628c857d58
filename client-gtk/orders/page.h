/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order-model.h"

#include <adwaita.h>

/**
 * ChOrdersPage: the list of orders with its search, and beside it the one that is selected. In a
 * narrow window only one of both is seen.
 */
#define CH_TYPE_ORDERS_PAGE (ch_orders_page_get_type ())
G_DECLARE_FINAL_TYPE (ChOrdersPage, ch_orders_page, CH, ORDERS_PAGE, AdwBin)

/** ch_orders_page_set_model: what is listed; set once. */
void ch_orders_page_set_model (ChOrdersPage *page,
                               ChOrderModel *model);

/** ch_orders_page_set_client: whom to ask for more about the selected order. */
void ch_orders_page_set_client (ChOrdersPage *page,
                                ChClient     *client);

/** ch_orders_page_set_menu: the main menu. */
void ch_orders_page_set_menu (ChOrdersPage *page,
                              GMenuModel   *menu);

/** ch_orders_page_start_search: puts the cursor there. */
void ch_orders_page_start_search (ChOrdersPage *page);

/** ch_orders_page_go_back: from the order to the list. */
void ch_orders_page_go_back (ChOrdersPage *page);
