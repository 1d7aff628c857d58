/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "engine/policy.h"
#include "store/records.h"

/**
 * ch_challenges_choose:
 * @names: the names of an order, A-labels
 * @locations: where the CA looks for its value
 *
 * GlobalSign proves a name by a value at the name itself or at a domain above it (docs/globalsign.md,
 * Ordering). Chooses the fewest of its places that prove every name, and of equal ones the deepest, so that a
 * value for one host does not need rights on the whole domain. Places that prove none of the names get none.
 *
 * Returns: (transfer full) (array zero-terminated=1): where the value must stand; the first is told to the CA
 */
char **ch_challenges_choose (const char *const *names,
                             const char *const *locations);

/** ch_challenge_place: (transfer none): where its value really stands: where its location leads to by CNAMEs. */
const char *ch_challenge_place (const ChChallenge *challenge);

/**
 * ch_challenge_owner:
 * @accounts: (element-type ChPeer): all DNS accounts
 * @location: of a challenge of the order
 *
 * Returns: the id of the DNS account that takes care of it, before any CNAME is followed; 0: a person
 */
gint64 ch_challenge_owner (const ChOrder *order,
                           GPtrArray     *accounts,
                           const char    *location);

/** ch_challenges_are_ours: whether no person is needed for any of them: we ourselves put what proves the names. */
gboolean ch_challenges_are_ours (const ChOrder *order,
                                 GPtrArray     *challenges);

/** ch_challenges_are_stale: whether the CA may not take their value any more, because of its age. */
gboolean ch_challenges_are_stale (const ChPolicy *policy,
                                  const ChOrder  *order,
                                  GPtrArray      *challenges,
                                  gint64          now);

/**
 * ch_challenges_from_ca:
 * @order: the order
 * @ca: what the CA answered to it
 * @accounts: (element-type ChPeer): all DNS accounts
 * @now: Unix seconds
 *
 * Where names of one order have different DNS accounts, each account proves its own, at places that are its own.
 *
 * Returns: (transfer full) (nullable) (element-type ChChallenge): what must be published, or %NULL when
 *   the answer holds no value
 */
GPtrArray *ch_challenges_from_ca (const ChOrder   *order,
                                  const ChCaOrder *ca,
                                  GPtrArray       *accounts,
                                  gint64           now);
