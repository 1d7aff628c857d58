/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/json.h"

#include "lib/error.h"
#include "lib/json.h"

#include <glib/gi18n.h>
#include <string.h>

JsonNode *
ch_json_parse (GBytes  *bytes,
               GError **error)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(JsonNode) root = NULL;

  if (length > 0 && g_utf8_validate_len (text, length, NULL) && ch_json_check_depth (text, length, NULL)
      && json_parser_load_from_data (parser, text, length, NULL))
    root = json_parser_steal_root (parser);

  if (root == NULL)
    ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The answer is no JSON"));

  return g_steal_pointer (&root);
}

JsonObject *
ch_json_root_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonNode *
member (JsonObject *object,
        const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

JsonObject *
ch_json_get_object (JsonObject *object,
                    const char *name)
{
  return ch_json_root_object (member (object, name));
}

JsonArray *
ch_json_get_array (JsonObject *object,
                   const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

guint
ch_json_get_length (JsonObject *object,
                    const char *name)
{
  JsonArray *array = ch_json_get_array (object, name);

  return array != NULL ? json_array_get_length (array) : 0;
}

JsonObject *
ch_json_get_element (JsonObject *object,
                     const char *name,
                     guint       i)
{
  JsonArray *array = ch_json_get_array (object, name);

  if (array == NULL || i >= json_array_get_length (array))
    return NULL;

  return ch_json_root_object (json_array_get_element (array, i));
}

static gboolean
holds (JsonNode *node,
       GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

const char *
ch_json_get_text (JsonObject *object,
                  const char *name)
{
  JsonNode *node = member (object, name);

  return holds (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

gint64
ch_json_get_number (JsonObject *object,
                    const char *name,
                    gint64      fallback)
{
  JsonNode *node = member (object, name);
  gint64 number;

  if (holds (node, G_TYPE_INT64))
    return json_node_get_int (node);
  if (holds (node, G_TYPE_STRING)
      && g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &number, NULL))
    return number;

  return fallback;
}

gboolean
ch_json_get_flag (JsonObject *object,
                  const char *name)
{
  JsonNode *node = member (object, name);

  return holds (node, G_TYPE_BOOLEAN) && json_node_get_boolean (node);
}

static GBytes *
node_to_bytes (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  gsize length = strlen (text);

  return g_bytes_new_take (g_steal_pointer (&text), length);
}

GBytes *
ch_json_to_bytes (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node_to_bytes (node);
}

GBytes *
ch_json_array_to_bytes (JsonArray *array)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node_to_bytes (node);
}
