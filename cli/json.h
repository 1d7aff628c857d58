/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Documents for programs. Keys of a{sv} become snake_case ("NotAfter" → "not_after", "pid-file" →
 * "pid_file"); keys of other dictionaries are data and stay. Values keep their types; times stay
 * Unix seconds. */

/** ch_json_key: (transfer full): the documented key for a key of D-Bus. */
char *ch_json_key (const char *key);

/**
 * ch_json_extend:
 * @row: (nullable): a{sv}, or %NULL for an empty one
 * @key: a key that it has not
 * @value: a floating one is taken
 *
 * Returns: (transfer full): @row with one more entry at its end
 */
GVariant *ch_json_extend (GVariant   *row,
                          const char *key,
                          GVariant   *value);

/** ch_json_result: (transfer full): the document {"id", "name", @key} about the object of @row. */
GVariant *ch_json_result (GVariant   *row,
                          const char *key,
                          const char *value);

/** ch_json_print: prints @value, a floating one is taken, as one document of several lines. */
void ch_json_print (GVariant *value);

/** ch_json_print_line: the same in one line, written out at once. */
void ch_json_print_line (GVariant *value);

/** ch_json_print_rows: prints @rows (element-type GVariant) as one array. */
void ch_json_print_rows (GPtrArray *rows);

/** ch_json_print_objects: prints @objects (element-type ChObject) as one array of their properties. */
void ch_json_print_objects (GPtrArray *objects);
