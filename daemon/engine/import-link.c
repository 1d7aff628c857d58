/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* A renewal and what it renews may come in either order. */

static gboolean
link_pair (ChImportTurn  *turn,
           ChOrder       *renewal,
           ChOrder       *order,
           GError       **error)
{
  renewal->renews_id = order->id;
  if (!ch_store_update_order (turn->world->store, renewal, error))
    return FALSE;

  ch_import_tell (turn, renewal->id, CH_CHANGE_CHANGED);
  ch_import_tell (turn, order->id, CH_CHANGE_CHANGED);
  if (renewal->issued_at == 0 || order->replace_at == 0)
    return TRUE;

  /* It has its successor. */
  order->replace_at = 0;
  g_free (order->reason);
  order->reason = g_strdup_printf (_("Renewed by order %" PRId64), renewal->id);
  return ch_store_update_order (turn->world->store, order, error);
}

static gboolean
link_predecessor (ChImportTurn  *turn,
                  ChOrder       *order,
                  GError       **error)
{
  g_autoptr(ChOrder) before = NULL;

  if (order->renews_ca == NULL || order->renews_id != 0)
    return TRUE;
  if (!ch_store_find_order_of_number (turn->world->store, turn->account_id, order->renews_ca, &before, error))
    return FALSE;

  return before == NULL || before->id == order->id || link_pair (turn, order, before, error);
}

gboolean
ch_import_link (ChImportTurn  *turn,
                ChOrder       *order,
                const char    *ca_order,
                GError       **error)
{
  ChStore *store = turn->world->store;
  g_autoptr(GPtrArray) renewals = link_predecessor (turn, order, error)
    ? ch_store_list_unlinked_renewals (store, turn->account_id, ca_order, error) : NULL;

  for (guint i = 0; renewals != NULL && i < renewals->len; i++)
    {
      ChOrder *renewal = g_ptr_array_index (renewals, i);

      if (renewal->id != order->id && !link_pair (turn, renewal, order, error))
        return FALSE;
    }

  return renewals != NULL;
}

/* Nothing that is under way here, or that a person ordered here. */
static gboolean
may_merge (ChImportTurn   *turn,
           const ChOrder  *order)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (turn->world->store, order->id, NULL);

  return order->imported_at != 0 && order->step == CH_ORDER_STEP_NONE && records != NULL && records->len == 0;
}

gboolean
ch_import_absorb (ChImportTurn  *turn,
                  ChOrder       *order,
                  const char    *ca_order,
                  GError       **error)
{
  ChStore *store = turn->world->store;
  g_autoptr(ChOrder) other = NULL;

  if (!ch_store_find_order_of_number (store, turn->account_id, ca_order, &other, error))
    return FALSE;
  if (other != NULL && (other->id == order->id || !may_merge (turn, other)))
    return TRUE;

  if (other != NULL)
    {
      order->kind = other->kind;
      order->term_end = MIN (order->term_end, other->term_end);
      order->placed_at = MIN (order->placed_at, other->placed_at);
      if (order->renews_ca == NULL)
        order->renews_ca = g_steal_pointer (&other->renews_ca);
      if (order->note == NULL)
        order->note = g_steal_pointer (&other->note);
      if (order->renews_id == 0)
        order->renews_id = other->renews_id;
      ch_import_tell (turn, other->id, CH_CHANGE_REMOVED);
      if (!ch_store_merge_orders (store, other->id, order->id, error))
        return FALSE;
    }

  return ch_store_note_number (store, turn->account_id, ca_order, order->id, error);
}
