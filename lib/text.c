/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

static gboolean
is_harmless (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
ch_text_line (const char *text,
              gssize      length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *line = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (line, is_harmless (c) ? c : ' ');
    }

  return g_string_free (line, FALSE);
}

GLogWriterOutput
ch_text_log_writer (GLogLevelFlags   level,
                    const GLogField *fields,
                    gsize            n_fields,
                    gpointer         data)
{
  g_autofree GLogField *copy = g_memdup2 (fields, n_fields * sizeof *fields);
  g_autofree char *line = NULL;

  for (gsize i = 0; i < n_fields && line == NULL; i++)
    if (g_str_equal (copy[i].key, "MESSAGE"))
      {
        line = ch_text_line (copy[i].value, copy[i].length);
        copy[i].value = line;
        copy[i].length = -1;
      }

  return g_log_writer_default (level, copy, n_fields, data);
}
