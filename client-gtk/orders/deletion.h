/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <gtk/gtk.h>

/**
 * ch_deletion_begin:
 * @where: in whose window; must outlive what is deleted
 *
 * Asks, lets the service forget @order, and offers to take that back: the order is imported again from
 * the certificate authority, its key comes out of the bin, and note, tags and switches are as before.
 */
void ch_deletion_begin (GtkWidget *where,
                        ChOrder   *order);
