/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/place.h"

#include "deploy/folder.h"
#include "deploy/target.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define FRESH ".chancery-new"
#define OLD ".chancery-old"
#define NONE ".chancery-none"

static gboolean
is_shortest_form (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path + 1, "/", -1);

  if (parts[0] == NULL)
    return FALSE;

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] == '\0' || g_str_equal (parts[i], ".") || g_str_equal (parts[i], ".."))
      return FALSE;

  return TRUE;
}

static gboolean
has_control_characters (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;

  return FALSE;
}

gboolean
ch_target_check_path (const char *path,
                      GError    **error)
{
  if (path == NULL || *path != '/')
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an absolute path: it must begin with “/”"),
                         path != NULL ? path : "");

  if (!g_utf8_validate (path, -1, NULL) || has_control_characters (path))
    return ch_error_set (error, CH_ERROR_INVALID, _("A path holds control characters or is not UTF-8"));

  if (strlen (path) + sizeof NONE > PATH_MAX || strlen (strrchr (path, '/') + 1) + sizeof NONE > NAME_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The path “%.60s…” is too long"), path);

  if (!is_shortest_form (path))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a plain path to a file: leave “//”, “.”, “..” and a last “/” out"),
                         path);

  if (g_str_has_suffix (path, FRESH) || g_str_has_suffix (path, OLD) || g_str_has_suffix (path, NONE))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is a name that Chancery uses itself: choose another one"), path);

  return TRUE;
}

gboolean
ch_place_fail (GError    **error,
               const char *path,
               int         code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      return ch_error_set (error, CH_ERROR_NO_SPACE,
                           _("There is no space left to write “%s”: make room on its disk"), path);
    case EROFS:
      return ch_error_set (error, CH_ERROR_FILE,
                           _("“%s” cannot be changed, because its folder is read-only here: allow the folder "
                             "in the service's ReadWritePaths="), path);
    case EACCES:
    case EPERM:
      return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be changed, because the daemon may not: %s"),
                           path, g_strerror (code));
    default:
      return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be changed: %s"), path, g_strerror (code));
    }
}

ChPlace *
ch_place_open (const char *path,
               GError    **error)
{
  if (!ch_target_check_path (path, error))
    return NULL;

  g_autofree char *folder = g_path_get_dirname (path);
  int fd = ch_folder_open (folder, error);

  if (fd < 0)
    return NULL;

  ChPlace *place = g_new0 (ChPlace, 1);
  place->path = g_strdup (path);
  place->folder = fd;
  place->name = g_path_get_basename (path);
  place->fresh = g_strconcat (place->name, FRESH, NULL);
  place->old = g_strconcat (place->name, OLD, NULL);
  place->none = g_strconcat (place->name, NONE, NULL);
  return place;
}

void
ch_place_free (ChPlace *place)
{
  close (place->folder);
  g_free (place->path);
  g_free (place->name);
  g_free (place->fresh);
  g_free (place->old);
  g_free (place->none);
  g_free (place);
}

static const char *
describe (mode_t mode)
{
  if (S_ISLNK (mode))
    return _("a symbolic link");
  if (S_ISDIR (mode))
    return _("a folder");

  return _("a special file");
}

static char *
full_path (const ChPlace *place,
           const char    *name)
{
  g_autofree char *folder = g_path_get_dirname (place->path);
  return g_build_filename (folder, name, NULL);
}

gboolean
ch_place_look (const ChPlace *place,
               const char    *name,
               gboolean      *there,
               struct stat   *info,
               GError       **error)
{
  struct stat found;
  g_autofree char *path = full_path (place, name);

  if (fstatat (place->folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
    {
      if (errno != ENOENT)
        return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be looked at: %s"),
                             path, g_strerror (errno));
      *there = FALSE;
      return TRUE;
    }

  if (!S_ISREG (found.st_mode))
    return ch_error_set (error, CH_ERROR_FILE,
                         _("“%s” is %s, and only plain files are replaced: remove it or choose another path"),
                         path, describe (found.st_mode));

  *there = TRUE;
  if (info != NULL)
    *info = found;
  return TRUE;
}

gboolean
ch_place_remove (const ChPlace *place,
                 const char    *name,
                 GError       **error)
{
  if (unlinkat (place->folder, name, 0) == 0 || errno == ENOENT)
    return TRUE;

  int code = errno;
  g_autofree char *path = full_path (place, name);
  return ch_place_fail (error, path, code);
}

gboolean
ch_place_sync (const ChPlace *place,
               GError       **error)
{
  /* Some file systems do not know how to sync a folder and say EINVAL. */
  if (fsync (place->folder) == 0 || errno == EINVAL)
    return TRUE;

  return ch_place_fail (error, place->path, errno);
}
