/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "profiles/page.h"

#include "lib/paths.h"

#include <glib/gi18n.h>

struct _ChProfilesPage
{
  ChPeersPage parent_instance;
};

G_DEFINE_FINAL_TYPE (ChProfilesPage, ch_profiles_page, CH_TYPE_PEERS_PAGE)

static const ChPeerRole role = {
  .role = "profile",
  .interface = CH_IFACE_PROFILE,
  .add = "AddProfile",
  .title = N_("Profiles"),
  .new_title = N_("New Profile"),
  .edit_title = N_("Profile “%s”"),
  .remove_question = N_("Remove the Profile “%s”?"),
  .remove_text = N_("Orders keep what they took from it when they were placed."),
  .removed_not = N_("The profile was not removed"),
  .empty_title = N_("No Profiles Yet"),
  .empty_text = N_("A profile is a contact or an organisation that is written down once and named by "
                   "orders."),
  .icon = "x-office-address-book-symbolic",
};

static void
ch_profiles_page_class_init (ChProfilesPageClass *class)
{
  CH_PEERS_PAGE_CLASS (class)->role = &role;
}

static void
ch_profiles_page_init (ChProfilesPage *self)
{
}
