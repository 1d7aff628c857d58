/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/peers.h"

/**
 * ch_peer_note_outcome:
 * @peer: as it was when it was used
 * @error: (nullable): how it went
 *
 * An error that only a person can mend (credentials, rights, clock, trust) makes the peer failing,
 * success makes a failing one enabled again. Trouble that may pass changes nothing.
 */
void ch_peer_note_outcome (ChWorld *world, const ChPeer *peer, const GError *error);

/** ch_peer_note_tested: the same after a test, which is remembered also when nothing has changed. */
void ch_peer_note_tested (ChWorld *world, const ChPeer *peer, const GError *error);

/** ch_peer_fields: the field tables of a kind: its own and the common ones; %NULL ends. */
gboolean ch_peer_fields (ChPeerRole role, const char *kind, const ChField *fields[3], GError **error);
