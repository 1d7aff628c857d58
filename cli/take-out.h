/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "args.h"

/* Taking things out: to a new file or to standard output, and keys under a password. */

/** CH_TAKE_OUT_OPTIONS: what commands that may take a private key out have in their tables. */
#define CH_TAKE_OUT_OPTIONS \
  CH_OPTION ("password-file", N_("Encrypt the key with the password in this file, “-” for standard input"), N_("FILE")), \
  CH_SWITCH ("plain", N_("Do not encrypt the key")), \
  CH_OPTION ("out", N_("Write it to this new file, which only you can read"), N_("FILE"))

/**
 * ch_take_out_password:
 * @password: (out): stays %NULL for --plain; to be freed with ch_secret_free()
 *
 * From --password-file, else asked for twice. --plain is for a file or a pipe, not for a terminal.
 */
gboolean ch_take_out_password (ChArgs  *args,
                               char   **password,
                               GError **error);

/**
 * ch_take_out_deliver:
 * @secret: whether others may not read the file
 *
 * Writes to the new file of --out, or to standard output.
 */
gboolean ch_take_out_deliver (ChArgs     *args,
                              const void *data,
                              gsize       length,
                              gboolean    secret,
                              GError    **error);

/** ch_take_out_write: to a new file. */
gboolean ch_take_out_write (const char *file,
                            const void *data,
                            gsize       length,
                            gboolean    secret,
                            GError    **error);
