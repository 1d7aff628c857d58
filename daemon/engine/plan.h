/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/install.h"

/** ChPlanFile: one file that a deployment writes. */
typedef struct
{
  char *part;       /* "certificate", "key", "chain", "fullchain", "all" */
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
} ChPlanCheck;

/** ChPlan: what a deployment does, read from its JSON and checked. */
typedef struct
{
  GPtrArray *files;       /* (element-type ChPlanFile) */
  ChActionKind action;
  char *unit;             /* (nullable) */
  char *pid_file;         /* (nullable) */
  char *signal;           /* (nullable) */
  char *program;          /* (nullable) */
  GPtrArray *checks;      /* (element-type ChPlanCheck) */
} ChPlan;

/**
 * ch_plan_parse:
 * @files: JSON as in ChDeployment.files
 * @action: JSON as in ChDeployment.action
 * @checks: JSON as in ChDeployment.checks
 *
 * Refuses what cannot be right: unknown members and parts, relative paths, one path twice, a private key that others
 * could read, what ch_target_check_path() and ch_action_check() refuse, a port out of range.
 *
 * Returns: (transfer full): the plan, or %NULL with %CH_ERROR_INVALID
 */
ChPlan *ch_plan_parse (const char *files,
                       const char *action,
                       const char *checks,
                       GError    **error);
void ch_plan_free (ChPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPlan, ch_plan_free)

/** ch_plan_action: its action, as servers take it; the texts are @plan's. */
ChAction ch_plan_action (const ChPlan *plan);

/** ch_plan_needs_key: whether one of its files holds the private key. */
gboolean ch_plan_needs_key (const ChPlan *plan);
