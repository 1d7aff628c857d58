/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include "cli.h"
#include "nearest.h"

char *
ch_name_shown (const char *name)
{
  g_autofree char *written = g_hostname_is_ascii_encoded (name) ? g_hostname_to_unicode (name) : NULL;

  return written != NULL && !g_str_equal (written, name) ? g_strdup_printf ("%s (%s)", written, name)
                                                         : g_strdup (name);
}

char *
ch_names_shown (GStrv names)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (shown, ch_name_shown (names[i]));

  return ch_join (shown);
}
