/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChTxtRecord, INT64, id),
  CH_COLUMN (ChTxtRecord, ID, dns_account_id),
  CH_COLUMN (ChTxtRecord, ID, order_id),
  CH_COLUMN (ChTxtRecord, TEXT, name),
  CH_COLUMN (ChTxtRecord, TEXT, value),
  CH_COLUMN (ChTxtRecord, TEXT, zone),
  CH_COLUMN (ChTxtRecord, INT, ours),
  CH_COLUMN_NICK (ChTxtRecord, state, ch_txt_state_get_type),
  CH_COLUMN (ChTxtRecord, INT64, due),
  CH_COLUMN (ChTxtRecord, UINT, failures),
  CH_COLUMN (ChTxtRecord, TEXT, reason),
  CH_COLUMN (ChTxtRecord, TEXT, token),
  CH_COLUMN (ChTxtRecord, INT64, created_at),
  { NULL },
};

const ChTable ch_table_txt_records = {
  .name = "txt_records",
  .noun = N_("TXT record"),
  .size = sizeof (ChTxtRecord),
  .columns = columns,
  .free = (GDestroyNotify) ch_txt_record_free,
};

gboolean
ch_store_add_txt_record (ChStore     *store,
                         ChTxtRecord *record,
                         GError     **error)
{
  return ch_table_insert (store, &ch_table_txt_records, record, error);
}

gboolean
ch_store_update_txt_record (ChStore           *store,
                            const ChTxtRecord *record,
                            GError           **error)
{
  return ch_table_update (store, &ch_table_txt_records, record, error);
}

gboolean
ch_store_remove_txt_record (ChStore *store,
                            gint64   id,
                            GError **error)
{
  return ch_table_remove (store, &ch_table_txt_records, id, error);
}

ChTxtRecord *
ch_store_get_txt_record (ChStore *store,
                         gint64   id,
                         GError **error)
{
  return ch_table_get (store, &ch_table_txt_records, id, error);
}

gboolean
ch_store_settle_txt_record (ChStore *store,
                            gint64   id,
                            GError **error)
{
  return ch_store_run (store, "UPDATE txt_records SET token = NULL WHERE id = ?1", CH_ARGS (CH_INT (id)), error);
}

GPtrArray *
ch_store_list_leftovers (ChStore *store,
                         gint64   after,
                         guint    limit,
                         GError **error)
{
  return ch_table_list (store, &ch_table_txt_records, "WHERE state = 'removing' AND id > ?1 ORDER BY id LIMIT ?2",
                        CH_ARGS (CH_INT (after), CH_INT (limit > 0 ? (gint64) limit : -1)), error);
}

GPtrArray *
ch_store_list_txt_records (ChStore *store,
                           gint64   order_id,
                           GError **error)
{
  if (order_id == 0)
    return ch_table_list (store, &ch_table_txt_records, "ORDER BY id", NULL, error);

  return ch_table_list (store, &ch_table_txt_records, "WHERE order_id = ?1 ORDER BY id",
                        CH_ARGS (CH_INT (order_id)), error);
}

GPtrArray *
ch_store_list_due_txt_records (ChStore *store,
                               gint64   now,
                               GError **error)
{
  return ch_table_list (store, &ch_table_txt_records,
                        "WHERE due > 0 AND due <= ?1 AND state = 'removing' ORDER BY due, id",
                        CH_ARGS (CH_INT (now)), error);
}
