/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define CONTENT_MAX (64 * 1024)

/* A path on a server, with the names beside it that target.h speaks of. */
typedef struct
{
  ChSsh *ssh;           /* (owned) */
  const char *path;
  char *fresh;          /* (owned) */
  char *old;            /* (owned) */
  char *none;           /* (owned) */
  ChSshFacts folder;
} Spot;

static void
spot_free (Spot *spot)
{
  g_clear_pointer (&spot->ssh, ch_ssh_give_back);
  g_free (spot->fresh);
  g_free (spot->old);
  g_free (spot->none);
  g_free (spot);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Spot, spot_free)

static Spot *
spot_open (const ChServerAccess *access,
           const char           *path,
           GCancellable         *cancellable,
           GError              **error)
{
  g_autoptr(Spot) spot = g_new0 (Spot, 1);

  if (!ch_target_check_path (path, error))
    return NULL;

  spot->path = path;
  spot->fresh = g_strconcat (path, ".chancery-new", NULL);
  spot->old = g_strconcat (path, ".chancery-old", NULL);
  spot->none = g_strconcat (path, ".chancery-none", NULL);
  spot->ssh = ch_ssh_take (access, cancellable, error);
  if (spot->ssh == NULL || !ch_sftp_open (spot->ssh, error)
      || !ch_sftp_check_folder (spot->ssh, path, &spot->folder, error))
    return NULL;

  return g_steal_pointer (&spot);
}

/* ---- what it shall look like ---- */

typedef struct
{
  guint uid, gid, mode;
} Looks;

static gboolean
is_given (const char *name)
{
  return name != NULL && *name != '\0';
}

/* Owner and mode are kept from the file that was there before the first unfinished run. */
static gboolean
find_model (const Spot *spot,
            ChSshFacts *model,
            GError    **error)
{
  ChSshFacts now, none;

  if (!ch_sftp_look (spot->ssh, spot->path, &now, error)
      || !ch_sftp_look (spot->ssh, spot->old, model, error)
      || !ch_sftp_look (spot->ssh, spot->none, &none, error))
    return FALSE;

  if (!model->there && !none.there)
    *model = now;
  return TRUE;
}

/* Where everybody may make files, one may be there to have the new one, perhaps a key, made his as well. */
static gboolean
check_model (const Spot         *spot,
             const ChSshFacts   *model,
             const ChTargetFile *file,
             GError            **error)
{
  gboolean said = file->mode >= 0 && is_given (file->owner) && is_given (file->group);

  if (!model->there || said || (spot->folder.mode & 022) == 0 || model->uid == 0 || model->uid == spot->ssh->uid)
    return TRUE;

  return ch_error_set (error, CH_ERROR_FILE,
                       _("The file at “%s” belongs to user %u and its folder can be written by others, so it is "
                         "no model for the new one: give owner, group and mode"), spot->path, model->uid);
}

static gboolean
find_looks (const Spot         *spot,
            const ChTargetFile *file,
            sftp_file           fresh,
            Looks              *looks,
            GError            **error)
{
  ChSshFacts model;

  if (!find_model (spot, &model, error) || !check_model (spot, &model, file, error))
    return FALSE;

  if (!model.there)
    {
      sftp_attributes own = sftp_fstat (fresh);

      if (own == NULL)
        return ch_sftp_fail (spot->ssh, spot->path, sftp_get_error (spot->ssh->sftp), error);
      model = (ChSshFacts) { .uid = own->uid, .gid = own->gid, .mode = 0600 };
      sftp_attributes_free (own);
    }

  looks->uid = model.uid;
  looks->gid = model.gid;
  looks->mode = file->mode >= 0 ? (guint) file->mode : model.mode & (file->secret ? 0770 : 0777);
  return (!is_given (file->owner) || ch_ssh_find_id (spot->ssh, "/etc/passwd", file->owner, &looks->uid, error))
         && (!is_given (file->group) || ch_ssh_find_id (spot->ssh, "/etc/group", file->group, &looks->gid, error));
}

/* ---- stage ---- */

/* Nobody sees a byte of the content before the file has its owner and mode. */
static gboolean
write_fresh (const Spot         *spot,
             const ChTargetFile *file,
             GError            **error)
{
  Looks looks;
  gsize length;
  const void *data = g_bytes_get_data (file->content, &length);
  sftp_file fresh = ch_sftp_create (spot->ssh, spot->fresh, error);

  if (fresh == NULL)
    return FALSE;

  gboolean ok = find_looks (spot, file, fresh, &looks, error)
                && ch_sftp_dress (spot->ssh, fresh, spot->path, looks.uid, looks.gid, looks.mode, error);
  if (ok)
    ch_checkpoint ("stage:dressed");
  ok = ok && ch_sftp_write (spot->ssh, fresh, spot->path, data, length, error);

  int closed = sftp_close (fresh);
  if (ok && closed != SSH_OK)
    return ch_sftp_fail (spot->ssh, spot->path, sftp_get_error (spot->ssh->sftp), error);
  if (ok)
    ch_checkpoint ("stage:written");

  return ok;
}

