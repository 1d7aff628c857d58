/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/** CH_DEPLOY_OPTIONS: the entries that ch_deploy_settings() reads. */
#define CH_DEPLOY_OPTIONS \
  CH_OPTION ("server", N_("Which server the files are put on"), N_("NAME")), \
  CH_OPTION ("name", N_("A host name; orders that cover all that are given are served"), N_("HOST")), \
  CH_OPTION ("template", N_("What this kind of service wants, but for what else is given"), N_("TEMPLATE")), \
  CH_OPTION ("certificate", N_("Put the certificate there"), CH_DEPLOY_FILE), \
  CH_OPTION ("key", N_("Put the private key there"), CH_DEPLOY_FILE), \
  CH_OPTION ("chain", N_("Put the intermediate certificates there"), CH_DEPLOY_FILE), \
  CH_OPTION ("fullchain", N_("Put certificate and intermediates there"), CH_DEPLOY_FILE), \
  CH_OPTION ("all", N_("Put certificate, intermediates and key in one file there"), CH_DEPLOY_FILE), \
  CH_OPTION ("web-root", N_("Let files that prove control of the names go below this folder on the server"), N_("FOLDER")), \
  CH_OPTION ("challenge-folder", N_("Let them go into this very folder"), N_("FOLDER")), \
  CH_OPTION ("test-program", N_("Before and after the files are switched, run this program, as --program"), N_("NAME")), \
  CH_OPTION ("reload-unit", N_("Afterwards reload this systemd unit"), N_("UNIT")), \
  CH_OPTION ("signal", N_("Afterwards send a signal to the process of a pid file, such as /run/x.pid:HUP"), \
             N_("PIDFILE:SIGNAL")), \
  CH_OPTION ("program", N_("Afterwards run a program that the service's configuration names"), N_("NAME")), \
  CH_OPTION ("command", N_("Afterwards run this on a server that is reached by SSH"), N_("COMMAND")), \
  CH_SWITCH ("no-action", N_("Afterwards do nothing")), \
  CH_OPTION ("check", N_("Then see the certificate served there; the name to ask for is HOST unless given"), \
             N_("HOST:PORT[/NAME][,starttls=PROTOCOL]")), \
  CH_SWITCH ("no-check", N_("Do not look whether it is served")), \
  CH_OPTION ("password-file", N_("The password of files of the formats pkcs12 and jks; “-” is standard input"), N_("FILE")), \
  CH_OPTION ("wave", N_("Wait for the deployments of lower waves; 0 by itself"), N_("NUMBER")), \
  CH_OPTION ("window", N_("Run by itself only then, such as “Sat,Sun 02:00-05:00” on the service's clock"), N_("WINDOW")), \
  CH_SWITCH ("no-window", N_("Run at any time"))

#define CH_DEPLOY_FILE N_("PATH[,owner=USER][,group=GROUP][,mode=0640]")

/**
 * ch_deploy_settings:
 *
 * Makes of the options what Manager.AddDeployment and Deployment.Edit want; what was not given is left out.
 *
 * Returns: (transfer full): a{sv}, or %NULL with %CH_ERROR_INVALID
 */
GVariant *ch_deploy_settings (ChCli   *cli,
                              GError **error);

/** ch_deploy_parse_endpoint: puts "host", "port" and "sni" of HOST:PORT[/NAME] into @endpoint; %FALSE if it is none. */
gboolean ch_deploy_parse_endpoint (const char   *text,
                                   GVariantDict *endpoint);

/** ch_deploy_describe_file: (transfer full): a file of a deployment as its option was written. */
char *ch_deploy_describe_file (GVariant *file);

/** ch_deploy_describe_action: (transfer full): an action as a few words. */
char *ch_deploy_describe_action (GVariant *action);

/** ch_deploy_describe_check: (transfer full): a check as its option was written. */
char *ch_deploy_describe_check (GVariant *check);

/* A verb in a file of its own. */
gboolean ch_deploy_templates (ChCli   *cli,
                              GError **error);

/** ch_deploy_find_template: (transfer full): a row of Manager.ListTemplates(), or %NULL with %CH_ERROR_NOT_FOUND. */
GVariant *ch_deploy_find_template (ChCli      *cli,
                                   const char *name,
                                   GError    **error);
