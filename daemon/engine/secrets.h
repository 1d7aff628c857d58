/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/**
 * ch_secrets_load:
 * @peer: an account, DNS account or server
 *
 * Blocks; on a worker.
 *
 * Returns: (transfer full) (element-type utf8 utf8): its secrets, wiped when freed
 */
GHashTable *ch_secrets_load (ChVault *vault, const ChPeer *peer, GCancellable *cancellable, GError **error);

/** ch_secrets_store: puts all of @secrets for the peer with @id; an empty value takes one away. */
gboolean ch_secrets_store (ChVault *vault, gint64 id, const char *label, GHashTable *secrets,
                           GCancellable *cancellable, GError **error);

/** ch_secrets_remove: takes all of a peer's secrets away. */
gboolean ch_secrets_remove (ChVault *vault, gint64 id, GCancellable *cancellable, GError **error);

/** ch_secrets_names: (transfer full): names of what is kept after @given: those there were, the new, less the emptied. */
char **ch_secrets_names (char **before, GHashTable *given);

/* The same for what a deployment has, such as the password of its key stores. */
GHashTable *ch_deployment_secrets_load (ChVault *vault, const ChDeployment *deployment, GCancellable *cancellable, GError **error);
gboolean ch_deployment_secrets_store (ChVault *vault, gint64 id, const char *label, GHashTable *secrets,
                                      GCancellable *cancellable, GError **error);
gboolean ch_deployment_secrets_remove (ChVault *vault, gint64 id, GCancellable *cancellable, GError **error);
