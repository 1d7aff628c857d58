/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Text for people on standard output. What comes from the service is shown through ch_clean(), so that
 * nothing it holds can drive the terminal. */

/** ChColour: how a text is meant. */
typedef enum
{
  CH_COLOUR_NONE,
  CH_COLOUR_GOOD,
  CH_COLOUR_BUSY,
  CH_COLOUR_BAD,
  CH_COLOUR_DIM,
  CH_COLOUR_BOLD,
} ChColour;

/**
 * ch_print_init:
 * @colour: whether colours are wanted at all
 *
 * Looks at the terminal. Colours need a terminal, and no NO_COLOR in the environment.
 */
void ch_print_init (gboolean colour);

/** ch_print_is_terminal: whether standard output is a terminal. */
gboolean ch_print_is_terminal (void);

/** ch_print_width: columns of the terminal; 0 in a pipe, where lines may be of any length. */
guint ch_print_width (void);

/** ch_print_height: lines of the terminal; 0 in a pipe. */
guint ch_print_height (void);

/** ch_clean: (transfer full): @text in one line, without control and direction characters. */
char *ch_clean (const char *text);

/** ch_paint: (transfer full): @text in a colour if there are colours. */
char *ch_paint (ChColour    colour,
                const char *text);

/** ch_text_width: cells that @text, which may be painted, takes on a terminal. */
guint ch_text_width (const char *text);

/** ch_text_fit: (transfer full): @text, cut to @width cells with "…" at its end if it is longer. */
char *ch_text_fit (const char *text,
                   guint       width);

/**
 * ch_text_wrap:
 * @text: holds no escapes
 * @width: cells of a line; 0: any
 * @indent: blanks before all lines but the first, and what stands before the first already
 *
 * Breaks at blanks only: a word that is longer than a line can still be copied whole.
 *
 * Returns: (transfer full): @text in lines
 */
char *ch_text_wrap (const char *text,
                    guint       width,
                    guint       indent);

/** ch_state_colour: the colour for the state of anything. */
ChColour ch_state_colour (const char *state);

/** ch_print: prints a line, broken at blanks where the terminal ends; @format and arguments as printf(). */
void ch_print (const char *format,
               ...) G_GNUC_PRINTF (1, 2);

/**
 * ch_print_text:
 * @lead: what stands before the first line, may be painted; what follows is indented as far
 * @text: cleaned, coloured, and broken at blanks so that it fits the terminal
 */
void ch_print_text (const char *lead,
                    ChColour    colour,
                    const char *text);

/** ch_warn: prints "chancery: …" on standard error. */
void ch_warn (const char *format,
              ...) G_GNUC_PRINTF (1, 2);
