/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key-attach.h"

#include "job.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "order.h"
#include "peer.h"
#include "secret-input.h"

#include <glib/gi18n.h>

/* A private key for an order that was placed elsewhere. */

const GOptionEntry ch_key_attach_options[] = {
  CH_OPTION ("key-file", N_("The private key in PEM; - reads it from standard input"), N_("FILE")),
  CH_OPTION ("password-file", N_("Of an encrypted key: where its password is"), N_("FILE")),
  { NULL }
};

const GOptionEntry ch_key_find_options[] = {
  CH_OPTION ("server", N_("Look on this server"), N_("NAME")),
  CH_OPTION ("path", N_("Look into this file, too; may be given several times"), N_("PATH")),
  { NULL }
};

gboolean
ch_key_attach (ChCli   *cli,
               GError **error)
{
  const char *file = ch_args_get (cli->args, "key-file");
  const char *password_file = ch_args_get (cli->args, "password-file");
  ch_autosecret char *pem = NULL, *password = NULL;
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (file == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Say with --key-file where the private key is; - reads standard input"));

  pem = ch_input_read (file, _("private key"), error);
  if (pem != NULL && password_file != NULL)
    password = ch_input_read_line (password_file, _("password"), error);
  if (pem == NULL || (password_file != NULL && password == NULL))
    return FALSE;
  if (password != NULL)
    g_variant_dict_insert (&options, "password", "s", password);

  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_autoptr(GVariant) reply = order != NULL
    ? ch_cli_call (cli, order->path, CH_IFACE_ORDER, "AttachKey",
                   g_variant_new ("(s@a{sv})", pem, g_variant_dict_end (&options)), "()", error) : NULL;
  if (reply == NULL)
    return FALSE;

  g_autofree char *sentence = g_strdup_printf (_("The key belongs to the certificate of %s and is kept."), ch_row_string (order->row, "Name"));
  ch_say_done (cli, order->row, "attached", sentence);
  return TRUE;
}

gboolean
ch_key_find (ChCli   *cli,
             GError **error)
{
  const char *server = ch_args_get (cli->args, "server");
  GPtrArray *paths = ch_args_all (cli->args, "path");
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (server == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Say with --server where to look; “chancery server list” shows the servers"));

  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  if (order == NULL)
    return FALSE;
  if (paths != NULL)
    g_variant_dict_insert_value (&options, "paths", g_variant_new_strv ((const char *const *) paths->pdata, paths->len));

  return ch_job_run (cli, order->path, CH_IFACE_ORDER, "FindKey",
                     g_variant_new ("(s@a{sv})", server, g_variant_dict_end (&options)), error);
}
