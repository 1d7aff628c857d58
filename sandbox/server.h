/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

#include <libsoup/soup.h>

#define SB_BASE_PATH "/kb/ws/v1"

/**
 * sb_server_new:
 * @world: what the services work on; must live longer than the server
 * @port: the port on 127.0.0.1; 0 for any
 *
 * Serves the SOAP services over TLS.
 *
 * Returns: (transfer full) (nullable): the listening server
 */
SoupServer *sb_server_new (SbWorld  *world,
                           guint     port,
                           GError  **error);

/* The port on which @server listens. */
guint sb_server_port (SoupServer *server);
