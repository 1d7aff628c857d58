/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/role.h"
#include "shell/page.h"

/**
 * ChPeersPage: the list of accounts, DNS accounts, servers or profiles, by the role that a subclass sets.
 */
#define CH_TYPE_PEERS_PAGE (ch_peers_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChPeersPage, ch_peers_page, CH, PEERS_PAGE, ChPage)

/**
 * ChPeersPageClass:
 * @role: static
 */
struct _ChPeersPageClass
{
  ChPageClass parent_class;

  const ChPeerRole *role;
};

/** ch_peers_page_add_group: shows @group below the list, once there is one of what the page lists, or of
 * @items, which are (nullable): what @group lists. */
void ch_peers_page_add_group (ChPeersPage         *page,
                              AdwPreferencesGroup *group,
                              ChItemList          *items);
