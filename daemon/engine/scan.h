/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"
#include "engine/world.h"

#include <gio/gio.h>

/**
 * ch_server_scan_async:
 * @kind: of a server that is to be added
 * @settings: (element-type utf8 utf8): as far as they are known
 * @known: (nullable): a known_hosts file's text
 *
 * Asks a server, and those that it is reached through, for the keys by which it can be known. Nothing is stored.
 */
void ch_server_scan_async (ChWorld             *world,
                           const char          *kind,
                           GHashTable          *settings,
                           const char          *known,
                           GAsyncReadyCallback  callback,
                           gpointer             data);
/** ch_server_scan_finish: (transfer full) (element-type ChScanned) */
GPtrArray *ch_server_scan_finish (GAsyncResult  *result,
                                  GError       **error);
