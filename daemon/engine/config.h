/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "notify/server.h"

#include <glib.h>

/** ChConfig: the daemon's configuration, read once at start from a key file. */
typedef struct
{
  char *state_dir;        /* absolute */
  gboolean session;       /* the user's own service: no polkit, the user's Secret Service */
  GHashTable *programs;   /* (element-type utf8 GStrv): [program NAME] argv=…; what deployments may run */
  guint workers;          /* [engine] workers: how many connectors may work at a time; 1 to 64, default 8 */
  guint expiry_days[33];  /* [expiry] days: how many days before its end a person is told of a certificate; falling, ended by 0 */
  char *resolver;         /* (nullable) [dns] resolver: "address[:port]" for zone cuts; default the system's */
  guint16 http_port;      /* [validation] http-port, https-port: where files that prove control are looked for, besides a */
  guint16 https_port;     /* test always 80 and 443 */
  guint watch_hours;      /* [watch] hours: how often what is served is looked at; 1 to 168, default 24 */
  ChMailServer *mail;     /* (nullable): [mail]; %NULL: nobody is told by e-mail */
} ChConfig;

/**
 * ch_config_load:
 * @path: (nullable): the file; %NULL for none. A file that is named must be there.
 *
 * Returns: (transfer full): the configuration, or %NULL with %CH_ERROR_INVALID that names group and key
 */
ChConfig *ch_config_load (const char *path,
                          const char *state_dir,
                          gboolean    session,
                          GError    **error);
void ch_config_free (ChConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChConfig, ch_config_free)

/**
 * ch_config_check_trusted:
 * @path: the configuration, which names programs to run, or the state folder
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID when the service is root and others may write it
 */
gboolean ch_config_check_trusted (const char *path,
                                  GError    **error);
