/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <glib/gi18n.h>

#define GAP 2
/* A column that shrinks stays at least this wide. */
#define LEAST 8
/* A text that wraps wants this much room beside the other cells; with less it stands below them, as it does when
 * it would take more than two lines there, unless there is plenty of room. */
#define BESIDE 34
#define BESIDE_ANY 50
#define LEAST_BESIDE 24
#define BELOW 4

typedef struct
{
  char *text;
  ChColour colour;
} Cell;

struct _ChTable
{
  const ChColumn *columns;    /* (not owned) */
  guint n_columns;
  GArray *cells;              /* (element-type Cell) (owned): row after row */
};

static const ChColumn fact_columns[] = {
  { "" }, { "", CH_COLUMN_WRAPS }, { NULL }
};

static void
clear_cell (gpointer data)
{
  g_free (((Cell *) data)->text);
}

ChTable *
ch_table_new (const ChColumn *columns)
{
  ChTable *table = g_new0 (ChTable, 1);

  table->columns = columns;
  while (columns[table->n_columns].title != NULL)
    table->n_columns++;
  table->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (table->cells, clear_cell);
  return table;
}

void
ch_table_free (ChTable *table)
{
  g_array_unref (table->cells);
  g_free (table);
}

static void
add_cell (ChTable    *table,
          guint       column,
          const char *text)
{
  Cell cell = { ch_clean (text != NULL ? text : ""), CH_COLOUR_NONE };

  if (table->columns[column].flags & CH_COLUMN_STATE)
    cell.colour = ch_state_colour (cell.text);
  g_array_append_val (table->cells, cell);
}

void
ch_table_add (ChTable    *table,
              const char *cell,
              ...)
{
  va_list args;

  va_start (args, cell);
  add_cell (table, 0, cell);
  for (guint column = 1; column < table->n_columns; column++)
    add_cell (table, column, va_arg (args, const char *));
  va_end (args);
}

static Cell *
cell_at (ChTable *table,
         guint    row,
         guint    column)
{
  return &g_array_index (table->cells, Cell, row * table->n_columns + column);
}

static guint
count_rows (ChTable *table)
{
  return table->cells->len / table->n_columns;
}

void
ch_table_colour (ChTable *table,
                 guint    column,
                 ChColour colour)
{
  cell_at (table, count_rows (table) - 1, column)->colour = colour;
}

static guint
sum (const guint *widths,
     guint        n)
{
  guint total = GAP * (n - 1);

  for (guint i = 0; i < n; i++)
    total += widths[i];

  return total;
}

/* Takes one cell after another from the widest column that may shrink, until all fit. */
static void
shrink (ChTable *table,
        guint   *widths,
        guint    least)
{
  guint room = ch_print_width ();

  while (room > 0 && sum (widths, table->n_columns) > room)
    {
      int widest = -1;

      for (guint i = 0; i < table->n_columns; i++)
        if ((table->columns[i].flags & CH_COLUMN_SHRINKS) && widths[i] > least
            && (widest < 0 || widths[i] > widths[widest]))
          widest = (int) i;

      if (widest < 0)
        return;
      widths[widest]--;
    }
}

static guint
measure_column (ChTable *table,
                guint    column)
{
  const char *title = table->columns[column].title;
  guint width = *title != '\0' ? ch_text_width (_(title)) : 0;

  for (guint row = 0; row < count_rows (table); row++)
    width = MAX (width, ch_text_width (cell_at (table, row, column)->text));

  return width;
}

/* A text that wraps gets its room beside the others if that costs them little, else it stands below them. */
static guint *
measure (ChTable *table)
{
  guint last = table->n_columns - 1;
  g_autofree guint *widths = g_new0 (guint, table->n_columns);
  g_autofree guint *narrow = NULL;

  for (guint column = 0; column < table->n_columns; column++)
    widths[column] = measure_column (table, column);

  if (ch_print_width () == 0 || !(table->columns[last].flags & CH_COLUMN_WRAPS))
    {
      shrink (table, widths, LEAST);
      return g_steal_pointer (&widths);
    }

  widths[last] = MIN (widths[last], BESIDE);
  narrow = g_memdup2 (widths, table->n_columns * sizeof *widths);
  shrink (table, narrow, LEAST_BESIDE);
  if (sum (narrow, table->n_columns) <= ch_print_width ())
    return g_steal_pointer (&narrow);

  widths[last] = *table->columns[last].title != '\0' ? ch_text_width (_(table->columns[last].title)) : 0;
  shrink (table, widths, LEAST);
  return g_steal_pointer (&widths);
}

