/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/** ChPeerNoun: what differs between accounts, DNS accounts, servers, profiles and deployments. */
typedef struct
{
  const char *noun;           /* "dns": on the command line */
  const char *role;           /* "dns": for Manager.ListKinds; NULL for what has no kinds */
  const char *title;          /* "DNS account", marked with N_() */
  const char *interface;      /* CH_IFACE_DNS_ACCOUNT */
  const char *add;            /* "AddDnsAccount": method of Manager */
  gboolean no_secrets;        /* its calls take none */
  const char *job;            /* "Test": its method that starts a job */
  const char *removed;        /* sentence with the name, marked with N_() */
  const char *disabled;       /* sentence with the name, marked with N_() */
  const char *next_step;      /* printf() format with the name: what to do after adding; marked with N_() */
} ChPeerNoun;

/**
 * ch_find_object:
 * @interface: of what is looked for
 * @title: how it is called, translated, for the error
 * @reference: name or id
 *
 * Returns: (transfer full): the object, or %NULL with %CH_ERROR_NOT_FOUND, which lists those that are
 */
ChObject *ch_find_object (ChCli      *cli,
                          const char *interface,
                          const char *title,
                          const char *reference,
                          GError    **error);

/** ch_say_done: prints @sentence, or with --json {"id", "name", "result"}. */
void ch_say_done (ChCli      *cli,
                  GVariant   *row,
                  const char *result,
                  const char *sentence);

/* The verbs; the subject of their ChCommand is a ChPeerNoun. */
gboolean ch_peer_types (ChCli *cli, GError **error);
gboolean ch_peer_add (ChCli *cli, GError **error);
gboolean ch_peer_list (ChCli *cli, GError **error);
gboolean ch_peer_show (ChCli *cli, GError **error);
gboolean ch_peer_edit (ChCli *cli, GError **error);
gboolean ch_peer_enable (ChCli *cli, GError **error);
gboolean ch_peer_disable (ChCli *cli, GError **error);
gboolean ch_peer_remove (ChCli *cli, GError **error);

/** ch_peer_try: follows the job that tells whether the peer works; a second word is the zone to try. */
gboolean ch_peer_try (ChCli *cli, GError **error);

extern const GOptionEntry ch_peer_add_options[];
extern const GOptionEntry ch_peer_edit_options[];
