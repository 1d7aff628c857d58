/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy-options.h"

#include "deploy-desire.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "names.h"
#include "peer.h"
#include "table.h"

#include <glib/gi18n.h>

#define RUNS_SHOWN 5

static const ChPeerNoun noun = {
  .noun = "deploy", .title = N_("deployment"), .interface = CH_IFACE_DEPLOYMENT, .job = "Run",
  .removed = N_("Deployment “%s” is removed; the files that it installed stay where they are."),
  .disabled = N_("“%s” is stopped: it is neither run nor retried until you enable it."),
};

static const GOptionEntry add_options[] = { CH_DEPLOY_OPTIONS, { NULL } };

static const GOptionEntry edit_options[] = {
  CH_DEPLOY_OPTIONS,
  CH_OPTION ("rename", N_("Give it a new name"), N_("NAME")),
  { NULL }
};

static const ChColumn deployment_columns[] = {
  { N_("NAME") }, { N_("SERVER") }, { N_("STATE"), CH_COLUMN_STATE }, { N_("EXPIRES") },
  { N_("SERVES"), CH_COLUMN_SHRINKS }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

static const ChColumn run_columns[] = {
  { N_("STARTED") }, { N_("RESULT"), CH_COLUMN_STATE }, { N_("ERROR"), CH_COLUMN_WRAPS }, { NULL }
};

/* showing */

static void
add_list (ChTable    *facts,
          const char *label,
          GVariant   *row,
          const char *key,
          char     *(*describe) (GVariant *))
{
  g_autoptr(GVariant) list = ch_row_list (row, key, "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) item = g_variant_get_child_value (list, i);
      g_autofree char *text = describe (item);

      ch_facts_add (facts, label != NULL ? label : ch_row_string (item, "part"), text);
    }
}

static void
print_deployment (GVariant *row)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *name = ch_clean (ch_row_string (row, "Name"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, name);
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *serves = ch_names_shown (names);
  g_autoptr(GVariant) action = ch_row_list (row, "Action", "a{sv}");
  g_autofree char *then = ch_deploy_describe_action (action);
  g_autoptr(GVariant) test = ch_row_list (row, "Test", "a{sv}");
  g_autofree char *before = ch_deploy_describe_action (test);
  g_autofree char *expires = ch_time_full (ch_row_number (row, "NotAfter"));
  g_autofree char *deployed = ch_time_full (ch_row_number (row, "DeployedAt"));
  g_autofree char *next = ch_time_full (ch_row_number (row, "NextTry"));
  g_autofree char *wave = g_strdup_printf ("%d", (int) ch_row_number (row, "Wave"));
  g_auto(GStrv) window_list = ch_row_strings (row, "Windows");
  g_autofree char *windows = g_strjoinv ("; ", window_list);
  g_autofree char *pause = ch_deploy_describe_pause (row);

  ch_print ("%s", heading);
  ch_facts_add (facts, _("State"), ch_row_string (row, "State"));
  ch_facts_add (facts, _("Reason"), ch_row_string (row, "Reason"));
  ch_facts_add (facts, _("Server"), ch_row_string (row, "ServerName"));
  ch_facts_add (facts, _("Serves"), serves);
  ch_facts_add (facts, _("Template"), ch_row_string (row, "Template"));
  add_list (facts, NULL, row, "Files", ch_deploy_describe_file);
  ch_facts_add (facts, _("Web root"), ch_row_string (row, "WebRoot"));
  ch_facts_add (facts, _("Challenge folder"), ch_row_string (row, "ChallengeFolder"));
  ch_facts_add (facts, _("Before"), *ch_row_string (test, "kind") != '\0' ? before : "");
  ch_facts_add (facts, _("Then"), then);
  add_list (facts, _("Checks"), row, "Checks", ch_deploy_describe_check);
  ch_facts_add (facts, _("Certificate"), ch_row_string (row, "Fingerprint"));
  ch_facts_add (facts, _("Expires"), expires);
  ch_facts_add (facts, _("Deployed"), deployed);
  if (ch_row_number (row, "Wave") > 0)
    ch_facts_add (facts, _("Wave"), wave);
  ch_facts_add (facts, _("Windows"), windows);
  if (pause != NULL)
    ch_facts_add (facts, _("Paused"), pause);
  ch_facts_add (facts, _("Drift"), ch_row_string (row, "Drift"));
  ch_facts_add (facts, _("Next try"), next);
  ch_table_print (facts);
}

static void
print_runs (GVariant *runs)
{
  g_autoptr(ChTable) table = ch_table_new (run_columns);

  for (gsize i = 0; i < g_variant_n_children (runs); i++)
    {
      g_autoptr(GVariant) run = g_variant_get_child_value (runs, i);
      g_autofree char *started = ch_time_full (ch_row_number (run, "StartedAt"));

      ch_table_add (table, started, ch_row_string (run, "Result"), ch_row_string (run, "Error"));
    }

  if (g_variant_n_children (runs) == 0)
    return;

  g_autoptr(GVariant) last = g_variant_get_child_value (runs, 0);
  g_autoptr(GVariant) steps = ch_row_list (last, "Steps", "aa{sv}");

  if (g_variant_n_children (steps) > 0)
    ch_print ("\n%s", _("Last run"));
  ch_deploy_print_steps (steps);
  ch_print ("%s", "");
  ch_table_print (table);
}

static gboolean
show (ChCli   *cli,
      GError **error)
{
  g_autoptr(ChObject) deployment = ch_find_object (cli, noun.interface, _(noun.title),
                                                   ch_args_word (cli->args, 0), error);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) runs = NULL;
  g_autoptr(GVariant) document = NULL;

  if (deployment == NULL)
    return FALSE;

  reply = ch_client_call (cli->client, deployment->path, noun.interface, "ListRuns",
                          g_variant_new ("(u)", RUNS_SHOWN), "(aa{sv})", NULL, error);
  if (reply == NULL)
    return FALSE;

  runs = g_variant_get_child_value (reply, 0);
  if (!cli->json)
    {
      print_deployment (deployment->row);
      print_runs (runs);
      return TRUE;
    }

  document = ch_json_extend (deployment->row, "Runs", runs);
  ch_json_print (document);
  return TRUE;
}

