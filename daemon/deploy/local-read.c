/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/local-files.h"

#include "deploy/fd.h"
#include "deploy/place.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>

#define CONTENT_MAX (64 * 1024)

/* Somebody else's file could be made to say anything, and a key that he has written is not a secret. */
static gboolean
check_file (const char         *path,
            const struct stat  *info,
            GError            **error)
{
  if (info->st_uid != 0 && info->st_uid != geteuid ())
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” belongs neither to root nor to the service"), path);
  if (info->st_size > CONTENT_MAX)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” is larger than a key"), path);

  return TRUE;
}

static GBytes *
read_all (int          fd,
          const char  *path,
          GError     **error)
{
  char *content = g_malloc (CONTENT_MAX + 1);
  gsize length = 0;
  ssize_t n = 1;

  while (n > 0 && length < CONTENT_MAX)
    {
      n = read (fd, content + length, CONTENT_MAX - length);
      if (n < 0 && errno == EINTR)
        n = 1;
      else if (n > 0)
        length += (gsize) n;
    }
  content[length] = '\0';

  g_autoptr(GBytes) wiped = ch_secret_take (content, length);
  if (n >= 0)
    return g_steal_pointer (&wiped);

  ch_place_fail (error, path, errno);
  return NULL;
}

GBytes *
ch_local_read (const ChServerAccess *access,
               const char           *path,
               GCancellable         *cancellable,
               GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (path, error);
  struct stat info;
  gboolean there;

  if (place == NULL || !ch_place_look (place, place->name, &there, &info, error))
    return NULL;
  if (!there)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no file “%s”"), path);
      return NULL;
    }

  /* What was looked at may have been changed for something else meanwhile. */
  ch_autofd int fd = openat (place->folder, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &info) < 0)
    {
      ch_place_fail (error, path, errno);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      ch_error_set (error, CH_ERROR_FILE, _("“%s” is no plain file"), path);
      return NULL;
    }

  return check_file (path, &info, error) ? read_all (fd, path, error) : NULL;
}
