/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-route53.h"

#include <libxml/tree.h>

/* Record sets, and batches that change them: what the files that deal with them know of each other. */

/* ---- dns-route53-set.c ---- */

/**
 * SbRoute53Set: all records of a name and a type.
 * @order: what sets are sorted by
 * @values: (element-type utf8): as they are shown, sorted
 */
typedef struct
{
  char *name;
  char *order;
  char *type;
  guint32 ttl;
  GPtrArray *values;
} SbRoute53Set;

SbRoute53Set *sb_route53_set_new (const char *name,
                                  const char *type,
                                  guint32     ttl);
SbRoute53Set *sb_route53_set_copy (const SbRoute53Set *set);
void sb_route53_set_free (SbRoute53Set *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbRoute53Set, sb_route53_set_free)

/** sb_route53_sets_find: (transfer none) (nullable): @type: (nullable): any. */
SbRoute53Set *sb_route53_sets_find (GPtrArray  *sets,
                                    const char *name,
                                    const char *type);

/** sb_route53_sets_read: (transfer full) (element-type SbRoute53Set) (nullable): sorted; %NULL: answered. */
GPtrArray *sb_route53_sets_read (SbDnsCall  *call,
                                 const char *zone);

/** sb_route53_sets_copy: (transfer full) (element-type SbRoute53Set) */
GPtrArray *sb_route53_sets_copy (GPtrArray *sets);

/**
 * sb_route53_read_quoted:
 * @wrong: (out) (transfer full): in Route 53's words
 *
 * Returns: (transfer full) (nullable): the character-strings of a Value
 */
GStrv sb_route53_read_quoted (const char  *value,
                              char       **wrong);

/** sb_route53_tidy_value: (transfer full): the one way that a value is shown and compared. */
char *sb_route53_tidy_value (const char *value);

/** sb_route53_compare_texts: a #GCompareFunc for g_ptr_array_sort(). */
int sb_route53_compare_texts (gconstpointer a,
                              gconstpointer b);

/* ---- dns-route53-batch.c ---- */

/** SbRoute53Change: one of a batch. */
typedef struct
{
  char *action;
  SbRoute53Set *set;
} SbRoute53Change;

/** sb_route53_batch_read: (transfer full) (nullable) (element-type SbRoute53Change) */
GPtrArray *sb_route53_batch_read (xmlDoc *doc);

/**
 * sb_route53_batch_judge:
 * @sets: (element-type SbRoute53Set): become what they would be after the batch
 *
 * Judges all changes in their order.
 *
 * Returns: (transfer full) (nullable): what is wrong with them
 */
char *sb_route53_batch_judge (GPtrArray  *changes,
                              GPtrArray  *sets,
                              const char *zone);
