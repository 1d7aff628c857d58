/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

static const ChPeerNoun noun = {
  .noun = "account", .role = "account", .title = N_("account"), .interface = CH_IFACE_ACCOUNT,
  .add = "AddAccount",
  .removed = N_("Account “%s” is removed, with its secrets."),
  .disabled = N_("“%s” is disabled; no order uses it until you enable it."),
  .job = "Verify",
  .next_step = N_("Next: see whether it works with “chancery account verify %s”."),
};

const ChCommand ch_account_commands[] = {
  { "types", N_("[KIND]"), 0, 1, N_("Show the kinds of account that there are, and what they need"),
    "chancery account types", NULL, CH_EXTRAS_REFUSED, CH_TAKES_KIND, ch_peer_types, &noun },
  { "add", N_("KIND NAME"), 2, 2, N_("Add an account at a certificate authority"),
    "chancery account add KIND prod --set user=jane --password-file /root/password",
    ch_peer_add_options, CH_EXTRAS_TAKEN, CH_TAKES_KIND, ch_peer_add, &noun },
  { "list", "", 0, 0, N_("List the accounts"),
    "chancery account list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_peer_list, &noun },
  { "show", N_("NAME"), 1, 1, N_("Show an account"),
    "chancery account show prod", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ACCOUNT, ch_peer_show, &noun },
  { "verify", N_("NAME"), 1, 1, N_("Ask the certificate authority whether the account is good"),
    "chancery account verify prod", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ACCOUNT, ch_peer_try, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change settings or secrets of an account"),
    "chancery account edit prod --password-file /root/new-password",
    ch_peer_edit_options, CH_EXTRAS_TAKEN, CH_TAKES_ACCOUNT, ch_peer_edit, &noun },
  { "enable", N_("NAME"), 1, 1, N_("Let orders use an account again"),
    "chancery account enable prod", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ACCOUNT, ch_peer_enable, &noun },
  { "disable", N_("NAME"), 1, 1, N_("Keep an account, but let no order use it"),
    "chancery account disable prod", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ACCOUNT, ch_peer_disable, &noun },
  { "remove", N_("NAME"), 1, 1, N_("Remove an account with its secrets"),
    "chancery account remove prod", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ACCOUNT, ch_peer_remove, &noun },
  { NULL }
};
