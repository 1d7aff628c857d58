/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "order.h"

/* How control of a domain was shown. The word is what stands in an order's `proofs`. */
#define SB_PROVEN_BY_DNS "dns"
#define SB_PROVEN_BY_URL "url"   /* that one host name only, and no wildcard (since 2021-11-28) */
#define SB_PROVEN_BY_MAIL "mail" /* usable until 2028-03-15 (ballot SC-090) */
#define SB_PROVEN_BY_STAFF "staff"

/**
 * sb_proof_reuse:
 * @now: the day of issue, in milliseconds since 1970
 *
 * Returns: for how many days a proof is good (ballot SC-081)
 */
int sb_proof_reuse (gint64 now);

/* Whether the order relies on proofs that show control of @name; their age does not matter. */
gboolean sb_order_is_proven (const SbOrder *order,
                             const char    *name);

/* Whether that is so for every name of the order. */
gboolean sb_order_all_proven (const SbOrder *order);

/* Notes that control of @domain was shown at @time. */
void sb_order_prove (SbOrder    *order,
                     const char *method,
                     const char *domain,
                     gint64      time);

/* All proofs of an account. */
typedef struct _SbProofs SbProofs;

SbProofs *sb_proofs_new  (void);
void      sb_proofs_free (SbProofs *proofs);
void      sb_proofs_take (SbProofs      *proofs,
                          const SbOrder *order);

/**
 * sb_proofs_reuse:
 * @user: the account
 * @name: a name of a certificate that is to be issued at @now
 *
 * Returns: (transfer full) (nullable): the line for an order's `proofs`; %NULL when nothing that is
 *   still good shows control of @name
 */
char *sb_proofs_reuse (SbProofs   *proofs,
                       const char *user,
                       const char *name,
                       gint64      now);
