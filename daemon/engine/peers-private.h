/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/peers.h"

/**
 * ch_peer_note_outcome:
 * @peer: as it was when it was used
 * @error: (nullable): how it went
 *
 * An error that only a person can mend (credentials, rights, clock, trust) makes the peer failing,
 * success makes a failing one enabled again, and what waited for that is tried at once. Trouble that may pass changes nothing, unless it comes again and again
 * at a DNS account.
 */
void ch_peer_note_outcome (ChWorld *world, const ChPeer *peer, const GError *error);

/** ch_peer_note_tested: the same after a test, which is remembered also when nothing has changed. When it went well, what has
 * failed at the peer is tried at once. */
void ch_peer_note_tested (ChWorld *world, const ChPeer *peer, const GError *error);

/** ch_peer_fields: the field tables of a kind: its own and the common ones; %NULL ends. */
gboolean ch_peer_fields (ChPeerRole role, const char *kind, const ChField *fields[3], GError **error);

/* ---- peer-check.c ---- */

/**
 * ch_peer_check:
 * @secrets: those that are given now
 * @all_secrets: whether these are all; an edit need not name the ones that are kept
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the field
 */
gboolean ch_peer_check (const ChPeer *peer, GHashTable *secrets, gboolean all_secrets, GError **error);

/** ch_peer_check_kept_secrets: whether an edit may keep the secrets, or sends them to another place. */
gboolean ch_peer_check_kept_secrets (const ChPeer *peer, GHashTable *before, GHashTable *secrets, GError **error);

/* ---- peer-state.c ---- */

/** ch_peer_tell: tells the watcher about a change that is durable, and wakes the runner. */
void ch_peer_tell (ChWorld *world, const ChPeer *peer, ChChange change);

/** ch_peer_hurry: values to be removed and deployments that wait for this peer need not wait longer. Its orders:
 * ch_store_hurry_orders(). */
void ch_peer_hurry (ChWorld *world, const ChPeer *peer);

/** ch_peer_note: an entry of the audit log: "account.add", "dns.edit", … */
void ch_peer_note (ChWorld *world, const ChActor *actor, const ChPeer *peer, const char *verb, const char *format, ...) G_GNUC_PRINTF (5, 6);
