/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChChallenge, INT64, id),
  CH_COLUMN (ChChallenge, ID, order_id),
  CH_COLUMN_NICK (ChChallenge, method, ch_dcv_method_get_type),
  CH_COLUMN (ChChallenge, TEXT, name),
  CH_COLUMN (ChChallenge, TEXT, location),
  CH_COLUMN (ChChallenge, TEXT, value),
  CH_COLUMN (ChChallenge, ID, dns_account_id),
  CH_COLUMN (ChChallenge, STRV, aliases),
  CH_COLUMN (ChChallenge, INT64, value_at),
  CH_COLUMN (ChChallenge, INT64, published_at),
  CH_COLUMN (ChChallenge, INT64, seen_at),
  CH_COLUMN (ChChallenge, TEXT, observed),
  { NULL },
};

const ChTable ch_table_challenges = {
  .name = "challenges",
  .noun = N_("challenge"),
  .size = sizeof (ChChallenge),
  .columns = columns,
  .free = (GDestroyNotify) ch_challenge_free,
};

gboolean
ch_store_set_challenges (ChStore   *store,
                         gint64     order_id,
                         GPtrArray *challenges,
                         GError   **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL
      || !ch_store_run (store, "DELETE FROM challenges WHERE order_id = ?1", CH_ARGS (CH_INT (order_id)),
                        error))
    return FALSE;

  for (guint i = 0; i < challenges->len; i++)
    {
      ChChallenge *challenge = g_ptr_array_index (challenges, i);

      challenge->order_id = order_id;
      if (!ch_table_insert (store, &ch_table_challenges, challenge, error))
        return FALSE;
    }

  return ch_store_transaction_commit (transaction, error);
}

gboolean
ch_store_update_challenge (ChStore           *store,
                           const ChChallenge *challenge,
                           GError           **error)
{
  return ch_table_update (store, &ch_table_challenges, challenge, error);
}

GPtrArray *
ch_store_list_challenges (ChStore *store,
                          gint64   order_id,
                          GError **error)
{
  return ch_table_list (store, &ch_table_challenges, "WHERE order_id = ?1 ORDER BY id",
                        CH_ARGS (CH_INT (order_id)), error);
}
