/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "print.h"

/**
 * ChColumnFlags:
 * @CH_COLUMN_RIGHT: numbers, aligned to the right
 * @CH_COLUMN_SHRINKS: cut with "…" when the terminal is too narrow
 * @CH_COLUMN_STATE: coloured by ch_state_colour()
 * @CH_COLUMN_WRAPS: for the last one: text that goes on in more lines when the terminal is too narrow
 */
typedef enum
{
  CH_COLUMN_PLAIN = 0,
  CH_COLUMN_RIGHT = 1 << 0,
  CH_COLUMN_SHRINKS = 1 << 1,
  CH_COLUMN_STATE = 1 << 2,
  CH_COLUMN_WRAPS = 1 << 3,
} ChColumnFlags;

/** ChColumn: one column; a table of them ends with { NULL }. The title is marked with N_(). */
typedef struct
{
  const char *title;
  ChColumnFlags flags;
} ChColumn;

/**
 * ChTable: rows of cells that are aligned when all are known. On a terminal it fits the width,
 * in a pipe nothing is cut.
 */
typedef struct _ChTable ChTable;

/**
 * ch_table_new:
 * @columns: (transfer none): stays valid as long as the table
 *
 * Returns: (transfer full): an empty table
 */
ChTable *ch_table_new (const ChColumn *columns);
void ch_table_free (ChTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTable, ch_table_free)

/** ch_table_add: adds a row of as many cells as there are columns; they are copied and cleaned. */
void ch_table_add (ChTable    *table,
                   const char *cell,
                   ...);

/** ch_table_colour: colours a cell of the row added last. */
void ch_table_colour (ChTable *table,
                      guint    column,
                      ChColour colour);

/** ch_table_print: prints it with its titles; nothing at all for no rows. */
void ch_table_print (ChTable *table);

/** ch_facts_new: (transfer full): a list of "label  value" lines; nothing in it is cut. */
ChTable *ch_facts_new (void);

/** ch_facts_add_all: adds a line for each entry of @values, a{ss}, by name; of a long text only its length. */
void ch_facts_add_all (ChTable  *facts,
                       GVariant *values);

/** ch_facts_add: adds a line; none for a @value that is %NULL or empty. */
void ch_facts_add (ChTable    *facts,
                   const char *label,
                   const char *value);
