/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChWatch, INT64, id),
  CH_COLUMN (ChWatch, TEXT, name),
  CH_COLUMN (ChWatch, TEXT, host),
  CH_COLUMN (ChWatch, UINT, port),
  CH_COLUMN (ChWatch, TEXT, sni),
  CH_COLUMN (ChWatch, TEXT, start_tls),
  CH_COLUMN (ChWatch, INT64, every),
  CH_COLUMN_NICK (ChWatch, state, ch_watch_state_get_type),
  CH_COLUMN (ChWatch, TEXT, reason),
  CH_COLUMN (ChWatch, INT64, due),
  CH_COLUMN (ChWatch, UINT, failures),
  CH_COLUMN (ChWatch, INT64, looked_at),
  CH_COLUMN (ChWatch, TEXT, fingerprint),
  CH_COLUMN (ChWatch, TEXT, accepted),
  CH_COLUMN (ChWatch, TEXT, subject),
  CH_COLUMN (ChWatch, TEXT, issuer),
  CH_COLUMN (ChWatch, STRV, names),
  CH_COLUMN (ChWatch, INT64, not_before),
  CH_COLUMN (ChWatch, INT64, not_after),
  CH_COLUMN (ChWatch, INT, trusted),
  CH_COLUMN (ChWatch, INT64, created_at),
  { NULL },
};

const ChTable ch_table_watches = {
  .name = "watches",
  .noun = N_("watch"),
  .size = sizeof (ChWatch),
  .columns = columns,
  .free = (GDestroyNotify) ch_watch_free,
};

gboolean
ch_store_add_watch (ChStore *store,
                    ChWatch *watch,
                    GError **error)
{
  return ch_table_insert (store, &ch_table_watches, watch, error)
         || ch_store_reword (error, CH_ERROR_EXISTS, CH_ERROR_EXISTS, _("“%s” is watched already"), watch->name);
}

gboolean
ch_store_update_watch (ChStore       *store,
                       const ChWatch *watch,
                       GError       **error)
{
  return ch_table_update (store, &ch_table_watches, watch, error);
}

gboolean
ch_store_remove_watch (ChStore *store,
                       gint64   id,
                       GError **error)
{
  return ch_table_remove (store, &ch_table_watches, id, error);
}

ChWatch *
ch_store_get_watch (ChStore *store,
                    gint64   id,
                    GError **error)
{
  return ch_table_get (store, &ch_table_watches, id, error);
}

GPtrArray *
ch_store_list_watches (ChStore *store,
                       GError **error)
{
  return ch_table_list (store, &ch_table_watches, "ORDER BY name", NULL, error);
}

GPtrArray *
ch_store_list_due_watches (ChStore *store,
                           gint64   now,
                           guint    limit,
                           GError **error)
{
  return ch_table_list (store, &ch_table_watches, "WHERE due > 0 AND due <= ?1 ORDER BY due, id LIMIT ?2",
                        CH_ARGS (CH_INT (now), CH_INT (limit)), error);
}
