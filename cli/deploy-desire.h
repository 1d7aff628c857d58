/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peer.h"

/* Verbs of “chancery deploy” about how things should be; the subject of their ChCommand is a ChPeerNoun. */
gboolean ch_deploy_run (ChCli *cli, GError **error);
gboolean ch_deploy_look (ChCli *cli, GError **error);
gboolean ch_deploy_pause (ChCli *cli, GError **error);
gboolean ch_deploy_resume (ChCli *cli, GError **error);
gboolean ch_deploy_rollback (ChCli *cli, GError **error);
gboolean ch_deploy_status (ChCli *cli, GError **error);
gboolean ch_deploy_history (ChCli *cli, GError **error);

/** ch_deploy_print_steps: what a run did, line by line. */
void ch_deploy_print_steps (GVariant *steps);

/** ch_deploy_describe_pause: (transfer full) (nullable): until when, and why; %NULL: it is not paused. */
char *ch_deploy_describe_pause (GVariant *row);

extern const GOptionEntry ch_deploy_run_options[];
extern const GOptionEntry ch_deploy_pause_options[];
extern const GOptionEntry ch_deploy_history_options[];
