/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "complete.h"
#include "help.h"
#include "lib/error.h"
#include "nearest.h"
#include "print.h"

#include <glib/gi18n.h>
#include <locale.h>

static const ChNoun nouns[] = {
  { "account", N_("Accounts at certificate authorities"), ch_account_commands },
  { "dns", N_("DNS accounts, which prove control of names"), ch_dns_commands },
  { "server", N_("Servers that certificates are put on"), ch_server_commands },
  { "profile", N_("Contacts and organisations that orders name"), ch_profile_commands },
  { "deploy", N_("Deployments: which certificate goes where"), ch_deploy_commands },
  { "watch", N_("Endpoints that are only watched"), ch_watch_commands },
  { "order", N_("Orders: from asking for a certificate to having it"), ch_order_commands },
  { "certificate", N_("Certificates, and taking them out"), ch_certificate_commands, "cert" },
  { "key", N_("Private keys"), ch_key_commands },
  { "log", N_("Who did what, when, and how it went"), ch_log_commands },
  { "notify", N_("E-mail about what needs you"), ch_notify_commands },
  { "policy", N_("The rules for certificates, and what changes when"), ch_policy_commands },
  { "status", N_("How everything stands, and what needs you"), ch_status_commands },
  { NULL }
};

static const GOptionEntry global_options[] = {
  CH_SWITCH ("session", N_("Use the service on the session bus, not the system bus")),
  CH_OPTION ("address", N_("Use the service on the bus at this address (also: CHANCERY_BUS_ADDRESS)"),
             N_("ADDRESS")),
  CH_SWITCH ("json", N_("Print documents for programs")),
  CH_SWITCH ("no-color", N_("Use no colours (also: NO_COLOR)")),
  CH_SWITCH ("version", N_("Print the version")),
  CH_SHORT_SWITCH ("help", 'h', N_("Show help for a command")),
  { NULL }
};

/* Takes the first word of @line at or after @from out of it; options before it stay. */
static char *
take_word (GPtrArray *line,
           guint     *from)
{
  for (guint i = *from; i < line->len; i++)
    {
      const char *word = g_ptr_array_index (line, i);

      if (*word != '-')
        {
          *from = i;
          return g_ptr_array_steal_index (line, i);
        }
      /* The one global option that has a value. */
      if (g_str_equal (word, "--address"))
        i++;
    }

  return NULL;
}

/* finding the command */

static gboolean
refuse_word (const char *word,
             const char *before,
             GPtrArray  *candidates,
             GError    **error)
{
  g_autofree char *all = ch_join (candidates);
  const char *nearest = ch_nearest (word, candidates);

  if (nearest != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no command “%s%s”; did you mean “%s%s”?"),
                         before, word, before, nearest);

  return ch_error_set (error, CH_ERROR_INVALID, _("There is no command “%s%s”; these are: %s"), before, word,
                       all);
}

static const ChNoun *
find_noun (const char *word,
           GError    **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (const ChNoun *noun = nouns; noun->noun != NULL; noun++)
    {
      if (g_str_equal (noun->noun, word) || g_strcmp0 (noun->alias, word) == 0)
        return noun;
      g_ptr_array_add (names, (gpointer) noun->noun);
    }

  refuse_word (word, "", names, error);
  return NULL;
}

static const ChCommand *
find_command (const ChNoun *noun,
              const char   *verb,
              GError      **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *before = g_strconcat (noun->noun, " ", NULL);

  for (const ChCommand *command = noun->commands; command->verb != NULL; command++)
    {
      if (g_str_equal (command->verb, verb))
        return command;
      g_ptr_array_add (names, (gpointer) command->verb);
    }

  refuse_word (verb, before, names, error);
  return NULL;
}

static GOptionContext *
new_context (ChArgs          *args,
             const ChCommand *command)
{
  GOptionGroup *group = g_option_group_new ("main", NULL, NULL, args, NULL);
  GOptionContext *context = g_option_context_new (NULL);

  if (command != NULL && command->options != NULL)
    g_option_group_add_entries (group, command->options);
  g_option_group_add_entries (group, global_options);
  g_option_context_set_main_group (context, group);
  return context;
}

/* running */

static gboolean
check_words (const ChNoun    *noun,
             const ChCommand *command,
             ChArgs          *args,
             GError         **error)
{
  const char *space = *command->verb != '\0' ? " " : "";
  const char *words = *command->words != '\0' ? _(command->words) : "";

  if (args->words->len < command->min_words)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s%s%s” needs %s after it, for example: %s"),
                         noun->noun, space, command->verb, words, command->example);

  if (args->words->len > command->max_words)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is one word too many for “%s%s%s”, for example: %s"),
                         ch_args_word (args, command->max_words), noun->noun, space, command->verb,
                         command->example);

  return TRUE;
}

