/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_client_error_translate:
 * @error: (inout) (nullable) (transfer full): what GDBus gave; there is one if @error is not %NULL
 *
 * The border of the client: above it there are only #ChError and #ChClientError.
 */
void ch_client_error_translate (GError **error);
