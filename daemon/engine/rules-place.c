/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/rules.h"

#include "lib/error.h"

#include <glib/gi18n.h>

/* How long a request that was sent may still be on its way at the CA: a placement that the CA
 * does not know yet is looked for once more after this time before it is sent again. */
#define SETTLE_SECONDS 10

ChMove
ch_rule_key_made (const ChOrder *order,
                  const ChFact  *fact,
                  gint64         now)
{
  return ch_move_to (order, CH_ORDER_STATE_QUEUED, CH_ORDER_STEP_SUBMIT, now, g_strdup (_("Waits to be sent to the CA")));
}

ChMove
ch_rule_key_failed (const ChOrder *order,
                    const ChFact  *fact,
                    gint64         now)
{
  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_INVALID))
    return ch_move_to_failed (order, g_strdup (fact->error->message));

  return ch_rule_try_again (order, fact, now);
}

/* The daemon writes “submitting” before it sends; so in “queued” nothing was sent. */
ChMove
ch_rule_submit_interrupted (const ChOrder *order,
                            const ChFact  *fact,
                            gint64         now)
{
  if (order->state != CH_ORDER_STATE_SUBMITTING)
    return ch_move_stay (order);

  return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_FIND, now,
                     g_strdup (_("The service stopped while it sent the order; asks the CA whether it arrived")));
}

ChMove
ch_rule_placed (const ChOrder *order,
                const ChFact  *fact,
                gint64         now)
{
  ChMove move;

  if (fact->ca->status == CH_CA_WAITING)
    move = ch_move_to_prove (order, now);
  else if (fact->ca->status == CH_CA_ISSUED)
    move = ch_move_to (order, CH_ORDER_STATE_VALIDATING, CH_ORDER_STEP_FETCH, now, NULL);
  else if (fact->ca->status == CH_CA_HELD)
    move = ch_rule_tracked (order, fact, now);
  else
    move = ch_move_to_status (order, fact->ca->status, fact->ca->status_text);

  move.event = "order.placed";
  return move;
}

/* What a person must mend first is tried again slowly: nothing was sent that could cost anything. */
static gboolean
person_can_mend (const GError *error)
{
  return g_error_matches (error, CH_ERROR, CH_ERROR_CREDENTIALS)
         || g_error_matches (error, CH_ERROR, CH_ERROR_FORBIDDEN)
         || g_error_matches (error, CH_ERROR, CH_ERROR_MONEY)
         || g_error_matches (error, CH_ERROR, CH_ERROR_TLS)
         || g_error_matches (error, CH_ERROR, CH_ERROR_VAULT)
         || g_error_matches (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

ChMove
ch_rule_submit_failed (const ChOrder *order,
                       const ChFact  *fact,
                       gint64         now)
{
  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME)
      || g_error_matches (fact->error, CH_ERROR, CH_ERROR_BAD_ANSWER))
    return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_FIND, now,
                       g_strdup_printf (_("No clear answer to the order; asks the CA whether it arrived. %s"),
                                        fact->error->message));

  if (!ch_error_is_retryable (fact->error) && !person_can_mend (fact->error))
    return ch_move_to_failed (order, g_strdup (fact->error->message));

  ChMove move = ch_rule_try_again (order, fact, now);
  move.state = CH_ORDER_STATE_QUEUED;
  return move;
}

ChMove
ch_rule_found (const ChOrder *order,
               const ChFact  *fact,
               gint64         now)
{
  switch (fact->ca->status)
    {
    case CH_CA_ISSUED:
    case CH_CA_HELD:
      return ch_rule_placed (order, fact, now);

    case CH_CA_WAITING:
      /* GlobalSign tells the validation value in the answer to the order and never again
       * (docs/globalsign.md, Ordering). Such an order cannot be proven; it has cost nothing yet. */
      if (fact->ca->txt_value == NULL && !fact->has_challenge)
        return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_WITHDRAW, now,
                           g_strdup_printf (_("The CA took the order as %s, but its validation value was lost with the answer; "
                                              "withdraws it unpaid and places it anew"), fact->ca->ca_order));
      return ch_rule_placed (order, fact, now);

    default:
      /* Ended at the CA before we knew of it: ours from a withdrawal that we did not see the end of. */
      return ch_rule_withdrawn (order, fact, now);
    }
}

ChMove
ch_rule_not_found (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  if (order->cancel_wanted && order->failures > 0)
    return ch_move_to_cancelled (order);

  if (order->failures == 0)
    {
      ChMove wait = ch_move_stay (order);

      wait.failures = 1;
      wait.due = now + SETTLE_SECONDS;
      return wait;
    }

  return ch_move_to (order, CH_ORDER_STATE_QUEUED, CH_ORDER_STEP_SUBMIT, now,
                     g_strdup (_("The CA has no such order; sends it again")));
}

ChMove
ch_rule_withdrawn (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  ChMove move = ch_move_to (order, CH_ORDER_STATE_QUEUED, CH_ORDER_STEP_SUBMIT, now,
                            g_strdup (_("The order without validation value is withdrawn; places it anew")));

  move.new_attempt = TRUE;
  move.event = "order.withdrawn";
  return move;
}

/* It may be issued or cancelled meanwhile: look before withdrawing again. */
ChMove
ch_rule_withdraw_failed (const ChOrder *order,
                         const ChFact  *fact,
                         gint64         now)
{
  ChMove move = ch_rule_try_again (order, fact, now);

  move.step = CH_ORDER_STEP_FIND;
  return move;
}
