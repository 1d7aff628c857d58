/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/vault.h"

/* What the files of this folder share. */

#define CH_KEY_SIZE 32

/* The name that our libsecret backend goes by. */
#define CH_BACKEND_NAME "chancery"

/* The two attributes of an item. */
#define CH_ATTRIBUTE_APPLICATION "application"
#define CH_ATTRIBUTE_REF "ref"
#define CH_APPLICATION "org.chancery.Chancery"

/* References that begin so are the vault's own: no caller can name them. */
#define CH_RESERVED_PREFIX "meta/"

/* ---- master-key.c ---- */

/**
 * ch_master_key_load:
 * @state_dir: the folder of the key file
 * @may_make: whether a new key may be made: nothing is sealed yet
 *
 * Returns: (transfer full): the %CH_KEY_SIZE bytes, wiped at their end, or %NULL with %CH_ERROR_VAULT
 */
GBytes *ch_master_key_load (const char *state_dir,
                            gboolean    may_make,
                            GError    **error);

/* ---- seal.c ---- */

/** ChSeal: seals and opens items under one key. Immutable: any thread may use it. */
typedef struct _ChSeal ChSeal;

/** ch_seal_new: copies @key into memory that is neither swapped out nor dumped, where that can be had. */
ChSeal *ch_seal_new (GBytes *key);
void ch_seal_free (ChSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSeal, ch_seal_free)

/** ch_seal_close: (transfer full): @plain sealed for @ref and no other. */
GBytes *ch_seal_close (const ChSeal *seal,
                       const char   *ref,
                       gconstpointer plain,
                       gsize         length,
                       GError      **error);

/** ch_seal_open: (transfer full): what was sealed, wiped at its end; %CH_ERROR_VAULT when key, item or
 * @ref are not those of then. */
GBytes *ch_seal_open (const ChSeal *seal,
                      const char   *ref,
                      GBytes       *sealed,
                      GError      **error);

/* ---- safe.c ---- */

/** ChSafe: a shelf and the seal of what stands on it; counted, because a call may outlast its vault. */
typedef struct
{
  ChVaultShelf *shelf;    /* (owned) */
  ChSeal *seal;           /* (owned) */
} ChSafe;

/**
 * ch_safe_open:
 * @shelf: (transfer full): where sealed items stand
 *
 * Loads the key, and refuses it when it is not the one of the items.
 *
 * Returns: (transfer full): the safe, or %NULL with %CH_ERROR_VAULT
 */
ChSafe *ch_safe_open (ChVaultShelf *shelf,
                      const char   *state_dir,
                      GError      **error);
ChSafe *ch_safe_ref (ChSafe *safe);
void ch_safe_unref (ChSafe *safe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSafe, ch_safe_unref)

/* ---- backend.c ---- */

/** ch_backend_use: makes libsecret come to @safe (nullable) from now on. %FALSE: another one is in use. */
gboolean ch_backend_use (ChSafe *safe);
