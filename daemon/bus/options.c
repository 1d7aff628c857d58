/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/options.h"

#include "lib/error.h"

#include <glib/gi18n.h>

const ChOption ch_options_none[] = { { NULL } };

static const ChOption *
find (const ChOption *table,
      const char     *name)
{
  for (const ChOption *option = table; option->name != NULL; option++)
    if (g_str_equal (option->name, name))
      return option;

  return NULL;
}

static char *
list_names (const ChOption *table)
{
  GString *list = g_string_new (NULL);

  for (const ChOption *option = table; option->name != NULL; option++)
    g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", option->name);

  return g_string_free (list, FALSE);
}

static gboolean
refuse_unknown (const ChOption *table,
                const char     *name,
                const char     *what,
                GError        **error)
{
  g_autofree char *shown = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 64));

  if (table->name == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not known: the %s must be empty"), shown, what);

  g_autofree char *known = list_names (table);
  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not known in the %s; known are: %s"),
                       shown, what, known);
}

gboolean
ch_options_check (GVariant       *options,
                  const ChOption *table,
                  const char     *what,
                  GError        **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr(GVariant) held = value;
      const ChOption *option = find (table, name);

      if (option == NULL)
        return refuse_unknown (table, name, what, error);
      if (!g_variant_is_of_type (held, G_VARIANT_TYPE (option->type)))
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” in the %s must be of type “%s”, not “%s”"),
                             name, what, option->type, g_variant_get_type_string (held));
      if (!g_hash_table_add (seen, (gpointer) option))
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is given twice in the %s"), name, what);
    }

  return TRUE;
}

static gboolean
check_children (GVariant *value,
                GError  **error)
{
  gsize n = g_variant_n_children (value);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);
      if (!ch_bounds_check (child, error))
        return FALSE;
    }

  return TRUE;
}

/* The depth is bounded by D-Bus: at most 64 containers in each other. */
gboolean
ch_bounds_check (GVariant *value,
                 GError  **error)
{
  if (g_variant_get_size (value) > CH_MAX_CALL)
    return ch_error_set (error, CH_ERROR_LIMIT, _("The call is larger than %d KiB"), CH_MAX_CALL / 1024);

  if (!g_variant_is_container (value))
    {
      if (g_variant_get_size (value) > CH_MAX_STRING)
        return ch_error_set (error, CH_ERROR_LIMIT, _("A text is longer than %d KiB"), CH_MAX_STRING / 1024);
      return TRUE;
    }

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY) && g_variant_n_children (value) > CH_MAX_ITEMS)
    return ch_error_set (error, CH_ERROR_LIMIT, _("A list has more than %d entries"), CH_MAX_ITEMS);

  return check_children (value, error);
}
