/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Private keys that no order and no certificate has any more lie in the bin for 30 days. */

/** ch_bin_run: removes from the vault what is due. */
void ch_bin_run (ChWorld *world, gint64 now);
/** ch_bin_resume: at start: what was being removed is removed again. */
gboolean ch_bin_resume (ChWorld *world, GError **error);

/**
 * ch_bin_put_order: joins an open transaction
 * @order: has just been removed from the store
 * @certificates: (element-type ChCertificate): those that it had
 *
 * Puts its keys into the bin, but for those that something else refers to.
 */
gboolean ch_bin_put_order (ChWorld *world, const ChOrder *order, GPtrArray *certificates, GError **error);

/** ch_bin_update_order: joins an open transaction: writes @order. A key that it has given up goes into the bin, but for one
 * that something else refers to. */
gboolean ch_bin_update_order (ChWorld *world, ChOrder *order, GError **error);

/**
 * ch_bin_expect:
 * @ref: of a key that is about to be put into the vault
 *
 * Remembers a key that nothing refers to yet, so that it is removed again if nothing ever does.
 *
 * Returns: (transfer full): what ch_bin_forget() takes when something refers to it
 */
ChBinKey *ch_bin_expect (ChWorld *world, const char *ref, const ChOrder *order, GError **error);
/** ch_bin_forget: joins an open transaction: the key is in use. */
gboolean ch_bin_forget (ChWorld *world, const ChBinKey *key, GError **error);
/** ch_bin_hurry: it will not be used. */
void ch_bin_hurry (ChWorld *world, ChBinKey *key);

/**
 * ch_bin_restore:
 *
 * Gives the key back to every order and certificate here that it belongs to, by its public half.
 *
 * Returns: (transfer full) (element-type gint64): those orders, or %NULL with %CH_ERROR_NOT_FOUND: there are none
 */
GArray *ch_bin_restore (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/** ch_bin_purge: removes it for good, now. */
gboolean ch_bin_purge (ChWorld *world, gint64 id, const ChActor *actor, GError **error);
