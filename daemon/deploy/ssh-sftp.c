/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>

#define CHUNK 16384

/* Files over SFTP, version 3 (draft-ietf-secsh-filexfer-02). */

gboolean
ch_sftp_open (ChSsh   *ssh,
              GError **error)
{
  if (ssh->sftp != NULL)
    return TRUE;

  ssh->sftp = sftp_new (ssh->session);
  if (ssh->sftp == NULL || sftp_init (ssh->sftp) != SSH_OK)
    {
      if (ch_ssh_is_cut (ssh))
        return ch_ssh_fail (ssh, error);
      ssh->broken = TRUE;
      return ch_error_set (error, CH_ERROR_FORBIDDEN, _("“%s” offers no SFTP: its sshd_config needs “Subsystem sftp "
                           "internal-sftp”, and the user's authorized_keys must not force another command"), ssh->where);
    }

  sftp_attributes home = sftp_stat (ssh->sftp, ".");
  ssh->uid = home != NULL && home->flags & SSH_FILEXFER_ATTR_UIDGID ? home->uid : 0;
  sftp_attributes_free (home);
  return TRUE;
}

/* ---- what went wrong ---- */

static gboolean
fail_writing (ChSsh      *ssh,
              const char *path,
              GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  sftp_statvfs_t disk = sftp_extension_supported (ssh->sftp, "statvfs@openssh.com", "2")
                        ? sftp_statvfs (ssh->sftp, folder) : NULL;
  gboolean full = disk != NULL && disk->f_bavail == 0;
  gboolean read_only = disk != NULL && (disk->f_flag & SSH_FXE_STATVFS_ST_RDONLY) != 0;

  sftp_statvfs_free (disk);
  if (read_only)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” on %s cannot be changed, because its file system is read-only"),
                         path, ssh->where);
  if (full)
    return ch_error_set (error, CH_ERROR_NO_SPACE, _("There is no space left to write “%s” on %s: make room on its disk"),
                         path, ssh->where);

  return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be changed on %s; a limit or a quota may have been reached"),
                       path, ssh->where);
}

gboolean
ch_sftp_fail (ChSsh      *ssh,
              const char *path,
              int         status,
              GError    **error)
{
  if (ch_ssh_is_cut (ssh))
    return ch_ssh_fail (ssh, error);

  switch (status)
    {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH:
      return ch_error_set (error, CH_ERROR_FILE, _("“%s” does not exist on %s, or its folder does not"), path, ssh->where);
    case SSH_FX_PERMISSION_DENIED:
    case SSH_FX_WRITE_PROTECT:
      return ch_error_set (error, CH_ERROR_FILE, _("%s may not change “%s”: give that user the right to write in its folder"),
                           ssh->where, path);
    case SSH_FX_FAILURE:
      return fail_writing (ssh, path, error);
    default:
      return ch_ssh_fail (ssh, error);
    }
}

/* ---- looking ---- */

static const char *
describe (guint8 type)
{
  switch (type)
    {
    case SSH_FILEXFER_TYPE_SYMLINK:
      return _("a symbolic link");
    case SSH_FILEXFER_TYPE_DIRECTORY:
      return _("a folder");
    default:
      return _("no plain file");
    }
}

gboolean
ch_sftp_see (ChSsh       *ssh,
             const char  *path,
             ChSshFacts  *facts,
             GError     **error)
{
  sftp_attributes found = sftp_lstat (ssh->sftp, path);
  const guint32 needed = SSH_FILEXFER_ATTR_UIDGID | SSH_FILEXFER_ATTR_PERMISSIONS;

  *facts = (ChSshFacts) { .there = FALSE };
  if (found == NULL)
    {
      int status = sftp_get_error (ssh->sftp);

      return (!ch_ssh_is_cut (ssh) && (status == SSH_FX_NO_SUCH_FILE || status == SSH_FX_NO_SUCH_PATH))
             || ch_sftp_fail (ssh, path, status, error);
    }

  gboolean told = (found->flags & needed) == needed;
  if (told)
    *facts = (ChSshFacts) { .there = TRUE, .type = found->type, .uid = found->uid, .gid = found->gid,
                            .mode = found->permissions & 07777, .size = found->size };
  sftp_attributes_free (found);
  return told
         || ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s does not tell owner and mode of “%s”"), ssh->where, path);
}

gboolean
ch_sftp_look (ChSsh       *ssh,
              const char  *path,
              ChSshFacts  *facts,
              GError     **error)
{
  if (!ch_sftp_see (ssh, path, facts, error))
    return FALSE;

  return !facts->there || facts->type == SSH_FILEXFER_TYPE_REGULAR
         || ch_error_set (error, CH_ERROR_FILE, _("“%s” on %s is %s: give the path of a plain file"), path, ssh->where,
                          describe (facts->type));
}

/* A link on the way may be root's, or of the user himself; the folder itself is none. */
static gboolean
check_part (ChSsh       *ssh,
            const char  *part,
            gboolean     last,
            ChSshFacts  *facts,
            GError     **error)
{
  if (!ch_sftp_see (ssh, part, facts, error))
    return FALSE;
  if (!facts->there)
    return ch_error_set (error, CH_ERROR_FILE, _("The folder “%s” does not exist on %s: make it first"), part, ssh->where);

  gboolean linked = facts->type == SSH_FILEXFER_TYPE_SYMLINK;
  if (facts->type == SSH_FILEXFER_TYPE_DIRECTORY
      || (linked && !last && (facts->uid == 0 || facts->uid == ssh->uid)))
    return TRUE;
  if (linked)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” on %s is a symbolic link: give the path of the real folder"), part, ssh->where);

  return ch_error_set (error, CH_ERROR_FILE, _("“%s” on %s is no folder"), part, ssh->where);
}

