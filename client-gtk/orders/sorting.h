/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Sorting by the service: a click on a column's title only says by what. */

/**
 * ch_sorting_add:
 * @key: static; what the service calls it
 *
 * Makes the title of @column one that can be clicked.
 */
void ch_sorting_add (GtkColumnViewColumn *column,
                     const char          *key);

/**
 * ch_sorting_read:
 *
 * Returns: (transfer full): how the titles of @view say to sort, as Manager.ListOrderIds wants it;
 *   "" if no title was chosen
 */
char *ch_sorting_read (GtkColumnView *view);
