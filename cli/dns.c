/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "job.h"
#include "lib/error.h"
#include "leftovers.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

static const ChPeerNoun noun = {
  .noun = "dns", .role = "dns", .title = N_("DNS account"), .interface = CH_IFACE_DNS_ACCOUNT,
  .add = "AddDnsAccount",
  .removed = N_("DNS account “%s” is removed, with its secrets."),
  .disabled = N_("“%s” is disabled; no order uses it until you enable it."),
  .job = "Test",
  .next_step = N_("Next: see whether it works with “chancery dns test %s ZONE”, or with “--read-only” in place of the zone."),
};

static const GOptionEntry test_options[] = {
  CH_SWITCH ("read-only", N_("Write nothing: only see whether the credentials are good and show the zones")),
  { NULL }
};

static gboolean
test (ChCli   *cli,
      GError **error)
{
  const char *zone = ch_cli_word (cli, 1);
  gboolean read_only = ch_args_has (cli->args, "read-only");
  g_autoptr(ChObject) account = NULL;
  GVariantDict options;

  if (zone == NULL && !read_only)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Say in which zone to write, or write nothing with “--read-only”"));

  account = ch_find_object (cli, noun.interface, _(noun.title), ch_args_word (cli->args, 0), error);
  if (account == NULL)
    return FALSE;

  g_variant_dict_init (&options, NULL);
  if (read_only)
    g_variant_dict_insert (&options, "read-only", "b", TRUE);
  return ch_job_run (cli, account->path, noun.interface, noun.job,
                     g_variant_new ("(s@a{sv})", zone != NULL ? zone : "", g_variant_dict_end (&options)), error);
}

const ChCommand ch_dns_commands[] = {
  { "types", N_("[KIND]"), 0, 1, N_("Show the kinds of DNS account that there are, and what they need"),
    "chancery dns types", NULL, CH_EXTRAS_REFUSED, CH_TAKES_KIND, ch_peer_types, &noun },
  { "add", N_("KIND NAME"), 2, 2, N_("Add an account at a DNS service, or a DNS server"),
    "chancery dns add KIND ns1 --server ns1.example.test --key-file /etc/bind/chancery.key",
    ch_peer_add_options, CH_EXTRAS_TAKEN, CH_TAKES_KIND, ch_peer_add, &noun },
  { "list", "", 0, 0, N_("List the DNS accounts"),
    "chancery dns list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, ch_peer_list, &noun },
  { "show", N_("NAME"), 1, 1, N_("Show a DNS account"),
    "chancery dns show ns1", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DNS, ch_peer_show, &noun },
  { "test", N_("NAME [ZONE]"), 1, 2, N_("Write, see and remove a TXT record in a zone"),
    "chancery dns test ns1 example.test", test_options, CH_EXTRAS_REFUSED, CH_TAKES_DNS, test, &noun },
  { "leftovers", N_("[ID…]"), 0, 1000, N_("Show the TXT values that could not be removed yet, or remove them"),
    "chancery dns leftovers --remove 7",
    ch_leftovers_options, CH_EXTRAS_REFUSED, CH_TAKES_LEFTOVERS, ch_leftovers, &noun },
  { "enable", N_("NAME"), 1, 1, N_("Let orders use a DNS account again"),
    "chancery dns enable ns1", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DNS, ch_peer_enable, &noun },
  { "disable", N_("NAME"), 1, 1, N_("Keep a DNS account, but let no order use it"),
    "chancery dns disable ns1", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DNS, ch_peer_disable, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change settings or secrets of a DNS account"),
    "chancery dns edit ns1 --set ttl=60",
    ch_peer_edit_options, CH_EXTRAS_TAKEN, CH_TAKES_DNS, ch_peer_edit, &noun },
  { "remove", N_("NAME"), 1, 1, N_("Remove a DNS account with its secrets"),
    "chancery dns remove ns1", NULL, CH_EXTRAS_REFUSED, CH_TAKES_DNS, ch_peer_remove, &noun },
  { NULL }
};
