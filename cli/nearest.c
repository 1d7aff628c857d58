/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nearest.h"

#include <string.h>

#define WORD_MAX 64

/* Edit distance by bytes (Wagner and Fischer), one row at a time. */
static guint
distance (const char *a,
          const char *b)
{
  guint row[WORD_MAX + 1];
  gsize length = MIN (strlen (b), WORD_MAX);

  for (guint j = 0; j <= length; j++)
    row[j] = j;

  for (guint i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= length; j++)
        {
          guint replaced = diagonal + (a[i - 1] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (replaced, MIN (row[j], row[j - 1]) + 1);
        }
    }

  return row[length];
}

const char *
ch_nearest (const char *word,
            GPtrArray  *candidates)
{
  const char *best = NULL;
  guint least = G_MAXUINT;
  gsize length = strlen (word);

  for (guint i = 0; i < candidates->len && length > 0 && length <= WORD_MAX; i++)
    {
      const char *candidate = g_ptr_array_index (candidates, i);
      guint far = g_str_has_prefix (candidate, word) ? 1 : distance (word, candidate);

      if (far < least && far <= 1 + length / 3)
        {
          least = far;
          best = candidate;
        }
    }

  return best;
}

char *
ch_join (GPtrArray *candidates)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < candidates->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (char *) g_ptr_array_index (candidates, i));

  return g_string_free (text, FALSE);
}