static void
print_deployments (GPtrArray *deployments)
{
  g_autoptr(ChTable) table = ch_table_new (deployment_columns);

  for (guint i = 0; i < deployments->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (deployments, i))->row;
      g_auto(GStrv) names = ch_row_strings (row, "Names");
      g_autofree char *serves = g_strjoinv (", ", names);
      g_autofree char *expires = ch_time_relative (ch_row_number (row, "NotAfter"));

      ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "ServerName"),
                    ch_row_string (row, "State"),
                    expires, serves, ch_row_string (row, "Reason"));
    }

  ch_table_print (table);
  if (deployments->len == 0)
    ch_print ("%s", _("There is no deployment yet; “chancery deploy add --help” shows how to add one."));
}

static gboolean
list (ChCli   *cli,
      GError **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) deployments = client != NULL ? ch_client_list (client, noun.interface, NULL, error)
                                                    : NULL;

  if (deployments == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print_objects (deployments);
  else
    print_deployments (deployments);
  return TRUE;
}

/* changing */

static gboolean
show_new (ChCli      *cli,
          const char *path,
          gboolean    is_new,
          GError    **error)
{
  g_autoptr(ChObject) deployment = ch_client_get (cli->client, path, noun.interface, NULL, error);
  g_autofree char *name = NULL;

  if (deployment == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print (deployment->row);
      return TRUE;
    }

  print_deployment (deployment->row);
  name = ch_clean (ch_row_string (deployment->row, "Name"));
  if (is_new)
    ch_print (_("It runs by itself when a certificate for its names is issued; "
                "“chancery deploy run %s” runs it now."), name);
  return TRUE;
}

static gboolean
check_complete (ChArgs  *args,
                GVariant *settings,
                GError **error)
{
  g_autoptr(GVariant) files = ch_row_list (settings, "files", "aa{sv}");

  if (!ch_args_has (args, "server"))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--server NAME” is missing; “chancery server list” shows the servers"));
  if (!ch_args_has (args, "name"))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--name HOST” is missing: which host names does it serve?"));
  if (g_variant_n_children (files) == 0 && !ch_args_has (args, "template") && !ch_args_has (args, "web-root")
      && !ch_args_has (args, "challenge-folder"))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("No file is named; “--template TEMPLATE” or at least one of “--fullchain PATH”, “--key PATH”, "
                           "“--certificate PATH”, “--chain PATH” and “--all PATH” is needed, or “--web-root FOLDER” "
                           "for files that prove control of the names"));
  return TRUE;
}

