/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How secrets come in: from a file, from standard input, or typed. Never from the command line,
 * which every user of the machine can read. */

/** CH_INPUT_MAX: bytes that a secret or a setting from a file may have, as on the other side. */
#define CH_INPUT_MAX (64 * 1024)

/**
 * ch_input_read:
 * @file: a file's name, or "-" for standard input
 * @what: for the error: what it was to hold, such as "password"
 *
 * Reads all of it. It must be text in UTF-8 without zero bytes, and not be empty.
 *
 * Returns: (transfer full): the text, to be freed with ch_secret_free(), or %NULL with %CH_ERROR_INVALID or
 *   %CH_ERROR_FILE
 */
char *ch_input_read (const char *file,
                     const char *what,
                     GError    **error);

/** ch_input_read_line: the same without the end of line that editors and echo write; it must be one line. */
char *ch_input_read_line (const char *file,
                          const char *what,
                          GError    **error);

/** ch_input_can_ask: whether there is a terminal to ask at. */
gboolean ch_input_can_ask (void);

/**
 * ch_input_ask:
 * @question: such as "Password"
 *
 * Asks on the terminal with the echo turned off, which is undone however this ends.
 *
 * Returns: (transfer full): what was typed, perhaps "", to be freed with ch_secret_free(); or %NULL
 *   with %CH_ERROR_CANCELLED at the end of input
 */
char *ch_input_ask (const char *question,
                    GError    **error);
