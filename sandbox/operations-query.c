/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "dates.h"
#include "detail.h"

#include <stdlib.h>
#include <string.h>

typedef gint64 (*TimeOf) (const SbOrder *order);

static gint64
time_ordered (const SbOrder *order)
{
  return order->ordered;
}

static gint64
time_modified (const SbOrder *order)
{
  return order->modified;
}

void
sb_get_order_by_order_id (SbCall *call)
{
  SbDetail wanted = sb_detail_read (sb_find (call->request, "OrderQueryOption"));
  SbOrder *order = sb_call_order (call);

  /* OrderStatus does not filter here. */
  if (order != NULL)
    {
      sb_add_text (call->response, "OrderID", order->id);
      sb_add_order_detail (call, call->response, order, wanted);
    }

  sb_call_done (call);
}

/* A cut answer holds the oldest. */
static int
compare_times (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  TimeOf time_of = *(TimeOf *) user_data;
  const SbOrder *one = *(SbOrder *const *) a;
  const SbOrder *other = *(SbOrder *const *) b;
  gint64 difference = time_of (one) - time_of (other);

  if (difference == 0)
    difference = one->sequence - other->sequence;
  return difference < 0 ? -1 : difference > 0;
}

static GPtrArray *
find_orders (SbCall *call,
             TimeOf  time_of,
             gint64  from,
             gint64  to)
{
  GPtrArray *all = sb_state_orders (call->world->state);
  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *status = sb_text (call->request, "OrderQueryOption/OrderStatus");

  for (guint i = 0; i < all->len; i++)
    {
      SbOrder *order = g_ptr_array_index (all, i);
      gint64 time = time_of (order);

      if (strcmp (order->user, call->account->user) == 0 && time >= from && time <= to
          && (status == NULL || atoi (status) == order->status))
        g_ptr_array_add (found, order);
    }

  g_ptr_array_sort_with_data (found, compare_times, (gpointer) &time_of);
  return found;
}

static gboolean
limit_orders (SbCall    *call,
              GPtrArray *orders)
{
  if (orders->len <= call->world->settings.order_limit)
    return TRUE;
  if (call->world->settings.limit_is_error)
    return sb_call_fail (call, -4005, NULL);

  g_ptr_array_set_size (orders, call->world->settings.order_limit);
  return TRUE;
}

static gboolean
list_orders (SbCall *call,
             TimeOf  time_of)
{
  g_autofree char *from_text = sb_text (call->request, "FromDate");
  g_autofree char *to_text = sb_text (call->request, "ToDate");
  SbDetail wanted = sb_detail_read (sb_find (call->request, "OrderQueryOption"));
  gint64 from = 0, to = 0;

  if (!sb_date_parse (from_text, &from) || !sb_date_parse (to_text, &to) || from > to)
    return sb_call_fail (call, -105, "FromDate");

  g_autoptr(GPtrArray) orders = find_orders (call, time_of, from, to);
  if (!limit_orders (call, orders))
    return FALSE;

  sb_add_text (call->response, "FromDate", from_text);
  sb_add_text (call->response, "ToDate", to_text);
  if (orders->len == 0)
    {
      sb_add_nil (call->response, "OrderDetails");
      return TRUE;
    }

  xmlNode *list = sb_add (call->response, "OrderDetails");
  for (guint i = 0; i < orders->len; i++)
    sb_add_order_detail (call, list, g_ptr_array_index (orders, i), wanted);
  return TRUE;
}

void
sb_get_order_by_date_range (SbCall *call)
{
  list_orders (call, time_ordered);
  sb_call_done (call);
}

void
sb_get_modified_orders (SbCall *call)
{
  list_orders (call, time_modified);
  sb_call_done (call);
}
