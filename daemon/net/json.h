/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* JSON that somebody else wrote: what is missing or of another type than expected is absent. */

/**
 * ch_json_parse:
 *
 * Returns: (transfer full): the root, never %NULL inside; or %NULL with %CH_ERROR_BAD_ANSWER when @bytes are
 *   empty, no JSON, no UTF-8, or nested too deeply
 */
JsonNode *ch_json_parse (GBytes  *bytes,
                         GError **error);

/** ch_json_root_object: (transfer none) (nullable): the node as an object; @node may be %NULL. */
JsonObject *ch_json_root_object (JsonNode *node);

/**
 * ch_json_get_object: (transfer none) (nullable): an object inside; @object may be %NULL, as for all that
 * follow.
 */
JsonObject *ch_json_get_object (JsonObject *object,
                                const char *name);

/** ch_json_get_array: (transfer none) (nullable): an array inside. */
JsonArray *ch_json_get_array (JsonObject *object,
                              const char *name);

/** ch_json_get_length: how many elements an array inside has; 0 when it is not there. */
guint ch_json_get_length (JsonObject *object,
                          const char *name);

/** ch_json_get_element: (transfer none) (nullable): an object in an array inside. */
JsonObject *ch_json_get_element (JsonObject *object,
                                 const char *name,
                                 guint       i);

/** ch_json_get_text: (transfer none) (nullable): a string inside. */
const char *ch_json_get_text (JsonObject *object,
                              const char *name);

/** ch_json_get_number: a whole number inside, or a string of digits; otherwise @fallback. */
gint64 ch_json_get_number (JsonObject *object,
                           const char *name,
                           gint64      fallback);

/** ch_json_get_flag: whether there is a true inside. */
gboolean ch_json_get_flag (JsonObject *object,
                           const char *name);

/** ch_json_to_bytes: @object: (transfer full). Returns: (transfer full): its text. */
GBytes *ch_json_to_bytes (JsonObject *object);

/** ch_json_array_to_bytes: @array: (transfer full). Returns: (transfer full): its text. */
GBytes *ch_json_array_to_bytes (JsonArray *array);
