/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
ch_dns_check_name (const char *name,
                   GError    **error)
{
  gsize label = 0;

  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p != '.' && !g_ascii_isalnum (*p) && *p != '-' && *p != '_')
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("A DNS name may hold only letters, digits, “-”, “_” and dots"));

      label = *p == '.' ? 0 : label + 1;
      if (label > 63 || (*p == '.' && (p == name || p[1] == '.')))
        return ch_error_set (error, CH_ERROR_INVALID, _("Each part of a DNS name has 1 to 63 characters"));
    }

  gsize length = strlen (name) - g_str_has_suffix (name, ".");
  if (length == 0 || length > 253)
    return ch_error_set (error, CH_ERROR_INVALID, _("A DNS name has 1 to 253 characters"));

  return TRUE;
}

char *
ch_dns_name_tidy (const char *name)
{
  return g_ascii_strdown (name, strlen (name) - g_str_has_suffix (name, "."));
}

gboolean
ch_dns_name_is_inside (const char *name,
                       const char *zone)
{
  g_autofree char *inner = ch_dns_name_tidy (name);
  g_autofree char *outer = ch_dns_name_tidy (zone);
  gsize skip = strlen (inner) - strlen (outer);

  if (strlen (inner) < strlen (outer) || !g_str_equal (inner + skip, outer))
    return FALSE;

  return skip == 0 || inner[skip - 1] == '.';
}

const char *
ch_dns_name_parent (const char *name)
{
  const char *dot = strchr (name, '.');
  return dot != NULL && dot[1] != '\0' ? dot + 1 : NULL;
}
