/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/vault.h"

/**
 * ch_shelf_new:
 * @path: the database file, already migrated by ch_store_open()
 *
 * The vault's shelf in the same database, on a connection of its own so that workers may use it.
 *
 * Returns: (transfer full): the shelf, or %NULL with %CH_ERROR_STORE
 */
ChVaultShelf *ch_shelf_new (const char *path,
                            GError    **error);
