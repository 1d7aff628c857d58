/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy-desire.h"

#include "job.h"
#include "lib/error.h"
#include "lib/row.h"
#include "lib/times.h"
#include "print.h"

#include <glib/gi18n.h>
#include <string.h>

const GOptionEntry ch_deploy_run_options[] = {
  CH_SWITCH ("now", N_("Also when it is paused, or outside its maintenance windows")),
  { NULL }
};

const GOptionEntry ch_deploy_pause_options[] = {
  CH_OPTION ("until", N_("Go on by itself then, such as 2027-06-12 or “2027-06-12 06:00”"), N_("TIME")),
  CH_OPTION ("reason", N_("Why, for those who come across it"), N_("TEXT")),
  { NULL }
};

static ChObject *
find (ChCli   *cli,
      GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;

  return ch_find_object (cli, noun->interface, _(noun->title), ch_args_word (cli->args, 0), error);
}

gboolean
ch_deploy_run (ChCli   *cli,
               GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) deployment = find (cli, error);
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (deployment == NULL)
    return FALSE;
  if (ch_args_has (cli->args, "now"))
    g_variant_dict_insert (&options, "now", "b", TRUE);

  return ch_job_run (cli, deployment->path, noun->interface, "Run",
                     g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), error);
}

gboolean
ch_deploy_look (ChCli   *cli,
                GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) deployment = find (cli, error);

  return deployment != NULL
         && ch_job_run (cli, deployment->path, noun->interface, "Look", g_variant_new ("(@a{sv})", ch_no_options ()), error);
}

gboolean
ch_deploy_rollback (ChCli   *cli,
                    GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) deployment = find (cli, error);

  if (deployment == NULL
      || !ch_job_run (cli, deployment->path, noun->interface, "Rollback", g_variant_new ("(@a{sv})", ch_no_options ()), error))
    return FALSE;

  g_autofree char *name = ch_clean (ch_row_string (deployment->row, "Name"));
  if (!cli->json)
    ch_print (_("“%s” is paused, so that no newer certificate takes its place; “chancery deploy resume %s” goes on to the newest."),
              name, name);
  return TRUE;
}

/* "2027-06-12", "2027-06-12 06:00", of this machine's clock */
static gboolean
read_until (const char *text,
            gint64     *until,
            GError    **error)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  gsize length = strlen (text);
  g_autofree char *full = g_strconcat (text, length == 10 ? "T00:00:00" : length == 16 ? ":00" : "", NULL);
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601 (g_strdelimit (full, " ", 'T'), zone);

  if (at == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--until %s” is no time; write it as 2027-06-12 or “2027-06-12 06:00”"), text);

  *until = g_date_time_to_unix (at);
  return TRUE;
}

gboolean
ch_deploy_pause (ChCli   *cli,
                 GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  const char *text = ch_args_get (cli->args, "until");
  const char *reason = ch_args_get (cli->args, "reason");
  gint64 until = 0;

  if (text != NULL && !read_until (text, &until, error))
    return FALSE;

  g_autoptr(ChObject) deployment = find (cli, error);
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  if (deployment == NULL)
    return FALSE;
  if (until != 0)
    g_variant_dict_insert (&options, "until", "x", until);
  if (reason != NULL)
    g_variant_dict_insert (&options, "reason", "s", reason);

  g_autoptr(GVariant) reply = ch_client_call (cli->client, deployment->path, noun->interface, "Pause",
                                              g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_autofree char *name = ch_clean (ch_row_string (deployment->row, "Name"));
  g_autofree char *shown = ch_time_full (until);
  g_autofree char *sentence = until != 0
    ? g_strdup_printf (_("“%s” is paused until %s; then it installs the newest certificate."), name, shown)
    : g_strdup_printf (_("“%s” is paused; “chancery deploy resume %s” lets it go on with the newest certificate."), name, name);
  ch_say_done (cli, deployment->row, "paused", sentence);
  return TRUE;
}

gboolean
ch_deploy_resume (ChCli   *cli,
                  GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) deployment = find (cli, error);
  g_autoptr(GVariant) reply = deployment != NULL
    ? ch_client_call (cli->client, deployment->path, noun->interface, "Resume", g_variant_new ("(@a{sv})", ch_no_options ()),
                      "()", NULL, error) : NULL;

  if (reply == NULL)
    return FALSE;

  g_autofree char *name = ch_clean (ch_row_string (deployment->row, "Name"));
  g_autofree char *sentence = g_strdup_printf (_("“%s” goes on."), name);
  ch_say_done (cli, deployment->row, "resumed", sentence);
  return TRUE;
}
