/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/secrets.h"

#include "lib/secret.h"

/* What a secret is found by: "peer/3/password", "deployment/3/password". */
static char *
secret_ref (const char *owner,
            gint64      id,
            const char *name)
{
  return g_strdup_printf ("%s/%" G_GINT64_FORMAT "/%s", owner, id, name);
}

static GHashTable *
load (ChVault       *vault,
      const char    *owner,
      gint64         id,
      const char    *label,
      char         **names,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(GHashTable) secrets = ch_secret_table_new ();

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *ref = secret_ref (owner, id, names[i]);
      g_autoptr(GBytes) secret = ch_vault_lookup (vault, ref, cancellable, error);

      if (secret == NULL)
        {
          g_prefix_error (error, "%s: ", label);
          return NULL;
        }

      g_hash_table_insert (secrets, g_strdup (names[i]),
                           g_strndup (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret)));
    }

  return g_steal_pointer (&secrets);
}

static gboolean
store (ChVault       *vault,
       const char    *owner,
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
      g_autofree char *ref = secret_ref (owner, id, name);
      g_autoptr(GBytes) secret = ch_secret_new (value);

      if (g_bytes_get_size (secret) == 0 ? !ch_vault_remove (vault, ref, cancellable, error)
                                         : !ch_vault_store (vault, ref, label, secret, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
remove_all (ChVault       *vault,
            const char    *owner,
            gint64         id,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree char *prefix = secret_ref (owner, id, "");
  g_auto(GStrv) refs = ch_vault_list (vault, prefix, cancellable, error);

  for (gsize i = 0; refs != NULL && refs[i] != NULL; i++)
    if (!ch_vault_remove (vault, refs[i], cancellable, error))
      return FALSE;

  return refs != NULL;
}

char **
ch_secrets_names (char      **before,
                  GHashTable *given)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name, value;

  for (gsize i = 0; before != NULL && before[i] != NULL; i++)
    g_hash_table_add (names, before[i]);

  g_hash_table_iter_init (&iter, given);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (*(const char *) value == '\0')
      g_hash_table_remove (names, name);
    else
      g_hash_table_add (names, name);

  g_autofree const char **list = (const char **) g_hash_table_get_keys_as_array (names, NULL);
  return g_strdupv ((char **) list);
}

GHashTable *
ch_secrets_load (ChVault       *vault,
                 const ChPeer  *peer,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return load (vault, "peer", peer->id, peer->name, peer->secrets, cancellable, error);
}

gboolean
ch_secrets_store (ChVault       *vault,
                  gint64         id,
                  const char    *label,
                  GHashTable    *secrets,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return store (vault, "peer", id, label, secrets, cancellable, error);
}

gboolean
ch_secrets_remove (ChVault       *vault,
                   gint64         id,
                   GCancellable  *cancellable,
                   GError       **error)
{
  return remove_all (vault, "peer", id, cancellable, error);
}

GHashTable *
ch_deployment_secrets_load (ChVault            *vault,
                            const ChDeployment *deployment,
                            GCancellable       *cancellable,
                            GError            **error)
{
  return load (vault, "deployment", deployment->id, deployment->name, deployment->secrets, cancellable, error);
}

gboolean
ch_deployment_secrets_store (ChVault       *vault,
                             gint64         id,
                             const char    *label,
                             GHashTable    *secrets,
                             GCancellable  *cancellable,
                             GError       **error)
{
  return store (vault, "deployment", id, label, secrets, cancellable, error);
}

gboolean
ch_deployment_secrets_remove (ChVault       *vault,
                              gint64         id,
                              GCancellable  *cancellable,
                              GError       **error)
{
  return remove_all (vault, "deployment", id, cancellable, error);
}
