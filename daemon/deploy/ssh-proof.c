/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define FRESH ".chancery-new"
/* Below the root nothing is deeper than ".well-known/pki-validation". */
#define FOLDERS_MAX 8
#define FOLDER_MODE 0755
#define FILE_MODE 0644

/* The file on the server, with the folders from the root down to it. SFTP cannot hold folders open, so whoever may write to
 * the root can put a link on the way after it was looked at; it would lead a file of this one name and content, no more. */
typedef struct
{
  ChSsh *ssh;           /* (owned) */
  char *path;           /* (owned): the file's */
  char *fresh;          /* (owned): what is to come */
  char **folders;       /* (owned): their paths, the root's first */
  guint n_there;        /* of them, the root included */
} Way;

static void
way_clear (Way *way)
{
  g_clear_pointer (&way->ssh, ch_ssh_give_back);
  g_free (way->path);
  g_free (way->fresh);
  g_strfreev (way->folders);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

/* Looks at one folder below the root. */
static gboolean
look_at (Way         *way,
         const char  *folder,
         ChSshFacts  *facts,
         GError     **error)
{
  return ch_sftp_see (way->ssh, folder, facts, error)
         && (!facts->there || facts->type == SSH_FILEXFER_TYPE_DIRECTORY
             || ch_error_set (error, CH_ERROR_FILE,
                              _("“%s” on %s is a symbolic link or not a folder: make it a folder, or give the folder of the "
                                "challenge files itself"), folder, way->ssh->where));
}

static gboolean
split_path (Way                  *way,
            const ChTargetProof  *proof,
            GError              **error)
{
  way->path = g_build_filename (proof->root, proof->below, NULL);
  if (!ch_target_check_path (way->path, error))
    return FALSE;

  g_auto(GStrv) names = g_strsplit (proof->below, "/", FOLDERS_MAX + 2);
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new ();
  g_autofree char *folder = g_strdup (proof->root);

  if (g_strv_length (names) > FOLDERS_MAX + 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("The path “%.60s…” is too long"), way->path);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      char *next = g_build_filename (folder, names[i], NULL);

      g_strv_builder_add (folders, folder);
      g_free (folder);
      folder = next;
    }

  way->folders = g_strv_builder_end (folders);
  way->fresh = g_strconcat (way->path, FRESH, NULL);
  return TRUE;
}

static gboolean
way_open (Way                   *way,
          const ChServerAccess  *access,
          const ChTargetProof   *proof,
          GCancellable          *cancellable,
          GError               **error)
{
  if (!split_path (way, proof, error))
    return FALSE;

  way->ssh = ch_ssh_take (access, cancellable, error);
  return way->ssh != NULL && ch_sftp_open (way->ssh, error);
}

/* Finds out which of the folders are there. */
static gboolean
way_walk (Way                  *way,
          const ChTargetProof  *proof,
          GError              **error)
{
  g_autofree char *in_root = g_build_filename (proof->root, "x", NULL);
  ChSshFacts facts;

  if (!ch_sftp_check_folder (way->ssh, in_root, &facts, error))
    return FALSE;

  for (way->n_there = 1; way->folders[way->n_there] != NULL; way->n_there++)
    {
      if (!look_at (way, way->folders[way->n_there], &facts, error))
        return FALSE;
      if (!facts.there)
        break;
    }

  return TRUE;
}

static guint
n_missing (const Way *way)
{
  return g_strv_length (way->folders) - way->n_there;
}

gboolean
ch_ssh_survey (const ChServerAccess *access,
               const ChTargetProof  *proof,
               guint                *missing,
               GCancellable         *cancellable,
               GError              **error)
{
  g_auto(Way) way = { NULL };

  if (!way_open (&way, access, proof, cancellable, error) || !way_walk (&way, proof, error))
    return FALSE;

  *missing = n_missing (&way);
  return TRUE;
}

/* ---- publish ---- */

/* Web servers read it as another user, whatever the umask is there. */
static gboolean
make_readable (Way         *way,
               const char  *folder,
               GError     **error)
{
  ChSshFacts facts;

  if (!look_at (way, folder, &facts, error))
    return FALSE;
  if (facts.there && (facts.mode & FOLDER_MODE) == FOLDER_MODE)
    return TRUE;

  int status = ch_sftp_ask_mode_of (way->ssh, folder, FOLDER_MODE);
  if (status != SSH_FX_OP_UNSUPPORTED)
    return status == SSH_FX_OK || ch_sftp_fail (way->ssh, folder, status, error);

  return ch_error_set (error, CH_ERROR_FILE,
                       _("“%s” on %s could be made, but others may not read it: make it by hand with mode 755, or let the umask "
                         "of SFTP be 022 (“Subsystem sftp internal-sftp -u 022” in sshd_config)"), folder, way->ssh->where);
}

static gboolean
make_folder (Way     *way,
             GError **error)
{
  const char *folder = way->folders[way->n_there];
  ChSshFacts facts;

  if (sftp_mkdir (way->ssh->sftp, folder, FOLDER_MODE) == SSH_OK)
    {
      gboolean readable = make_readable (way, folder, error);

      /* Not left behind, or the next try would take it for somebody else's. */
      if (!readable && !ch_ssh_is_cut (way->ssh))
        sftp_rmdir (way->ssh->sftp, folder);
      way->n_there++;
      return readable;
    }

  /* Somebody else may have made it meanwhile; that it is there has no number of its own in SFTP. */
  int status = sftp_get_error (way->ssh->sftp);
  if (ch_ssh_is_cut (way->ssh))
    return ch_ssh_fail (way->ssh, error);
  if (!look_at (way, folder, &facts, error))
    return FALSE;

  way->n_there++;
  return facts.there || ch_sftp_fail (way->ssh, folder, status, error);
}

