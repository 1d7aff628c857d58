/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"
#include "engine/world.h"

/** ChAccess: a server and those that it is reached through, with their secrets. */
typedef struct _ChAccess ChAccess;

/**
 * ch_access_new:
 * @server: a server, or one that is to be added; outlives what is returned
 *
 * Finds the servers that @server is reached through: its setting “jump” is the name of another one. On the main loop.
 *
 * Returns: (transfer full): them, without secrets, or %NULL with %CH_ERROR_INVALID: one of them does not exist, is of
 *   another kind, or they lead in a circle; %CH_ERROR_WRONG_STATE when one is disabled
 */
ChAccess *ch_access_new (ChStore      *store,
                         const ChPeer *server,
                         GError      **error);
void ch_access_free (ChAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChAccess, ch_access_free)

/**
 * ch_access_load: fetches the secrets. Blocks; on a worker.
 *
 * Returns: (transfer none): @access as a connector wants it, or %NULL
 */
const ChServerAccess *ch_access_load (ChAccess      *access,
                                      ChVault       *vault,
                                      GCancellable  *cancellable,
                                      GError       **error);

/** ch_access_load_with: the same for a @server that is not in the store: its @secrets are given, or %NULL. */
const ChServerAccess *ch_access_load_with (ChAccess      *access,
                                           GHashTable    *secrets,
                                           ChVault       *vault,
                                           GCancellable  *cancellable,
                                           GError       **error);

/** ch_access_check_unused: %CH_ERROR_IN_USE when another server is reached through @server. */
gboolean ch_access_check_unused (ChStore      *store,
                                 const ChPeer *server,
                                 GError      **error);
