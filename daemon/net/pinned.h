/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ch_pinned_new:
 * @host: a name
 * @port: the port
 * @address: the address that is connected to
 *
 * Returns: (transfer full): what is @host to TLS, and leads to @address alone, without a proxy
 */
GSocketConnectable *ch_pinned_new (const char   *host,
                                   guint16       port,
                                   GInetAddress *address);
