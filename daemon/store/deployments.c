/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChDeployment, INT64, id),
  CH_COLUMN (ChDeployment, TEXT, name),
  CH_COLUMN (ChDeployment, ID, server_id),
  CH_COLUMN (ChDeployment, STRV, names),
  CH_COLUMN (ChDeployment, TEXT, template),
  CH_COLUMN (ChDeployment, TEXT, files),
  CH_COLUMN (ChDeployment, TEXT, test),
  CH_COLUMN (ChDeployment, TEXT, action),
  CH_COLUMN (ChDeployment, TEXT, checks),
  CH_COLUMN (ChDeployment, TEXT, web_root),
  CH_COLUMN (ChDeployment, TEXT, challenge_folder),
  CH_COLUMN (ChDeployment, STRV, secrets),
  CH_COLUMN (ChDeployment, UINT, wave),
  CH_COLUMN (ChDeployment, STRV, windows),
  CH_COLUMN (ChDeployment, INT64, paused_until),
  CH_COLUMN (ChDeployment, TEXT, pause_reason),
  CH_COLUMN_NICK (ChDeployment, state, ch_deployment_state_get_type),
  CH_COLUMN (ChDeployment, TEXT, reason),
  CH_COLUMN (ChDeployment, INT, enabled),
  CH_COLUMN (ChDeployment, INT64, due),
  CH_COLUMN (ChDeployment, UINT, failures),
  CH_COLUMN (ChDeployment, ID, certificate_id),
  CH_COLUMN (ChDeployment, INT64, deployed_at),
  CH_COLUMN (ChDeployment, INT64, look_at),
  CH_COLUMN (ChDeployment, TEXT, drift),
  CH_COLUMN (ChDeployment, INT64, created_at),
  { NULL },
};

const ChTable ch_table_deployments = {
  .name = "deployments",
  .noun = N_("deployment"),
  .size = sizeof (ChDeployment),
  .columns = columns,
  .free = (GDestroyNotify) ch_deployment_free,
};

static gboolean
name_taken (const ChDeployment *deployment,
            GError            **error)
{
  return ch_store_reword (error, CH_ERROR_EXISTS, CH_ERROR_EXISTS,
                          _("There is a deployment named “%s” already: choose another name"),
                          deployment->name);
}

gboolean
ch_store_add_deployment (ChStore      *store,
                         ChDeployment *deployment,
                         GError      **error)
{
  return ch_table_insert (store, &ch_table_deployments, deployment, error) || name_taken (deployment, error);
}

gboolean
ch_store_update_deployment (ChStore            *store,
                            const ChDeployment *deployment,
                            GError            **error)
{
  return ch_table_update (store, &ch_table_deployments, deployment, error) || name_taken (deployment, error);
}

gboolean
ch_store_remove_deployment (ChStore *store,
                            gint64   id,
                            GError **error)
{
  return ch_table_remove (store, &ch_table_deployments, id, error);
}

ChDeployment *
ch_store_get_deployment (ChStore *store,
                         gint64   id,
                         GError **error)
{
  return ch_table_get (store, &ch_table_deployments, id, error);
}

GPtrArray *
ch_store_list_deployments (ChStore *store,
                           GError **error)
{
  return ch_table_list (store, &ch_table_deployments, "ORDER BY name", NULL, error);
}

GPtrArray *
ch_store_list_due_deployments (ChStore *store,
                               gint64   now,
                               guint    at_once,
                               guint    limit,
                               GError **error)
{
  return ch_table_list (store, &ch_table_deployments,
                        "WHERE due > 0 AND due <= ?1 AND enabled"
                        " AND (SELECT count (*) FROM deployments AS other"
                        "      WHERE other.state = 'running' AND other.server_id = deployments.server_id) < ?2"
                        " ORDER BY due, wave, id LIMIT ?3",
                        CH_ARGS (CH_INT (now), CH_INT (at_once), CH_INT (limit)), error);
}

gboolean
ch_store_count_running (ChStore *store,
                        gint64   server_id,
                        gint64  *n,
                        GError **error)
{
  return ch_store_ask (store, "SELECT count (*) FROM deployments WHERE state = 'running' AND server_id = ?1",
                       CH_ARGS (CH_INT (server_id)), n, error);
}

/* ---- waves ---- */

gboolean
ch_store_find_ahead (ChStore             *store,
                     const ChDeployment  *deployment,
                     ChDeployment       **ahead,
                     GError             **error)
{
  return ch_table_find (store, &ch_table_deployments,
                        "WHERE certificate_id = ?1 AND wave < ?2 AND enabled AND paused_until = 0"
                        " AND state <> 'deployed' ORDER BY state = 'failed' DESC, wave, id LIMIT 1",
                        CH_ARGS (CH_INT (deployment->certificate_id), CH_INT (deployment->wave)), (gpointer *) ahead, error);
}

gboolean
ch_store_wake_waves (ChStore *store,
                     gint64   now,
                     GError **error)
{
  return ch_store_run (store,
                       "UPDATE deployments SET due = ?1"
                       " WHERE state = 'pending' AND due = 0 AND wave > 0 AND enabled AND paused_until = 0"
                       " AND NOT EXISTS (SELECT 1 FROM deployments AS ahead"
                       "                 WHERE ahead.certificate_id = deployments.certificate_id"
                       "                 AND ahead.wave < deployments.wave AND ahead.enabled"
                       "                 AND ahead.paused_until = 0 AND ahead.state IN ('pending', 'running'))",
                       CH_ARGS (CH_INT (now)), error);
}

GPtrArray *
ch_store_list_deployments_to_look_at (ChStore *store,
                                      gint64   now,
                                      GError **error)
{
  return ch_table_list (store, &ch_table_deployments,
                        "WHERE look_at > 0 AND look_at <= ?1 AND enabled AND state = 'deployed' ORDER BY look_at, id",
                        CH_ARGS (CH_INT (now)), error);
}
