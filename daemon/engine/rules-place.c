/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/rules.h"

#include "engine/proof.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* How long a request that was sent may still be on its way at the CA: a placement whose answer did not come is
 * looked for this long after before it is sent again. */
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

/* The daemon writes “submitting” before it sends; so in “queued” nothing was sent. A reissue that has no due time is
 * under way. */
ChMove
ch_rule_submit_interrupted (const ChOrder *order,
                            const ChFact  *fact,
                            gint64         now)
{
  if (order->state != CH_ORDER_STATE_SUBMITTING && (order->state != CH_ORDER_STATE_REISSUING || order->due != 0))
    return ch_move_stay (order);

  return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_FIND, now,
                     g_strdup (_("The service stopped while it sent the order; asks the CA whether it arrived")));
}

/* GlobalSign tells the validation value in the answer to the order and never again
 * (docs/globalsign.md, Ordering). Such an order cannot be proven; it has cost nothing yet. A reissue whose answer came
 * without one is not withdrawn: the next would come without it, too. */
static ChMove
do_without_value (const ChOrder *order,
                  const ChFact  *fact,
                  gint64         now)
{
  if ((order->reissues_ca != NULL && fact->kind == CH_FACT_PLACED) || ch_order_is_others (order))
    return ch_rule_tracked (order, fact, now);

  return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_WITHDRAW, now,
                     g_strdup_printf (_("The CA took the order as %s, but its validation value is not known; "
                                        "withdraws it unpaid and places it anew"), fact->ca->ca_order));
}

ChMove
ch_rule_placed (const ChOrder *order,
                const ChFact  *fact,
                gint64         now)
{
  ChMove move;

  if (fact->ca->status == CH_CA_WAITING && !ch_order_shows_proof (order))
    move = ch_move_to_await (order, fact->ca, now);
  else if (fact->ca->status == CH_CA_WAITING)
    move = fact->has_challenge ? ch_move_to_prove (order, now) : do_without_value (order, fact, now);
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
static const ChError can_be_mended[] = {
  CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_MONEY, CH_ERROR_TLS, CH_ERROR_VAULT, CH_ERROR_WRONG_STATE,
  CH_ERROR_STORE, CH_ERROR_NOT_FOUND,
};

/* Of no other error but these it is sure that no order was placed: a gateway's “502”, too, may stand between
 * us and a CA that took it. */
static const ChError not_placed[] = {
  CH_ERROR_UNREACHABLE, CH_ERROR_THROTTLED, CH_ERROR_NO_SPACE, CH_ERROR_CA_REFUSED, CH_ERROR_INVALID,
};

static gboolean
is_one_of (const GError  *error,
           const ChError *codes,
           gsize          n)
{
  for (gsize i = 0; i < n; i++)
    if (g_error_matches (error, CH_ERROR, (int) codes[i]))
      return TRUE;

  return FALSE;
}

/* The failures are counted on, so that an order whose answer is lost again and again is sent ever more rarely. */
ChMove
ch_rule_submit_failed (const ChOrder *order,
                       const ChFact  *fact,
                       gint64         now)
{
  gboolean mendable = is_one_of (fact->error, can_be_mended, G_N_ELEMENTS (can_be_mended));

  if (!mendable && !is_one_of (fact->error, not_placed, G_N_ELEMENTS (not_placed)))
    {
      ChMove look = ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_FIND, now,
                                g_strdup_printf (_("No clear answer to the order; asks the CA whether it arrived. %s"),
                                                 fact->error->message));
      look.failures = order->failures + 1;
      return look;
    }

  if (!mendable && !ch_error_is_retryable (fact->error))
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
      /* Nothing is lost with the answer where the CA tells no value. */
      if (!ch_order_shows_proof (order))
        return ch_rule_placed (order, fact, now);

      /* What is known of a reissue is the value of the order before it. */
      return fact->has_challenge && order->reissues_ca == NULL ? ch_rule_placed (order, fact, now)
                                                              : do_without_value (order, fact, now);

    default:
      /* Ended at the CA before we knew of it: ours from a withdrawal that we did not see the end of. */
      return ch_rule_withdrawn (order, fact, now);
    }
}

/* The newest reissue at the CA is somebody else's, as from its portal: ours did not arrive, or another took its place at
 * once. What was issued is the certificate now, whoever has its key, and a wish to cancel ours has nothing left to cancel.
 * What is only asked for may still come; ours is not sent against it. */
ChMove
ch_rule_found_others (const ChOrder *order,
                      const ChFact  *fact,
                      gint64         now)
{
  if (fact->ca->status != CH_CA_ISSUED)
    return ch_move_to_failed (order, g_strdup_printf (_("It is being reissued elsewhere, as %s with another key. Wait for that "
                                                        "certificate, or cancel it at the CA and reissue once more"),
                                                      fact->ca->ca_order));

  ChMove move = ch_move_to (order, CH_ORDER_STATE_REISSUING, CH_ORDER_STEP_FETCH, now,
                            g_strdup_printf (_("Was reissued elsewhere as %s, with another key; collects the new certificate"),
                                             fact->ca->ca_order));
  move.cancel_wanted = FALSE;
  move.event = "order.reissued-elsewhere";
  return move;
}

ChMove
ch_rule_not_found (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  /* A clock that was set back tells nothing about how long it is ago. */
  gboolean settled = now >= order->state_since + SETTLE_SECONDS || now < order->state_since;

  if (!settled)
    {
      ChMove wait = ch_move_stay (order);

      wait.due = order->state_since + SETTLE_SECONDS;
      return wait;
    }

  /* Its answer may have come after the wish: then it is there, whatever the CA's list says. */
  if (order->cancel_wanted)
    return order->ca_order != NULL ? ch_move_to_cancel (order, now) : ch_move_to_cancelled (order);

  ChMove move = ch_move_to (order, CH_ORDER_STATE_QUEUED, CH_ORDER_STEP_SUBMIT, now,
                            g_strdup (_("The CA has no such order; sends it again")));

  move.failures = order->failures;
  if (order->failures > 1)
    move.due = now + ch_backoff (order->failures, 5, 15 * 60, (guint64) order->id);
  return move;
}

ChMove
ch_rule_withdrawn (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  ChMove move = ch_move_to (order, CH_ORDER_STATE_QUEUED, CH_ORDER_STEP_SUBMIT, now,
                            g_strdup (order->anew ? _("The order is withdrawn, unpaid; places it anew")
                                                  : _("The order without validation value is withdrawn; places it anew")));

  /* A CA that never tells the value is not flooded with orders. */
  if (order->attempt > 1 && !order->anew)
    move.due = now + ch_backoff (order->attempt - 1, 30, 60 * 60, (guint64) order->id);
  move.new_attempt = TRUE;
  move.clean = TRUE;
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
