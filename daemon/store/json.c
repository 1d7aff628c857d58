/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include <json-glib/json-glib.h>

static char *
to_text (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

char *
ch_json_from_strv (const char *const *list)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (gsize i = 0; list != NULL && list[i] != NULL; i++)
    json_builder_add_string_value (builder, list[i]);
  json_builder_end_array (builder);

  return to_text (builder);
}

char *
ch_json_from_table (GHashTable *table)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GHashTableIter iter;
  gpointer name, value;

  json_builder_begin_object (builder);
  if (table != NULL)
    {
      g_hash_table_iter_init (&iter, table);
      while (g_hash_table_iter_next (&iter, &name, &value))
        {
          json_builder_set_member_name (builder, name);
          json_builder_add_string_value (builder, value);
        }
    }
  json_builder_end_object (builder);

  return to_text (builder);
}

/* json_node_get_string() may not be asked of an array or an object. */
static const char *
get_string (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

GStrv
ch_json_to_strv (const char *text)
{
  g_autoptr(JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;

  g_autoptr(GStrvBuilder) list = g_strv_builder_new ();
  JsonArray *array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *value = get_string (json_array_get_element (array, i));

      if (value == NULL)
        return NULL;
      g_strv_builder_add (list, value);
    }

  return g_strv_builder_end (list);
}

GHashTable *
ch_json_to_table (const char *text)
{
  g_autoptr(JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    {
      const char *value = get_string (node);

      if (value == NULL)
        return NULL;
      g_hash_table_insert (table, g_strdup (name), g_strdup (value));
    }

  return g_steal_pointer (&table);
}
