/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proofs.h"

/**
 * SbAccount:
 * @balance: in cents
 * @offset: for dates in answers, as `+09:00`
 * @products: (nullable): what it may order; %NULL for everything
 * @twelve_hours: timestamps of the afternoon are 12 hours behind, as was seen in 2017
 */
typedef struct
{
  char *user;
  char *password;
  char *currency;
  char *offset;
  GStrv products;
  gint64 balance;
  gboolean locked;
  gboolean ip_refused;
  gboolean twelve_hours;
} SbAccount;

void sb_account_free (SbAccount *account);

/**
 * sb_accounts_load:
 * @path: (nullable): a JSON file: a list of objects with `user`, `password` and perhaps `balance`,
 *   `currency`, `utc-offset`, `products`; %NULL for the one default account
 *
 * Returns: (transfer full) (element-type SbAccount) (nullable): at least one account
 */
GPtrArray *sb_accounts_load (const char  *path,
                             GError     **error);

typedef struct _SbState SbState;

/**
 * sb_state_open:
 * @dir: the state folder
 * @accounts: (transfer full): as of the users file; the stored balance and flags win
 */
SbState *sb_state_open (const char  *dir,
                        GPtrArray   *accounts,
                        GError     **error);
void     sb_state_free (SbState     *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbState, sb_state_free)

GPtrArray *sb_state_accounts (SbState    *state);
SbAccount *sb_state_account  (SbState    *state,
                              const char *user);

/* Orders: not owned by the caller, and gone at the next commit of the same order. */
GPtrArray *sb_state_orders    (SbState    *state);
SbOrder   *sb_state_order     (SbState    *state,
                               const char *id);
SbOrder   *sb_state_key_owner (SbState    *state,
                               const char *key_id);
SbProofs  *sb_state_proofs    (SbState    *state);
gboolean   sb_state_is_revoked_key (SbState    *state,
                                    const char *key_id);

/**
 * sb_state_renewal:
 *
 * Returns: (transfer none) (nullable): the order that renews @id, unless it was cancelled
 */
const char *sb_state_renewal (SbState    *state,
                              const char *id);

/**
 * sb_state_reissue:
 *
 * Returns: (transfer none) (nullable): the order that took the place of @id, unless it was cancelled
 */
const char *sb_state_reissue (SbState    *state,
                              const char *id);

/**
 * sb_state_new_id:
 * @now: milliseconds since 1970
 *
 * Gives @order its sequence and an OrderID in the form of the live ones.
 */
void sb_state_new_id (SbState *state,
                      SbOrder *order,
                      gint64   now);

/**
 * sb_state_reserve_id:
 *
 * Returns: (transfer full) (nullable): an OrderID without an order; it is never given out again
 */
char *sb_state_reserve_id (SbState  *state,
                           gint64    now,
                           GError  **error);

/**
 * sb_state_commit:
 * @order: (transfer full): a new order, or the changed copy of one
 * @charge: cents to take from the balance of its account; negative gives back
 *
 * Writes order and balance to the disk, both or none, and returns when they are there.
 */
gboolean sb_state_commit (SbState  *state,
                          SbOrder  *order,
                          gint64    charge,
                          GError  **error);

/**
 * sb_state_commit_all:
 * @orders: (element-type SbOrder) (owned): of one account; empty after success
 *
 * As sb_state_commit(), for several orders at once.
 */
gboolean sb_state_commit_all (SbState    *state,
                              GPtrArray  *orders,
                              gint64      charge,
                              GError    **error);

gboolean sb_state_save_account (SbState    *state,
                                SbAccount  *account,
                                GError    **error);
