/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print.h"

#include "lib/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const escapes[] = {
  [CH_COLOUR_NONE] = "",
  [CH_COLOUR_GOOD] = "\033[32m",
  [CH_COLOUR_BUSY] = "\033[33m",
  [CH_COLOUR_BAD] = "\033[31m",
  [CH_COLOUR_DIM] = "\033[2m",
  [CH_COLOUR_BOLD] = "\033[1m",
};

static const struct
{
  const char *state;
  ChColour colour;
} states[] = {
  { "issued", CH_COLOUR_GOOD }, { "enabled", CH_COLOUR_GOOD }, { "deployed", CH_COLOUR_GOOD }, { "good", CH_COLOUR_GOOD },
  { "ended", CH_COLOUR_BAD }, { "changed", CH_COLOUR_BAD }, { "mismatch", CH_COLOUR_BAD }, { "unreachable", CH_COLOUR_BAD },
  { "done", CH_COLOUR_GOOD }, { "shown", CH_COLOUR_GOOD }, { "seen", CH_COLOUR_DIM },
  { "queued", CH_COLOUR_BUSY }, { "submitting", CH_COLOUR_BUSY }, { "validating", CH_COLOUR_BUSY },
  { "vetting", CH_COLOUR_BUSY }, { "reissuing", CH_COLOUR_BUSY }, { "renewing", CH_COLOUR_BUSY },
  { "pending", CH_COLOUR_BUSY }, { "running", CH_COLOUR_BUSY }, { "now", CH_COLOUR_BUSY },
  { "failing", CH_COLOUR_BAD }, { "failed", CH_COLOUR_BAD }, { "rejected", CH_COLOUR_BAD },
  { "revoked", CH_COLOUR_BAD }, { "expired", CH_COLOUR_BAD }, { "problem", CH_COLOUR_BAD },
  { "rolled-back", CH_COLOUR_BAD }, { "interrupted", CH_COLOUR_BAD },
  { "disabled", CH_COLOUR_DIM }, { "cancelled", CH_COLOUR_DIM }, { "stopped", CH_COLOUR_DIM },
  { "idle", CH_COLOUR_DIM }, { "next", CH_COLOUR_DIM },
};

/* What the terminal is like; found out once, never changed after. */
static gboolean is_terminal;
static gboolean has_colours;

void
ch_print_init (gboolean colour)
{
  const char *refused = g_getenv ("NO_COLOR");

  is_terminal = isatty (STDOUT_FILENO);
  has_colours = colour && is_terminal && (refused == NULL || *refused == '\0')
                && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

gboolean
ch_print_is_terminal (void)
{
  return is_terminal;
}

static guint
measure_width (int fd)
{
  struct winsize size;

  if (ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return MAX (size.ws_col, 20);

  return 80;
}

guint
ch_print_width (void)
{
  return is_terminal ? measure_width (STDOUT_FILENO) : 0;
}

guint
ch_print_height (void)
{
  struct winsize size;

  if (!is_terminal)
    return 0;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
    return size.ws_row;

  return 24;
}

char *
ch_clean (const char *text)
{
  return ch_text_line (text, -1);
}

char *
ch_paint (ChColour    colour,
          const char *text)
{
  if (!has_colours || colour == CH_COLOUR_NONE || *text == '\0')
    return g_strdup (text);

  return g_strconcat (escapes[colour], text, "\033[0m", NULL);
}

static guint
cells (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

/* Past the colour that ch_paint() began here, if it did. */
static const char *
skip_escape (const char *at)
{
  const char *end = *at == '\033' ? strchr (at, 'm') : NULL;

  return end != NULL ? end + 1 : at;
}

guint
ch_text_width (const char *text)
{
  guint width = 0;

  for (const char *at = skip_escape (text); *at != '\0'; at = skip_escape (g_utf8_next_char (at)))
    width += cells (g_utf8_get_char (at));

  return width;
}

char *
ch_text_fit (const char *text,
             guint       width)
{
  guint used = 0;
  const char *at = text;

  if (width == 0)
    return g_strdup ("");
  if (ch_text_width (text) <= width)
    return g_strdup (text);

  while (used + cells (g_utf8_get_char (at)) <= width - 1)
    {
      used += cells (g_utf8_get_char (at));
      at = g_utf8_next_char (at);
    }

  return g_strdup_printf ("%.*s…", (int) (at - text), text);
}

char *
ch_text_wrap (const char *text,
              guint       width,
              guint       indent)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  GString *lines = g_string_new (NULL);
  guint used = indent;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint more = ch_text_width (words[i]);
      gboolean fits = width == 0 || used == indent || used + 1 + more <= width;

      if (i > 0 && fits)
        g_string_append_c (lines, ' ');
      else if (i > 0)
        g_string_append_printf (lines, "\n%*s", (int) indent, "");
      used = (i > 0 && fits ? used + 1 : fits ? used : indent) + more;
      g_string_append (lines, words[i]);
    }

  return g_string_free (lines, FALSE);
}

ChColour
ch_state_colour (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      return states[i].colour;

  return CH_COLOUR_NONE;
}

void
ch_print (const char *format,
          ...)
{
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  lines = ch_text_wrap (text, ch_print_width (), 0);
  g_print ("%s\n", lines);
}

void
ch_print_text (const char *lead,
               ChColour    colour,
               const char *text)
{
  g_autofree char *clean = ch_clean (text);
  g_autofree char *lines = ch_text_wrap (clean, ch_print_width (), ch_text_width (lead));
  g_autofree char *painted = ch_paint (colour, lines);

  g_print ("%s%s\n", lead, painted);
}

void
ch_warn (const char *format,
         ...)
{
  const char *lead = "chancery: ";
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  lines = ch_text_wrap (text, isatty (STDERR_FILENO) ? measure_width (STDERR_FILENO) : 0, ch_text_width (lead));
  fflush (stdout);
  g_printerr ("%s%s\n", lead, lines);
}
