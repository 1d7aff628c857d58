/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"

#include <glib/gi18n.h>

/* No query gives more orders than this (docs/globalsign.md, Queries). */
#define ROWS_MAX 500

/* Nobody has that many windows of orders: a server that ignores the dates must not be asked for ever. */
#define ASKS_MAX 1000

/* The dates of answers have the account's offset, and some were seen on a 12-hour clock (docs/globalsign.md, Dates). */
#define MARGIN (24 * 60 * 60)

#define ORDER_DETAILS "OrderDetails", "OrderDetail"
#define SEARCH_DETAILS "SearchOrderDetails", "SearchOrderDetail"

/* ---- one order ---- */

ChCaOrder *
ch_gs_fetch (const ChCaAccess  *access,
             const char        *ca_order,
             GCancellable      *cancellable,
             GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "GetOrderByOrderID", CH_GS_QUERY_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  xmlNode *option = ch_soap_open (request, "OrderQueryOption");
  ch_soap_add (option, "ReturnCertificateInfo", "true");
  ch_soap_add (option, "ReturnFulfillment", "true");
  ch_soap_add (option, "ReturnCACerts", "true");

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_QUERIES, request, cancellable, error);
  if (reply == NULL)
    return NULL;

  g_autoptr(ChCaOrder) order = ch_gs_read_detail (ch_soap_find (reply->response, "OrderDetail"));
  if (order == NULL || !g_str_equal (order->ca_order, ca_order))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("GlobalSign's answer does not say how order “%s” stands"),
                    ca_order);
      return NULL;
    }

  return g_steal_pointer (&order);
}

/* ---- many orders ---- */

/* A query over a time, asked in as many windows as it takes. */
typedef struct
{
  const ChCaAccess *access;
  GCancellable *cancellable;
  const char *operation;
  const char *sub_id;       /* (nullable): only those */
  const char *list;
  const char *entry;
  guint asks;
  GHashTable *seen;         /* (element-type utf8) (not owned): numbers in @orders */
  GPtrArray *orders;        /* (element-type ChCaOrder) (owned by the caller) */
} Query;

static ChSoapReply *
ask_window (Query   *query,
            gint64   from,
            gint64   to,
            GError **error)
{
  xmlNode *request = ch_gs_request_new (query->access, query->operation, CH_GS_QUERY_HEADER);
  g_autofree char *from_date = ch_soap_date (from);
  g_autofree char *to_date = ch_soap_date (to);

  ch_soap_add (request, "FromDate", from_date);
  ch_soap_add (request, "ToDate", to_date);
  ch_soap_add (request, "SubID", query->sub_id);

  query->asks++;
  return ch_gs_call (query->access, CH_GS_QUERIES, request, query->cancellable, error);
}

static guint
count (const xmlNode *list,
       const char    *name)
{
  guint n = 0;

  for (const xmlNode *entry = NULL; (entry = ch_soap_next (list, entry, name)) != NULL;)
    n++;

  return n;
}

static void
take_rows (Query         *query,
           const xmlNode *list)
{
  gboolean is_row = g_str_equal (query->entry, "SearchOrderDetail");

  for (const xmlNode *entry = NULL; (entry = ch_soap_next (list, entry, query->entry)) != NULL;)
    {
      g_autoptr(ChCaOrder) order = is_row ? ch_gs_read_row (entry) : ch_gs_read_detail (entry);

      if (order != NULL && g_hash_table_add (query->seen, order->ca_order))
        g_ptr_array_add (query->orders, g_steal_pointer (&order));
    }
}

/* Nobody knows whether a list that is too long is cut or refused (docs/globalsign.md, Queries): both are split. */
static gboolean
is_too_much (const Query       *query,
             const ChSoapReply *reply)
{
  if (reply->success < 0)
    return reply->code == CH_GS_CODE_LOGICAL_LIMIT || reply->code == CH_GS_CODE_NOT_PROCESSED;

  return count (ch_soap_find (reply->response, query->list), query->entry) >= ROWS_MAX;
}

