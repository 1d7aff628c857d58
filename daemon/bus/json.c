/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/json.h"

#include <json-glib/json-glib.h>

static GVariant *
texts (JsonArray *array)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (json_node_get_value_type (item) == G_TYPE_STRING)
        g_variant_builder_add_value (&builder, g_variant_new_take_string (g_utf8_make_valid (json_node_get_string (item), -1)));
    }

  return g_variant_builder_end (&builder);
}

/* (nullable): %NULL when the member is not there or of another type */
static GVariant *
member (JsonObject      *object,
        const ChJsonKey *key)
{
  JsonNode *node = json_object_get_member (object, key->member);

  if (node != NULL && *key->type == 'a' && JSON_NODE_HOLDS_ARRAY (node))
    return texts (json_node_get_array (node));
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  GType type = json_node_get_value_type (node);
  if (*key->type == 's' && type == G_TYPE_STRING)
    return g_variant_new_take_string (g_utf8_make_valid (json_node_get_string (node), -1));
  if (*key->type == 'b' && type == G_TYPE_BOOLEAN)
    return g_variant_new_boolean (json_node_get_boolean (node));
  if (*key->type == 'x' && type == G_TYPE_INT64)
    return g_variant_new_int64 (json_node_get_int (node));
  if (*key->type == 'u' && type == G_TYPE_INT64)
    return g_variant_new_uint32 ((guint32) CLAMP (json_node_get_int (node), 0, G_MAXUINT32));

  return NULL;
}

static GVariant *
dictionary (JsonObject      *object,
            const ChJsonKey *keys)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (const ChJsonKey *key = keys; object != NULL && key->member != NULL; key++)
    {
      GVariant *value = member (object, key);
      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", key->key, value);
    }

  return g_variant_builder_end (&builder);
}

static JsonNode *
parse (const char *json)
{
  return json != NULL && *json != '\0' ? json_from_string (json, NULL) : NULL;
}

GVariant *
ch_json_list (const char      *json,
              const ChJsonKey *keys)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(JsonNode) root = parse (json);
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_OBJECT (node))
        g_variant_builder_add_value (&builder, dictionary (json_node_get_object (node), keys));
    }

  return g_variant_builder_end (&builder);
}

GVariant *
ch_json_dict (const char      *json,
              const ChJsonKey *keys)
{
  g_autoptr(JsonNode) root = parse (json);

  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  return dictionary (object, keys);
}

char *
ch_json_from_variant (GVariant *value)
{
  return json_gvariant_serialize_data (value, NULL);
}
