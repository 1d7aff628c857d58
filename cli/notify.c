/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"
#include "print.h"
#include "secret-input.h"

#include <glib/gi18n.h>

/* E-mail: whether it arrives, and the password for its server. */

static const GOptionEntry password_options[] = {
  CH_OPTION ("password-file", N_("Read the password from here; “-” is standard input"), N_("FILE")),
  CH_SWITCH ("remove", N_("Take the password away")),
  { NULL }
};

static gboolean
test (ChCli   *cli,
      GError **error)
{
  return ch_job_run (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "TestMail", g_variant_new ("(@a{sv})", ch_no_options ()), error);
}

static gboolean
read_password (ChCli   *cli,
               char   **password,
               GError **error)
{
  const char *file = ch_args_get (cli->args, "password-file");

  if (ch_args_has (cli->args, "remove"))
    {
      if (file != NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("“--password-file” and “--remove” exclude each other"));
      *password = g_strdup ("");
      return TRUE;
    }

  if (file == NULL && !ch_input_can_ask ())
    return ch_error_set (error, CH_ERROR_INVALID, _("Give the password with “--password-file FILE”; “-” is standard input"));

  *password = file != NULL ? ch_input_read_line (file, "password", error) : ch_input_ask (_("Password for the mail server"), error);
  if (*password != NULL && **password == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("An empty password is none; “--remove” takes the one that is kept away"));

  return *password != NULL;
}

static gboolean
set_password (ChCli   *cli,
              GError **error)
{
  ch_autosecret char *password = NULL;
  g_autoptr(GVariant) reply = NULL;

  if (!read_password (cli, &password, error)
      || (reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "SetMailPassword",
                               g_variant_new ("(s@a{sv})", password, ch_no_options ()), "()", error)) == NULL)
    return FALSE;

  if (!cli->json && *password == '\0')
    ch_print ("%s", _("The password for the mail server is gone."));
  else if (!cli->json)
    ch_print ("%s", _("The password for the mail server is kept. “chancery notify test” tries it."));
  return TRUE;
}

const ChCommand ch_notify_commands[] = {
  { "test", "", 0, 0, N_("Send a mail that says that it is a test, and show how it goes"),
    "chancery notify test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, test },
  { "set-password", "", 0, 0, N_("Set the password for the mail server"),
    "chancery notify set-password", password_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, set_password },
  { NULL }
};
