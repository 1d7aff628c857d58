/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/**
 * ch_deletion_begin:
 * @where: in whose window; must outlive what is deleted
 * @ids: (element-type guint64): the orders
 * @names: of the orders, for the question: a name, or a list of them
 *
 * Asks, lets the service forget the orders, and offers to take that back.
 */
void ch_deletion_begin (GtkWidget  *where,
                        ChService  *service,
                        GArray     *ids,
                        const char *names);
