/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cover.h"

#include <string.h>

static gboolean
covers_name (const char *have,
             const char *want)
{
  const char *dot = strchr (want, '.');

  if (g_ascii_strcasecmp (have, want) == 0)
    return TRUE;

  return g_str_has_prefix (have, "*.") && dot != NULL && g_ascii_strcasecmp (have + 1, dot) == 0;
}

gboolean
ch_names_cover (char **have,
                char **want)
{
  for (gsize i = 0; want[i] != NULL; i++)
    {
      gboolean covered = FALSE;

      for (gsize j = 0; have[j] != NULL && !covered; j++)
        covered = covers_name (have[j], want[i]);
      if (!covered)
        return FALSE;
    }

  return want[0] != NULL;
}
