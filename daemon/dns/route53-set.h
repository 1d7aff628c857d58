/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* A set of TXT records as Route 53 writes it, and the batches that change one. */

#define CH_ROUTE53_NS "https://route53.amazonaws.com/doc/2013-04-01/"

/**
 * ch_route53_unescape_name:
 *
 * Returns: (transfer full): a name as Route 53 gives it ("\052.Example.com.") in lower case, without octal
 *   escapes and without final dot
 */
char *ch_route53_unescape_name (const char *name);

/**
 * ch_route53_read_value:
 * @raw: "\"part\" \"other\"", with escapes of two kinds: backslash and three octal digits, or and a character
 *
 * Returns: (transfer full): all character-strings joined
 */
GBytes *ch_route53_read_value (const char *raw);

/** ChRoute53Set: what stands at a name. */
typedef struct
{
  gint64 ttl;
  GPtrArray *values;    /* (element-type utf8): exactly as they came; empty when there is no set */
  gboolean routed;      /* it is an alias or one of several with a routing policy */
} ChRoute53Set;

void ch_route53_set_free (ChRoute53Set *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChRoute53Set, ch_route53_set_free)

/**
 * ch_route53_set_read:
 * @root: a ListResourceRecordSetsResponse
 * @name: FQDN without final dot
 *
 * The list begins at a name and goes on to others: only the set of exactly @name and of type TXT counts.
 *
 * Returns: (transfer full): the set, perhaps empty; or %NULL with %CH_ERROR_BAD_ANSWER
 */
ChRoute53Set *ch_route53_set_read (const xmlNode  *root,
                                   const char     *name,
                                   GError        **error);

/** ch_route53_set_find: the index of @value among the set's values, or -1. */
int ch_route53_set_find (const ChRoute53Set *set,
                         const char         *value);

/** ch_route53_set_with: (transfer full): a copy with @value, or without it when it is there. */
ChRoute53Set *ch_route53_set_with (const ChRoute53Set *set,
                                   const char         *value,
                                   gint64              ttl);

/**
 * ChRoute53Batch: how a set is changed.
 * @CH_ROUTE53_EXCHANGE: delete the old set as it was read and create the new one: fails as a whole when
 *   somebody else has changed it
 * @CH_ROUTE53_OVERWRITE: put the new set whatever is there
 */
typedef enum
{
  CH_ROUTE53_EXCHANGE,
  CH_ROUTE53_OVERWRITE,
} ChRoute53Batch;

/** ch_route53_batch: (transfer full): the ChangeResourceRecordSetsRequest that makes @to out of @from. */
GBytes *ch_route53_batch (const char         *name,
                          const ChRoute53Set *from,
                          const ChRoute53Set *to,
                          ChRoute53Batch      kind);
