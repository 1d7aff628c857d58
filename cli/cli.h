/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "args.h"
#include "lib/client.h"
#include "pkagent.h"

/* The documented exit codes. */
enum
{
  CH_EXIT_DONE = 0,
  CH_EXIT_FAILED = 1,
  CH_EXIT_USAGE = 2,
  CH_EXIT_NOT_AUTHORIZED = 3,
  CH_EXIT_NOT_FOUND = 4,
  CH_EXIT_NO_SERVICE = 5,
};

typedef struct _ChCommand ChCommand;

/**
 * ChCli: one run of the program.
 */
typedef struct
{
  const ChCommand *command; /* (not owned) */
  ChArgs *args;             /* (owned) */
  gboolean json;            /* documents for programs instead of text for people */
  ChClientBus bus;
  char *address;            /* (owned) (nullable) */
  ChClient *client;         /* (owned) (nullable): see ch_cli_client() */
  ChPkAgent *agent;         /* (owned) (nullable) */
  int code;                 /* the exit code of a command that did its work and has more to say */
} ChCli;

/** ChTakes: what the words after a verb name; for shell completion. */
typedef enum
{
  CH_TAKES_NOTHING,
  CH_TAKES_ACCOUNT,
  CH_TAKES_DNS,
  CH_TAKES_SERVER,
  CH_TAKES_PROFILE,
  CH_TAKES_DEPLOYMENT,
  CH_TAKES_WATCH,
  CH_TAKES_ORDER,
  CH_TAKES_KIND,
  CH_TAKES_LEFTOVERS,       /* any number of words */
  CH_TAKES_BIN,
} ChTakes;

/**
 * ChCommand: one row of the verb table, ended by { NULL }.
 * @verb: such as "add"; "" for a noun that stands alone
 * @words: what comes after it, for people; "" nothing, "NAME", "KIND NAME", "NAME…" and "[KIND]"
 * @min_words: how many words are needed
 * @max_words: how many may come
 * @summary: marked with N_(); what it does, in a few words
 * @example: a command line that works
 * @options: (nullable): its own options, ended by { NULL }
 * @extras: whether it takes options named after a kind's fields
 * @takes: what the first word names, or all of them
 * @run: does it
 * @subject: (nullable): what @run makes of it
 */
struct _ChCommand
{
  const char *verb;
  const char *words;
  guint min_words;
  guint max_words;
  const char *summary;
  const char *example;
  const GOptionEntry *options;
  ChExtras extras;
  ChTakes takes;
  gboolean (*run) (ChCli *cli, GError **error);
  const void *subject;
};

/** ChNoun: one word that commands begin with. */
typedef struct
{
  const char *noun;
  const char *summary;      /* marked with N_() */
  const ChCommand *commands;
  const char *alias;        /* (nullable): a shorter word for it */
} ChNoun;

extern const ChCommand ch_account_commands[];
extern const ChCommand ch_dns_commands[];
extern const ChCommand ch_server_commands[];
extern const ChCommand ch_profile_commands[];
extern const ChCommand ch_deploy_commands[];
extern const ChCommand ch_watch_commands[];
extern const ChCommand ch_order_commands[];
extern const ChCommand ch_certificate_commands[];
extern const ChCommand ch_key_commands[];
extern const ChCommand ch_log_commands[];
extern const ChCommand ch_notify_commands[];
extern const ChCommand ch_policy_commands[];
extern const ChCommand ch_status_commands[];

/**
 * ch_cli_client:
 *
 * Connects at the first call, and starts the agent that asks for passwords where one is wanted.
 *
 * Returns: (transfer none): the client, or %NULL with an error
 */
ChClient *ch_cli_client (ChCli   *cli,
                         GError **error);

/** ch_cli_call: ch_client_call() with the run's client. */
GVariant *ch_cli_call (ChCli      *cli,
                       const char *path,
                       const char *interface,
                       const char *method,
                       GVariant   *parameters,
                       const char *reply_type,
                       GError    **error);

/** ch_cli_word: (transfer none) (nullable): the word at @index, if there is one. */
const char *ch_cli_word (ChCli *cli,
                         guint  index);

/** ch_no_options: (transfer floating): an empty a{sv}. */
GVariant *ch_no_options (void);

/** ch_cli_exit_code: the documented exit code for @error. */
int ch_cli_exit_code (const GError *error);
