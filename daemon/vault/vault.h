/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Every secret, behind libsecret. An item is named by a reference of ours: "peer/3/tsig-secret",
 * "key/<uuid>". Thread-safe; each call blocks (milliseconds on the system bus; with a real Secret
 * Service as long as a person takes to unlock it), so call it on a worker. Errors are
 * CH_ERROR_VAULT (or what the shelf says: CH_ERROR_STORE, CH_ERROR_NO_SPACE) with a sentence that says what
 * to do, and never hold a secret. A reference is UTF-8 text; "meta/" is the vault's own. libsecret takes one
 * backend per process, so open one vault, before threads are started (the environment is changed). */

typedef struct _ChVault ChVault;

/**
 * ChVaultShelf: where our own libsecret backend keeps its sealed items; made by the store.
 *
 * All functions may be called from any thread. @sealed is authenticated ciphertext.
 */
typedef struct
{
  gpointer data;
  gboolean (*put) (gpointer data, const char *ref, GBytes *sealed, GError **error);
  GBytes *(*get) (gpointer data, const char *ref, GError **error);          /* NULL without error: none */
  gboolean (*remove) (gpointer data, const char *ref, GError **error);      /* removing nothing succeeds */
  GStrv (*list) (gpointer data, const char *prefix, GError **error);
  void (*free) (gpointer data);                                             /* the shelf itself, too */
} ChVaultShelf;

/**
 * ch_vault_open_system:
 * @shelf: (transfer full): where sealed items are kept; freed also when this fails
 * @state_dir: where the key file is made when there is no systemd credential
 *
 * Items are sealed one by one with AES-256-GCM, the reference bound in, under the master key from
 * the systemd credential "chancery-vault-key" ($CREDENTIALS_DIRECTORY), else from
 * <state_dir>/vault.key (mode 0600, 32 random bytes, made at first start). A wrong, short or
 * readable-by-others key is refused here, before anything is read or written under it. A missing key is
 * not made anew while the shelf holds items.
 *
 * Returns: (transfer full): the vault, or %NULL with %CH_ERROR_VAULT
 */
ChVault *ch_vault_open_system (ChVaultShelf *shelf,
                               const char   *state_dir,
                               GError      **error);

/** ch_vault_open_session: the user's own Secret Service. */
ChVault *ch_vault_open_session (GError **error);

void ch_vault_close (ChVault *vault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChVault, ch_vault_close)

/**
 * ch_vault_store: puts or replaces one item.
 * @label: for people, in a keyring program
 */
gboolean ch_vault_store (ChVault *vault, const char *ref, const char *label, GBytes *secret,
                         GCancellable *cancellable, GError **error);

/** ch_vault_lookup: (transfer full): the item; %CH_ERROR_NOT_FOUND when there is none. */
GBytes *ch_vault_lookup (ChVault *vault, const char *ref, GCancellable *cancellable, GError **error);

/** ch_vault_remove: removing what is not there succeeds. */
gboolean ch_vault_remove (ChVault *vault, const char *ref, GCancellable *cancellable, GError **error);

/** ch_vault_list: (transfer full): all references that begin with @prefix, sorted; none is an empty list. */
GStrv ch_vault_list (ChVault *vault, const char *prefix, GCancellable *cancellable, GError **error);
