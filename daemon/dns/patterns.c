/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/patterns.h"

#include "dns/name.h"
#include "lib/error.h"
#include "pki/names.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define PATTERNS_MAX 500
#define SEPARATORS ", \t"

const char *
ch_dns_pattern_domain (const char *pattern)
{
  if (g_str_equal (pattern, "*"))
    return NULL;

  return g_str_has_prefix (pattern, "*.") ? pattern + 2 : pattern;
}

static char *
tidy_one (const char *written,
          GError    **error)
{
  if (g_str_equal (written, "*"))
    return g_strdup (written);

  char *pattern = ch_name_normalise (written, error);
  if (pattern == NULL)
    return NULL;

  if (g_hostname_is_ip_address (pattern))
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("“%s” is an address; a zone is a domain such as example.com or *.example.com"), pattern);
      g_clear_pointer (&pattern, g_free);
    }

  return pattern;
}

char *
ch_dns_patterns_tidy (const char *text,
                      GError    **error)
{
  g_auto(GStrv) parts = g_strsplit_set (text, SEPARATORS, -1);
  g_autoptr(GPtrArray) patterns = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *pattern = NULL;

      if (*parts[i] == '\0')
        continue;

      pattern = tidy_one (parts[i], error);
      if (pattern == NULL)
        return NULL;
      if (!g_strv_contains ((const char *const *) patterns->pdata, pattern))
        g_ptr_array_add (patterns, g_steal_pointer (&pattern));
    }

  if (patterns->len == 0 || patterns->len > PATTERNS_MAX)
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("Give 1 to %d zones such as example.com or *.example.com, separated by commas"),
                    PATTERNS_MAX);
      return NULL;
    }

  return g_strjoinv (", ", (char **) patterns->pdata);
}

GStrv
ch_dns_patterns_split (const char *text)
{
  return g_strsplit (text != NULL ? text : "", ", ", -1);
}

/* Twice the length of the domain, so that “*.example.com”, which holds less, is between “example.com” and the
 * shortest domain below it. */
static guint
match (const char *pattern,
       const char *name)
{
  const char *domain = ch_dns_pattern_domain (pattern);

  if (domain == NULL)
    return 1;
  if (domain == pattern)
    return ch_dns_name_is_inside (name, domain) ? 2 * strlen (domain) : 0;

  return strlen (name) > strlen (domain) && ch_dns_name_is_inside (name, domain) ? 2 * strlen (domain) + 1 : 0;
}

guint
ch_dns_patterns_match (const char *text,
                       const char *name)
{
  g_auto(GStrv) patterns = ch_dns_patterns_split (text);
  guint best = 0;

  for (gsize i = 0; patterns[i] != NULL; i++)
    if (*patterns[i] != '\0')
      best = MAX (best, match (patterns[i], name));

  return best;
}
