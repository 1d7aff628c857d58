/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Texts of others, on their way to a terminal, a log or somebody's password dialog. */

/**
 * ch_text_line:
 * @text: anything; need not be UTF-8
 * @length: its length in bytes, -1 when it ends with a zero
 *
 * Control characters could drive a terminal or begin a second line in a log; formats (Cf) hold the direction
 * overrides. Each becomes a blank.
 *
 * Returns: (transfer full): @text as one line of harmless UTF-8
 */
char *ch_text_line (const char *text,
                    gssize      length);

/**
 * ch_text_log_writer:
 *
 * For g_log_set_writer_func(): GLib's own writer, but each message is one line whatever was quoted in it.
 */
GLogWriterOutput ch_text_log_writer (GLogLevelFlags   level,
                                     const GLogField *fields,
                                     gsize            n_fields,
                                     gpointer         data);
