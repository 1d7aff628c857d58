/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/** ch_text_row_new:
 * @type: the type of an AdwPreferencesRow
 * @property: (nullable): the first property, followed by its value and by further ones, ended by %NULL
 *
 * Like g_object_new(), for a row whose texts are shown as they are: a name such as “A & B” is no mark-up.
 *
 * Returns: (transfer floating): the row
 */
gpointer ch_text_row_new (GType       type,
                          const char *property,
                          ...) G_GNUC_NULL_TERMINATED;
