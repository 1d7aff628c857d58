/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sorting.h"

/* Before GTK 4.10 the sorter of a view does not tell which column was chosen. So it is made to compare:
 * the first column that is asked is the one, and as each says "less", the answer tells the direction. */
static const char *asked;

static int
note_key (gconstpointer a,
          gconstpointer b,
          gpointer      data)
{
  if (asked == NULL)
    asked = data;

  return -1;
}

void
ch_sorting_add (GtkColumnViewColumn *column,
                const char          *key)
{
  g_autoptr(GtkCustomSorter) sorter = gtk_custom_sorter_new (note_key, (gpointer) key, NULL);

  gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
}

char *
ch_sorting_read (GtkColumnView *view)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (view);
  GtkOrdering ordering;

  asked = NULL;
  /* Any two objects will do. */
  ordering = gtk_sorter_compare (sorter, view, sorter);
  if (asked == NULL)
    return g_strdup ("");

  return g_strconcat (ordering == GTK_ORDERING_LARGER ? "-" : "", asked, NULL);
}