static gboolean
collect (Query   *query,
         gint64   from,
         gint64   to,
         GError **error)
{
  if (query->asks >= ASKS_MAX)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("GlobalSign gives %d orders and more for any time that is asked for"), ROWS_MAX);

  g_autoptr(ChSoapReply) reply = ask_window (query, from, to, error);
  if (reply == NULL)
    return FALSE;

  if (is_too_much (query, reply) && from < to)
    {
      gint64 middle = from + (to - from) / 2;

      g_clear_pointer (&reply, ch_soap_reply_free);
      return collect (query, from, middle, error) && collect (query, middle + 1, to, error);
    }

  if (!ch_gs_check (query->access, reply, error))
    return FALSE;

  take_rows (query, ch_soap_find (reply->response, query->list));
  return TRUE;
}

static GPtrArray *
run (Query   *query,
     gint64   from,
     gint64   to,
     GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_ca_order_free);

  query->seen = seen;
  query->orders = orders;
  return collect (query, from, to, error) ? g_steal_pointer (&orders) : NULL;
}

GPtrArray *
ch_gs_list_changed (const ChCaAccess  *access,
                    gint64             from,
                    gint64             to,
                    GCancellable      *cancellable,
                    GError           **error)
{
  Query query = { access, cancellable, "GetModifiedOrders", NULL, ORDER_DETAILS };

  return run (&query, from, to, error);
}

/* ---- the order that was placed with a key of ours ---- */

/* Of several, one that lives; then the newest. */
static gboolean
is_better (const ChCaOrder *one,
           const ChCaOrder *other)
{
  gboolean lives = one->status <= CH_CA_ISSUED;
  gboolean other_lives = other->status <= CH_CA_ISSUED;

  return lives != other_lives ? lives : one->ordered_at > other->ordered_at;
}

static const ChCaOrder *
best_with_key (GPtrArray  *orders,
               const char *own_key)
{
  const ChCaOrder *best = NULL;

  for (guint i = 0; i < orders->len; i++)
    {
      const ChCaOrder *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->own_key, own_key) == 0 && (best == NULL || is_better (order, best)))
        best = order;
    }

  return best;
}

/* “Not found” lets an order be placed and paid again, so no code of the CA may say it here, only our own look
 * through whole lists. */
static void
never_not_found (GError **error)
{
  if (g_error_matches (*error, CH_ERROR, CH_ERROR_NOT_FOUND))
    (*error)->code = CH_ERROR_BAD_ANSWER;
}

/* @number: (out) (nullable): of the order with @own_key, %NULL when there is none */
static gboolean
find_number (Query       *query,
             const char  *own_key,
             gint64       since,
             char       **number,
             GError     **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr(GPtrArray) orders = run (query, MAX (since - MARGIN, 0), MAX (now, since) + MARGIN, error);

  if (orders == NULL)
    return FALSE;

  const ChCaOrder *best = best_with_key (orders, own_key);
  *number = best != NULL ? g_strdup (best->ca_order) : NULL;
  return TRUE;
}

/* When the query by SubID finds nothing, one that does not go by SubID must agree. */
ChCaOrder *
ch_gs_find (const ChCaAccess  *access,
            const char        *own_key,
            gint64             since,
            GCancellable      *cancellable,
            GError           **error)
{
  Query by_key = { access, cancellable, "GetCertificateOrders", own_key, SEARCH_DETAILS };
  Query by_date = { access, cancellable, "GetOrderByDateRange", NULL, ORDER_DETAILS };
  g_autoptr(GError) cause = NULL;
  g_autoptr(ChCaOrder) order = NULL;
  g_autofree char *number = NULL;
  gboolean asked = find_number (&by_key, own_key, since, &number, &cause);

  if (asked && number == NULL)
    asked = find_number (&by_date, own_key, since, &number, &cause);
  if (number != NULL)
    order = ch_gs_fetch (access, number, cancellable, &cause);

  never_not_found (&cause);
  if (asked && number == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("GlobalSign has no order with our key “%s”"), own_key);
  else if (order == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));

  return g_steal_pointer (&order);
}
