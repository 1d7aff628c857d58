/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ch_anchors_new:
 * @pem: one or more certificates
 *
 * A TLS database that trusts those of @pem and those of the system. Names and dates are checked alike.
 *
 * Returns: (transfer full): the database, or %NULL with %CH_ERROR_INVALID when @pem cannot be read
 */
GTlsDatabase *ch_anchors_new (const char *pem,
                              GError    **error);
