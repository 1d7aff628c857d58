/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"
#include "key-attach.h"
#include "key-bin.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "order.h"
#include "take-out.h"

#include <glib/gi18n.h>
#include <string.h>

static const GOptionEntry export_options[] = {
  CH_TAKE_OUT_OPTIONS,
  { NULL }
};

static gboolean
deliver (ChCli      *cli,
         GVariant   *order,
         const char *pem,
         GError    **error)
{
  const char *file = ch_args_get (cli->args, "out");
  g_autoptr(GVariant) document = NULL;

  if (file != NULL || !cli->json)
    {
      if (!ch_take_out_deliver (cli->args, pem, strlen (pem), TRUE, error))
        return FALSE;
      if (file != NULL)
        g_printerr (_("The key of %s is in “%s”.\n"), ch_row_string (order, "Name"), file);
      return TRUE;
    }

  document = ch_json_result (order, "Pem", pem);
  ch_json_print (document);
  return TRUE;
}

static gboolean
export (ChCli   *cli,
        GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  ch_autosecret char *password = NULL;
  g_autoptr(GVariant) reply = NULL;
  const char *pem;
  GVariantDict options;

  if (order == NULL || !ch_take_out_password (cli->args, &password, error))
    return FALSE;

  g_variant_dict_init (&options, NULL);
  if (password != NULL)
    g_variant_dict_insert (&options, "password", "s", password);

  reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "ExportKey",
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(s)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&s)", &pem);
  return deliver (cli, order->row, pem, error);
}

const ChCommand ch_key_commands[] = {
  { "export", N_("ORDER"), 1, 1, N_("Take the private key of an order out, encrypted with a password"),
    "chancery key export www.example.test --out www.key", export_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    export },
  { "attach", N_("ORDER"), 1, 1, N_("Bring the private key of an imported order"),
    "chancery key attach www.example.test --key-file /root/www.key", ch_key_attach_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    ch_key_attach },
  { "find", N_("ORDER"), 1, 1, N_("Look on a server for the private key of an imported order"),
    "chancery key find www.example.test --server web --path /etc/ssl/private/www.key", ch_key_find_options, CH_EXTRAS_REFUSED,
    CH_TAKES_ORDER, ch_key_find },
  { "bin", "", 0, 0, N_("List the private keys of deleted orders, which are kept for 30 days"),
    "chancery key bin", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_key_bin },
  { "restore", N_("NUMBER|ORDER"), 1, 1, N_("Give a key in the bin back to the order that it belongs to"),
    "chancery key restore 2", NULL, CH_EXTRAS_REFUSED, CH_TAKES_BIN, ch_key_restore },
  { "purge", N_("NUMBER"), 1, 1, N_("Remove a key in the bin for good, now"),
    "chancery key purge 2", NULL, CH_EXTRAS_REFUSED, CH_TAKES_BIN, ch_key_purge },
  { NULL }
};
