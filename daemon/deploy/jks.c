/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/jks.h"

#include "deploy/actions.h"
#include "deploy/fd.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "pki/x509.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEYTOOL_TIMEOUT (60 * 1000)
#define MEMORY_FOLDER "/dev/shm"

static const char *const names[] = { "password", "in.p12", "in.pem", "out.jks" };

/* keytool takes passwords from files (keytool(1), “:file”). */
typedef struct
{
  char *tool;           /* (owned) */
  char *folder;         /* (owned) (nullable) */
  GCancellable *cancellable;
} Work;

static void
work_clear (Work *work)
{
  for (gsize i = 0; work->folder != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (work->folder, names[i], NULL);

      g_unlink (path);
    }
  if (work->folder != NULL)
    g_rmdir (work->folder);
  g_free (work->folder);
  g_free (work->tool);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
put (Work       *work,
     const char *name,
     const char *data,
     gsize       length,
     GError    **error)
{
  g_autofree char *path = g_build_filename (work->folder, name, NULL);

  g_unlink (path);
  ch_autofd int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  for (ssize_t n = 0; fd >= 0 && length > 0; data += n, length -= (gsize) n)
    if ((n = write (fd, data, length)) < 0)
      break;

  return (fd >= 0 && length == 0)
         || ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be written: %s"), path, g_strerror (errno));
}

static gboolean
begin (Work         *work,
       const char   *password,
       GCancellable *cancellable,
       GError      **error)
{
  const char *where = g_access (MEMORY_FOLDER, W_OK | X_OK) == 0 ? MEMORY_FOLDER : g_get_tmp_dir ();
  g_autofree char *folder = g_build_filename (where, "chancery-XXXXXX", NULL);

  work->cancellable = cancellable;
  work->tool = g_find_program_in_path ("keytool");
  if (work->tool == NULL)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("A Java key store is written by the program keytool, which is not installed here (Debian: package "
                           "default-jre-headless). The format pkcs12 does as well: Java 9 and later and Tomcat 8.5 and later read it"));
  if (g_mkdtemp (folder) == NULL)
    return ch_error_set (error, CH_ERROR_FILE, _("No private folder could be made in “%s”"), where);

  work->folder = g_steal_pointer (&folder);
  return put (work, "password", password, strlen (password), error);
}

/* Ended by %NULL; those that begin with “@” are files of the folder. */
static gboolean
keytool (Work              *work,
         const char *const *arguments,
         GError           **error)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (work->tool));
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, *arguments[i] == '@' ? g_build_filename (work->folder, arguments[i] + 1, NULL)
                                                : g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);

  g_auto(GStrv) outside = ch_programs_outside ((const char *const *) argv->pdata);
  g_autofree char *said = ch_program_run ("keytool", (const char *const *) outside, KEYTOOL_TIMEOUT, work->cancellable, error);
  return said != NULL;
}

static GBytes *
take_result (Work    *work,
             GError **error)
{
  g_autofree char *path = g_build_filename (work->folder, "out.jks", NULL);
  g_autoptr(GError) local = NULL;
  char *data;
  gsize length;

  if (g_file_get_contents (path, &data, &length, &local))
    return ch_secret_take (data, length);

  ch_error_set (error, CH_ERROR_FILE, _("keytool wrote no key store: %s"), local->message);
  return NULL;
}

GBytes *
ch_jks_of_key (GBytes       *pkcs12,
               const char   *password,
               GCancellable *cancellable,
               GError      **error)
{
  static const char *const arguments[] = {
    "-importkeystore", "-noprompt", "-srckeystore", "@in.p12", "-srcstoretype", "PKCS12", "-srcstorepass:file", "@password",
    "-destkeystore", "@out.jks", "-deststoretype", "JKS", "-deststorepass:file", "@password", NULL
  };
  g_auto(Work) work = { NULL };

  if (!begin (&work, password, cancellable, error)
      || !put (&work, "in.p12", g_bytes_get_data (pkcs12, NULL), g_bytes_get_size (pkcs12), error)
      || !keytool (&work, arguments, error))
    return NULL;

  return take_result (&work, error);
}

static gboolean
import (Work       *work,
        const char *pem,
        const char *alias,
        GError    **error)
{
  const char *arguments[] = {
    "-importcert", "-noprompt", "-file", "@in.pem", "-alias", alias, "-keystore", "@out.jks", "-storetype", "JKS",
    "-storepass:file", "@password", NULL
  };

  return put (work, "in.pem", pem, strlen (pem), error) && keytool (work, arguments, error);
}

GBytes *
ch_jks_of_certificates (GBytes       *pem,
                        const char   *alias,
                        const char   *password,
                        GCancellable *cancellable,
                        GError      **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  const char *cursor = text;
  g_auto(Work) work = { NULL };
  char *block;

  if (!begin (&work, password, cancellable, error))
    return NULL;

  for (guint n = 1; (block = ch_pki_next_certificate (&cursor)) != NULL; n++)
    {
      g_autofree char *one = block;
      g_autofree char *name = n == 1 ? g_strdup (alias) : g_strdup_printf ("%s-%u", alias, n);

      if (!import (&work, one, name, error))
        return NULL;
    }

  return take_result (&work, error);
}
