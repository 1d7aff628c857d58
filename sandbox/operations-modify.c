/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include <string.h>

#define DAY_MS (24 * 3600 * (gint64) 1000)
#define OPERATION "ModifyOrderOperation"

/* Copies of the orders before @order in its chain of reissues whose money goes back, and the sum. */
static gint64
refund_chain (SbCall    *call,
              SbOrder   *order,
              GPtrArray *changed)
{
  gint64 sum = order->price;

  order->price = 0;
  for (const char *id = order->reissue_of; id != NULL;)
    {
      SbOrder *before = sb_state_order (call->world->state, id);

      id = before != NULL ? before->reissue_of : NULL;
      if (before == NULL || before->price == 0)
        continue;
      g_ptr_array_add (changed, sb_order_copy (before));
      SbOrder *copy = g_ptr_array_index (changed, changed->len - 1);
      sum += copy->price;
      copy->price = 0;
    }

  return sum;
}

static gboolean
cancel_order (SbCall    *call,
              SbOrder   *order,
              GPtrArray *changed,
              gint64    *refund)
{
  gboolean is_issued = order->status == SB_STATUS_ISSUED;

  if (is_issued && call->now - order->first_issued > call->world->settings.refund_days * DAY_MS)
    return sb_call_fail (call, -4005, OPERATION);

  order->status = is_issued ? SB_STATUS_CANCELLED_AFTER_ISSUE : SB_STATUS_CANCELLED;
  order->issue_due = 0;
  sb_order_note (order, "ORDER_CANCELLED", call->now);

  /* An open reissue that is given up leaves the order before it as it was. */
  *refund = is_issued ? refund_chain (call, order, changed) : order->price;
  order->price = 0;
  return TRUE;
}

static gboolean
revoke_order (SbCall  *call,
              SbOrder *order)
{
  gint64 delay = call->world->settings.revocation_delay;

  if (order->status != SB_STATUS_ISSUED)
    return sb_call_fail (call, -4005, OPERATION);

  order->status = delay > 0 ? SB_STATUS_REVOKING : SB_STATUS_REVOKED;
  order->revoke_due = delay > 0 ? call->now + delay : 0;
  sb_order_note (order, delay > 0 ? "REVOKE_REQUEST" : "CERTIFICATE_REVOKED", call->now);
  return TRUE;
}

static gboolean
can_be_modified (SbCall        *call,
                 const SbOrder *order,
                 const char    *operation)
{
  switch (order->status)
    {
    case SB_STATUS_INITIAL:
    case SB_STATUS_PHISHING_CHECK:
      return TRUE;
    case SB_STATUS_ISSUED:
      /* Each certificate of a chain can be revoked, but the money goes back with the newest only. */
      return strcmp (operation, "CANCEL") != 0 || sb_state_reissue (call->world->state, order->id) == NULL
             || sb_call_fail (call, -9938, "OrderID");
    case SB_STATUS_REVOKING:
    case SB_STATUS_REVOKED:
      return sb_call_fail (call, -9938, "OrderID");
    default:
      return sb_call_fail (call, -9915, "OrderID");
    }
}

static gboolean
modify (SbCall        *call,
        const SbOrder *order)
{
  g_autofree char *operation = sb_text (call->request, OPERATION);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  g_autoptr(GError) error = NULL;
  SbOrder *next = sb_order_copy (order);
  gint64 refund = 0;

  g_ptr_array_add (changed, next);
  next->cancelled = call->now;
  if (!can_be_modified (call, order, operation))
    return FALSE;
  if (strcmp (operation, "APPROVE") == 0) /* for others than resellers */
    return sb_call_fail (call, -9200, OPERATION);
  if (strcmp (operation, "CANCEL") == 0 ? !cancel_order (call, next, changed, &refund) : !revoke_order (call, next))
    return FALSE;
  if (!sb_state_commit_all (call->world->state, changed, -refund, &error))
    return sb_call_fail_internally (call, error);

  sb_add_text (call->response, "OrderID", call->order_id);
  return TRUE;
}

void
sb_modify_order (SbCall *call)
{
  SbOrder *order = sb_call_order (call);

  if (order != NULL)
    modify (call, order);
  sb_call_done (call);
}
