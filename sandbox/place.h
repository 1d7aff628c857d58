/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"

/**
 * sb_new_secret:
 *
 * Returns: (transfer full): 41 or 42 characters of `A-Za-z0-9_-`, as the values of the live service
 */
char *sb_new_secret (void);

/* The value as it stands in DNS, and as it stands in a file. */
char *sb_dns_text (const SbOrder *order);
char *sb_meta_tag (const SbOrder *order);

/**
 * sb_list_approvers:
 *
 * Returns: (transfer full): where the value may stand: domains, or for a file the host names
 */
GStrv sb_list_approvers (const SbOrder *order);

/**
 * sb_place:
 * @order: (transfer full): drafted; with its `price` to be charged
 *
 * Takes an order: gives it a number (unless it has one), a value, its events and its state, charges
 * it, issues it when nothing is missing, and stores it. The call's `order_id` names it afterwards.
 *
 * Returns: (transfer none) (nullable): the stored order; %NULL with the reason in the call's errors
 */
SbOrder *sb_place (SbCall  *call,
                   SbOrder *order);

/* Whether every name is still proven for the account; notes the proofs that are good. */
gboolean sb_reuse_proofs (SbCall  *call,
                          SbOrder *order);

/* -5001 as a warning when the order waits for a phishing check. */
void sb_warn_of_check (SbCall        *call,
                       const SbOrder *order);

/* Whether somebody has set @name aside for a phishing check. */
gboolean sb_is_high_risk (SbWorld    *world,
                          const char *name);
