/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "lib/client.h"
#include "lib/row.h"

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

/* Not a GVariantDict, which would shuffle what people read as well. */
GVariant *
ch_json_extend (GVariant   *row,
                const char *key,
                GVariant   *value)
{
  g_autoptr(GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; row != NULL && i < g_variant_n_children (row); i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (row, i);

      g_variant_builder_add_value (builder, entry);
    }
  g_variant_builder_add (builder, "{sv}", key, value);

  return g_variant_ref_sink (g_variant_builder_end (builder));
}

GVariant *
ch_json_result (GVariant   *row,
                const char *key,
                const char *value)
{
  g_autoptr(GVariant) id = ch_json_extend (NULL, "Id", g_variant_new_int64 (ch_row_number (row, "Id")));
  g_autoptr(GVariant) name = ch_json_extend (id, "Name", g_variant_new_string (ch_row_string (row, "Name")));

  return ch_json_extend (name, key, g_variant_new_string (value));
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

/* json-glib writes these as they are; they stand inside texts only, where JSON takes them escaped too. */
static gboolean
drives_terminals (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return c > 0x7f && (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT
                      || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR);
}

static char *
escape (const char *json)
{
  GString *safe = g_string_new (NULL);

  for (const char *at = json; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!drives_terminals (c))
        g_string_append_unichar (safe, c);
      else if (c <= 0xffff)
        g_string_append_printf (safe, "\\u%04x", c);
      else
        g_string_append_printf (safe, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 | (c & 0x3ff));
    }

  return g_string_free (safe, FALSE);
}

static void
print_node (JsonNode *node,
            gboolean  pretty)
{
  g_autofree char *json = json_to_string (node, pretty);
  g_autofree char *text = escape (json);

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
