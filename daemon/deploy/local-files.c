/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/local-files.h"

#include "deploy/fd.h"
#include "deploy/place.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

/* What a new file shall look like from outside. */
typedef struct
{
  uid_t uid;
  gid_t gid;
  mode_t mode;
  gboolean keeps_acl;
  const char *model;    /* (nullable) (not owned): the name of the file that it takes after */
} Looks;

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

/* (uid_t) -1 means "leave it" to chown(), so it is nobody's number. */
static gboolean
parse_number (const char *text,
              guint      *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32 - 1, &value, NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

static gboolean
find_user (const char *name,
           uid_t      *uid,
           GError    **error)
{
  struct passwd entry, *found = NULL;
  g_autofree char *buffer = g_malloc (16384);

  if (parse_number (name, uid))
    return TRUE;
  if (getpwnam_r (name, &entry, buffer, 16384, &found) != 0 || found == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no user “%s” on this machine"), name);

  *uid = found->pw_uid;
  return TRUE;
}

static gboolean
find_group (const char *name,
            gid_t      *gid,
            GError    **error)
{
  struct group entry, *found = NULL;
  g_autofree char *buffer = g_malloc (65536);

  if (parse_number (name, gid))
    return TRUE;
  if (getgrnam_r (name, &entry, buffer, 65536, &found) != 0 || found == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no group “%s” on this machine"), name);

  *gid = found->gr_gid;
  return TRUE;
}

/* Owner, mode and label are kept from the file that was there before the first unfinished run. */
static gboolean
find_model (const ChPlace *place,
            const char   **model,
            struct stat   *info,
            GError       **error)
{
  gboolean there, old, none;
  struct stat now, before;

  if (!ch_place_look (place, place->name, &there, &now, error)
      || !ch_place_look (place, place->old, &old, &before, error)
      || !ch_place_look (place, place->none, &none, NULL, error))
    return FALSE;

  *model = NULL;
  if (old)
    {
      *model = place->old;
      *info = before;
    }
  else if (there && !none)
    {
      *model = place->name;
      *info = now;
    }

  return TRUE;
}

static gboolean
find_looks (const ChPlace      *place,
            const ChTargetFile *file,
            Looks              *looks,
            GError            **error)
{
  struct stat info = { .st_uid = geteuid (), .st_gid = getegid (), .st_mode = 0600 };

  if (file->mode < -1 || file->mode > 0777)
    return ch_error_set (error, CH_ERROR_INVALID, _("%o is not a mode for “%s”: give one from 0 to 777"),
                         (guint) file->mode, file->path);

  if (!find_model (place, &looks->model, &info, error))
    return FALSE;

  looks->uid = info.st_uid;
  looks->gid = info.st_gid;
  looks->mode = file->mode >= 0 ? (mode_t) file->mode : info.st_mode & 0777;
  looks->keeps_acl = file->mode < 0;

  return (file->owner == NULL || *file->owner == '\0' || find_user (file->owner, &looks->uid, error))
         && (file->group == NULL || *file->group == '\0' || find_group (file->group, &looks->gid, error));
}

/* Returns: %FALSE when @name is there on the old file, but the new one did not take it. */
static gboolean
copy_attribute (int         from,
                int         to,
                const char *name)
{
  /* The descriptor of the old file is one that cannot be read from, which fgetxattr() wants. */
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", from);
  char value[4096];
  ssize_t length = getxattr (path, name, value, sizeof value);

  return length <= 0 || fsetxattr (to, name, value, length, 0) == 0;
}

static gboolean
keep_attributes (const ChPlace *place,
                 const Looks   *looks,
                 int            to,
                 GError       **error)
{
  if (looks->model == NULL)
    return TRUE;

  ch_autofd int from = openat (place->folder, looks->model, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (from < 0)
    return ch_place_fail (error, place->path, errno);

  copy_attribute (from, to, "security.selinux");

  /* With an ACL the mode's group bits are a mask: without the ACL they would open the file to its group. */
  if (looks->keeps_acl && !copy_attribute (from, to, "system.posix_acl_access"))
    return ch_place_fail (error, place->path, errno);

  return TRUE;
}

static gboolean
dress (const ChPlace *place,
       const Looks   *looks,
       int            fd,
       GError       **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return ch_place_fail (error, place->path, errno);

  if ((info.st_uid != looks->uid || info.st_gid != looks->gid) && fchown (fd, looks->uid, looks->gid) != 0)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be given to user %u and group %u: %s"),
                         place->path, looks->uid, looks->gid, g_strerror (errno));

  if (fchmod (fd, looks->mode) != 0)
    return ch_place_fail (error, place->path, errno);

  return keep_attributes (place, looks, fd, error);
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
             const Looks   *looks,
             GBytes        *content,
             GError       **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  ch_autofd int fd = openat (place->folder, place->fresh,
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return ch_place_fail (error, place->path, errno);
  if (!dress (place, looks, fd, error))
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
             const Looks   *looks,
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
  Looks looks;

  if (place == NULL || is_cancelled (cancellable, file->path, error)
      || !find_looks (place, file, &looks, error)
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
