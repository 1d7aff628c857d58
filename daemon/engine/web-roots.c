/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/web-roots.h"

#include "dcv/http.h"
#include "pki/chain.h"

#include <string.h>

void
ch_web_root_free (ChWebRoot *root)
{
  g_free (root->root);
  g_free (root->path);
  g_free (root);
}

gboolean
ch_web_root_has (const ChDeployment *deployment)
{
  return deployment->web_root != NULL || deployment->challenge_folder != NULL;
}

static gboolean
shows (const ChDeployment *deployment,
       const char         *host)
{
  return deployment->enabled && ch_web_root_has (deployment)
         && ch_cert_covers ((const char *const *) deployment->names, host);
}

static gboolean
is_enabled (ChStore *store,
            gint64   server_id)
{
  g_autoptr(ChPeer) server = ch_store_get_peer (store, CH_PEER_ROLE_SERVER, server_id, NULL);

  return server != NULL && server->state != CH_PEER_STATE_DISABLED;
}

static char *
file_path (const ChDeployment *deployment)
{
  if (deployment->challenge_folder != NULL)
    return g_build_filename (deployment->challenge_folder, strrchr (CH_DCV_FILE_PATH, '/') + 1, NULL);

  return g_build_filename (deployment->web_root, CH_DCV_FILE_PATH, NULL);
}

static void
add_once (GPtrArray          *roots,
          const ChDeployment *deployment)
{
  g_autofree char *path = file_path (deployment);

  for (guint i = 0; i < roots->len; i++)
    {
      const ChWebRoot *root = g_ptr_array_index (roots, i);

      if (root->server_id == deployment->server_id && g_str_equal (root->path, path))
        return;
    }

  ChWebRoot *root = g_new0 (ChWebRoot, 1);
  root->server_id = deployment->server_id;
  root->root = g_strdup (deployment->challenge_folder != NULL ? deployment->challenge_folder : deployment->web_root);
  root->path = g_steal_pointer (&path);
  g_ptr_array_add (roots, root);
}

GPtrArray *
ch_web_roots_find (ChStore     *store,
                   const char  *host,
                   GError     **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (store, error);
  GPtrArray *roots = deployments != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) ch_web_root_free) : NULL;

  for (guint i = 0; roots != NULL && i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (shows (deployment, host) && is_enabled (store, deployment->server_id))
        add_once (roots, deployment);
    }

  return roots;
}

gboolean
ch_web_roots_cover (ChStore            *store,
                    const char *const  *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr(GPtrArray) roots = ch_web_roots_find (store, names[i], NULL);

      if (roots == NULL || roots->len == 0)
        return FALSE;
    }

  return TRUE;
}
