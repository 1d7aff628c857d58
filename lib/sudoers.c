/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/sudoers.h"

#include <string.h>

/* sudoers(5): these have a meaning in a command's arguments; “""” means: without any. */
char *
ch_sudoers_line (const char        *user,
                 const char *const *argv)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%s ALL=(root) NOPASSWD: %s", user, argv[0]);
  if (argv[1] == NULL)
    g_string_append (line, " \"\"");
  for (gsize i = 1; argv[i] != NULL; i++)
    {
      g_string_append_c (line, ' ');
      for (const char *c = argv[i]; *c != '\0'; c++)
        {
          if (strchr (",:=\\ *?[]!\"'#^$", *c) != NULL)
            g_string_append_c (line, '\\');
          g_string_append_c (line, *c);
        }
    }

  return g_string_free (line, FALSE);
}
