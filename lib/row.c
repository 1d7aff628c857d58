/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "row.h"

static GVariant *
look_up (GVariant   *row,
         const char *key)
{
  if (!g_variant_is_of_type (row, G_VARIANT_TYPE_VARDICT))
    return NULL;

  /* In serialised form values point into the memory of @row; in tree form they would be freed
   * when somebody serialises it later. */
  (void) g_variant_get_data (row);
  return g_variant_lookup_value (row, key, NULL);
}

const char *
ch_row_string (GVariant   *row,
               const char *key)
{
  g_autoptr(GVariant) value = look_up (row, key);

  if (value == NULL
      || !(g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
           || g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH)))
    return "";

  return g_variant_get_string (value, NULL);
}

gint64
ch_row_number (GVariant   *row,
               const char *key)
{
  g_autoptr(GVariant) value = look_up (row, key);

  if (value == NULL)
    return 0;

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT64:
      return g_variant_get_int64 (value);
    case G_VARIANT_CLASS_UINT64:
      return (gint64) MIN (g_variant_get_uint64 (value), (guint64) G_MAXINT64);
    case G_VARIANT_CLASS_INT32:
      return g_variant_get_int32 (value);
    case G_VARIANT_CLASS_UINT32:
      return g_variant_get_uint32 (value);
    default:
      return 0;
    }
}

gboolean
ch_row_flag (GVariant   *row,
             const char *key)
{
  g_autoptr(GVariant) value = look_up (row, key);

  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN)
         && g_variant_get_boolean (value);
}

GStrv
ch_row_strings (GVariant   *row,
                const char *key)
{
  g_autoptr(GVariant) value = ch_row_list (row, key, "as");

  return g_variant_dup_strv (value, NULL);
}

GVariant *
ch_row_list (GVariant   *row,
             const char *key,
             const char *type)
{
  g_autoptr(GVariant) value = look_up (row, key);

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
    return g_steal_pointer (&value);

  return g_variant_ref_sink (g_variant_new_array (g_variant_type_element (G_VARIANT_TYPE (type)), NULL, 0));
}
