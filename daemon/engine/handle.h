/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_handle_check:
 * @name: what somebody wants to call an account, a server or a deployment
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID, which says what a name is
 */
gboolean ch_handle_check (const char *name,
                          GError    **error);
