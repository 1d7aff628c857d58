/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/orders.h"
#include "engine/succession.h"
#include "engine/world.h"

/* Commands that put another certificate in the place of the one in force. */

/** ChReissueWish: what is to be different; all zero: a new key for the same names. */
typedef struct
{
  gboolean keep_key;            /* the key of the certificate in force is used again */
  const char *key_algorithm;    /* (nullable): nick of the new key */
  const char *csr;              /* (nullable): PEM: the key stays with its owner */
  const char *const *names;     /* (nullable): all names that are wanted, as people write them; the common name stays */
} ChReissueWish;

/**
 * ch_order_reissue:
 *
 * A free new certificate inside the term, at any time in it. The order goes through the same steps as at first, and the
 * certificate in force stays until the new one is there.
 */
gboolean ch_order_reissue (ChWorld              *world,
                           gint64                id,
                           const ChReissueWish  *wish,
                           const ChActor        *actor,
                           GError              **error);

/**
 * ch_order_make_reissue:
 * @about: (out): the setting that @error is about: "names", "key" or "csr"; not touched where it is about none
 *
 * Returns: (transfer full): the order as its reissue begins; nothing is written
 */
ChOrder *ch_order_make_reissue (ChWorld              *world,
                                gint64                id,
                                const ChReissueWish  *wish,
                                const char          **about,
                                GError              **error);

/** ch_order_draft_renewal: (transfer full): what ch_order_renew() would order. */
ChOrderDraft *ch_order_draft_renewal (ChWorld  *world,
                                      gint64    id,
                                      int       term_months,
                                      GError  **error);

/**
 * ch_order_renew:
 * @term_months: 0: as before
 *
 * A paid successor with a new key, for the same names, with the same profile, validation and deployments. Only in the last
 * days of the term (ch_policy_renewal_window_days()); refused with the date from which it becomes possible.
 *
 * Returns: the new order, or 0
 */
gint64 ch_order_renew (ChWorld        *world,
                       gint64          id,
                       int             term_months,
                       const ChActor  *actor,
                       GError        **error);

/** ch_order_renews: whether @renewal has or will have a certificate: one that failed or was cancelled does not. */
gboolean ch_order_renews (const ChOrder *renewal);

/** ch_order_check_unrenewed: that no order but @but renews the order @id, or has renewed it; else CH_ERROR_EXISTS. */
gboolean ch_order_check_unrenewed (ChWorld  *world,
                                   gint64    id,
                                   gint64    but,
                                   GError  **error);

/** ChReplacement: what ch_order_replace() does. */
typedef struct
{
  ChNext next;            /* what, and how long the certificate will be valid */
  gint64 order_id;        /* the order that will have it: with a reissue the same */
} ChReplacement;

/**
 * ch_order_replace:
 * @look_only: says what would be done
 *
 * Picks reissue or renewal correctly, and says which.
 */
gboolean ch_order_replace (ChWorld        *world,
                           gint64          id,
                           gboolean        look_only,
                           const ChActor  *actor,
                           ChReplacement  *replacement,
                           GError        **error);

/** ch_order_plan: (transfer full) (element-type ChNext): the certificates to come until the term's end, and its renewal. */
GArray *ch_order_plan (ChWorld  *world,
                       gint64    id,
                       GError  **error);
