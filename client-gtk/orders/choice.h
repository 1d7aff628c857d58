/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order-model.h"

#include <gtk/gtk.h>

/* Which orders of the list are chosen, kept by their ids: GtkMultiSelection looks for what was chosen in all of a new
 * list, and that makes every order of it. */

/** ch_choice_get: (transfer full) (element-type guint64): the ids of those that are chosen. */
GArray *ch_choice_get (GtkSelectionModel *selection,
                       ChOrderModel      *orders);

/** ch_choice_set: chooses the orders with these ids, as far as they are in the list, and no others. */
void ch_choice_set (GtkSelectionModel *selection,
                    ChOrderModel      *orders,
                    GArray            *ids);
