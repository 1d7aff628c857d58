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
ch_store_close_open_runs (ChStore *store,
                          gint64   now,
                          GError **error)
{
  return ch_store_run (store,
                       "UPDATE runs SET result = 'interrupted', finished_at = ?1 WHERE finished_at = 0",
                       CH_ARGS (CH_INT (now)), error);
}
