/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "lib/paths.h"
#include "server-files.h"
#include "server-key.h"

#include <glib/gi18n.h>

static const ChPeerNoun noun = {
  .noun = "server", .role = "server", .title = N_("server"), .interface = CH_IFACE_SERVER, .add = "AddServer",
  .removed = N_("Server “%s” is removed, with its secrets."),
  .disabled = N_("“%s” is disabled; nothing is put there until you enable it."),
  .job = "Test",
  .next_step = N_("Next: see whether it works with “chancery server test %s”."),
};

static const GOptionEntry ch_server_add_options[] = {
  CH_FIELD_OPTIONS,
  CH_OPTION ("known-hosts", N_("Take the key by which the server is known from a list as ssh keeps it"), N_("FILE")),
  { NULL }
};

const ChCommand ch_server_commands[] = {
  { "types", N_("[KIND]"), 0, 1, N_("Show the kinds of server that there are, and what they need"),
    "chancery server types", NULL, CH_EXTRAS_REFUSED, CH_TAKES_KIND, ch_peer_types, &noun },
  { "add", N_("KIND NAME"), 2, 2, N_("Add a server that certificates are put on"),
    "chancery server add KIND here",
    ch_server_add_options, CH_EXTRAS_TAKEN, CH_TAKES_KIND, ch_peer_add, &noun },
  { "list", "", 0, 0, N_("List the servers"),
    "chancery server list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_peer_list, &noun },
  { "show", N_("NAME"), 1, 1, N_("Show a server"),
    "chancery server show here", NULL, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_peer_show, &noun },
  { "key", N_("NAME"), 1, 1, N_("Print the line for authorized_keys that lets the service log in to a server"),
    "chancery server key web1", ch_server_key_options, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_server_key, &noun },
  { "test", N_("NAME"), 1, 1, N_("Try what deployments need there"),
    "chancery server test here", NULL, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_peer_try, &noun },
  { "files", "", 0, 0, N_("Show the files on servers that prove control of names, and what is left of them"),
    "chancery server files", ch_server_files_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_server_files, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change settings or secrets of a server"),
    "chancery server edit here --rename web1",
    ch_peer_edit_options, CH_EXTRAS_TAKEN, CH_TAKES_SERVER, ch_peer_edit, &noun },
  { "enable", N_("NAME"), 1, 1, N_("Let deployments use a server again"),
    "chancery server enable here", NULL, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_peer_enable, &noun },
  { "disable", N_("NAME"), 1, 1, N_("Keep a server, but let no deployment use it"),
    "chancery server disable here", NULL, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_peer_disable, &noun },
  { "remove", N_("NAME"), 1, 1, N_("Remove a server with its secrets"),
    "chancery server remove here", NULL, CH_EXTRAS_REFUSED, CH_TAKES_SERVER, ch_peer_remove, &noun },
  { NULL }
};
