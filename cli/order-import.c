/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "job.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "peer.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

const GOptionEntry ch_order_import_options[] = {
  CH_OPTION ("account", N_("From this account; may be left out when there is one"), N_("NAME")),
  CH_OPTION ("from", N_("Placed on that day or later, in UTC; all unless given"), N_("YYYY-MM-DD")),
  CH_OPTION ("to", N_("Placed on that day or before, in UTC; all unless given"), N_("YYYY-MM-DD")),
  CH_OPTION ("state", N_("Only orders in this state, such as issued; may be given several times"), N_("STATE")),
  CH_OPTION ("name", N_("Only orders with this text in one of their names"), N_("TEXT")),
  CH_SWITCH ("restart", N_("Begin anew, not where the same import was interrupted")),
  { NULL }
};

/* (transfer full): the path of the account */
static char *
find_account (ChCli   *cli,
              GError **error)
{
  const char *name = ch_args_get (cli->args, "account");
  ChClient *client = ch_cli_client (cli, error);

  if (client == NULL)
    return NULL;
  if (name != NULL)
    {
      g_autoptr(ChObject) account = ch_find_object (cli, CH_IFACE_ACCOUNT, _("account"), name, error);
      return account != NULL ? g_strdup (account->path) : NULL;
    }

  g_autoptr(GPtrArray) accounts = ch_client_list (client, CH_IFACE_ACCOUNT, NULL, error);
  if (accounts == NULL)
    return NULL;
  if (accounts->len == 1)
    return g_strdup (((ChObject *) accounts->pdata[0])->path);

  ch_error_set (error, CH_ERROR_INVALID, accounts->len == 0
                ? _("There is no account to import from; “chancery account add” adds one")
                : _("There are several accounts; say with --account from which"));
  return NULL;
}

static gboolean
take_day (ChArgs        *args,
          const char    *name,
          gint64         more,
          GVariantDict  *options,
          GError       **error)
{
  gint64 day;

  if (!ch_args_has (args, name))
    return TRUE;
  if (!ch_args_day (args, name, &day, error))
    return FALSE;

  g_variant_dict_insert (options, name, "x", day + more);
  return TRUE;
}

/* The last day goes on to its end. */
static GVariant *
collect (ChArgs  *args,
         GError **error)
{
  GPtrArray *states = ch_args_all (args, "state");
  const char *name = ch_args_get (args, "name");
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (!take_day (args, "from", 0, &options, error) || !take_day (args, "to", DAY - 1, &options, error))
    return NULL;

  if (states != NULL)
    g_variant_dict_insert_value (&options, "states",
                                 g_variant_new_strv ((const char *const *) states->pdata, states->len));
  if (name != NULL)
    {
      g_autofree char *text = ch_order_search_text (name);
      g_variant_dict_insert (&options, "name", "s", text);
    }
  if (ch_args_has (args, "restart"))
    g_variant_dict_insert (&options, "restart", "b", TRUE);
  return g_variant_dict_end (&options);
}

gboolean
ch_order_import (ChCli   *cli,
                 GError **error)
{
  g_autoptr(GVariant) options = collect (cli->args, error);

  if (options == NULL)
    return FALSE;

  g_variant_ref_sink (options);
  g_autofree char *account = find_account (cli, error);
  return account != NULL
         && ch_job_run (cli, account, CH_IFACE_ACCOUNT, "Import", g_variant_new ("(@a{sv})", options), error);
}
