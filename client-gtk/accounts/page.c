/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accounts/page.h"

#include "jobs/start.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

struct _ChAccountsPage
{
  ChPeersPage parent_instance;
};

G_DEFINE_FINAL_TYPE (ChAccountsPage, ch_accounts_page, CH_TYPE_PEERS_PAGE)

static void
verify (GtkWidget *where,
        ChService *service,
        ChItem    *item)
{
  ch_job_start (where, service, ch_item_get_path (item), CH_IFACE_ACCOUNT, "Verify",
                g_variant_new ("(@a{sv})", ch_no_options ()));
}

static const ChPeerRole role = {
  .role = "account",
  .interface = CH_IFACE_ACCOUNT,
  .add = "AddAccount",
  .has_state = TRUE,
  .test = verify,
  .title = N_("Accounts"),
  .new_title = N_("New Account"),
  .edit_title = N_("Account “%s”"),
  .test_label = N_("_Verify"),
  .remove_question = N_("Remove the Account “%s”?"),
  .remove_text = N_("It is removed here with its password; at the certificate authority nothing changes. "
                    "Orders that were placed with it keep it in use."),
  .removed_not = N_("The account was not removed"),
  .empty_title = N_("No Accounts Yet"),
  .empty_text = N_("Certificates are ordered with an account at a certificate authority."),
  .icon = "avatar-default-symbolic",
};

static void
ch_accounts_page_class_init (ChAccountsPageClass *class)
{
  CH_PEERS_PAGE_CLASS (class)->role = &role;
}

static void
ch_accounts_page_init (ChAccountsPage *self)
{
}
