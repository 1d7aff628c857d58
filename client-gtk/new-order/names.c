/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-order/names.h"

#include <string.h>

static const char *
skip_prefix (const char *word)
{
  static const char *const prefixes[] = { "DNS:", "DNS=", "IP:", "CN=", NULL };
  const char *scheme = strstr (word, "://");

  if (scheme != NULL)
    return scheme + strlen ("://");
  for (gsize i = 0; prefixes[i] != NULL; i++)
    if (g_ascii_strncasecmp (word, prefixes[i], strlen (prefixes[i])) == 0)
      return word + strlen (prefixes[i]);

  return word;
}

static gboolean
is_port (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* “host:443” and “[2001:db8::1]:443”, but an address of IPv6 alone has no port. */
static void
cut_port (char *name)
{
  char *bracket = strchr (name, ']');
  char *colon = strrchr (name, ':');

  if (*name == '[' && bracket != NULL)
    {
      *bracket = '\0';
      memmove (name, name + 1, strlen (name));
    }
  else if (colon != NULL && strchr (name, ':') == colon && is_port (colon + 1))
    *colon = '\0';
}

static char *
clean (const char *word)
{
  const char *begin = skip_prefix (word);
  char *name = g_strndup (begin, strcspn (begin, "/?#"));

  cut_port (name);
  for (gsize length = strlen (name); length > 0 && name[length - 1] == '.'; length--)
    name[length - 1] = '\0';
  return name;
}

GStrv
ch_names_split (const char *text)
{
  g_auto(GStrv) words = g_strsplit_set (text, " \t\r\n,;|\"'`<>()", -1);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *name = clean (words[i]);

      if (*name != '\0' && g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}
