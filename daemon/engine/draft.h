/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/orders.h"

/**
 * ch_draft_check:
 * @draft: what a caller asks for
 *
 * Everything that can be known before anything is sent: names and their rules, account and DNS account, product,
 * validation method, key, request, contact.
 *
 * Returns: (transfer full): the order, not yet in the store, without key; or %NULL with %CH_ERROR_INVALID or
 *   %CH_ERROR_NOT_FOUND
 */
ChOrder *ch_draft_check (ChWorld            *world,
                         const ChOrderDraft *draft,
                         GError            **error);

/**
 * ch_account_is_private: whether the certificates of @account are not publicly trusted, and so not bound by the industry's
 * rules about names. Every kind of CA account has the setting "environment"; only "production" is public.
 */
gboolean ch_account_is_private (const ChPeer *account);
