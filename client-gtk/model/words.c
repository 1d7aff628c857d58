/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/words.h"

#include <string.h>

/* The quotation marks of our languages. */
static const char *const commands[] = {
  "“chancery ", "„chancery ", "«chancery ", "« chancery ", "「chancery "
};

/* What ends a clause. Times have no blank after their colon. */
static const char *const ends[] = { ". ", "; ", ": ", "? ", " ; ", " : ", "。", "；", "：" };

static const char *
find_command (const char *text)
{
  const char *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const char *found = strstr (text, commands[i]);

      if (found != NULL && (first == NULL || found < first))
        first = found;
    }
  return first;
}

/* Where the clause begins that goes on to @to: behind what ended the one before. */
static const char *
find_begin (const char *text,
            const char *to)
{
  const char *last = text;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      const char *found = g_strrstr_len (text, to - text, ends[i]);

      if (found != NULL && found + strlen (ends[i]) > last)
        last = found + strlen (ends[i]);
    }
  return last;
}

/* Where the next sentence begins; a command is no sentence. */
static const char *
find_next (const char *from)
{
  const char *found = strstr (from, ". ");

  return found != NULL ? found + 2 : from + strlen (from);
}

char *
ch_words_without_commands (const char *text)
{
  g_autoptr(GString) rest = g_string_new (NULL);
  const char *whole = text, *command;

  while ((command = find_command (text)) != NULL)
    {
      g_string_append_len (rest, text, find_begin (text, command) - text);
      text = find_next (command);
    }
  g_string_append (rest, text);

  g_strchomp (rest->str);
  rest->len = strlen (rest->str);
  while (rest->len > 0 && strchr (";:", rest->str[rest->len - 1]) != NULL)
    g_string_truncate (rest, rest->len - 1);
  g_strchomp (rest->str);
  return g_strdup (*rest->str != '\0' ? rest->str : whole);
}
