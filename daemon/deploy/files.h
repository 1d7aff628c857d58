/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChPartSource: what the files of a deployment are made of. */
typedef struct
{
  const char *leaf;   /* PEM */
  const char *chain;  /* (nullable): PEM of the intermediates, the leaf's issuer first; may be empty */
  const char *root;   /* (nullable): PEM */
  GBytes *key;        /* (nullable): PEM; %NULL when somebody else has it */
} ChPartSource;

/** ch_part_check: whether @part is a word for a part; if not, %CH_ERROR_INVALID lists the right ones. */
gboolean ch_part_check (const char *part,
                        GError    **error);

/** ch_part_is_secret: whether a file with @part in it holds the private key. */
gboolean ch_part_is_secret (const char *part);

/**
 * ch_part_content:
 * @source: certificates and key
 * @part: what the file is to hold: "certificate" (the leaf), "key", "chain" (the intermediates, or the root
 *   where there are none), "fullchain" (leaf and intermediates, as TLS servers send them) or "all" (key, leaf
 *   and intermediates, as HAProxy wants it)
 *
 * Returns: (transfer full): the file's content, in memory that is wiped when the key is in it, or %NULL with
 *   %CH_ERROR_INVALID: no such part, or the part is not at hand
 */
GBytes *ch_part_content (const ChPartSource *source,
                         const char         *part,
                         GError            **error);
