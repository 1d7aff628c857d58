/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/access.h"

#include "engine/secrets.h"
#include "lib/error.h"

#include <glib/gi18n.h>

#define WAY_MAX 4

struct _ChAccess
{
  const ChPeer *server;                 /* (not owned) */
  GPtrArray *way;                       /* (element-type ChPeer) (owned): the last one is connected to directly */
  ChServerAccess links[WAY_MAX + 1];    /* their secrets are owned */
};

static const char *
jump_of (const ChPeer *server)
{
  const char *name = g_hash_table_lookup (server->settings, "jump");

  return name != NULL && *name != '\0' ? name : NULL;
}

static gboolean
check_next (const ChAccess *access,
            const ChPeer   *next,
            GError        **error)
{
  const char *name = access->server->name;

  if (g_strcmp0 (next->kind, access->server->kind) != 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” cannot be reached through “%s”, which is a server of another kind"),
                         name, next->name);
  if (next->state == CH_PEER_STATE_DISABLED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is reached through “%s”, which is disabled; enable it to go on"),
                         name, next->name);
  if (next->id == access->server->id || access->way->len >= WAY_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The way to “%s” leads in a circle, or through more than %d servers: look at "
                         "the settings “jump”"), name, WAY_MAX);

  return TRUE;
}

ChAccess *
ch_access_new (ChStore      *store,
               const ChPeer *server,
               GError      **error)
{
  g_autoptr(ChAccess) access = g_new0 (ChAccess, 1);

  access->server = server;
  access->way = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_peer_free);
  for (const char *name = jump_of (server); name != NULL; )
    {
      g_autoptr(GError) local = NULL;
      g_autoptr(ChPeer) next = ch_store_find_peer (store, CH_PEER_ROLE_SERVER, name, &local);

      if (next == NULL && g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
        {
          ch_error_set (error, CH_ERROR_INVALID, _("“%s” is to be reached through “%s”, but there is no such server"),
                        server->name, name);
          return NULL;
        }
      if (next == NULL || !check_next (access, next, error))
        {
          if (local != NULL)
            g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }

      name = jump_of (next);
      g_ptr_array_add (access->way, g_steal_pointer (&next));
    }

  return g_steal_pointer (&access);
}

void
ch_access_free (ChAccess *access)
{
  for (gsize i = 0; i < G_N_ELEMENTS (access->links); i++)
    g_clear_pointer (&access->links[i].secrets, g_hash_table_unref);
  g_ptr_array_unref (access->way);
  g_free (access);
}

static gboolean
load_way (ChAccess      *access,
          ChVault       *vault,
          GCancellable  *cancellable,
          GError       **error)
{
  for (guint i = 0; i < access->way->len; i++)
    {
      const ChPeer *peer = access->way->pdata[i];
      ChServerAccess *link = &access->links[i + 1];

      g_clear_pointer (&link->secrets, g_hash_table_unref);
      link->settings = peer->settings;
      link->secrets = ch_secrets_load (vault, peer, cancellable, error);
      access->links[i].via = link;
      if (link->secrets == NULL)
        return FALSE;
    }

  return TRUE;
}

const ChServerAccess *
ch_access_load_with (ChAccess      *access,
                     GHashTable    *secrets,
                     ChVault       *vault,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_clear_pointer (&access->links[0].secrets, g_hash_table_unref);
  access->links[0].settings = access->server->settings;
  access->links[0].secrets = secrets != NULL ? g_hash_table_ref (secrets) : NULL;
  return load_way (access, vault, cancellable, error) ? &access->links[0] : NULL;
}

const ChServerAccess *
ch_access_load (ChAccess      *access,
                ChVault       *vault,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(GHashTable) secrets = ch_secrets_load (vault, access->server, cancellable, error);

  return secrets != NULL ? ch_access_load_with (access, secrets, vault, cancellable, error) : NULL;
}

gboolean
ch_access_check_unused (ChStore      *store,
                        const ChPeer *server,
                        GError      **error)
{
  g_autoptr(GPtrArray) servers = server->role == CH_PEER_ROLE_SERVER
                                 ? ch_store_list_peers (store, CH_PEER_ROLE_SERVER, error)
                                 : g_ptr_array_new ();

  if (servers == NULL)
    return FALSE;

  for (guint i = 0; i < servers->len; i++)
    {
      const ChPeer *other = servers->pdata[i];

      if (g_strcmp0 (jump_of (other), server->name) == 0)
        return ch_error_set (error, CH_ERROR_IN_USE, _("“%s” is reached through “%s”: change its setting “jump” first"),
                             other->name, server->name);
    }

  return TRUE;
}