static gboolean
add (ChCli   *cli,
     GError **error)
{
  g_autoptr(GVariant) settings = ch_deploy_settings (cli, error);
  g_autoptr(GVariant) reply = NULL;
  const char *path;

  if (settings == NULL || !check_complete (cli->args, settings, error) || ch_cli_client (cli, error) == NULL)
    return FALSE;

  reply = ch_client_call_manager (cli->client, "AddDeployment",
                                  g_variant_new ("(s@a{sv}@a{sv})", ch_args_word (cli->args, 0), settings,
                                                 ch_no_options ()),
                                  "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&o)", &path);
  return show_new (cli, path, TRUE, error);
}

static gboolean
edit (ChCli   *cli,
      GError **error)
{
  g_autoptr(GVariant) settings = ch_deploy_settings (cli, error);
  const char *name = ch_args_get (cli->args, "rename");
  g_autoptr(ChObject) deployment = NULL;
  g_autoptr(GVariant) reply = NULL;
  GVariantDict changes;

  if (settings == NULL)
    return FALSE;
  if (name == NULL && g_variant_n_children (settings) == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Nothing was given that could change; “chancery deploy edit --help” "
                                                    "shows what can"));

  deployment = ch_find_object (cli, noun.interface, _(noun.title), ch_args_word (cli->args, 0), error);
  if (deployment == NULL)
    return FALSE;

  g_variant_dict_init (&changes, settings);
  if (name != NULL)
    g_variant_dict_insert (&changes, "name", "s", name);
  reply = ch_client_call (cli->client, deployment->path, noun.interface, "Edit",
                          g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&changes), ch_no_options ()),
                          "()",
                          NULL, error);

  return reply != NULL && show_new (cli, deployment->path, FALSE, error);
}

const ChCommand ch_deploy_commands[] = {
  { "list", "", 0, 0, N_("List the deployments"),
    "chancery deploy list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, list },
  { "add", N_("NAME"), 1, 1, N_("Say which certificate goes where, and what is done then"),
    "chancery deploy add web --server here --name www.example.test --fullchain /etc/ssl/www.pem "
    "--key /etc/ssl/www.key,group=www-data,mode=0640 --reload-unit nginx.service "
    "--check 127.0.0.1:443/www.example.test",
    add_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, add },
  { "templates", N_("[TEMPLATE]"), 0, 1, N_("List the services that are known, or show what one wants"),
    "chancery deploy templates nginx", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_deploy_templates },
  { "show", N_("NAME"), 1, 1, N_("Show a deployment and its last runs"),
    "chancery deploy show web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, show },
  { "run", N_("NAME"), 1, 1, N_("Install and check now, also when nothing has changed"),
    "chancery deploy run web", ch_deploy_run_options, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_run, &noun },
  { "status", N_("[NAME]"), 0, 1, N_("Show what is installed and served, and what waits for what"),
    "chancery deploy status", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_status, &noun },
  { "look", N_("NAME"), 1, 1, N_("Look now whether its certificate is still served"),
    "chancery deploy look web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_look, &noun },
  { "history", N_("NAME"), 1, 1, N_("Show the last runs, each with all that it did"),
    "chancery deploy history web", ch_deploy_history_options, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_history, &noun },
  { "pause", N_("NAME"), 1, 1, N_("Let a deployment rest; certificates that come are remembered"),
    "chancery deploy pause web --until 2027-06-12 --reason 'the shop is busy'",
    ch_deploy_pause_options, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_pause, &noun },
  { "resume", N_("NAME"), 1, 1, N_("Let a paused deployment go on, with the newest certificate"),
    "chancery deploy resume web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_resume, &noun },
  { "rollback", N_("NAME"), 1, 1, N_("Install the certificate that was there before, and pause"),
    "chancery deploy rollback web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_deploy_rollback, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change a deployment; files, names and checks are replaced as a whole"),
    "chancery deploy edit web --check 127.0.0.1:8443/www.example.test",
    edit_options, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, edit },
  { "enable", N_("NAME"), 1, 1, N_("Let a stopped deployment run again"),
    "chancery deploy enable web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_peer_enable, &noun },
  { "disable", N_("NAME"), 1, 1, N_("Stop a deployment, but keep it"),
    "chancery deploy disable web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_peer_disable, &noun },
  { "remove", N_("NAME"), 1, 1, N_("Remove a deployment; its files stay"),
    "chancery deploy remove web", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DEPLOYMENT, ch_peer_remove, &noun },
  { NULL }
};