static void
append_cell (GString    *line,
             const char *text,
             ChColour    colour,
             guint       width,
             gboolean    right)
{
  g_autofree char *fitted = ch_text_fit (text, width);
  g_autofree char *painted = ch_paint (colour, fitted);
  int blank = (int) (width - ch_text_width (fitted));

  g_string_append_printf (line, "%*s%s%*s", right ? blank : 0, "", painted, right ? GAP : blank + GAP, "");
}

static void
print_line (GString *line)
{
  while (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);

  g_print ("%s\n", line->str);
  g_string_truncate (line, 0);
}

static gboolean
fits_beside (guint width,
             guint room)
{
  return width <= room || room >= BESIDE_ANY || (room >= BESIDE && width <= 2 * room);
}

/* Beside the cells that are in @line already, or below them. */
static void
append_text (GString     *line,
             const Cell  *cell,
             const guint *widths,
             guint        column)
{
  guint used = sum (widths, column) + GAP;
  guint width = ch_print_width ();
  gboolean beside = width == 0 || fits_beside (ch_text_width (cell->text), width > used ? width - used : 0);
  guint indent = beside ? used : BELOW;
  g_autofree char *lines = ch_text_wrap (cell->text, width, indent);
  g_autofree char *painted = ch_paint (cell->colour, lines);

  if (!beside && *cell->text != '\0')
    {
      print_line (line);
      g_string_append_printf (line, "%*s", BELOW, "");
    }
  g_string_append (line, painted);
}

static void
print_titles (ChTable     *table,
              const guint *widths)
{
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint column = 0; column < table->n_columns; column++)
    if (*table->columns[column].title != '\0')
      append_cell (line, _(table->columns[column].title), CH_COLOUR_BOLD, widths[column],
                   table->columns[column].flags & CH_COLUMN_RIGHT);

  if (line->len > 0)
    print_line (line);
}

static void
print_row (ChTable     *table,
           guint        row,
           const guint *widths)
{
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint column = 0; column < table->n_columns; column++)
    {
      const Cell *cell = cell_at (table, row, column);

      if (table->columns[column].flags & CH_COLUMN_WRAPS)
        append_text (line, cell, widths, column);
      else
        append_cell (line, cell->text, cell->colour, widths[column],
                     table->columns[column].flags & CH_COLUMN_RIGHT);
    }

  print_line (line);
}

void
ch_table_print (ChTable *table)
{
  g_autofree guint *widths = measure (table);

  if (count_rows (table) > 0)
    print_titles (table, widths);
  for (guint row = 0; row < count_rows (table); row++)
    print_row (table, row, widths);
}

ChTable *
ch_facts_new (void)
{
  return ch_table_new (fact_columns);
}

void
ch_facts_add (ChTable    *facts,
              const char *label,
              const char *value)
{
  g_autofree char *indented = g_strconcat ("  ", label, NULL);

  if (value == NULL || *value == '\0')
    return;

  ch_table_add (facts, indented, value);
  ch_table_colour (facts, 0, CH_COLOUR_DIM);
  ch_table_colour (facts, 1, ch_state_colour (value));
}

static int
compare_names (const void *a,
               const void *b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* A certificate in PEM form fills the screen and tells a person nothing. */
static char *
shorten (const char *value)
{
  guint lines = 1;

  for (const char *c = value; *c != '\0'; c++)
    if (*c == '\n' && c[1] != '\0')
      lines++;

  return lines > 1 ? g_strdup_printf (ngettext ("(%u line)", "(%u lines)", lines), lines) : g_strdup (value);
}

void
ch_facts_add_all (ChTable  *facts,
                  GVariant *values)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, NULL))
    g_ptr_array_add (names, (gpointer) name);
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *shown = NULL;

      name = g_ptr_array_index (names, i);
      if (g_variant_lookup (values, name, "&s", &value))
        shown = shorten (value);
      ch_facts_add (facts, name, shown);
    }
}