static gboolean
write_fresh (const Way   *way,
             const char  *content,
             GError     **error)
{
  if (!ch_sftp_remove (way->ssh, way->fresh, error))
    return FALSE;

  sftp_file file = ch_sftp_create (way->ssh, way->fresh, error);
  if (file == NULL)
    return FALSE;

  int status = ch_sftp_ask_mode (way->ssh, file, FILE_MODE);
  gboolean ok = (status == SSH_FX_OK || ch_sftp_fail (way->ssh, way->path, status, error))
                && ch_sftp_write (way->ssh, file, way->path, content, strlen (content), error);
  int closed = sftp_close (file);

  return ok && (closed == SSH_OK || ch_sftp_fail (way->ssh, way->path, sftp_get_error (way->ssh->sftp), error));
}

/* A link, or a special file, never holds @content. */
static gboolean
read_there (const Way   *way,
            const char  *content,
            gboolean    *there,
            gboolean    *same,
            GError     **error)
{
  gsize length = strlen (content);
  ChSshFacts facts;

  if (!ch_sftp_see (way->ssh, way->path, &facts, error))
    return FALSE;

  *there = facts.there;
  *same = FALSE;
  if (!facts.there || facts.type != SSH_FILEXFER_TYPE_REGULAR || facts.size != length)
    return TRUE;

  g_autoptr(GBytes) wanted = g_bytes_new_static (content, length);
  g_autoptr(GBytes) found = ch_sftp_read (way->ssh, way->path, length + 1, error);
  if (found == NULL)
    return FALSE;

  *same = g_bytes_equal (found, wanted);
  return TRUE;
}

static gboolean
fail_foreign (const Way  *way,
              GError    **error)
{
  return ch_error_set (error, CH_ERROR_EXISTS,
                       _("“%s” is there already on %s, with a content that is not ours: remove it when nobody needs it any "
                         "more"), way->path, way->ssh->where);
}

/* The plain rename of SFTP replaces nothing (draft-ietf-secsh-filexfer-02, 6.5). */
static gboolean
put_in_place (const Way            *way,
              const ChTargetProof  *proof,
              GError              **error)
{
  gboolean there, same;

  if (sftp_rename (way->ssh->sftp, way->fresh, way->path) == SSH_OK)
    return TRUE;

  int status = sftp_get_error (way->ssh->sftp);
  if (!ch_ssh_is_cut (way->ssh) && read_there (way, proof->content, &there, &same, NULL) && there)
    return fail_foreign (way, error);

  return ch_sftp_fail (way->ssh, way->path, status, error);
}

gboolean
ch_ssh_publish (const ChServerAccess *access,
                const ChTargetProof  *proof,
                gboolean             *existed,
                GCancellable         *cancellable,
                GError              **error)
{
  g_auto(Way) way = { NULL };
  gboolean there;

  if (!way_open (&way, access, proof, cancellable, error) || !way_walk (&way, proof, error))
    return FALSE;
  while (n_missing (&way) > 0)
    if (!make_folder (&way, error))
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
  if (written && put_in_place (&way, proof, error))
    return TRUE;

  if (!ch_ssh_is_cut (way.ssh))
    ch_sftp_remove (way.ssh, way.fresh, NULL);
  return FALSE;
}

/* ---- withdraw ---- */

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
      || (same && !ch_sftp_remove (way->ssh, way->path, error)))
    return FALSE;
  ch_checkpoint ("proof:removed");

  return ch_sftp_remove (way->ssh, way->fresh, error);
}

static gboolean
remove_folders (const Way            *way,
                const ChTargetProof  *proof,
                GError              **error)
{
  guint n_folders = g_strv_length (way->folders) - 1;
  guint least = n_folders - MIN (proof->made, n_folders);

  for (guint depth = n_folders; depth > least; depth--)
    {
      if (depth >= way->n_there)
        continue;
      if (sftp_rmdir (way->ssh->sftp, way->folders[depth]) != SSH_OK)
        {
          int status = sftp_get_error (way->ssh->sftp);

          if (ch_ssh_is_cut (way->ssh))
            return ch_ssh_fail (way->ssh, error);
          /* That a folder is not empty is a plain failure in SFTP; it is somebody's, then. */
          if (status == SSH_FX_FAILURE)
            return TRUE;
          if (status != SSH_FX_NO_SUCH_FILE && status != SSH_FX_NO_SUCH_PATH)
            return ch_sftp_fail (way->ssh, way->folders[depth], status, error);
        }
      ch_checkpoint ("proof:folder-removed");
    }

  return TRUE;
}

gboolean
ch_ssh_withdraw (const ChServerAccess *access,
                 const ChTargetProof  *proof,
                 GCancellable         *cancellable,
                 GError              **error)
{
  g_auto(Way) way = { NULL };
  ChSshFacts root;

  if (!way_open (&way, access, proof, cancellable, error)
      || !ch_sftp_see (way.ssh, proof->root, &root, error))
    return FALSE;

  /* With the root everything in it is gone. */
  return !root.there
         || (way_walk (&way, proof, error)
             && remove_file (&way, proof, error)
             && remove_folders (&way, proof, error));
}
