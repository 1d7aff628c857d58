/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/secrets.h"

#include "lib/secret.h"

static char *
secret_ref (gint64      peer,
            const char *name)
{
  return g_strdup_printf ("peer/%" G_GINT64_FORMAT "/%s", peer, name);
}

GHashTable *
ch_secrets_load (ChVault       *vault,
                 const ChPeer  *peer,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(GHashTable) secrets = ch_secret_table_new ();

  for (gsize i = 0; peer->secrets != NULL && peer->secrets[i] != NULL; i++)
    {
      g_autofree char *ref = secret_ref (peer->id, peer->secrets[i]);
      g_autoptr(GBytes) secret = ch_vault_lookup (vault, ref, cancellable, error);

      if (secret == NULL)
        {
          g_prefix_error (error, "%s: ", peer->name);
          return NULL;
        }

      g_hash_table_insert (secrets, g_strdup (peer->secrets[i]),
                           g_strndup (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret)));
    }

  return g_steal_pointer (&secrets);
}

gboolean
ch_secrets_store (ChVault       *vault,
                  gint64         id,
                  const char    *label,
                  GHashTable    *secrets,
                  GCancellable  *cancellable,
                  GError       **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *ref = secret_ref (id, name);
      g_autoptr(GBytes) secret = ch_secret_new (value);

      if (g_bytes_get_size (secret) == 0 ? !ch_vault_remove (vault, ref, cancellable, error)
                                         : !ch_vault_store (vault, ref, label, secret, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
ch_secrets_remove (ChVault       *vault,
                   gint64         id,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autofree char *prefix = secret_ref (id, "");
  g_auto(GStrv) refs = ch_vault_list (vault, prefix, cancellable, error);

  for (gsize i = 0; refs != NULL && refs[i] != NULL; i++)
    if (!ch_vault_remove (vault, refs[i], cancellable, error))
      return FALSE;

  return refs != NULL;
}
