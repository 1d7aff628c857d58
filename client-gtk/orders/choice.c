/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/choice.h"

GArray *
ch_choice_get (GtkSelectionModel *selection,
               ChOrderModel      *orders)
{
  g_autoptr(GtkBitset) chosen = gtk_selection_model_get_selection (selection);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, chosen, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      guint64 id = ch_order_model_get_id (orders, position);

      g_array_append_val (ids, id);
    }

  return ids;
}

void
ch_choice_set (GtkSelectionModel *selection,
               ChOrderModel      *orders,
               GArray            *ids)
{
  g_autoptr(GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr(GtkBitset) chosen = gtk_bitset_new_empty ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (orders));
  g_autoptr(GtkBitset) all = gtk_bitset_new_range (0, n);

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (wanted, &g_array_index (ids, guint64, i));
  for (guint i = 0; i < n; i++)
    {
      guint64 id = ch_order_model_get_id (orders, i);

      if (g_hash_table_contains (wanted, &id))
        gtk_bitset_add (chosen, i);
    }

  gtk_selection_model_set_selection (selection, chosen, all);
}
