/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* What is replaced by itself: the right time for each certificate, and the reissue or the renewal when it has come. */

/** ch_replacer_run: replaces what is due at @now, or notes when it will be. */
void ch_replacer_run (ChWorld *world,
                      gint64   now);

/** ch_replacer_answered: the CA has told what happened to the orders of @account_id; or it has not, and @why (nullable) says why.
 * What waits for that to be renewed goes on, or has failed. */
void ch_replacer_answered (ChWorld      *world,
                           gint64        account_id,
                           const GError *why);

/** ch_replacer_issued: @order has the new certificate @in_force: notes in it when that one is replaced. Not written. */
void ch_replacer_issued (ChWorld             *world,
                         ChOrder             *order,
                         const ChCertificate *in_force,
                         gint64               now);

/** ch_replacer_failed: there was to be a new certificate and there is none: notes in @order when it is tried again. */
void ch_replacer_failed (ChOrder *order,
                         gint64   now);

/** ch_replacer_renewing: notes in @order that @renewal is to renew it. What is free goes on meanwhile. Not written. */
gboolean ch_replacer_renewing (ChWorld        *world,
                               ChOrder        *order,
                               const ChOrder  *renewal,
                               gint64          now,
                               GError        **error);

/** ch_replacer_resume_renewal: a reissue of @order has ended: notes in it what its renewal, if there is one, has become
 * meanwhile. Not written. */
gboolean ch_replacer_resume_renewal (ChWorld  *world,
                                     ChOrder  *order,
                                     gint64    now,
                                     GError  **error);

/** ch_replacer_renewed_elsewhere: it is not renewed by itself; notes in @order when it is reissued. Not written. */
gboolean ch_replacer_renewed_elsewhere (ChWorld  *world,
                                        ChOrder  *order,
                                        gint64    now,
                                        GError  **error);

/** ch_replacer_renewal_revived: @renewal had failed and is tried again: what it renews waits for it. Written, within the
 * caller's transaction. */
gboolean ch_replacer_renewal_revived (ChWorld        *world,
                                      const ChOrder  *renewal,
                                      gint64          now,
                                      GError        **error);

/**
 * ch_replacer_tell_predecessor:
 * @order: as it is now; nothing is done unless it is a renewal
 *
 * The order that it renews is renewed now, or will not be by this one. Written, within the caller's transaction.
 */
gboolean ch_replacer_tell_predecessor (ChWorld        *world,
                                       const ChOrder  *order,
                                       gint64          now,
                                       GError        **error);
