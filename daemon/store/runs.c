/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChRun, INT64, id),
  CH_COLUMN (ChRun, ID, deployment_id),
  CH_COLUMN (ChRun, ID, certificate_id),
  CH_COLUMN (ChRun, INT64, started_at),
  CH_COLUMN (ChRun, INT64, finished_at),
  CH_COLUMN (ChRun, TEXT, result),
  CH_COLUMN (ChRun, TEXT, error),
  CH_COLUMN (ChRun, TEXT, steps),
  { NULL },
};

const ChTable ch_table_runs = {
  .name = "runs",
  .noun = N_("run"),
  .size = sizeof (ChRun),
  .columns = columns,
  .free = (GDestroyNotify) ch_run_free,
};

gboolean
ch_store_add_run (ChStore *store,
                  ChRun   *run,
                  GError **error)
{
  return ch_table_insert (store, &ch_table_runs, run, error);
}

gboolean
ch_store_update_run (ChStore     *store,
                     const ChRun *run,
                     GError     **error)
{
  return ch_table_update (store, &ch_table_runs, run, error);
}

GPtrArray *
ch_store_list_runs (ChStore *store,
                    gint64   deployment_id,
                    guint    limit,
                    GError **error)
{
  return ch_table_list (store, &ch_table_runs, "WHERE deployment_id = ?1 ORDER BY id DESC LIMIT ?2",
                        CH_ARGS (CH_INT (deployment_id), CH_INT (limit)), error);
}

gboolean
ch_store_find_deployed_run (ChStore *store,
                            gint64   deployment_id,
                            gint64   before,
                            gint64   other_than,
                            ChRun  **run,
                            GError **error)
{
  return ch_table_find (store, &ch_table_runs,
                        "WHERE deployment_id = ?1 AND result = 'deployed' AND (?2 = 0 OR id < ?2)"
                        " AND (?3 = 0 OR certificate_id IS NOT ?3) ORDER BY id DESC LIMIT 1",
                        CH_ARGS (CH_INT (deployment_id), CH_INT (before), CH_INT (other_than)), (gpointer *) run, error);
}

gboolean
ch_store_find_installed (ChStore        *store,
                         gint64          deployment_id,
                         ChCertificate **certificate,
                         GError        **error)
{
  g_autoptr(ChRun) run = NULL;

  *certificate = NULL;
  if (!ch_store_find_deployed_run (store, deployment_id, 0, 0, &run, error))
    return FALSE;
  if (run == NULL || run->certificate_id == 0)
    return TRUE;

  *certificate = ch_store_get_certificate (store, run->certificate_id, error);
  return *certificate != NULL;
}

gboolean
ch_store_close_open_runs (ChStore *store,
                          gint64   now,
                          GError **error)
{
  return ch_store_run (store,
                       "UPDATE runs SET result = 'interrupted', finished_at = ?1 WHERE finished_at = 0",
                       CH_ARGS (CH_INT (now)), error);
}
