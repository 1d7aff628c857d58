/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"

#include "print.h"

#include <glib/gi18n.h>

#define WIDTH_OF_A_PIPE 80
#define WIDTH_MAX 110
/* An option that takes more has its description below it. */
#define OPTION_MAX 26

static guint
page_width (void)
{
  return ch_print_is_terminal () ? MIN (ch_print_width (), WIDTH_MAX) : WIDTH_OF_A_PIPE;
}

static void
append_heading (GString    *text,
                const char *heading)
{
  g_autofree char *painted = ch_paint (CH_COLOUR_BOLD, heading);

  g_string_append_printf (text, "\n%s\n", painted);
}

/* @left in a column of @column cells, @right beside or below it. */
static void
append_pair (GString    *text,
             const char *left,
             guint       column,
             const char *right)
{
  guint indent = column + 4;
  guint used = ch_text_width (left);
  g_autofree char *lines = ch_text_wrap (right, page_width (), indent);

  if (used > column)
    g_string_append_printf (text, "  %s\n%*s%s\n", left, (int) indent, "", lines);
  else
    g_string_append_printf (text, "  %s%*s%s\n", left, (int) (column - used + 2), "", lines);
}

static void
append_sentence (GString    *text,
                 const char *sentence)
{
  g_autofree char *lines = ch_text_wrap (sentence, page_width (), 0);

  g_string_append_printf (text, "\n%s\n", lines);
}

/* A long command goes on in more lines, as a shell takes it; an option keeps its value. */
static void
append_example (GString    *text,
                const char *example)
{
  g_auto(GStrv) words = g_strsplit (example, " --", -1);
  guint used = 2;

  append_heading (text, _("Example:"));
  g_string_append (text, "  ");
  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_strdup_printf ("%s%s", i > 0 ? "--" : "", words[i]);
      guint width = ch_text_width (word);
      gboolean fits = used + 1 + width + 2 <= page_width ();

      if (i > 0)
        g_string_append (text, fits ? " " : " \\\n    ");
      used = (i == 0 || fits ? used + 1 : 4) + width;
      g_string_append (text, word);
    }
  g_string_append_c (text, '\n');
}

/* options */

static char *
write_option (const GOptionEntry *entry)
{
  const char *value = entry->arg_description;
  g_autofree char *shorter = entry->short_name != 0 ? g_strdup_printf ("-%c, ", entry->short_name) : g_strdup ("");

  return g_strconcat (shorter, "--", entry->long_name, value != NULL ? "=" : "", value != NULL ? _(value) : "", NULL);
}

static guint
measure_options (const GOptionEntry *entries)
{
  guint width = 0;

  for (; entries != NULL && entries->long_name != NULL; entries++)
    {
      g_autofree char *option = write_option (entries);
      guint more = ch_text_width (option);

      width = MAX (width, more <= OPTION_MAX ? more : 0);
    }

  return width;
}

static void
append_options (GString            *text,
                const char         *heading,
                const GOptionEntry *entries,
                guint               column)
{
  append_heading (text, heading);
  for (; entries->long_name != NULL; entries++)
    {
      g_autofree char *option = write_option (entries);

      append_pair (text, option, column, _(entries->description));
    }
}

static void
append_all_options (GString            *text,
                    const GOptionEntry *global_options,
                    const ChCommand    *command)
{
  const GOptionEntry *own = command != NULL ? command->options : NULL;
  guint column = MAX (measure_options (own), measure_options (global_options));

  if (own != NULL)
    append_options (text, _("Options:"), own, column);
  append_options (text, own != NULL ? _("Options of every command:") : _("Options:"), global_options, column);
}

/* the three pages */

static void
append_nouns (GString      *text,
              const ChNoun *nouns)
{
  append_heading (text, _("Commands:"));
  for (const ChNoun *noun = nouns; noun->noun != NULL; noun++)
    {
      g_autoptr(GString) verbs = g_string_new (NULL);

      for (const ChCommand *command = noun->commands; command->verb != NULL; command++)
        g_string_append_printf (verbs, "%s%s", verbs->len > 0 ? "|" : "", command->verb);
      g_string_append_printf (text, "  %-11s  %s\n", noun->noun, _(noun->summary));
      if (verbs->len > 0)
        g_string_append_printf (text, "               %s\n", verbs->str);
    }

  append_example (text, "chancery order new www.example.test --wait");
  append_sentence (text, _("“chancery COMMAND --help” tells more; so does “man chancery”."));
}

static void
append_verbs (GString      *text,
              const ChNoun *noun)
{
  const ChCommand *command;
  guint column = 0;

  for (command = noun->commands; command->verb != NULL; command++)
    column = MAX (column, ch_text_width (command->verb)
                          + (*command->words ? 1 + ch_text_width (_(command->words)) : 0));

  append_sentence (text, _(noun->summary));
  append_heading (text, _("Commands:"));
  for (command = noun->commands; command->verb != NULL; command++)
    {
      g_autofree char *form = g_strjoin (" ", command->verb, *command->words ? _(command->words) : NULL, NULL);

      append_pair (text, form, column, _(command->summary));
    }

  /* The second is where one begins; the first only lists. */
  command = noun->commands[1].verb != NULL ? &noun->commands[1] : &noun->commands[0];
  append_example (text, command->example);
}

static void
append_command (GString         *text,
                const ChCommand *command)
{
  g_autofree char *summary = g_strconcat (_(command->summary), ".", NULL);

  append_sentence (text, summary);
  if (command->extras == CH_EXTRAS_TAKEN)
    append_sentence (text, _("Each setting of the kind is an option too: “--NAME VALUE”, and “--NAME-file FILE” "
                             "for a secret and for what has several lines. “types KIND” lists them."));
  append_example (text, command->example);
}

static void
append_usage (GString         *text,
              const ChNoun    *noun,
              const ChCommand *command)
{
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, _("Usage:"));
  g_autofree char *form = NULL;

  if (command == NULL)
    form = g_strdup_printf ("%s %s", noun != NULL ? noun->noun : _("COMMAND"), _("[WORD…]"));
  else
    form = g_strconcat (noun->noun, *command->verb != '\0' ? " " : "", command->verb,
                        *command->words != '\0' ? " " : "", *command->words != '\0' ? _(command->words) : "", NULL);

  g_string_append_printf (text, "%s\n  chancery %s %s\n", heading, _("[OPTION…]"), form);
}

char *
ch_help (const ChNoun       *nouns,
         const GOptionEntry *global_options,
         const ChNoun       *noun,
         const ChCommand    *command)
{
  GString *text = g_string_new (NULL);

  append_usage (text, noun, command);
  if (noun == NULL)
    append_nouns (text, nouns);
  else if (command == NULL)
    append_verbs (text, noun);
  else
    append_command (text, command);
  append_all_options (text, global_options, command);

  return g_string_free (text, FALSE);
}
