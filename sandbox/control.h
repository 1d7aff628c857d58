/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

#include <libsoup/soup.h>

#define SB_CONTROL_PATH "/control"

/**
 * sb_control_new:
 * @world: must live longer than the server
 * @port: the port on 127.0.0.1; 0 for any
 *
 * Serves plain HTTP with JSON, for curl and tests: looks into the sandbox and makes it misbehave.
 * See chancery-sandbox(1).
 *
 * Returns: (transfer full) (nullable): the listening server
 */
SoupServer *sb_control_new (SbWorld  *world,
                            guint     port,
                            GError  **error);
