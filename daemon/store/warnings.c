/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChWarning, INT64, id),
  CH_COLUMN (ChWarning, INT64, not_after),
  CH_COLUMN (ChWarning, INT, days),
  CH_COLUMN (ChWarning, INT64, told_at),
  { NULL },
};

const ChTable ch_table_warnings = {
  .name = "warnings",
  .noun = N_("warning"),
  .size = sizeof (ChWarning),
  .columns = columns,
  .free = (GDestroyNotify) ch_warning_free,
};

gboolean
ch_store_set_warning (ChStore          *store,
                      const ChWarning  *warning,
                      GError          **error)
{
  return ch_store_run (store,
                       "INSERT INTO warnings VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE"
                       " SET not_after = excluded.not_after, days = excluded.days, told_at = excluded.told_at",
                       CH_ARGS (CH_INT (warning->id), CH_INT (warning->not_after), CH_INT (warning->days),
                                CH_INT (warning->told_at)), error);
}

gboolean
ch_store_remove_warning (ChStore  *store,
                         gint64    order_id,
                         GError  **error)
{
  return ch_store_run (store, "DELETE FROM warnings WHERE id = ?1", CH_ARGS (CH_INT (order_id)), error);
}

gboolean
ch_store_find_warning (ChStore    *store,
                       gint64      order_id,
                       ChWarning **warning,
                       GError    **error)
{
  return ch_table_find (store, &ch_table_warnings, "WHERE id = ?1", CH_ARGS (CH_INT (order_id)), (gpointer *) warning, error);
}

/* One that was told of a certificate that has been replaced since is none any more, nor is that of an order that
 * ended. */
#define STANDING \
  "JOIN (SELECT id AS wanted, not_after AS newest FROM orders WHERE state IN ('issued', 'reissuing', 'renewing'))" \
  " ON id = wanted AND not_after = newest "

GPtrArray *
ch_store_list_warnings (ChStore  *store,
                        guint     limit,
                        GError  **error)
{
  return ch_table_list (store, &ch_table_warnings, STANDING "ORDER BY not_after, id LIMIT ?1",
                        CH_ARGS (CH_INT (limit)), error);
}
