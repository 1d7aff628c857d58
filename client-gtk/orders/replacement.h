/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <gtk/gtk.h>

/**
 * ch_replacement_begin:
 * @where: in whose window
 *
 * Asks the service what would replace the certificate of @order, a free reissue or a paid renewal, and opens the form for
 * that.
 */
void ch_replacement_begin (GtkWidget *where,
                           ChOrder   *order);
