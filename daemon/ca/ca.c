/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca/ca.h"

void
ch_ca_order_free (ChCaOrder *order)
{
  if (order == NULL)
    return;

  g_free (order->ca_order);
  g_free (order->own_key);
  g_free (order->common_name);
  g_free (order->status_text);
  g_free (order->value);
  g_strfreev (order->locations);
  g_free (order->approver);
  g_free (order->page);
  g_free (order->price);
  g_free (order->certificate);
  g_strfreev (order->chain);
  g_free (order->csr);
  g_strfreev (order->names);
  g_free (order->renews);
  g_free (order->reissues);
  g_clear_pointer (&order->contact, g_hash_table_unref);
  g_clear_pointer (&order->organization, g_hash_table_unref);
  g_free (order);
}

void
ch_ca_preview_free (ChCaPreview *preview)
{
  g_free (preview->price);
  g_clear_pointer (&preview->csr, g_hash_table_unref);
  g_clear_pointer (&preview->certificate, g_hash_table_unref);
  g_clear_pointer (&preview->problems, g_ptr_array_unref);
  g_free (preview);
}
