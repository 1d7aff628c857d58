/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/role.h"

/**
 * ChPeerDialog: adds or changes an account, DNS account, server or profile by the form of its kind. What the
 * service says against it stands at the field that it is about, and nothing that was typed is lost.
 */
#define CH_TYPE_PEER_DIALOG (ch_peer_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChPeerDialog, ch_peer_dialog, CH, PEER_DIALOG, ChFormDialog)

/** ch_peer_dialog_show: over the window of @where; @item is (nullable): a new one is added. */
void ch_peer_dialog_show (GtkWidget        *where,
                          const ChPeerRole *role,
                          ChService        *service,
                          ChItem           *item);
