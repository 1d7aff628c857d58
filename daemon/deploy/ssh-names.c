/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIST_MAX (1024 * 1024)

/* name:x:number:… (passwd(5), group(5)) */
gboolean
ch_ssh_parse_id (const char *text,
                 const char *name,
                 guint      *id)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) fields = g_strsplit (lines[i], ":", 4);
      guint64 value;

      if (g_strv_length (fields) < 4 || strcmp (fields[0], name) != 0)
        continue;
      if (!g_ascii_string_to_unsigned (fields[2], 10, 0, G_MAXUINT32 - 1, &value, NULL))
        return FALSE;

      *id = (guint) value;
      return TRUE;
    }

  return FALSE;
}

gboolean
ch_ssh_find_id (ChSsh      *ssh,
                const char *file,
                const char *name,
                guint      *id,
                GError    **error)
{
  guint64 value;

  if (g_ascii_string_to_unsigned (name, 10, 0, G_MAXUINT32 - 1, &value, NULL))
    {
      *id = (guint) value;
      return TRUE;
    }

  g_autoptr(GBytes) list = ch_sftp_read (ssh, file, LIST_MAX, error);
  if (list == NULL)
    return FALSE;

  return ch_ssh_parse_id (g_bytes_get_data (list, NULL), name, id)
         || ch_error_set (error, CH_ERROR_INVALID, _("There is no “%s” in %s on %s: is the name right? The number of a user or "
                          "group that comes from elsewhere can be given instead"), name, file, ssh->where);
}
