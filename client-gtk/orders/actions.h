/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <gtk/gtk.h>

/* What a person can do with an order: the actions order.* of the detail. Those that cannot be undone ask. */

/** ch_order_actions_install: adds them to the class of the detail. */
void ch_order_actions_install (GtkWidgetClass *class);

/** ch_order_actions_update: switches them as @order stands, which the actions of @detail are about from
 * now on. */
void ch_order_actions_update (GtkWidget *detail,
                              ChOrder   *order);
