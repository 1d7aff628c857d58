/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/local-files.h"

#include "deploy/fd.h"
#include "deploy/looks.h"
#include "deploy/place.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static gboolean
is_cancelled (GCancellable *cancellable,
              const char   *path,
              GError      **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return FALSE;

  ch_error_set (error, CH_ERROR_CANCELLED, _("Installing “%s” was cancelled"), path);
  return TRUE;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         length)
{
  while (length > 0)
    {
      ssize_t written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= written;
    }

  return fsync (fd) == 0;
}

/* Nobody sees a byte of the content before the file has its owner, mode and label. */
static gboolean
write_fresh (const ChPlace *place,
             const ChLooks *looks,
             GBytes        *content,
             GError       **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  ch_autofd int fd = openat (place->folder, place->fresh,
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return ch_place_fail (error, place->path, errno);
  if (!ch_looks_put_on (looks, place, fd, error))
    return FALSE;
  ch_checkpoint ("stage:dressed");

  if (!write_all (fd, data, length))
    return ch_place_fail (error, place->path, errno);
  ch_checkpoint ("stage:written");

  return TRUE;
}

static gboolean
reads_same (int     fd,
            GBytes *content)
{
  gsize length, seen = 0;
  const guint8 *data = g_bytes_get_data (content, &length);
  guint8 buffer[4096];
  ssize_t n;
  gboolean same = TRUE;

  while (same && (n = read (fd, buffer, sizeof buffer)) > 0)
    {
      same = (gsize) n <= length - seen && memcmp (buffer, data + seen, n) == 0;
      seen += n;
    }

  explicit_bzero (buffer, sizeof buffer);
  return same && n == 0 && seen == length;
}

static gboolean
is_in_place (const ChPlace *place,
             const ChLooks *looks,
             GBytes        *content)
{
  struct stat info;

  if (looks->model != place->name)
    return FALSE;

  ch_autofd int fd = openat (place->folder, place->name,
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode)
         && info.st_uid == looks->uid && info.st_gid == looks->gid && (info.st_mode & 07777) == looks->mode
         && reads_same (fd, content);
}

gboolean
ch_local_stage (const ChServerAccess *access,
                const ChTargetFile   *file,
                GCancellable         *cancellable,
                GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (file->path, error);
  ChLooks looks;

  if (place == NULL || is_cancelled (cancellable, file->path, error)
      || !ch_looks_find (&looks, place, file, error)
      || !ch_place_remove (place, place->fresh, error))
    return FALSE;

  /* A file that is as it shall be stays itself: a second name for it stands for the new one. */
  if (is_in_place (place, &looks, file->content)
      && linkat (place->folder, place->name, place->folder, place->fresh, 0) == 0)
    return TRUE;

  if (write_fresh (place, &looks, file->content, error))
    return TRUE;

  ch_place_remove (place, place->fresh, NULL);
  return FALSE;
}

/*
 * Keeps what is there now. A second name for the old file has no moment at which the path is missing; file
 * systems without such names (EPERM), and kernels that allow them only to the file's owner, get a rename.
 */
static gboolean
keep_old (const ChPlace *place,
          gboolean       there,
          GError       **error)
{
  if (there)
    {
      if (linkat (place->folder, place->name, place->folder, place->old, 0) != 0
          && ((errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
              || renameat (place->folder, place->name, place->folder, place->old) != 0))
        return ch_place_fail (error, place->path, errno);
    }
  else
    {
      ch_autofd int fd = openat (place->folder, place->none,
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

      if (fd < 0)
        return ch_place_fail (error, place->path, errno);
    }

  return ch_place_sync (place, error);
}

static gboolean
is_kept (const ChPlace *place,
         gboolean      *kept,
         GError       **error)
{
  gboolean old, none;

  if (!ch_place_look (place, place->old, &old, NULL, error)
      || !ch_place_look (place, place->none, &none, NULL, error))
    return FALSE;

  *kept = old || none;
  return TRUE;
}

gboolean
ch_local_swap (const ChServerAccess *access,
               const char           *path,
               GCancellable         *cancellable,
               GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (path, error);
  gboolean there, fresh, kept;

  if (place == NULL || is_cancelled (cancellable, path, error)
      || !ch_place_look (place, place->name, &there, NULL, error)
      || !ch_place_look (place, place->fresh, &fresh, NULL, error)
      || !is_kept (place, &kept, error))
    return FALSE;

  if (!fresh && kept && there)
    return TRUE;
  if (!fresh)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("The new content for “%s” is gone: run the deployment again"), path);

  if (!kept && !keep_old (place, there, error))
    return FALSE;
  ch_checkpoint ("swap:kept");

  /* rename() does nothing when both names are those of one file: the new one may still be there. */
  if (renameat (place->folder, place->fresh, place->folder, place->name) != 0)
    return ch_place_fail (error, path, errno);
  ch_checkpoint ("swap:renamed");

  return ch_place_remove (place, place->fresh, error) && ch_place_sync (place, error);
}

gboolean
ch_local_restore (const ChServerAccess *access,
                  const char           *path,
                  GCancellable         *cancellable,
                  GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (path, error);
  gboolean old, none;

  if (place == NULL || is_cancelled (cancellable, path, error)
      || !ch_place_look (place, place->old, &old, NULL, error)
      || !ch_place_look (place, place->none, &none, NULL, error))
    return FALSE;

  /* The same again: after a crash before the new one was in place, both names are those of one file. */
  if (old)
    {
      if (renameat (place->folder, place->old, place->folder, place->name) != 0)
        return ch_place_fail (error, path, errno);
    }
  else if (none && !ch_place_remove (place, place->name, error))
    return FALSE;
  ch_checkpoint ("restore:back");

  /* The mark that nothing was there goes only when it is true again for good. */
  return ch_place_sync (place, error)
         && ch_place_remove (place, place->old, error)
         && ch_place_remove (place, place->none, error)
         && ch_place_remove (place, place->fresh, error)
         && ch_place_sync (place, error);
}

gboolean
ch_local_settle (const ChServerAccess *access,
                 const char           *path,
                 GCancellable         *cancellable,
                 GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (path, error);

  if (place == NULL || is_cancelled (cancellable, path, error)
      || !ch_place_remove (place, place->fresh, error)
      || !ch_place_remove (place, place->old, error)
      || !ch_place_remove (place, place->none, error)
      || !ch_place_sync (place, error))
    return FALSE;
  ch_checkpoint ("settle:one");

  return TRUE;
}

gboolean
ch_local_pending (const ChServerAccess *access,
                  const char           *path,
                  gboolean             *pending,
                  GCancellable         *cancellable,
                  GError              **error)
{
  g_autoptr(ChPlace) place = ch_place_open (path, error);

  return place != NULL && is_kept (place, pending, error);
}

gboolean
ch_local_try_folder (const char *folder,
                     GError    **error)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(ChPlace) place = ch_place_open (path, error);

  if (place == NULL)
    return FALSE;

  ch_autofd int fd = openat (place->folder, place->fresh,
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  return fd >= 0 ? ch_place_remove (place, place->fresh, error) : ch_place_fail (error, folder, errno);
}
