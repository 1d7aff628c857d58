/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The store keeps some lists as JSON; on the bus they are typed dictionaries. */

/** ChJsonKey: a member of a JSON object, its key on the bus, and its type there: s, u, x, b or as. */
typedef struct
{
  const char *member;
  const char *key;
  const char *type;
} ChJsonKey;

/** ch_json_list: (transfer floating): @json, an array of objects, as aa{sv}; empty when it is none. */
GVariant *ch_json_list (const char *json, const ChJsonKey *keys);

/** ch_json_dict: (transfer floating): @json, an object, as a{sv}. */
GVariant *ch_json_dict (const char *json, const ChJsonKey *keys);

/** ch_json_from_variant: (transfer full): an a{sv} or aa{sv} as JSON, the other way. */
char *ch_json_from_variant (GVariant *value);