gboolean
ch_sftp_check_folder (ChSsh       *ssh,
                      const char  *path,
                      ChSshFacts  *folder,
                      GError     **error)
{
  const char *last = strrchr (path, '/');

  *folder = (ChSshFacts) { .there = TRUE };
  for (const char *end = path; end != last; )
    {
      end = strchr (end + 1, '/');
      g_autofree char *part = g_strndup (path, (gsize) (end - path));

      if (!check_part (ssh, part, end == last, folder, error))
        return FALSE;
    }

  return TRUE;
}

/* ---- changing ---- */

gboolean
ch_sftp_remove (ChSsh      *ssh,
                const char *path,
                GError    **error)
{
  if (sftp_unlink (ssh->sftp, path) == SSH_OK)
    return TRUE;

  int status = sftp_get_error (ssh->sftp);
  if (!ch_ssh_is_cut (ssh) && (status == SSH_FX_NO_SUCH_FILE || status == SSH_FX_NO_SUCH_PATH))
    return TRUE;

  return ch_sftp_fail (ssh, path, status, error);
}

static gboolean
rename_plainly (ChSsh      *ssh,
                const char *from,
                const char *to,
                GError    **error)
{
  return sftp_rename (ssh->sftp, from, to) == SSH_OK || ch_sftp_fail (ssh, to, sftp_get_error (ssh->sftp), error);
}

/* Servers without posix-rename replace nothing; there, a moment passes in which the path is missing. */
gboolean
ch_sftp_replace (ChSsh      *ssh,
                 const char *from,
                 const char *to,
                 GError    **error)
{
  if (!ch_sftp_has (ssh, "posix-rename@openssh.com"))
    return ch_sftp_remove (ssh, to, error) && rename_plainly (ssh, from, to, error);

  int status = ch_sftp_ask_two (ssh, "posix-rename@openssh.com", from, to);
  return status == SSH_FX_OK || ch_sftp_fail (ssh, to, status, error);
}

gboolean
ch_sftp_keep (ChSsh      *ssh,
              const char *from,
              const char *to,
              GError    **error)
{
  int status = ch_sftp_has (ssh, "hardlink@openssh.com") ? ch_sftp_ask_two (ssh, "hardlink@openssh.com", from, to)
                                                         : SSH_FX_OP_UNSUPPORTED;

  if (status == SSH_FX_OK)
    return TRUE;
  if (status < 0)
    return ch_ssh_fail (ssh, error);

  /* File systems without second names, and users to whom the kernel allows none for a file that is not theirs. */
  return rename_plainly (ssh, from, to, error);
}

sftp_file
ch_sftp_create (ChSsh      *ssh,
                const char *path,
                GError    **error)
{
  sftp_file file = sftp_open (ssh->sftp, path, O_WRONLY | O_CREAT | O_EXCL, 0600);

  if (file == NULL)
    ch_sftp_fail (ssh, path, sftp_get_error (ssh->sftp), error);
  return file;
}

gboolean
ch_sftp_dress (ChSsh      *ssh,
               sftp_file   file,
               const char *path,
               guint       uid,
               guint       gid,
               guint       mode,
               GError    **error)
{
  sftp_attributes now = sftp_fstat (file);
  int status = now != NULL ? SSH_FX_OK : -1;

  if (now != NULL && (now->uid != uid || now->gid != gid))
    {
      sftp_attributes_free (now);
      status = ch_sftp_ask_owner (ssh, file, uid, gid);
      if (status == SSH_FX_PERMISSION_DENIED || status == SSH_FX_FAILURE)
        return ch_error_set (error, CH_ERROR_FILE, _("%s may not give “%s” to user %u and group %u: log in as root, or let owner and "
                      "group be those of that user"), ssh->where, path, uid, gid);
    }
  else
    sftp_attributes_free (now);

  if (status == SSH_FX_OK)
    status = ch_sftp_ask_mode (ssh, file, mode);
  return status == SSH_FX_OK || ch_sftp_fail (ssh, path, status, error);
}

gboolean
ch_sftp_write (ChSsh       *ssh,
               sftp_file    file,
               const char  *path,
               const void  *data,
               gsize        length,
               GError     **error)
{
  for (gsize done = 0; done < length; )
    {
      gsize part = MIN (length - done, CHUNK);

      if (sftp_write (file, (const char *) data + done, part) != (ssize_t) part)
        return ch_sftp_fail (ssh, path, sftp_get_error (ssh->sftp), error);
      done += part;
    }

  return !sftp_extension_supported (ssh->sftp, "fsync@openssh.com", "1") || sftp_fsync (file) == SSH_OK
         || ch_sftp_fail (ssh, path, sftp_get_error (ssh->sftp), error);
}

GBytes *
ch_sftp_read (ChSsh      *ssh,
              const char *path,
              gsize       maximum,
              GError    **error)
{
  sftp_file file = sftp_open (ssh->sftp, path, O_RDONLY, 0);
  gsize length = 0;
  ssize_t n = 1;

  if (file == NULL)
    {
      ch_sftp_fail (ssh, path, sftp_get_error (ssh->sftp), error);
      return NULL;
    }

  char *content = g_malloc (maximum + 1);
  while (n > 0 && length < maximum)
    {
      n = sftp_read (file, content + length, MIN (maximum - length, CHUNK));
      if (n > 0)
        length += (gsize) n;
    }
  content[length] = '\0';
  g_autoptr(GBytes) bytes = ch_secret_take (content, length);

  int status = sftp_get_error (ssh->sftp);
  sftp_close (file);
  if (n >= 0)
    return g_steal_pointer (&bytes);

  ch_sftp_fail (ssh, path, status, error);
  return NULL;
}