gboolean
ch_ssh_stage (const ChServerAccess *access,
              const ChTargetFile   *file,
              GCancellable         *cancellable,
              GError              **error)
{
  if (file->mode < -1 || file->mode > 0777)
    return ch_error_set (error, CH_ERROR_INVALID, _("%o is not a mode for “%s”: give one from 0 to 777"),
                         (guint) file->mode, file->path);

  g_autoptr(Spot) spot = spot_open (access, file->path, cancellable, error);
  g_autoptr(GError) local = NULL;

  if (spot == NULL || !ch_sftp_remove (spot->ssh, spot->fresh, error))
    return FALSE;
  if (write_fresh (spot, file, &local))
    return TRUE;

  if (!ch_ssh_is_cut (spot->ssh))
    ch_sftp_remove (spot->ssh, spot->fresh, NULL);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- swap, restore, settle ---- */

static gboolean
keep_old (const Spot       *spot,
          const ChSshFacts *now,
          GError          **error)
{
  if (now->there)
    return ch_sftp_keep (spot->ssh, spot->path, spot->old, error);

  sftp_file none = ch_sftp_create (spot->ssh, spot->none, error);
  return none != NULL
         && (sftp_close (none) == SSH_OK
             || ch_sftp_fail (spot->ssh, spot->path, sftp_get_error (spot->ssh->sftp), error));
}

static gboolean
is_kept (const Spot *spot,
         gboolean   *kept,
         GError    **error)
{
  ChSshFacts old, none;

  if (!ch_sftp_look (spot->ssh, spot->old, &old, error) || !ch_sftp_look (spot->ssh, spot->none, &none, error))
    return FALSE;

  *kept = old.there || none.there;
  return TRUE;
}

gboolean
ch_ssh_swap (const ChServerAccess *access,
             const char           *path,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr(Spot) spot = spot_open (access, path, cancellable, error);
  ChSshFacts now, fresh;
  gboolean kept;

  if (spot == NULL || !ch_sftp_look (spot->ssh, path, &now, error)
      || !ch_sftp_look (spot->ssh, spot->fresh, &fresh, error) || !is_kept (spot, &kept, error))
    return FALSE;

  if (!fresh.there && kept && now.there)
    return TRUE;
  if (!fresh.there)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("The new content for “%s” is gone: run the deployment again"), path);

  if (!kept && !keep_old (spot, &now, error))
    return FALSE;
  ch_checkpoint ("swap:kept");

  if (!ch_sftp_replace (spot->ssh, spot->fresh, path, error))
    return FALSE;
  ch_checkpoint ("swap:renamed");

  return TRUE;
}

gboolean
ch_ssh_restore (const ChServerAccess *access,
                const char           *path,
                GCancellable         *cancellable,
                GError              **error)
{
  g_autoptr(Spot) spot = spot_open (access, path, cancellable, error);
  ChSshFacts old, none;

  if (spot == NULL || !ch_sftp_look (spot->ssh, spot->old, &old, error)
      || !ch_sftp_look (spot->ssh, spot->none, &none, error))
    return FALSE;

  if (old.there ? !ch_sftp_replace (spot->ssh, spot->old, path, error)
                : none.there && !ch_sftp_remove (spot->ssh, path, error))
    return FALSE;
  ch_checkpoint ("restore:back");

  /* Renaming does nothing when both names are those of one file, so the old one may still be there. */
  return ch_sftp_remove (spot->ssh, spot->old, error)
         && ch_sftp_remove (spot->ssh, spot->none, error)
         && ch_sftp_remove (spot->ssh, spot->fresh, error);
}

gboolean
ch_ssh_settle (const ChServerAccess *access,
               const char           *path,
               GCancellable         *cancellable,
               GError              **error)
{
  g_autoptr(Spot) spot = spot_open (access, path, cancellable, error);

  if (spot == NULL
      || !ch_sftp_remove (spot->ssh, spot->fresh, error)
      || !ch_sftp_remove (spot->ssh, spot->old, error)
      || !ch_sftp_remove (spot->ssh, spot->none, error))
    return FALSE;
  ch_checkpoint ("settle:one");

  return TRUE;
}

gboolean
ch_ssh_pending (const ChServerAccess *access,
                const char           *path,
                gboolean             *pending,
                GCancellable         *cancellable,
                GError              **error)
{
  g_autoptr(Spot) spot = spot_open (access, path, cancellable, error);

  return spot != NULL && is_kept (spot, pending, error);
}

GBytes *
ch_ssh_read (const ChServerAccess *access,
             const char           *path,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr(Spot) spot = spot_open (access, path, cancellable, error);
  ChSshFacts now;

  if (spot == NULL || !ch_sftp_look (spot->ssh, path, &now, error))
    return NULL;

  if (!now.there)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no file “%s” on %s"), path, spot->ssh->where);
  else if (now.uid != 0 && now.uid != spot->ssh->uid)
    ch_error_set (error, CH_ERROR_FILE, _("“%s” on %s belongs neither to root nor to the user"), path, spot->ssh->where);
  else if (now.size > CONTENT_MAX)
    ch_error_set (error, CH_ERROR_FILE, _("“%s” is larger than a key"), path);
  else
    return ch_sftp_read (spot->ssh, path, CONTENT_MAX, error);

  return NULL;
}

gboolean
ch_ssh_try_folder (ChSsh      *ssh,
                   const char *folder,
                   GError    **error)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *path = g_strdup_printf ("%s/%s.chancery-new", folder, name);
  ChSshFacts facts;

  if (!ch_sftp_open (ssh, error) || !ch_sftp_check_folder (ssh, path, &facts, error))
    return FALSE;

  sftp_file file = ch_sftp_create (ssh, path, error);
  return file != NULL
         && (sftp_close (file) == SSH_OK || ch_sftp_fail (ssh, path, sftp_get_error (ssh->sftp), error))
         && ch_sftp_remove (ssh, path, error);
}
