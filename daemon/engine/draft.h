/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "engine/orders.h"
#include "pki/csr.h"

/**
 * ch_draft_check:
 * @draft: what a caller asks for
 *
 * Everything that can be known before anything is sent: names and their rules, account and DNS account, product,
 * validation method, key, request, term, contact, organisation, options.
 *
 * Returns: (transfer full): the order, not yet in the store, without key; or %NULL with the first rule that it breaks:
 *   %CH_ERROR_INVALID, %CH_ERROR_NOT_FOUND or %CH_ERROR_WRONG_STATE
 */
ChOrder *ch_draft_check (ChWorld            *world,
                         const ChOrderDraft *draft,
                         GError            **error);

/**
 * ch_draft_examine:
 * @problems: (element-type GError): gets every rule that is broken
 * @fields: (nullable) (element-type utf8): gets for each of these what it is about: "names" or a setting of
 *   Manager.NewOrder(); "": none
 * @askable: (out) (optional): whether the CA can be asked what it thinks of it
 *
 * Returns: (transfer full): the order as far as it can be told; @names may be empty, @account_id 0
 */
ChOrder *ch_draft_examine (ChWorld            *world,
                           const ChOrderDraft *draft,
                           GPtrArray          *problems,
                           GPtrArray          *fields,
                           gboolean           *askable);

/** ch_draft_check_names: that an order like @order may have its names, by every rule that a new one is checked by; for one
 * that is issued already. */
gboolean ch_draft_check_names (ChWorld *world, ChOrder *order, GError **error);

/** ch_draft_check_csr: that @csr is for @names and no other, with the same common name. */
gboolean ch_draft_check_csr (const ChCsr *csr, const char *const *names, GError **error);

/** ch_draft_request: what the CA is asked for with @order, by reference. */
ChCaRequest ch_draft_request (const ChOrder *order);

/** ch_draft_choose_account: (transfer full): the account of that name (nullable), or the only enabled one there is. */
ChPeer *ch_draft_choose_account (ChWorld *world, const char *name, GError **error);
/** ch_draft_find_dns_account: (transfer full): the DNS account of that name; it must be enabled. */
ChPeer *ch_draft_find_dns_account (ChWorld *world, const char *name, GError **error);

/**
 * ch_account_is_private: whether the certificates of @account are not publicly trusted, and so not bound by the industry's
 * rules about names. Every kind of CA account has the setting "environment"; only "production" is public.
 */
gboolean ch_account_is_private (const ChPeer *account);
