/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/local-proof.h"

#include "deploy/fd.h"
#include "deploy/folder.h"
#include "deploy/place.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FRESH ".chancery-new"
#define CONTENT_MAX 4096
/* Below the root nothing is deeper than ".well-known/pki-validation". */
#define FOLDERS_MAX 8

/* The folders from the root down to that of the file, each held open, so that whoever may write to one of them cannot
 * lead us elsewhere half-way. */
typedef struct
{
  char **names;               /* (owned): below the root; the last one is the file's */
  char *path;                 /* (owned): the file's, for errors */
  char *fresh;                /* (owned): name of what is to come */
  guint n_folders;            /* between root and file */
  guint n_open;               /* of @at; less than n_folders + 1: the others are missing */
  int at[FOLDERS_MAX + 1];    /* (owned): the root first */
} Way;

static void
way_clear (Way *way)
{
  while (way->n_open > 0)
    close (way->at[--way->n_open]);
  g_strfreev (way->names);
  g_free (way->path);
  g_free (way->fresh);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

static char *
folder_path (const Way           *way,
             const ChTargetProof *proof,
             guint                depth)
{
  g_autoptr(GString) path = g_string_new (proof->root);

  for (guint i = 0; i < depth; i++)
    g_string_append_printf (path, "/%s", way->names[i]);

  return g_string_free (g_steal_pointer (&path), FALSE);
}

static gboolean
fail_folder (const Way            *way,
             const ChTargetProof  *proof,
             guint                 depth,
             int                   code,
             GError              **error)
{
  g_autofree char *path = folder_path (way, proof, depth);

  if (code == ELOOP || code == ENOTDIR)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("“%s” is a symbolic link or not a folder: make it a folder, or give the folder of the challenge files itself"), path);

  return ch_place_fail (error, path, code);
}

