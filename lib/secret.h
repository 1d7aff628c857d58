/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Secrets travel as GBytes whose memory is wiped when the last reference goes. */

/**
 * ch_secret_take:
 * @data: (transfer full): memory from g_malloc()
 * @length: its length in bytes, a terminating zero not counted
 *
 * Returns: (transfer full): bytes that wipe and free @data at their end
 */
GBytes *ch_secret_take (char *data,
                        gsize length);

/** ch_secret_new: the same from a copy of @text, which the caller wipes. */
GBytes *ch_secret_new (const char *text);

/**
 * ch_secret_free:
 * @text: (nullable) (transfer full): a secret string
 *
 * Wipes and frees it.
 */
void ch_secret_free (char *text);

/** ch_secret_table_new: a table name → secret whose values are wiped when they go. */
GHashTable *ch_secret_table_new (void);

/* A local `g_autoptr(ChSecretText) password` would need a type; use this macro instead:
 *   ch_autosecret char *password = NULL; */
#define ch_autosecret __attribute__ ((cleanup (ch_secret_cleanup)))
static inline void
ch_secret_cleanup (char **text)
{
  ch_secret_free (*text);
}
