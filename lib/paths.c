/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paths.h"

char *
ch_path_new (const char *folder,
             gint64      id)
{
  return g_strdup_printf (CH_ROOT_PATH "/%s/%" G_GINT64_FORMAT, folder, id);
}

gboolean
ch_path_parse_id (const char *text,
                  gint64     *id)
{
  guint64 value;

  /* g_ascii_string_to_unsigned() takes leading zeros; a path has exactly one spelling. */
  if (text[0] == '0'
      || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &value, NULL))
    return FALSE;

  *id = (gint64) value;
  return TRUE;
}
