/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/windows.h"

#include <glib/gi18n.h>

/* Looking for an order whose answer was lost. */

/* The dates of answers have the account's offset, and some were seen on a 12-hour clock (docs/globalsign.md, Dates). */
#define MARGIN (24 * 60 * 60)

/* “Not found” lets an order be placed and paid again, so no code of the CA may say it here, only our own look
 * through whole lists. */
static void
never_not_found (GError **error)
{
  if (g_error_matches (*error, CH_ERROR, CH_ERROR_NOT_FOUND))
    (*error)->code = CH_ERROR_BAD_ANSWER;
}

static gboolean
lives (const ChCaOrder *order)
{
  return order->status <= CH_CA_ISSUED;
}

/* Of several, one that lives; then the newest. */
static gboolean
is_better (const ChCaOrder *one,
           const ChCaOrder *other)
{
  return other == NULL || (lives (one) != lives (other) ? lives (one) : one->ordered_at > other->ordered_at);
}

static GPtrArray *
list_since (const ChGsQuery *query,
            gint64           since,
            GError         **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return ch_gs_list (query, MAX (since - MARGIN, 0), MAX (now, since) + MARGIN, error);
}

/* The order with @number as it stands; @number is %NULL when whole lists do not have it. */
static ChCaOrder *
fetch_found (const ChGsQuery *query,
             const char      *number,
             GError         **error)
{
  g_autoptr(GError) cause = NULL;
  ChCaOrder *order = ch_gs_fetch (query->access, number, query->cancellable, &cause);

  never_not_found (&cause);
  if (order == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return order;
}

static gboolean
keep_cause (GError **cause,
            GError **error)
{
  never_not_found (cause);
  g_propagate_error (error, g_steal_pointer (cause));
  return FALSE;
}

/* ---- the order that was placed with a key of ours ---- */

static const ChCaOrder *
best_with_key (GPtrArray  *orders,
               const char *own_key)
{
  const ChCaOrder *best = NULL;

  for (guint i = 0; i < orders->len; i++)
    {
      const ChCaOrder *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->own_key, own_key) == 0 && is_better (order, best))
        best = order;
    }

  return best;
}

/* @number: (out) (nullable): of the order with @own_key, %NULL when there is none */
static gboolean
find_number (const ChGsQuery *query,
             const char      *own_key,
             gint64           since,
             char           **number,
             GError         **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GPtrArray) orders = list_since (query, since, &cause);

  if (orders == NULL)
    return keep_cause (&cause, error);

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
  ChGsQuery by_key = {
    .access = access, .cancellable = cancellable, .operation = "GetCertificateOrders", .sub_id = own_key,
    .list = "SearchOrderDetails", .entry = "SearchOrderDetail", .strict = TRUE,
  };
  ChGsQuery by_date = {
    .access = access, .cancellable = cancellable, .operation = "GetOrderByDateRange",
    .list = "OrderDetails", .entry = "OrderDetail", .strict = TRUE,
  };
  g_autofree char *number = NULL;

  if (!find_number (&by_key, own_key, since, &number, error)
      || (number == NULL && !find_number (&by_date, own_key, since, &number, error)))
    return NULL;

  if (number == NULL)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("GlobalSign has no order with our key “%s”"), own_key);
      return NULL;
    }

  return fetch_found (&by_date, number, error);
}

/* ---- the order that replaces another one ---- */

static const ChCaOrder *
best_reissue (GPtrArray  *orders,
              const char *ca_order)
{
  const ChCaOrder *best = NULL;

  for (guint i = 0; i < orders->len; i++)
    {
      const ChCaOrder *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->reissues, ca_order) == 0 && lives (order) && is_better (order, best))
        best = order;
    }

  return best;
}

/* The newest of the chain: one reissue of ours can make two orders (docs/globalsign.md, Reissue). */
static const ChCaOrder *
last_reissue (GPtrArray  *orders,
              const char *ca_order)
{
  const ChCaOrder *last = NULL;

  for (guint steps = 0; steps <= orders->len; steps++)
    {
      const ChCaOrder *next = best_reissue (orders, last != NULL ? last->ca_order : ca_order);

      if (next == NULL)
        break;
      last = next;
    }

  return last;
}

ChCaOrder *
ch_gs_find_reissue (const ChCaAccess  *access,
                    const char        *ca_order,
                    gint64             since,
                    GCancellable      *cancellable,
                    GError           **error)
{
  ChGsQuery query = {
    .access = access, .cancellable = cancellable, .operation = "GetOrderByDateRange",
    .list = "OrderDetails", .entry = "OrderDetail", .strict = TRUE,
  };
  g_autoptr(GError) cause = NULL;
  g_autoptr(GPtrArray) orders = list_since (&query, since, &cause);

  if (orders == NULL)
    {
      keep_cause (&cause, error);
      return NULL;
    }

  const ChCaOrder *last = last_reissue (orders, ca_order);
  if (last == NULL)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("GlobalSign has no order that replaces “%s”"), ca_order);
      return NULL;
    }

  return fetch_found (&query, last->ca_order, error);
}
