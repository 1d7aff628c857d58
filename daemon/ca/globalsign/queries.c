/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/windows.h"

#include <glib/gi18n.h>

/* ---- what is asked for ---- */

void
ch_gs_add_options (xmlNode    *request,
                   ChGsDetail  detail,
                   int         order_status)
{
  if (detail == CH_GS_DETAIL_NONE)
    return;

  xmlNode *option = ch_soap_open (request, "OrderQueryOption");
  g_autofree char *status = order_status != 0 ? g_strdup_printf ("%d", order_status) : NULL;

  ch_soap_add (option, "OrderStatus", status);
  ch_soap_add (option, "ReturnOrderOption", "true");
  ch_soap_add (option, "ReturnCertificateInfo", "true");
  if (detail == CH_GS_DETAIL_WHOLE)
    {
      ch_soap_add (option, "ReturnFulfillment", "true");
      ch_soap_add (option, "ReturnCACerts", "true");
      ch_soap_add (option, "ReturnOriginalCSR", "true");
      ch_soap_add (option, "ReturnSANEntries", "true");
    }
}

/* ---- one order ---- */

ChCaOrder *
ch_gs_fetch (const ChCaAccess  *access,
             const char        *ca_order,
             GCancellable      *cancellable,
             GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "GetOrderByOrderID", CH_GS_QUERY_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  ch_gs_add_options (request, CH_GS_DETAIL_WHOLE, 0);

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_QUERIES, request, cancellable, error);
  if (reply == NULL)
    return NULL;

  g_autoptr(ChCaOrder) order = ch_gs_read_detail (ch_soap_find (reply->response, "OrderDetail"), TRUE);
  if (order == NULL || !g_str_equal (order->ca_order, ca_order))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("GlobalSign's answer does not say how order “%s” stands"),
                    ca_order);
      return NULL;
    }

  return g_steal_pointer (&order);
}

/* ---- many orders ---- */

typedef struct
{
  const char *entry;
  GPtrArray *orders;        /* (element-type ChCaOrder) */
  GHashTable *seen;         /* (element-type utf8) (not owned): numbers in @orders */
} Collection;

/* A #ChGsTake. */
static gboolean
collect (const xmlNode *list,
         gint64         from,
         gint64         to,
         gpointer       data,
         GError       **error)
{
  Collection *collection = data;
  gboolean is_row = g_str_equal (collection->entry, "SearchOrderDetail");

  for (const xmlNode *entry = NULL; (entry = ch_soap_next (list, entry, collection->entry)) != NULL;)
    {
      g_autoptr(ChCaOrder) order = is_row ? ch_gs_read_row (entry) : ch_gs_read_detail (entry, FALSE);

      if (order != NULL && g_hash_table_add (collection->seen, order->ca_order))
        g_ptr_array_add (collection->orders, g_steal_pointer (&order));
    }

  return TRUE;
}

GPtrArray *
ch_gs_list (const ChGsQuery *query,
            gint64           from,
            gint64           to,
            GError         **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_ca_order_free);
  Collection collection = { query->entry, orders, seen };
  ChGsQuery whole = *query;

  whole.take = collect;
  whole.data = &collection;
  return ch_gs_walk (&whole, from, to, error) ? g_steal_pointer (&orders) : NULL;
}

/* Tells also what was done to an issued order elsewhere: revoked, cancelled, approved. */
GPtrArray *
ch_gs_list_changed (const ChCaAccess  *access,
                    gint64             from,
                    gint64             to,
                    GCancellable      *cancellable,
                    GError           **error)
{
  ChGsQuery query = {
    .access = access,
    .cancellable = cancellable,
    .operation = "GetModifiedOrders",
    .list = "OrderDetails",
    .entry = "OrderDetail",
    .detail = CH_GS_DETAIL_STATE,
  };

  return ch_gs_list (&query, from, to, error);
}
