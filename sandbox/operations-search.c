/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "dates.h"
#include "detail.h"
#include "subject.h"

#include <stdlib.h>
#include <string.h>

/* What a search asks for; %NULL and 0 match everything. */
typedef struct
{
  gint64 from;
  gint64 to;
  char *name;
  char *product;
  char *kind;
  char *status;
  char *sub_id;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->name);
  g_free (wish->product);
  g_free (wish->kind);
  g_free (wish->status);
  g_free (wish->sub_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gint64
read_date (SbCall     *call,
           const char *name,
           gint64      otherwise)
{
  g_autofree char *text = sb_text (call->request, name);
  gint64 time = otherwise;

  if (text != NULL)
    sb_date_parse (text, &time);
  return time;
}

static void
read_wish (SbCall     *call,
           Wish       *wish,
           const char *from,
           const char *to)
{
  wish->from = read_date (call, from, 0);
  wish->to = read_date (call, to, G_MAXINT64);
  wish->name = sb_text (call->request, "FQDN");
  wish->product = sb_text (call->request, "ProductCode");
  wish->kind = sb_text (call->request, "OrderKind");
  wish->status = sb_text (call->request, "OrderStatus");
  wish->sub_id = sb_text (call->request, "SubID");
}

static gboolean
is_wished (const Wish    *wish,
           const SbOrder *order,
           gint64         time)
{
  return time >= wish->from && time <= wish->to
         && (wish->name == NULL || g_ascii_strcasecmp (wish->name, order->common_name) == 0)
         && (wish->product == NULL || strcmp (wish->product, order->product) == 0)
         && (wish->kind == NULL || strcmp (wish->kind, order->kind) == 0)
         && (wish->status == NULL || atoi (wish->status) == order->status)
         && (wish->sub_id == NULL || g_strcmp0 (wish->sub_id, order->sub_id) == 0);
}

static void
add_row (SbCall        *call,
         xmlNode       *parent,
         const SbOrder *order)
{
  xmlNode *row = sb_add (parent, "SearchOrderDetail");
  g_autofree char *kind = sb_kind_of_answer (call, order);
  g_autofree char *ordered = sb_call_date (call, order->ordered);
  g_autofree char *issued = order->issued != 0 ? sb_call_date (call, order->issued) : NULL;
  g_autofree char *cancelled = order->cancelled != 0 ? sb_call_date (call, order->cancelled) : NULL;

  sb_add_text (row, "OrderID", order->id);
  sb_add_any (row, "BaseOption", order->base_option);
  sb_add_text (row, "ProductCode", sb_product_of_answer (call, order));
  sb_add_text (row, "OrderKind", kind);
  sb_add_int (row, "Licenses", order->licenses);
  sb_add_text (row, "OrderRequestDate", ordered);
  sb_add_any (row, "OrderIssueDate", issued);
  sb_add_any (row, "OrderCanceledDate", cancelled);
  sb_add_int (row, "OrderStatus", order->status);
  sb_add_text (row, "OrganizationName", sb_subject_organization (order));
  sb_add_int (row, "Months", order->months);
  sb_add_text (row, "SubId", order->sub_id);
  sb_add_text (row, "FQDN", order->common_name);
}

static gint64
time_ordered (const SbOrder *order)
{
  return order->ordered;
}

static gint64
time_of_end (const SbOrder *order)
{
  return order->certificate != NULL ? order->not_after : -1;
}

static void
search (SbCall     *call,
        const Wish *wish,
        gint64    (*time_of) (const SbOrder *order))
{
  GPtrArray *all = sb_state_orders (call->world->state);
  xmlNode *list = NULL;
  guint found = 0;

  for (guint i = 0; i < all->len; i++)
    {
      SbOrder *order = g_ptr_array_index (all, i);

      if (strcmp (order->user, call->account->user) != 0 || !is_wished (wish, order, time_of (order)))
        continue;
      if (found++ >= call->world->settings.order_limit)
        break;
      if (list == NULL)
        list = sb_add (call->response, "SearchOrderDetails");
      add_row (call, list, order);
    }

  if (found > call->world->settings.order_limit && call->world->settings.limit_is_error)
    sb_call_fail (call, -4005, NULL);
  else if (list == NULL)
    sb_add_nil (call->response, "SearchOrderDetails");
}

void
sb_get_certificate_orders (SbCall *call)
{
  g_auto(Wish) wish = { 0 };

  read_wish (call, &wish, "FromDate", "ToDate");
  search (call, &wish, time_ordered);
  sb_call_done (call);
}

void
sb_get_order_by_expiration_date (SbCall *call)
{
  g_auto(Wish) wish = { 0 };

  read_wish (call, &wish, "ExpirationFromDate", "ExpirationToDate");
  search (call, &wish, time_of_end);
  sb_call_done (call);
}
