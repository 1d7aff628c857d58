/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault-private.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CREDENTIAL "chancery-vault-key"
#define KEY_FILE "vault.key"

static gboolean
wrong_file (const char *path,
            const char *what,
            GError    **error)
{
  return ch_error_set (error, CH_ERROR_VAULT, _("The key of the vault, “%s”, cannot be used: %s"), path,
                       what);
}

/* systemd's credentials are its own business; our file must be ours alone. */
static gboolean
check_private (const char        *path,
               const struct stat *info,
               GError           **error)
{
  if (info->st_uid != geteuid ())
    return wrong_file (path, _("it belongs to another user; make the user of the daemon its owner"), error);

  if ((info->st_mode & 077) != 0)
    return wrong_file (path, _("others may read it; give it mode 0600, and think about who has seen it"),
                       error);

  return TRUE;
}

/* One byte more than a key is asked for, so that a longer file is noticed. */
static GBytes *
read_key (int         fd,
          const char *path,
          GError    **error)
{
  char *data = g_malloc0 (CH_KEY_SIZE + 1);
  g_autoptr(GBytes) key = ch_secret_take (data, CH_KEY_SIZE);
  gsize length = 0;
  gssize got;

  while (length <= CH_KEY_SIZE
         && ((got = read (fd, data + length, CH_KEY_SIZE + 1 - length)) > 0 || (got < 0 && errno == EINTR)))
    length += (gsize) MAX (got, 0);
  data[CH_KEY_SIZE] = '\0';

  if (length == CH_KEY_SIZE)
    return g_steal_pointer (&key);

  wrong_file (path, _("it must hold exactly 32 bytes; restore it from a backup"), error);
  return NULL;
}

/* Returns NULL without error when there is no such file. */
static GBytes *
load_file (const char *path,
           gboolean    is_private,
           GError    **error)
{
  GBytes *key = NULL;
  struct stat info;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (is_private ? O_NOFOLLOW : 0), 0);

  if (fd < 0)
    {
      if (errno != ENOENT)
        wrong_file (path, g_strerror (errno), error);
      return NULL;
    }

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    wrong_file (path, _("it is not a file"), error);
  else if (!is_private || check_private (path, &info, error))
    key = read_key (fd, path, error);

  close (fd);
  return key;
}

static gboolean
write_whole (int           fd,
             const guchar *data,
             gsize         length)
{
  for (gsize done = 0; done < length;)
    {
      gssize put = write (fd, data + done, length - done);

      if (put < 0 && errno != EINTR)
        return FALSE;
      done += (gsize) MAX (put, 0);
    }

  return fsync (fd) == 0;
}

static gboolean
write_draft (const char *draft,
             GBytes     *key)
{
  g_unlink (draft);

  int fd = g_open (draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;

  gboolean written = write_whole (fd, g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  int code = errno;
  close (fd);
  errno = code;
  return written;
}

static gboolean
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;

  gboolean synced = fsync (fd) == 0;
  close (fd);
  return synced;
}

/* Written beside and linked: the name is either not there or holds a whole and durable key. A link
 * does not replace what is there. */
static GBytes *
make_file (const char *folder,
           const char *path,
           GError    **error)
{
  g_autofree char *draft = g_strconcat (path, ".new", NULL);
  g_autoptr(GBytes) key = ch_secret_take (g_malloc (CH_KEY_SIZE), CH_KEY_SIZE);
  int result = gnutls_rnd (GNUTLS_RND_KEY, (gpointer) g_bytes_get_data (key, NULL), CH_KEY_SIZE);

  if (result < 0)
    {
      wrong_file (path, gnutls_strerror (result), error);
      return NULL;
    }

  gboolean made = write_draft (draft, key) && link (draft, path) == 0 && sync_folder (folder);
  int code = errno;
  g_unlink (draft);
  if (made)
    return g_steal_pointer (&key);

  ch_error_set (error, code == ENOSPC ? CH_ERROR_NO_SPACE : CH_ERROR_VAULT,
                _("The key of the vault, “%s”, cannot be made: %s"), path, g_strerror (code));
  return NULL;
}

GBytes *
ch_master_key_load (const char *state_dir,
                    gboolean    may_make,
                    GError    **error)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *path = g_build_filename (state_dir, KEY_FILE, NULL);
  g_autoptr(GError) failure = NULL;
  GBytes *key = NULL;

  if (credentials != NULL && *credentials != '\0')
    {
      g_autofree char *credential = g_build_filename (credentials, CREDENTIAL, NULL);
      key = load_file (credential, FALSE, &failure);
    }

  if (key == NULL && failure == NULL)
    key = load_file (path, TRUE, &failure);

  if (key != NULL)
    return key;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (may_make)
    return make_file (state_dir, path, error);
  else
    ch_error_set (error, CH_ERROR_VAULT,
                  _("The key of the vault is missing, and secrets are sealed with it: restore “%s” from a "
                    "backup, or give the service its credential “%s” again"), path, CREDENTIAL);

  return NULL;
}
