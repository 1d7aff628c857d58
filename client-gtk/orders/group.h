/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <adwaita.h>

/* One subject of the detail: a title and a list of rows, which follows the order and is hidden while
 * there are none. */

/** ChGroupFill: adds the rows that are true now, one after the other, with ch_group_add(). */
typedef void (*ChGroupFill) (GtkListBox *list,
                             ChOrder    *order);

/**
 * ch_group_new:
 * @part: when that changes, @fill is called
 *
 * Returns: (transfer floating): an #AdwPreferencesGroup
 */
GtkWidget *ch_group_new (const char *title,
                         ChOrder    *order,
                         ChOrderPart part,
                         ChGroupFill fill);

/**
 * ch_group_add:
 * @kind: (nullable): what else tells a row from another with the same texts
 *
 * The next row of the list. A row that stands there with the same texts stays, and keeps the focus.
 *
 * Returns: (transfer none) (nullable): an #AdwActionRow to add to, if it is a new one
 */
GtkWidget *ch_group_add (GtkListBox *list,
                         const char *kind,
                         const char *title,
                         const char *subtitle);
/** ch_group_add_fact: the same, unless @value is "". */
GtkWidget *ch_group_add_fact (GtkListBox *list,
                              const char *title,
                              const char *value);

/** ch_group_add_icon: a sign before the texts of @row, with @label for those who do not see it; @class is
 * (nullable). */
void ch_group_add_icon (GtkWidget  *row,
                        const char *icon,
                        const char *label,
                        const char *class);
/** ch_group_add_copy: a button that copies @text. */
void ch_group_add_copy (GtkWidget  *row,
                        const char *text,
                        const char *label);
/** ch_group_add_link: activating @row opens the object at @path. */
void ch_group_add_link (GtkWidget  *row,
                        const char *path);
/** ch_group_add_button: a button of @row for an action without a parameter. */
void ch_group_add_button (GtkWidget  *row,
                          const char *label,
                          const char *action);
