/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/page.h"

#include "dns/test-dialog.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

struct _ChDnsPage
{
  ChPeersPage parent_instance;
};

G_DEFINE_FINAL_TYPE (ChDnsPage, ch_dns_page, CH_TYPE_PEERS_PAGE)

static const ChPeerRole role = {
  .role = "dns",
  .interface = CH_IFACE_DNS_ACCOUNT,
  .add = "AddDnsAccount",
  .has_state = TRUE,
  .test = ch_dns_test_dialog_show,
  .title = N_("DNS Accounts"),
  .new_title = N_("New DNS Account"),
  .edit_title = N_("DNS Account “%s”"),
  .test_label = N_("_Test…"),
  .remove_question = N_("Remove the DNS Account “%s”?"),
  .remove_text = N_("It is removed here with its secrets; at the DNS service nothing changes. Orders then "
                    "need another way to prove control of names."),
  .removed_not = N_("The DNS account was not removed"),
  .empty_title = N_("No DNS Accounts Yet"),
  .empty_text = N_("With an account at the DNS service or server of your domains, control of their names "
                   "is proven by itself."),
  .icon = "network-server-symbolic",
};

static void
ch_dns_page_class_init (ChDnsPageClass *class)
{
  CH_PEERS_PAGE_CLASS (class)->role = &role;
}

static void
ch_dns_page_init (ChDnsPage *self)
{
}
