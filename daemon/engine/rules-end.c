/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/rules.h"

#include "lib/error.h"

#include <glib/gi18n.h>

ChMove
ch_move_to_cancel (const ChOrder *order,
                   gint64         now)
{
  ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_CANCEL, now, g_strdup (_("Is being cancelled at the CA")));

  move.cancel_wanted = TRUE;
  return move;
}

ChMove
ch_move_to_cancelled (const ChOrder *order)
{
  ChMove move = ch_move_to (order, CH_ORDER_STATE_CANCELLED, CH_ORDER_STEP_NONE, 0, g_strdup (_("Cancelled as asked")));

  move.cancel_wanted = FALSE;
  move.clean = TRUE;
  move.event = "order.cancelled";
  return move;
}

ChMove
ch_move_to_failed (const ChOrder *order,
                   char          *reason)
{
  ChMove move = ch_move_to (order, CH_ORDER_STATE_FAILED, CH_ORDER_STEP_NONE, 0, reason);

  move.cancel_wanted = FALSE;
  move.clean = TRUE;
  move.event = "order.failed";
  return move;
}

ChMove
ch_move_to_status (const ChOrder *order,
                   ChCaStatus     status,
                   const char    *text)
{
  static const struct
  {
    ChCaStatus status;
    ChOrderState state;
    const char *event;
    const char *reason;
  } ends[] = {
    { CH_CA_CANCELLED, CH_ORDER_STATE_CANCELLED, "order.cancelled", N_("Was cancelled at the CA") },
    { CH_CA_REVOKED, CH_ORDER_STATE_REVOKED, "order.revoked", N_("The certificate was revoked at the CA") },
    { CH_CA_REJECTED, CH_ORDER_STATE_REJECTED, "order.rejected", N_("The CA rejected the order") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i].status == status)
      {
        ChMove move = ch_move_to (order, ends[i].state, CH_ORDER_STEP_NONE, 0,
                                  text != NULL ? g_strdup_printf ("%s: %s", _(ends[i].reason), text) : g_strdup (_(ends[i].reason)));
        move.cancel_wanted = FALSE;
        move.clean = TRUE;
        move.event = ends[i].event;
        return move;
      }

  return ch_move_stay (order);
}

/* What may be under way at the CA is looked for first; grant_cancel() in the machine does the rest. */
ChMove
ch_rule_cancel_asked (const ChOrder *order,
                      const ChFact  *fact,
                      gint64         now)
{
  ChMove move = ch_move_stay (order);

  move.cancel_wanted = TRUE;
  if (order->state == CH_ORDER_STATE_SUBMITTING
      || (order->state == CH_ORDER_STATE_REISSUING && order->step == CH_ORDER_STEP_SUBMIT && order->due == 0))
    {
      move.step = CH_ORDER_STEP_FIND;
      move.due = now;
    }

  return move;
}

/* Somebody did something elsewhere, such as in the CA's portal. What is under way here finds out by itself. */
ChMove
ch_rule_mentioned (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  gboolean waits = order->step != CH_ORDER_STEP_NONE && order->due != 0 && order->state == CH_ORDER_STATE_VALIDATING;
  gboolean in_force = order->issued_at != 0 && g_strcmp0 (fact->ca->ca_order, order->reissues_ca != NULL ? order->reissues_ca : order->ca_order) == 0;
  gboolean ended = fact->ca->status == CH_CA_REVOKED || fact->ca->status == CH_CA_CANCELLED;

  if (in_force && ended)
    return ch_move_to_status (order, fact->ca->status, fact->ca->status_text);
  if (waits && fact->ca->status != CH_CA_WAITING)
    return ch_move_to (order, order->state, CH_ORDER_STEP_FETCH, now, g_strdup (_("Something changed at the CA; asks how the order stands")));

  return ch_move_stay (order);
}

