/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/folder.h"

#include "deploy/fd.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40    /* as the kernel: path_resolution(7) */

/* On the way: where we are, and what is still to go. */
typedef struct
{
  const char *path;     /* (not owned): the whole, for errors */
  int at;               /* (owned) */
  GQueue names;         /* (element-type utf8) (owned) */
  guint links;
} Walk;

static void
walk_clear (Walk *walk)
{
  ch_fd_cleanup (&walk->at);
  g_queue_clear_full (&walk->names, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static gboolean
fail (const Walk *walk,
      int         code,
      GError    **error)
{
  if (code == ENOENT)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("The folder “%s” does not exist: make it, with the owner and mode it shall have"),
                         walk->path);
  if (code == ELOOP || code == ENOTDIR)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("“%s” is a symbolic link or not a folder: give the path with the real folder"),
                         walk->path);

  return ch_error_set (error, CH_ERROR_FILE, _("The folder “%s” cannot be opened: %s"),
                       walk->path, g_strerror (code));
}

/* Before what is still to go, in its order. */
static void
push_names (Walk       *walk,
            const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = g_strv_length (names); i > 0; i--)
    if (*names[i - 1] != '\0' && !g_str_equal (names[i - 1], "."))
      g_queue_push_head (&walk->names, g_strdup (names[i - 1]));
}

static gboolean
step_to (Walk *walk,
         int   folder)
{
  ch_fd_cleanup (&walk->at);
  walk->at = folder;
  return folder >= 0;
}

static gboolean
follow (Walk              *walk,
        int                link,
        const struct stat *info,
        GError           **error)
{
  char target[PATH_MAX];
  ssize_t length = readlinkat (link, "", target, sizeof target - 1);

  if (length < 0)
    return fail (walk, errno, error);
  if (info->st_uid != 0 && info->st_uid != geteuid ())
    return ch_error_set (error, CH_ERROR_FILE,
                         _("On the way to “%s” is a symbolic link that belongs to user %u, who could lead it "
                           "anywhere: give the path with the real folder"), walk->path, info->st_uid);
  if (++walk->links > LINKS_MAX || g_queue_is_empty (&walk->names))
    return fail (walk, ELOOP, error);

  target[length] = '\0';
  push_names (walk, target);
  if (*target == '/' && !step_to (walk, open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC)))
    return fail (walk, errno, error);

  return TRUE;
}

static gboolean
step (Walk       *walk,
      const char *name,
      GError    **error)
{
  struct stat info;
  ch_autofd int next = openat (walk->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

  if (next < 0 || fstat (next, &info) != 0)
    return fail (walk, errno, error);
  if (S_ISLNK (info.st_mode))
    return follow (walk, next, &info, error);
  if (!S_ISDIR (info.st_mode))
    return fail (walk, ENOTDIR, error);

  int here = next;
  next = -1;
  return step_to (walk, here);
}

int
ch_folder_open (const char *path,
                GError    **error)
{
  g_auto(Walk) walk = { .path = path, .at = open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC) };

  push_names (&walk, path);
  while (!g_queue_is_empty (&walk.names))
    {
      g_autofree char *name = g_queue_pop_head (&walk.names);

      if (!step (&walk, name, error))
        return -1;
    }

  int fd = openat (walk.at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    fail (&walk, errno, error);
  return fd;
}
