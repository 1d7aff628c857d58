/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <gtk/gtk.h>

/** ch_validation_dialog_show: changes how control of the names of @order is proven: only what is possible
 * can be chosen. */
void ch_validation_dialog_show (GtkWidget *where,
                                ChOrder   *order);
