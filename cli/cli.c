/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "lib/error.h"

#include <unistd.h>

/* Root is never asked by polkit, and on a private bus there is none. */
static gboolean
wants_agent (ChCli *cli)
{
  return cli->bus == CH_CLIENT_BUS_SYSTEM && geteuid () != 0
         && isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

ChClient *
ch_cli_client (ChCli   *cli,
               GError **error)
{
  if (cli->client != NULL)
    return cli->client;

  cli->client = ch_client_open (cli->bus, cli->address, NULL, error);
  if (cli->client != NULL && wants_agent (cli))
    {
      cli->agent = ch_pkagent_start ();
      ch_client_allow_interaction (cli->client);
    }

  return cli->client;
}

GVariant *
ch_cli_call (ChCli      *cli,
             const char *path,
             const char *interface,
             const char *method,
             GVariant   *parameters,
             const char *reply_type,
             GError    **error)
{
  g_autoptr(GVariant) kept = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  ChClient *client = ch_cli_client (cli, error);

  if (client == NULL)
    return NULL;

  return ch_client_call (client, path, interface, method, kept, reply_type, NULL, error);
}

const char *
ch_cli_word (ChCli *cli,
             guint  index)
{
  return index < cli->args->words->len ? ch_args_word (cli->args, index) : NULL;
}

GVariant *
ch_no_options (void)
{
  return g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

int
ch_cli_exit_code (const GError *error)
{
  if (error->domain == CH_CLIENT_ERROR)
    return CH_EXIT_NO_SERVICE;
  if (error->domain != CH_ERROR)
    return CH_EXIT_FAILED;

  switch (error->code)
    {
    case CH_ERROR_INVALID:
      return CH_EXIT_USAGE;
    case CH_ERROR_NOT_AUTHORIZED:
      return CH_EXIT_NOT_AUTHORIZED;
    case CH_ERROR_NOT_FOUND:
      return CH_EXIT_NOT_FOUND;
    default:
      return CH_EXIT_FAILED;
    }
}
