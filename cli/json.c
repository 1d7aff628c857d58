/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "lib/client.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

char *
ch_json_key (const char *key)
{
  GString *snake = g_string_new (NULL);

  for (const char *c = key; *c != '\0'; c++)
    {
      if (g_ascii_isupper (*c) && c != key && !g_ascii_isupper (c[-1]))
        g_string_append_c (snake, '_');
      g_string_append_c (snake, *c == '-' ? '_' : g_ascii_tolower (*c));
    }

  return g_string_free (snake, FALSE);
}

static JsonNode *to_node (GVariant *value);

static JsonNode *
dictionary_to_node (GVariant *value)
{
  g_autoptr(JsonObject) object = json_object_new ();
  GVariantIter iter;
  const char *key;
  GVariant *member;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &member))
    {
      g_autofree char *snake = ch_json_key (key);

      json_object_set_member (object, snake, to_node (member));
    }

  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
array_to_node (GVariant *value)
{
  g_autoptr(JsonArray) array = json_array_new ();

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      json_array_add_element (array, to_node (child));
    }

  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
to_node (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return dictionary_to_node (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}"))
      || g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return array_to_node (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr(GVariant) inner = g_variant_get_variant (value);

      return to_node (inner);
    }

  return json_gvariant_serialize (value);
}

static void
print_node (JsonNode *node,
            gboolean  pretty)
{
  g_autofree char *text = json_to_string (node, pretty);

  fputs (text, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
}

void
ch_json_print (GVariant *value)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (value);
  g_autoptr(JsonNode) node = to_node (kept);

  print_node (node, TRUE);
}

void
ch_json_print_line (GVariant *value)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (value);
  g_autoptr(JsonNode) node = to_node (kept);

  print_node (node, FALSE);
}

void
ch_json_print_rows (GPtrArray *rows)
{
  g_autoptr(JsonArray) array = json_array_sized_new (rows->len);
  g_autoptr(JsonNode) node = NULL;

  for (guint i = 0; i < rows->len; i++)
    json_array_add_element (array, to_node (g_ptr_array_index (rows, i)));

  node = json_node_init_array (json_node_alloc (), array);
  print_node (node, TRUE);
}

void
ch_json_print_objects (GPtrArray *objects)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (rows, ((ChObject *) g_ptr_array_index (objects, i))->row);

  ch_json_print_rows (rows);
}
