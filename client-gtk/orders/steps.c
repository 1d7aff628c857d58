/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "model/words.h"
#include "orders/boxes.h"
#include "orders/format.h"
#include "orders/group.h"

#include <glib/gi18n.h>

static void
fill (GtkListBox *list,
      ChOrder    *order)
{
  g_autoptr(GVariant) lines = ch_row_list (ch_order_get_part (order, CH_ORDER_STORY), "Lines", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr(GVariant) line = g_variant_get_child_value (lines, i);
      const char *kind = ch_row_string (line, "Kind");
      g_autofree char *time = ch_time_minute (ch_row_number (line, "At"));
      g_autofree char *text = ch_words_without_commands (ch_row_string (line, "Text"));
      GtkWidget *row = ch_group_add (list, kind, text, time);

      if (row != NULL)
        ch_group_add_icon (row, ch_format_line_icon (kind), ch_format_line_title (kind),
                           g_str_equal (kind, "problem") ? "warning" : NULL);
    }
}

GtkWidget *
ch_order_steps_new (ChOrder *order)
{
  return ch_group_new (_("Steps"), order, CH_ORDER_STORY, fill);
}
