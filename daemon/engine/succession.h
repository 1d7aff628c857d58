/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/policy.h"
#include "store/records.h"

/* What comes after the certificate in force, as pure rules: when, by what, and whether it costs money. Two clocks run,
 * and they are never mixed: the lifetime of the certificate, and the term that was paid for. */

/** ChSuccessor: what the next certificate is had by. */
typedef enum
{
  CH_SUCCESSOR_NONE,      /* there is nothing to replace */
  CH_SUCCESSOR_REISSUE,   /* free, inside the term */
  CH_SUCCESSOR_RENEWAL,   /* paid: a new order with a term of its own */
} ChSuccessor;

/** ChNext: the next certificate. Times are Unix seconds. */
typedef struct
{
  ChSuccessor kind;
  gint64 at;              /* when it should be had */
  gint64 until;           /* how long it will be valid, as far as the rules of that day are known now */
} ChNext;

/** ChLife: the certificate in force. */
typedef struct
{
  gint64 from;
  gint64 until;
} ChLife;

/**
 * ch_succession_moment:
 * @salt: spreads certificates that were issued together; the same salt gives the same answer
 *
 * Returns: when a certificate should be replaced: when a third of its life is left, a little earlier by @salt, and never
 *   within the last 7 days, unless it lives for less than 14
 */
gint64 ch_succession_moment (ChLife  life,
                             guint64 salt);

/**
 * ch_succession_next:
 * @order: product, term and the end of the term count
 * @life: of its certificate in force
 * @now: Unix seconds; nothing is planned for the past
 *
 * A reissue is planned as long as it wins a week or more; then the term is used up and only a renewal helps, which the
 * CA takes in the last days of the term (ch_policy_renewal_window_days()). Lifetimes may have become so short that a reissue
 * wins nothing at the usual moment although the term is long: then it is planned for 7 days before the certificate's end.
 */
ChNext ch_succession_next (const ChPolicy *policy,
                           const ChOrder  *order,
                           ChLife          life,
                           gint64          now);

/**
 * ch_succession_now:
 *
 * What replaces the certificate now, before its time: a reissue, unless it would win less than a week and the CA takes a
 * renewal already.
 */
ChNext ch_succession_now (const ChPolicy *policy,
                          const ChOrder  *order,
                          ChLife          life,
                          gint64          now);

/**
 * ch_succession_plan:
 *
 * Returns: (transfer full) (element-type ChNext): every certificate until the term ends, and the renewal at its end
 */
GArray *ch_succession_plan (const ChPolicy *policy,
                            const ChOrder  *order,
                            ChLife          life,
                            gint64          now);

/** ch_succession_renewable_from: from when on the CA takes a paid renewal of @order. */
gint64 ch_succession_renewable_from (const ChPolicy *policy,
                                     const ChOrder  *order);
