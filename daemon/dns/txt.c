/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "txt.h"

#include "dns/name.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define VALUE_MAX 4096
#define STRING_MAX 255

gboolean
ch_dns_check_txt_value (const ChTxt  *txt,
                        GError      **error)
{
  for (const char *p = txt->value; *p != '\0'; p++)
    if (!g_ascii_isprint (*p) || *p == '"' || *p == '\\')
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("The value for “%s” may hold only printable ASCII, and neither quotes nor "
                             "backslashes"), txt->name);

  if (*txt->value == '\0' || strlen (txt->value) > VALUE_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The value for “%s” must have 1 to %d characters"),
                         txt->name, VALUE_MAX);

  return TRUE;
}

gboolean
ch_dns_check_txt (const ChTxt  *txt,
                  const char   *zone,
                  GError      **error)
{
  if (!ch_dns_check_name (txt->name, error) || !ch_dns_check_name (zone, error))
    return FALSE;

  if (!ch_dns_name_is_inside (txt->name, zone))
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND, _("“%s” is not inside the zone “%s”"), txt->name,
                         zone);

  return ch_dns_check_txt_value (txt, error);
}

char *
ch_dns_relative_name (const char *name,
                      const char *zone)
{
  g_autofree char *inner = ch_dns_name_tidy (name);
  g_autofree char *outer = ch_dns_name_tidy (zone);
  gsize length = strlen (inner) - strlen (outer);

  return length > 0 ? g_strndup (inner, length - 1) : g_strdup ("@");
}

GStrv
ch_dns_split_txt (const char *value)
{
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new ();

  for (gsize left = strlen (value); left > 0;)
    {
      g_autofree char *string = g_strndup (value, STRING_MAX);

      g_strv_builder_add (strings, string);
      value += strlen (string);
      left -= strlen (string);
    }

  return g_strv_builder_end (strings);
}

char *
ch_dns_quote_txt (const char *value)
{
  g_auto(GStrv) strings = ch_dns_split_txt (value);
  g_autofree char *joined = g_strjoinv ("\" \"", strings);

  return g_strconcat ("\"", joined, "\"", NULL);
}

/* An octet by number is decimal in zone files (RFC 1035, 5.1) and octal at some services: it stays. */
static const char *
skip_escape (const char *p,
             GString    *plain)
{
  if (g_ascii_isdigit (p[0]) && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]))
    {
      g_string_append_printf (plain, "\\%.3s", p);
      return p + 3;
    }

  if (*p != '\0')
    g_string_append_c (plain, *p++);
  return p;
}

char *
ch_dns_unquote_txt (const char *text)
{
  GString *plain = g_string_new (NULL);
  gboolean is_inside = FALSE;

  if (*text != '"')
    g_string_append (plain, text);

  for (const char *p = *text == '"' ? text : ""; *p != '\0';)
    {
      if (*p == '\\')
        p = skip_escape (p + 1, plain);
      else if (*p == '"')
        {
          is_inside = !is_inside;
          p++;
        }
      else
        {
          if (is_inside)
            g_string_append_c (plain, *p);
          p++;
        }
    }

  return g_string_free (plain, FALSE);
}
