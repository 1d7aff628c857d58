/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "certificate.h"

#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "secret-input.h"
#include "take-out.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

const GOptionEntry ch_certificate_export_options[] = {
  CH_OPTION ("format", N_("pem, chain, fullchain (default), der, pkcs7, pkcs12 or jks"), N_("FORMAT")),
  CH_SWITCH ("key", N_("With the private key")),
  CH_SWITCH ("legacy", N_("PKCS#12 for programs of before 2019: 3DES and SHA-1")),
  CH_TAKE_OUT_OPTIONS,
  { NULL }
};

/* What the command line asks for. */
typedef struct
{
  const char *format;
  gboolean key;
  gboolean legacy;
  gboolean jks;
  char *password;       /* (owned) (nullable) */
} Wish;

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->password, ch_secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
is_binary (const Wish *wish)
{
  return wish->jks || g_str_equal (wish->format, "der") || g_str_equal (wish->format, "pkcs12");
}

/* A store needs a password when it holds a key, or is a Java key store. */
static gboolean
find_password (Wish    *wish,
               ChArgs  *args,
               GError **error)
{
  gboolean needed = wish->jks || (wish->key && g_str_equal (wish->format, "pkcs12"));

  if (needed && ch_args_has (args, "plain"))
    return ch_error_set (error, CH_ERROR_INVALID, _("This form always has a password; give “--password-file FILE”"));
  if (!needed && !wish->key && !ch_args_has (args, "password-file"))
    return TRUE;

  return ch_take_out_password (args, &wish->password, error);
}

static gboolean
read_wish (Wish    *wish,
           ChArgs  *args,
           GError **error)
{
  wish->format = ch_args_has (args, "format") ? ch_args_get (args, "format") : "fullchain";
  wish->key = ch_args_has (args, "key");
  wish->legacy = ch_args_has (args, "legacy");
  wish->jks = g_str_equal (wish->format, "jks");
  if (is_binary (wish) && !ch_args_has (args, "out") && isatty (STDOUT_FILENO))
    return ch_error_set (error, CH_ERROR_INVALID, _("This form is not for a terminal; name a file with “--out FILE”"));

  return find_password (wish, args, error);
}

/* (transfer full): what the service writes */
static GBytes *
ask (ChCli       *cli,
     GVariant    *certificate,
     const Wish  *wish,
     GError     **error)
{
  const char *format = wish->jks ? "pkcs12" : wish->format;
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) file = NULL;

  if (wish->key)
    g_variant_dict_insert (&options, "key", "b", TRUE);
  if (wish->legacy)
    g_variant_dict_insert (&options, "legacy", "b", TRUE);
  if (wish->password != NULL)
    g_variant_dict_insert (&options, "password", "s", wish->password);

  reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "ExportCertificate",
                       g_variant_new ("(ts@a{sv})", (guint64) ch_row_number (certificate, "Id"), format,
                                      g_variant_dict_end (&options)), "(ay)", error);
  if (reply == NULL)
    return NULL;

  file = g_variant_get_child_value (reply, 0);
  return g_variant_get_data_as_bytes (file);
}

static GBytes *
make (ChCli       *cli,
      GVariant    *certificate,
      const Wish  *wish,
      GError     **error)
{
  g_autoptr(GBytes) pkcs12 = NULL;
  g_autofree char *pem = NULL;

  if (!wish->jks)
    return ask (cli, certificate, wish, error);

  if (wish->key && (pkcs12 = ask (cli, certificate, wish, error)) == NULL)
    return NULL;

  pem = g_strconcat (ch_row_string (certificate, "Pem"), ch_row_string (certificate, "Chain"), NULL);
  return ch_jks_write (pkcs12, pem, wish->password, error);
}

gboolean
ch_certificate_export (ChCli   *cli,
                       GError **error)
{
  const char *file = ch_args_get (cli->args, "out");
  g_autoptr(GVariant) certificate = NULL;
  g_auto(Wish) wish = { NULL };
  g_autoptr(GBytes) data = NULL;

  if (!read_wish (&wish, cli->args, error)
      || (certificate = ch_certificate_find (cli, ch_args_word (cli->args, 0), error)) == NULL
      || (data = make (cli, certificate, &wish, error)) == NULL
      || !ch_take_out_deliver (cli->args, g_bytes_get_data (data, NULL), g_bytes_get_size (data), wish.key, error))
    return FALSE;

  if (file != NULL)
    g_printerr (_("Certificate %d is in “%s”.\n"), (int) ch_row_number (certificate, "Id"), file);
  return TRUE;
}
