/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "certificate.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "take-out.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define END "-----END CERTIFICATE-----"

/* keytool takes passwords from files (keytool(1), “:file”). They lie in a folder that only we can enter, in memory
 * where there is such a place. */
static const char *const files[] = { "password", "in.p12", "in.pem", "out.jks" };

static char *
make_folder (GError **error)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  const char *where = runtime != NULL && g_file_test (runtime, G_FILE_TEST_IS_DIR) ? runtime : g_get_tmp_dir ();
  char *folder = g_build_filename (where, "chancery-XXXXXX", NULL);

  if (g_mkdtemp (folder) != NULL)
    return folder;

  g_free (folder);
  ch_error_set (error, CH_ERROR_FILE, _("No private folder could be made in “%s”"), where);
  return NULL;
}

static void
remove_folder (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
put (const char  *folder,
     const char  *name,
     const void  *data,
     gsize        length,
     GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
  return ch_take_out_write (path, data, length, TRUE, error);
}

static gboolean
keytool (const char        *folder,
         const char *const *arguments,
         GError           **error)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *out = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) "keytool");
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);

  if (!g_spawn_sync (folder, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status, error))
    return FALSE;
  if (g_spawn_check_wait_status (status, NULL))
    return TRUE;

  g_autofree char *said = g_utf8_make_valid (g_strstrip (out), -1);
  return ch_error_set (error, CH_ERROR_FAILED, _("keytool could not write the key store: %s"), said);
}

static gboolean
import_key (const char *folder,
            GBytes     *pkcs12,
            GError    **error)
{
  static const char *const arguments[] = {
    "-importkeystore", "-noprompt", "-srckeystore", "in.p12", "-srcstoretype", "PKCS12", "-srcstorepass:file", "password",
    "-destkeystore", "out.jks", "-deststoretype", "JKS", "-deststorepass:file", "password", NULL
  };

  return put (folder, "in.p12", g_bytes_get_data (pkcs12, NULL), g_bytes_get_size (pkcs12), error)
         && keytool (folder, arguments, error);
}

static gboolean
import_certificates (const char *folder,
                     const char *pem,
                     GError    **error)
{
  guint n = 0;

  for (const char *end; (end = strstr (pem, END)) != NULL; pem = end + strlen (END))
    {
      g_autofree char *alias = g_strdup_printf ("certificate-%u", ++n);
      const char *arguments[] = {
        "-importcert", "-noprompt", "-file", "in.pem", "-alias", alias, "-keystore", "out.jks", "-storetype", "JKS",
        "-storepass:file", "password", NULL
      };

      if (!put (folder, "in.pem", pem, (gsize) (end - pem) + strlen (END), error) || !keytool (folder, arguments, error))
        return FALSE;
    }

  return TRUE;
}

static GBytes *
take_result (const char *folder,
             GError    **error)
{
  g_autofree char *path = g_build_filename (folder, "out.jks", NULL);
  char *data;
  gsize length;

  return g_file_get_contents (path, &data, &length, error) ? ch_secret_take (data, length) : NULL;
}

/* The length is keytool's own rule, which it tells only after it has asked. Of other characters than ASCII it and the
 * PKCS#12 file that it reads make different things. */
static gboolean
check (const char  *password,
       GError     **error)
{
  g_autofree char *program = g_find_program_in_path ("keytool");

  if (strlen (password) < 6 || !g_str_is_ascii (password))
    return ch_error_set (error, CH_ERROR_INVALID, _("The password of a Java key store must have at least 6 characters, all of them ASCII"));
  if (program == NULL)
    return ch_error_set (error, CH_ERROR_FILE,
                         _("A Java key store is written by the program keytool, which is not installed here (Debian: package "
                           "default-jre-headless). PKCS#12 is what Java itself recommends"));

  return TRUE;
}

GBytes *
ch_jks_write (GBytes      *pkcs12,
              const char  *pem,
              const char  *password,
              GError     **error)
{
  g_autofree char *folder = check (password, error) ? make_folder (error) : NULL;

  if (folder == NULL)
    return NULL;

  gboolean ok = put (folder, "password", password, strlen (password), error)
                && (pkcs12 != NULL ? import_key (folder, pkcs12, error) : import_certificates (folder, pem, error));
  GBytes *store = ok ? take_result (folder, error) : NULL;

  remove_folder (folder);
  return store;
}
