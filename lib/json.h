/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_json_check_depth:
 * @text: JSON that somebody else wrote
 * @length: its length in bytes
 *
 * To be asked before json-glib is: json-glib 1.6 parses what is nested by recursion without a limit, so
 * that a megabyte of "[" ends the process. Comments, which json-glib takes, are refused too: JSON has none.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID when more than 64 arrays and objects are in each other
 *   or a character stands outside a text that JSON does not have there
 */
gboolean ch_json_check_depth (const char *text,
                              gsize       length,
                              GError    **error);
