/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/install.h"
#include "store/records.h"

/** ChPlanFile: one file that a deployment writes. */
typedef struct
{
  char *part;       /* "certificate", "key", "chain", "fullchain", "all" */
  char *format;     /* (nullable): "pem" if not given */
  char *alias;      /* (nullable): what the entry of a key store is called */
  char *path;
  char *owner;      /* (nullable) */
  char *group;      /* (nullable) */
  int mode;         /* -1: not given */
} ChPlanFile;

/** ChPlanCheck: one endpoint that must serve the certificate. */
typedef struct
{
  char *host;
  guint16 port;
  char *sni;        /* (nullable) */
  ChStartTls start_tls;
  guint patience;   /* as in #ChEndpoint */
} ChPlanCheck;

/** ChPlanAction: what a service is told, by value. */
typedef struct
{
  ChActionKind kind;
  char *unit;             /* (nullable) */
  char *pid_file;         /* (nullable) */
  char *signal;           /* (nullable) */
  char *program;          /* (nullable) */
  char **command;         /* (nullable) */
} ChPlanAction;

/** CH_DEPLOYMENT_PASSWORD: the name of the secret that a deployment's key stores have as their password. */
#define CH_DEPLOYMENT_PASSWORD "password"

/** ChPlan: what a deployment does, read from its JSON and checked. */
typedef struct
{
  GPtrArray *files;       /* (element-type ChPlanFile) */
  ChPlanAction test;
  ChPlanAction action;
  GPtrArray *checks;      /* (element-type ChPlanCheck) */
} ChPlan;

/**
 * ch_plan_parse:
 * @deployment: its files, test, action, checks, web root and the names of its secrets count
 *
 * Refuses what cannot be right whatever the server is like: unknown members and parts, relative paths, one path twice,
 * a private key that others could read, a format that does not fit its part, a key store without a password, what ch_target_check_path() and ch_action_check() refuse, a port out of range.
 *
 * Returns: (transfer full): the plan, or %NULL with %CH_ERROR_INVALID
 */
ChPlan *ch_plan_parse (const ChDeployment *deployment,
                       GError            **error);
void ch_plan_free (ChPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPlan, ch_plan_free)

/** ch_plan_action: a test or an action as servers take it; the texts are the plan's. */
ChAction ch_plan_action (const ChPlanAction *action);

/** ch_plan_check_target: whether that kind of server can do what the plan wants. */
gboolean ch_plan_check_target (const ChPlan   *plan,
                               const ChTarget *target,
                               GError        **error);

/** ch_plan_needs_key: whether one of its files holds the private key. */
gboolean ch_plan_needs_key (const ChPlan *plan);

/** ch_plan_key_store: (transfer none) (nullable): one of its files that has a password; one with the narrowest rules for it. */
const ChPlanFile *ch_plan_key_store (const ChPlan *plan);
