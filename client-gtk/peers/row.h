/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/role.h"

#include <adwaita.h>

/**
 * ChPeerRow: one account, DNS account, server or profile in a list: what it is and how it stands; switched on
 * and off, tested, changed and removed from there. Activating it opens it.
 *
 * Actions: peer.edit, peer.test, peer.login, peer.remove
 */
#define CH_TYPE_PEER_ROW (ch_peer_row_get_type ())
G_DECLARE_FINAL_TYPE (ChPeerRow, ch_peer_row, CH, PEER_ROW, AdwActionRow)

ChPeerRow *ch_peer_row_new (const ChPeerRole *role,
                            ChService        *service,
                            ChItem           *item);

/** ch_peer_row_get_item: (transfer none): what it shows. */
ChItem *ch_peer_row_get_item (ChPeerRow *row);
/** ch_peer_row_edit: opens it. */
void ch_peer_row_edit (ChPeerRow *row);
