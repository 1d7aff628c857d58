/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/tags.h"

GStrv
ch_tags_split (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr(GStrvBuilder) tags = g_strv_builder_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (tags, parts[i]);

  return g_strv_builder_end (tags);
}
