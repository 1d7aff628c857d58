/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* An item whose content everybody knows: the key that opens it is the key of all the others. */
#define CHECK_REF CH_RESERVED_PREFIX "check"
#define CHECK_TEXT "chancery"

static void
clear (gpointer data)
{
  ChSafe *safe = data;

  if (safe->shelf != NULL)
    safe->shelf->free (safe->shelf->data);
  ch_seal_free (safe->seal);
}

ChSafe *
ch_safe_ref (ChSafe *safe)
{
  return g_atomic_rc_box_acquire (safe);
}

void
ch_safe_unref (ChSafe *safe)
{
  g_atomic_rc_box_release_full (safe, clear);
}

static gboolean
put_check (ChSafe  *safe,
           GError **error)
{
  g_autoptr(GBytes) sealed = ch_seal_close (safe->seal, CHECK_REF, CHECK_TEXT, strlen (CHECK_TEXT), error);

  return sealed != NULL && safe->shelf->put (safe->shelf->data, CHECK_REF, sealed, error);
}

static gboolean
prove_key (ChSafe  *safe,
           GBytes  *check,
           GError **error)
{
  g_autoptr(GBytes) plain = ch_seal_open (safe->seal, CHECK_REF, check, NULL);

  if (plain == NULL)
    return ch_error_set (error, CH_ERROR_VAULT,
                         _("The key of the vault is not the one that its secrets were sealed with: give the "
                           "service the credential “chancery-vault-key” or the file “vault.key” of before"));

  return TRUE;
}

static gboolean
check_key (ChSafe  *safe,
           gboolean is_empty,
           GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) check = safe->shelf->get (safe->shelf->data, CHECK_REF, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (check != NULL)
    return prove_key (safe, check, error);

  if (!is_empty)
    return ch_error_set (error, CH_ERROR_VAULT,
                         _("The vault is damaged: it holds secrets, and not the item that proves their key; "
                           "restore the database from a backup"));

  return put_check (safe, error);
}

ChSafe *
ch_safe_open (ChVaultShelf *shelf,
              const char   *state_dir,
              GError      **error)
{
  g_autoptr(ChSafe) safe = g_atomic_rc_box_new0 (ChSafe);
  safe->shelf = shelf;

  g_auto(GStrv) refs = shelf->list (shelf->data, "", error);
  if (refs == NULL)
    return NULL;

  gboolean is_empty = refs[0] == NULL;
  g_autoptr(GBytes) key = ch_master_key_load (state_dir, is_empty, error);
  if (key == NULL)
    return NULL;

  safe->seal = ch_seal_new (key);
  return check_key (safe, is_empty, error) ? g_steal_pointer (&safe) : NULL;
}
