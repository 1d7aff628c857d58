/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChKeyFile: one key of a BIND key file. */
typedef struct
{
  char *name;           /* in lower case, no final dot */
  char *algorithm;      /* as the "algorithm" field of rfc2136 spells it */
  char *secret;         /* base64; wiped when freed */
} ChKeyFile;

/**
 * ch_key_file_parse:
 * @text: the content of a BIND key file, as tsig-keygen and rndc-confgen write it:
 *   `key "name" { algorithm hmac-sha256; secret "base64"; };`
 * @name: (nullable): which of several keys is wanted
 *
 * Understands the three kinds of comments, any white space, and words with or without quotes.
 *
 * Returns: (transfer full): the key, or %NULL with %CH_ERROR_INVALID whose message tells the line and never
 * the secret
 */
ChKeyFile *ch_key_file_parse (const char *text,
                              const char *name,
                              GError    **error);

void ch_key_file_free (ChKeyFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChKeyFile, ch_key_file_free)
