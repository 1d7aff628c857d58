/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/**
 * ch_restoration_begin:
 * @where: in whose window; must outlive what was deleted
 * @facts: (element-type GVariant): rows of Manager.GetOrders from before the orders were deleted
 *
 * Takes back that orders were deleted, one after the other: each is imported again from the certificate authority, its
 * key comes out of the bin, and note, tags and switches are as before. A single one is then opened.
 */
void ch_restoration_begin (GtkWidget *where,
                           ChService *service,
                           GPtrArray *facts);
