/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What callers send: dictionaries by table, and bounds on everything. */

#define CH_MAX_STRING (64 * 1024)   /* bytes; a certificate chain fits many times */
#define CH_MAX_ITEMS 1000           /* of any array or dictionary */
#define CH_MAX_CALL (1024 * 1024)   /* bytes of all arguments: calls are kept while polkit thinks */

/** ChOption: one key that an a{sv} may have, and its type. Tables end with { NULL }. */
typedef struct
{
  const char *name;
  const char *type;
} ChOption;

/** ch_options_none: for methods that have no options yet. */
extern const ChOption ch_options_none[];

/**
 * ch_options_check:
 * @options: an a{sv}
 * @what: what the dictionary is, in a message: "options", "settings", "filter"
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the key that is not known, has another
 *   type, or comes twice
 */
gboolean ch_options_check (GVariant       *options,
                           const ChOption *table,
                           const char     *what,
                           GError        **error);

/**
 * ch_bounds_check:
 * @value: anything
 *
 * Refuses what is larger than CH_MAX_CALL, strings above CH_MAX_STRING and arrays above CH_MAX_ITEMS at any
 * depth, so that no handler has to.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_LIMIT
 */
gboolean ch_bounds_check (GVariant *value,
                          GError  **error);