ChMove
ch_rule_retry_asked (const ChOrder *order,
                     const ChFact  *fact,
                     gint64         now)
{
  if (order->state == CH_ORDER_STATE_FAILED)
    {
      ChOrderStep step = order->csr == NULL ? CH_ORDER_STEP_MAKE_KEY : CH_ORDER_STEP_SUBMIT;

      if (order->ca_order != NULL)
        return ch_move_to_prove (order, now);

      return ch_move_to (order, CH_ORDER_STATE_QUEUED, step, now, g_strdup (_("Tried again as asked")));
    }

  ChMove move = ch_move_stay (order);

  /* What is under way (no due time) must be known to be so if the service dies now. */
  if (order->step != CH_ORDER_STEP_NONE && order->due != 0)
    move.due = now;
  return move;
}

/* What is on its way is awaited; grant_anew() in the machine does the rest. */
ChMove
ch_rule_anew_asked (const ChOrder *order,
                    const ChFact  *fact,
                    gint64         now)
{
  ChMove move = ch_move_stay (order);

  move.anew = TRUE;
  if (order->step != CH_ORDER_STEP_NONE && order->due != 0)
    move.due = now;
  return move;
}

ChMove
ch_rule_cancelled (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  return ch_move_to_cancelled (order);
}

ChMove
ch_rule_cancel_failed (const ChOrder *order,
                       const ChFact  *fact,
                       gint64         now)
{
  ChMove move = ch_rule_try_again (order, fact, now);

  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_CA_REFUSED))
    {
      /* The CA says no for good: the order goes on as it stands there. */
      g_autofree char *why = g_steal_pointer (&move.reason);

      move.cancel_wanted = FALSE;
      move.step = order->state == CH_ORDER_STATE_ISSUED ? CH_ORDER_STEP_NONE : CH_ORDER_STEP_FETCH;
      move.due = move.step == CH_ORDER_STEP_NONE ? 0 : now;
      move.reason = g_strdup_printf (_("The CA does not cancel it: %s"), why);
      move.event = "order.not-cancelled";
    }

  return move;
}

/* Revoking may be repeated without harm, so an interrupted one needs no look first. */
ChMove
ch_rule_revoke_asked (const ChOrder *order,
                      const ChFact  *fact,
                      gint64         now)
{
  return ch_move_to (order, order->state, CH_ORDER_STEP_REVOKE, now, g_strdup (_("Is being revoked at the CA")));
}

ChMove
ch_rule_revoked (const ChOrder *order,
                 const ChFact  *fact,
                 gint64         now)
{
  ChMove move = ch_move_to (order, CH_ORDER_STATE_REVOKED, CH_ORDER_STEP_NONE, 0, g_strdup (_("Revoked as asked")));

  move.cancel_wanted = FALSE;
  move.clean = TRUE;
  move.event = "order.revoked";
  return move;
}

ChMove
ch_rule_revoke_failed (const ChOrder *order,
                       const ChFact  *fact,
                       gint64         now)
{
  ChMove move = ch_rule_try_again (order, fact, now);

  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_CA_REFUSED))
    {
      g_autofree char *why = g_steal_pointer (&move.reason);

      move.step = CH_ORDER_STEP_NONE;
      move.due = 0;
      move.reason = g_strdup_printf (_("The CA does not revoke it: %s"), why);
      move.event = "order.not-revoked";
    }

  return move;
}

ChMove
ch_rule_ended (const ChOrder *order,
               const ChFact  *fact,
               gint64         now)
{
  if (order->state != CH_ORDER_STATE_ISSUED && order->state != CH_ORDER_STATE_RENEWING)
    return ch_move_stay (order);

  ChMove move = ch_move_to (order, CH_ORDER_STATE_EXPIRED, CH_ORDER_STEP_NONE, 0,
                            g_strdup (_("The certificate and the term that was paid for have ended")));

  move.clean = TRUE;
  move.event = "order.expired";
  return move;
}