static gboolean
choose_bus (ChCli   *cli,
            GError **error)
{
  const char *address = ch_args_get (cli->args, "address");
  gboolean session = ch_args_has (cli->args, "session");

  if (session && address != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--session” and “--address” exclude each other; give one of them"));

  if (address == NULL && !session)
    address = g_getenv ("CHANCERY_BUS_ADDRESS");

  cli->bus = session ? CH_CLIENT_BUS_SESSION : CH_CLIENT_BUS_SYSTEM;
  if (address != NULL && *address != '\0')
    {
      cli->bus = CH_CLIENT_BUS_ADDRESS;
      cli->address = g_strdup (address);
    }

  return TRUE;
}

/* What is asked for without a command. */
static gboolean
run_nothing (const ChNoun  *noun,
             GError       **error)
{
  g_autofree char *help = ch_help (nouns, global_options, noun, NULL);

  g_printerr ("%s\n", help);
  return ch_error_set (error, CH_ERROR_INVALID, _("A command is missing"));
}

static gboolean
run_command (ChCli           *cli,
             const ChNoun    *noun,
             const ChCommand *command,
             GPtrArray       *line,
             GError         **error)
{
  const GOptionEntry *known[] = { global_options, command != NULL ? command->options : NULL, NULL };
  g_autoptr(GOptionContext) context = new_context (cli->args, command);

  if (!ch_args_parse (cli->args, context, known, command != NULL ? command->extras : CH_EXTRAS_REFUSED,
                      (const char *const *) line->pdata, error))
    return FALSE;

  ch_print_init (!ch_args_has (cli->args, "no-color"));
  if (ch_args_has (cli->args, "help"))
    {
      g_autofree char *help = ch_help (nouns, global_options, noun, command);

      g_print ("%s", help);
      return TRUE;
    }
  if (ch_args_has (cli->args, "version"))
    {
      g_print ("chancery %s\n", CH_VERSION);
      return TRUE;
    }
  if (command == NULL)
    return run_nothing (noun, error);

  cli->command = command;
  cli->json = ch_args_has (cli->args, "json");
  return check_words (noun, command, cli->args, error) && choose_bus (cli, error)
         && command->run (cli, error);
}

static gboolean
run (ChCli              *cli,
     const char *const  *words,
     GError            **error)
{
  g_autoptr(GPtrArray) line = g_ptr_array_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  const ChNoun *noun = NULL;
  const ChCommand *command = NULL;
  guint at = 0;

  g_ptr_array_set_free_func (line, g_free);
  for (gsize i = 0; words[i] != NULL; i++)
    {
      /* Nothing else can be sent over D-Bus. */
      if (!g_utf8_validate (words[i], -1, NULL))
        return ch_error_set (error, CH_ERROR_INVALID, _("Word %u of the command line is not text in UTF-8"),
                             (guint) i + 1);
      g_ptr_array_add (line, g_strdup (words[i]));
    }

  first = take_word (line, &at);
  if (first != NULL && (noun = find_noun (first, error)) == NULL)
    return FALSE;

  if (noun != NULL && *noun->commands[0].verb == '\0')
    command = noun->commands;
  else if (noun != NULL && (second = take_word (line, &at)) != NULL
           && (command = find_command (noun, second, error)) == NULL)
    return FALSE;

  g_ptr_array_add (line, NULL);
  return run_command (cli, noun, command, line, error);
}

static void
clear_cli (ChCli *cli)
{
  g_clear_pointer (&cli->agent, ch_pkagent_stop);
  g_clear_object (&cli->client);
  g_clear_pointer (&cli->address, g_free);
  g_clear_pointer (&cli->args, ch_args_free);
}

int
main (int    argc,
      char **argv)
{
  ChCli cli = { .args = ch_args_new () };
  g_autoptr(GError) error = NULL;
  int code = CH_EXIT_DONE;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CH_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("chancery");

  if (argc > 1 && g_str_equal (argv[1], "__complete"))
    {
      if (choose_bus (&cli, NULL))
        ch_complete (&cli, nouns, global_options, (const char *const *) argv + 2);
    }
  else if (!run (&cli, (const char *const *) argv + 1, &error))
    {
      g_autofree char *message = ch_clean (error->message);

      ch_warn ("%s", message);
      code = ch_cli_exit_code (error);
    }
  else
    code = cli.code;

  clear_cli (&cli);
  return code;
}
