/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/text-row.h"

gpointer
ch_text_row_new (GType       type,
                 const char *property,
                 ...)
{
  /* Alone and first: its labels follow the row's properties in the reverse order of their being set together,
   * and would read the texts as mark-up until they hear that they are not. */
  GObject *row = g_object_new (type, "use-markup", FALSE, NULL);
  va_list more;

  va_start (more, property);
  if (property != NULL)
    g_object_set_valist (row, property, more);
  va_end (more);

  return row;
}
