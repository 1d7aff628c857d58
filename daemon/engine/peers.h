/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"
#include "lib/field.h"

#include <gio/gio.h>

/* Commands on accounts, DNS accounts, servers and profiles. What a caller gave is checked here; who may ask
 * was decided before. Callbacks come on the main loop. */

/** ChKind: one kind of peer, for forms. */
typedef struct
{
  const char *kind;
  const char *title;
  const char *permissions;        /* (nullable) */
  gboolean scanned;               /* ch_server_scan_async() finds out what its setting "host-key" is to be */
  const ChField *fields[2];       /* its own, then the common ones of its role (or NULL) */
} ChKind;

/** ch_kinds_list: (transfer full) (element-type ChKind): the kinds of a role. */
GArray *ch_kinds_list (ChPeerRole role);

/**
 * ch_peer_add_async:
 * @name: the handle that people use: 1 to 64 of letters, digits, '.', '_', '-', not only digits
 * @settings: (element-type utf8 utf8)
 * @secrets: (element-type utf8 utf8)
 */
void ch_peer_add_async (ChWorld *world, ChPeerRole role, const char *kind, const char *name,
                        GHashTable *settings, GHashTable *secrets, const ChActor *actor,
                        GAsyncReadyCallback callback, gpointer data);
/** ch_peer_add_finish: Returns: the new id, or 0 with an error */
gint64 ch_peer_add_finish (GAsyncResult *result, GError **error);

/**
 * ch_peer_edit_async:
 * @name: (nullable): a new name
 * @settings: what changes; an empty value takes the setting away
 * @secrets: what changes; those that are not named stay
 */
void ch_peer_edit_async (ChWorld *world, ChPeerRole role, gint64 id, const char *name,
                         GHashTable *settings, GHashTable *secrets, const ChActor *actor,
                         GAsyncReadyCallback callback, gpointer data);
gboolean ch_peer_edit_finish (GAsyncResult *result, GError **error);

gboolean ch_peer_set_enabled (ChWorld *world, ChPeerRole role, gint64 id, gboolean enabled,
                              const ChActor *actor, GError **error);

/** ch_peer_remove_async: %CH_ERROR_IN_USE while orders, deployments or TXT records need it. */
void ch_peer_remove_async (ChWorld *world, ChPeerRole role, gint64 id, const ChActor *actor,
                           GAsyncReadyCallback callback, gpointer data);
gboolean ch_peer_remove_finish (GAsyncResult *result, GError **error);

/**
 * ch_peer_test:
 * @zone: (nullable): for a DNS account: the zone in which a TXT is written, seen and removed
 * @read_only: for a DNS account: only whether the credentials are good, and the account has @zone, or, without it, the
 *   domains of its setting "zones"
 *
 * Account: are the credentials good. DNS account: write, see, remove. Server: what works. The
 * peer's state follows the result.
 *
 * Returns: (transfer none): the job
 */
ChJob *ch_peer_test (ChWorld *world, ChPeerRole role, gint64 id, const char *zone, gboolean read_only,
                     const ChActor *actor, GError **error);

/** ch_peer_folder: the CH_FOLDER_* word of a role. */
const char *ch_peer_folder (ChPeerRole role);

/** ch_peers_resume: at start: takes away what was only half added when the service died. Blocks shortly. */
gboolean ch_peers_resume (ChWorld *world, GError **error);
