/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "job.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "peer.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* What one does about the proof of control. */

const GOptionEntry ch_order_validate_options[] = {
  CH_OPTION ("method", N_("How control of the names is proven from now on: dns, http or email"), N_("METHOD")),
  CH_OPTION ("dns", N_("Prove control through this DNS account"), N_("NAME")),
  CH_SWITCH ("by-hand", N_("Make the DNS record yourself")),
  CH_OPTION ("approver", N_("With the method email: who is mailed"), N_("ADDRESS")),
  { NULL }
};

const GOptionEntry ch_order_approvers_options[] = {
  CH_OPTION ("account", N_("Ask at this account; may be left out when there is one"), N_("NAME")),
  { NULL }
};

static gboolean
call_order (ChCli      *cli,
            const char *method,
            GVariant   *parameters,
            const char *result,
            const char *sentence,
            GError    **error)
{
  g_autoptr(GVariant) arguments = g_variant_ref_sink (parameters);
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_autoptr(GVariant) reply = order != NULL
    ? ch_client_call (cli->client, order->path, CH_IFACE_ORDER, method, arguments, "()", NULL, error) : NULL;

  if (reply == NULL)
    return FALSE;

  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (order->row, "Id"));
  g_autofree char *text = g_strdup_printf (sentence, id, ch_row_string (order->row, "Name"));
  ch_say_done (cli, order->row, result, text);
  return TRUE;
}

gboolean
ch_order_validate (ChCli   *cli,
                   GError **error)
{
  GVariantDict settings;

  if (ch_args_has (cli->args, "by-hand") && ch_args_has (cli->args, "dns"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--by-hand” and “--dns” exclude each other"));

  g_variant_dict_init (&settings, NULL);
  if (ch_args_has (cli->args, "method"))
    g_variant_dict_insert (&settings, "method", "s", ch_args_get (cli->args, "method"));
  if (ch_args_has (cli->args, "approver"))
    g_variant_dict_insert (&settings, "approver", "s", ch_args_get (cli->args, "approver"));
  if (ch_args_has (cli->args, "dns") || ch_args_has (cli->args, "by-hand"))
    g_variant_dict_insert (&settings, "dns-account", "s", ch_args_has (cli->args, "dns") ? ch_args_get (cli->args, "dns") : "");

  return call_order (cli, "SetValidation",
                     g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()), "changed",
                     _("Order %s for %s is proven so from now on, and goes on by itself."), error);
}

gboolean
ch_order_renew_challenge (ChCli   *cli,
                          GError **error)
{
  return call_order (cli, "RenewChallenge", g_variant_new ("(@a{sv})", ch_no_options ()), "retrying",
                     _("Order %s for %s is withdrawn, unpaid, and placed anew; its new value comes with that."), error);
}

gboolean
ch_order_resend_mail (ChCli   *cli,
                      GError **error)
{
  return call_order (cli, "ResendMail", g_variant_new ("(@a{sv})", ch_no_options ()), "mailed",
                     _("The mail of order %s for %s is sent once more."), error);
}

gboolean
ch_order_approver (ChCli   *cli,
                   GError **error)
{
  const char *address = g_ptr_array_index (cli->args->words, 1);

  return call_order (cli, "ChangeApprover", g_variant_new ("(s@a{sv})", address, ch_no_options ()), "mailed",
                     _("Order %s for %s: the CA mails the new address."), error);
}

gboolean
ch_order_verify (ChCli   *cli,
                 GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);

  return order != NULL && ch_job_run (cli, order->path, CH_IFACE_ORDER, "Verify", g_variant_new ("(@a{sv})", ch_no_options ()), error);
}

static GVariant *
list_approvers (ChCli       *cli,
                const char  *account,
                const char  *name,
                GError     **error)
{
  return ch_client_call_manager (cli->client, "ListApprovers", g_variant_new ("(ss)", account != NULL ? account : "", name), "(as)",
                                 NULL, error);
}

char *
ch_order_ask_approver (ChCli       *cli,
                       const char  *account,
                       const char  *name,
                       GError     **error)
{
  g_autoptr(GVariant) reply = list_approvers (cli, account, name, error);
  g_autofree const char **list = NULL;
  char line[16];
  guint64 n;

  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(^a&s)", &list);
  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *clean = ch_clean (list[i]);
      ch_print ("%3u  %s", i + 1, clean);
    }

  g_print ("%s ", _("Who is mailed? Number:"));
  if (fgets (line, sizeof line, stdin) == NULL
      || !g_ascii_string_to_unsigned (g_strchomp (line), 10, 1, g_strv_length ((char **) list), &n, NULL))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("That is none of them; nothing was ordered"));
      return NULL;
    }

  return g_strdup (list[n - 1]);
}

gboolean
ch_order_approvers (ChCli   *cli,
                    GError **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GVariant) reply = client != NULL
    ? list_approvers (cli, ch_args_get (cli->args, "account"), g_ptr_array_index (cli->args->words, 0), error) : NULL;
  g_autofree const char **list = NULL;

  if (reply == NULL)
    return FALSE;
  if (cli->json)
    {
      g_autoptr(GVariant) document = g_variant_get_child_value (reply, 0);
      ch_json_print (document);
      return TRUE;
    }

  g_variant_get (reply, "(^a&s)", &list);
  for (gsize i = 0; list[i] != NULL; i++)
    {
      g_autofree char *clean = ch_clean (list[i]);
      ch_print ("%s", clean);
    }
  return TRUE;
}
