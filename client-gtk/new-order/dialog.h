/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"
#include "new-order/fields.h"

#include <gtk/gtk.h>

/**
 * ch_order_dialog_show:
 * @where: over whose window
 * @purpose: what for
 * @order: (nullable): what is renewed or reissued; %NULL for a new order
 *
 * Asks what an order needs, lets the service look at it, shows what would come of it with the price, and
 * places it when a person says so. What is wrong is told at the question that it is about, and nothing that
 * was typed is lost.
 */
void ch_order_dialog_show (GtkWidget     *where,
                           ChService     *service,
                           ChOrderPurpose purpose,
                           ChOrder       *order);
