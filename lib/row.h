/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Reading of rows: dictionaries a{sv} that the service gives. A key that is missing or has another
 * type counts as empty, so that a client of today can talk to a service of tomorrow. */

/**
 * ch_row_string:
 * @row: a dictionary a{sv}
 * @key: a key, such as "Name"
 *
 * Returns: (transfer none): the string or object path; "" if there is none; lives as long as @row
 */
const char *ch_row_string (GVariant   *row,
                           const char *key);

/** ch_row_number: any integer type, else 0; what is above %G_MAXINT64 becomes that. */
gint64 ch_row_number (GVariant   *row,
                      const char *key);

/** ch_row_flag: a boolean, else %FALSE. */
gboolean ch_row_flag (GVariant   *row,
                      const char *key);

/** ch_row_strings: (transfer full): a list of strings, else an empty one. */
GStrv ch_row_strings (GVariant   *row,
                      const char *key);

/**
 * ch_row_list:
 * @row: a dictionary a{sv}
 * @key: a key
 * @type: what is expected, such as "aa{sv}" or "a{ss}"
 *
 * Returns: (transfer full): the value, or an empty one of @type
 */
GVariant *ch_row_list (GVariant   *row,
                       const char *key,
                       const char *type);
