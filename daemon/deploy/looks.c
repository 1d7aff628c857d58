/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/looks.h"

#include "deploy/fd.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <sys/xattr.h>

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
says_all (const ChTargetFile *file)
{
  return file->mode >= 0 && file->owner != NULL && *file->owner != '\0'
         && file->group != NULL && *file->group != '\0';
}

/* Where everybody may make files, one may be there to have the new one, perhaps a key, made his as well. */
static gboolean
check_model (const ChPlace      *place,
             const struct stat  *model,
             const ChTargetFile *file,
             GError            **error)
{
  struct stat folder;

  if (fstat (place->folder, &folder) != 0)
    return ch_place_fail (error, place->path, errno);

  if ((folder.st_mode & (S_IWGRP | S_IWOTH)) == 0 || model->st_uid == 0 || model->st_uid == geteuid ()
      || says_all (file))
    return TRUE;

  return ch_error_set (error, CH_ERROR_FILE,
                       _("The file at “%s” belongs to user %u and its folder can be written by others, so it is "
                         "no model for the new one: give owner, group and mode"), place->path, model->st_uid);
}

gboolean
ch_looks_find (ChLooks            *looks,
               const ChPlace      *place,
               const ChTargetFile *file,
               GError            **error)
{
  struct stat info = { .st_uid = geteuid (), .st_gid = getegid (), .st_mode = 0600 };

  if (file->mode < -1 || file->mode > 0777)
    return ch_error_set (error, CH_ERROR_INVALID, _("%o is not a mode for “%s”: give one from 0 to 777"),
                         (guint) file->mode, file->path);

  if (!find_model (place, &looks->model, &info, error)
      || (looks->model != NULL && !check_model (place, &info, file, error)))
    return FALSE;

  looks->uid = info.st_uid;
  looks->gid = info.st_gid;
  looks->mode = file->mode >= 0 ? (mode_t) file->mode : info.st_mode & (file->secret ? 0770 : 0777);
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
                 const ChLooks *looks,
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

gboolean
ch_looks_put_on (const ChLooks *looks,
                 const ChPlace *place,
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