/* Opens what is there. */
static gboolean
way_open (Way                  *way,
          const ChTargetProof  *proof,
          GError              **error)
{
  way->path = g_build_filename (proof->root, proof->below, NULL);
  if (!ch_target_check_path (way->path, error))
    return FALSE;

  way->names = g_strsplit (proof->below, "/", -1);
  way->n_folders = g_strv_length (way->names) - 1;
  if (way->n_folders > FOLDERS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The path “%.60s…” is too long"), way->path);

  way->fresh = g_strconcat (way->names[way->n_folders], FRESH, NULL);
  int fd = ch_folder_open (proof->root, error);

  for (guint depth = 0; fd >= 0; depth++)
    {
      way->at[way->n_open++] = fd;
      if (depth == way->n_folders)
        return TRUE;

      fd = openat (way->at[depth], way->names[depth], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd < 0)
        return errno == ENOENT || fail_folder (way, proof, depth + 1, errno, error);
    }

  return FALSE;
}

static guint
n_missing (const Way *way)
{
  return way->n_folders + 1 - way->n_open;
}

gboolean
ch_local_survey (const ChServerAccess *access,
                 const ChTargetProof  *proof,
                 guint                *missing,
                 GCancellable         *cancellable,
                 GError              **error)
{
  g_auto(Way) way = { NULL };

  if (!way_open (&way, proof, error))
    return FALSE;

  *missing = n_missing (&way);
  return TRUE;
}

/* ---- publish ---- */

/* Web servers read it as another user, whatever our umask is. */
static gboolean
make_folder (Way                  *way,
             const ChTargetProof  *proof,
             GError              **error)
{
  guint depth = way->n_open;
  int above = way->at[depth - 1];
  const char *name = way->names[depth - 1];

  if (mkdirat (above, name, 0755) != 0 && errno != EEXIST)
    return fail_folder (way, proof, depth, errno, error);

  gboolean made = errno != EEXIST;
  int fd = openat (above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return fail_folder (way, proof, depth, errno, error);

  way->at[way->n_open++] = fd;
  return !made || fchmod (fd, 0755) == 0 || fail_folder (way, proof, depth, errno, error);
}

static gboolean
write_fresh (const Way      *way,
             const char     *content,
             GError        **error)
{
  int folder = way->at[way->n_folders];

  if (unlinkat (folder, way->fresh, 0) != 0 && errno != ENOENT)
    return ch_place_fail (error, way->path, errno);

  gsize length = strlen (content);
  ch_autofd int fd = openat (folder, way->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0)
    return ch_place_fail (error, way->path, errno);

  ssize_t written = write (fd, content, length);
  if (written < 0 || fchmod (fd, 0644) != 0 || fsync (fd) != 0)
    return ch_place_fail (error, way->path, errno);
  /* A short write to a file means a full disk. */
  return (gsize) written == length || ch_place_fail (error, way->path, ENOSPC);
}

/* A link, or a special file, never holds @content. */
static gboolean
read_there (const Way   *way,
            const char  *content,
            gboolean    *there,
            gboolean    *same,
            GError     **error)
{
  struct stat info;
  char buffer[CONTENT_MAX];
  gsize length = strlen (content);
  ch_autofd int fd = openat (way->at[way->n_folders], way->names[way->n_folders],
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  *there = fd >= 0 || errno != ENOENT;
  *same = FALSE;
  if (fd < 0)
    return errno == ENOENT || errno == ELOOP || errno == ENXIO || ch_place_fail (error, way->path, errno);
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return TRUE;

  ssize_t n = read (fd, buffer, sizeof buffer);
  *same = n >= 0 && (gsize) n == length && memcmp (buffer, content, length) == 0;
  return n >= 0 || ch_place_fail (error, way->path, errno);
}

static gboolean
fail_foreign (const Way  *way,
              GError    **error)
{
  return ch_error_set (error, CH_ERROR_EXISTS,
                       _("“%s” is there already, with a content that is not ours: remove it when nobody needs it any more"), way->path);
}

/* Over no other file: a second name, then the first goes; a file system without such names gets a rename. */
static gboolean
put_in_place (const Way  *way,
              GError    **error)
{
  int folder = way->at[way->n_folders];
  const char *name = way->names[way->n_folders];

  if (linkat (folder, way->fresh, folder, name, 0) == 0)
    unlinkat (folder, way->fresh, 0);
  else if (errno == EEXIST)
    return fail_foreign (way, error);
  else if ((errno != EPERM && errno != EOPNOTSUPP)
           || renameat2 (folder, way->fresh, folder, name, RENAME_NOREPLACE) != 0)
    return errno == EEXIST ? fail_foreign (way, error) : ch_place_fail (error, way->path, errno);

  return TRUE;
}

gboolean
ch_local_publish (const ChServerAccess *access,
                  const ChTargetProof  *proof,
                  gboolean             *existed,
                  GCancellable         *cancellable,
                  GError              **error)
{
  g_auto(Way) way = { NULL };
  gboolean there;

  if (!way_open (&way, proof, error))
    return FALSE;
  while (n_missing (&way) > 0)
    if (!make_folder (&way, proof, error))
      return FALSE;
  ch_checkpoint ("proof:folders");

  if (!read_there (&way, proof->content, &there, existed, error))
    return FALSE;
  if (*existed)
    return TRUE;
  if (there)
    return fail_foreign (&way, error);

  gboolean written = write_fresh (&way, proof->content, error);
  if (written)
    ch_checkpoint ("proof:written");
  if (written && put_in_place (&way, error))
    return TRUE;

  unlinkat (way.at[way.n_folders], way.fresh, 0);
  return FALSE;
}

/* ---- withdraw ---- */

static gboolean
remove_name (const Way   *way,
             const char  *name,
             GError     **error)
{
  return unlinkat (way->at[way->n_folders], name, 0) == 0 || errno == ENOENT || ch_place_fail (error, way->path, errno);
}

static gboolean
remove_file (const Way            *way,
             const ChTargetProof  *proof,
             GError              **error)
{
  gboolean there, same;

  if (n_missing (way) > 0)
    return TRUE;

  /* What stands there instead is somebody else's. */
  if (!read_there (way, proof->content, &there, &same, error)
      || (same && !remove_name (way, way->names[way->n_folders], error)))
    return FALSE;
  ch_checkpoint ("proof:removed");

  return remove_name (way, way->fresh, error);
}

static gboolean
remove_folders (const Way            *way,
                const ChTargetProof  *proof,
                GError              **error)
{
  guint least = way->n_folders - MIN (proof->made, way->n_folders);

  for (guint depth = way->n_folders; depth > least; depth--)
    {
      if (depth >= way->n_open)
        continue;
      if (unlinkat (way->at[depth - 1], way->names[depth - 1], AT_REMOVEDIR) != 0 && errno != ENOENT)
        return errno == ENOTEMPTY || errno == EEXIST || fail_folder (way, proof, depth, errno, error);
      ch_checkpoint ("proof:folder-removed");
    }

  return TRUE;
}

gboolean
ch_local_withdraw (const ChServerAccess *access,
                   const ChTargetProof  *proof,
                   GCancellable         *cancellable,
                   GError              **error)
{
  g_auto(Way) way = { NULL };

  /* With the root everything in it is gone. */
  if (!g_file_test (proof->root, G_FILE_TEST_EXISTS))
    return TRUE;

  return way_open (&way, proof, error)
         && remove_file (&way, proof, error)
         && remove_folders (&way, proof, error);
}
