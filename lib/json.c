/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_DEPTH 64

/* RFC 8259: what stands outside of strings: structure, blanks, numbers, true, false and null. */
static gboolean
is_structure (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("[]{}:, \t\r\n+-.", c) != NULL);
}

/* The end of the string whose opening quote is at @i. */
static gsize
skip_string (const char *text,
             gsize       length,
             gsize       i)
{
  for (i++; i < length && text[i] != '"'; i++)
    if (text[i] == '\\')
      i++;

  return i;
}

gboolean
ch_json_check_depth (const char *text,
                     gsize       length,
                     GError    **error)
{
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        i = skip_string (text, length, i);
      else if (!is_structure (text[i]))
        return ch_error_set (error, CH_ERROR_INVALID, _("This is no JSON: there is a wrong character in it"));
      else if (text[i] == '[' || text[i] == '{')
        depth++;
      else if (depth > 0 && (text[i] == ']' || text[i] == '}'))
        depth--;

      if (depth > MAX_DEPTH)
        return ch_error_set (error, CH_ERROR_INVALID, _("This JSON is nested too deeply"));
    }

  return TRUE;
}
