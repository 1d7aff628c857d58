/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/machine.h"

#include "engine/rules.h"
#include "lib/error.h"

#include <glib/gi18n.h>

#define ANY (-1)

/* The first row that fits counts. A step that may have happened although we do not know is asked
 * about before it is repeated: that is the column STARTED. */
static const struct
{
  int step;               /* ChOrderStep or ANY */
  ChFactKind fact;
  ChRule rule;
} rules[] = {
  { ANY, CH_FACT_CANCEL_ASKED, ch_rule_cancel_asked },
  { ANY, CH_FACT_RETRY_ASKED, ch_rule_retry_asked },
  { ANY, CH_FACT_MENTIONED, ch_rule_mentioned },
  { ANY, CH_FACT_ANEW_ASKED, ch_rule_anew_asked },

  { CH_ORDER_STEP_MAKE_KEY, CH_FACT_KEY_MADE, ch_rule_key_made },
  { CH_ORDER_STEP_MAKE_KEY, CH_FACT_FAILED, ch_rule_key_failed },

  { CH_ORDER_STEP_SUBMIT, CH_FACT_STARTED, ch_rule_submit_interrupted },
  { CH_ORDER_STEP_SUBMIT, CH_FACT_PLACED, ch_rule_placed },
  { CH_ORDER_STEP_SUBMIT, CH_FACT_FAILED, ch_rule_submit_failed },
  { CH_ORDER_STEP_FIND, CH_FACT_FOUND, ch_rule_found },
  { CH_ORDER_STEP_FIND, CH_FACT_FOUND_OTHERS, ch_rule_found_others },
  { CH_ORDER_STEP_FIND, CH_FACT_NOT_FOUND, ch_rule_not_found },
  { CH_ORDER_STEP_FIND, CH_FACT_FAILED, ch_rule_try_again },
  { CH_ORDER_STEP_WITHDRAW, CH_FACT_WITHDRAWN, ch_rule_withdrawn },
  { CH_ORDER_STEP_WITHDRAW, CH_FACT_FAILED, ch_rule_withdraw_failed },

  { CH_ORDER_STEP_FOLLOW, CH_FACT_FOLLOWED, ch_rule_followed },
  { CH_ORDER_STEP_FOLLOW, CH_FACT_FAILED, ch_rule_try_again },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_PUBLISHED, ch_rule_published },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_FAILED, ch_rule_publish_failed },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_TAKEN, ch_rule_taken },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_TURN_OVER, ch_rule_turn_over },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_TURN_OVER, ch_rule_turn_over },
  { CH_ORDER_STEP_CHECK, CH_FACT_TURN_OVER, ch_rule_turn_over },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_SHOWN, ch_rule_shown },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_NOT_SHOWN, ch_rule_not_shown },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_FAILED, ch_rule_try_again },
  { CH_ORDER_STEP_CHECK, CH_FACT_STARTED, ch_rule_check_interrupted },
  { CH_ORDER_STEP_CHECK, CH_FACT_STATUS, ch_rule_status },
  { CH_ORDER_STEP_CHECK, CH_FACT_FAILED, ch_rule_check_failed },
  { CH_ORDER_STEP_FOLLOW, CH_FACT_PROVE_ASKED, ch_rule_prove_asked },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_PROVE_ASKED, ch_rule_prove_asked },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_PROVE_ASKED, ch_rule_prove_asked },
  { CH_ORDER_STEP_CHECK, CH_FACT_PROVE_ASKED, ch_rule_prove_asked },
  { CH_ORDER_STEP_FOLLOW, CH_FACT_VERIFIED, ch_rule_verified },
  { CH_ORDER_STEP_PUBLISH, CH_FACT_VERIFIED, ch_rule_verified },
  { CH_ORDER_STEP_PROPAGATE, CH_FACT_VERIFIED, ch_rule_verified },
  { CH_ORDER_STEP_CHECK, CH_FACT_VERIFIED, ch_rule_verified },
  { CH_ORDER_STEP_TRACK, CH_FACT_VERIFIED, ch_rule_verified },

  { CH_ORDER_STEP_FETCH, CH_FACT_STATUS, ch_rule_status },
  { CH_ORDER_STEP_FETCH, CH_FACT_FAILED, ch_rule_try_again },
  { CH_ORDER_STEP_TRACK, CH_FACT_STATUS, ch_rule_tracked },
  { CH_ORDER_STEP_TRACK, CH_FACT_UNCHANGED, ch_rule_unchanged },
  { CH_ORDER_STEP_TRACK, CH_FACT_FAILED, ch_rule_try_again },

  { CH_ORDER_STEP_CANCEL, CH_FACT_CANCELLED, ch_rule_cancelled },
  { CH_ORDER_STEP_CANCEL, CH_FACT_FAILED, ch_rule_cancel_failed },

  { CH_ORDER_STEP_NONE, CH_FACT_REVOKE_ASKED, ch_rule_revoke_asked },
  { CH_ORDER_STEP_REVOKE, CH_FACT_REVOKED, ch_rule_revoked },
  { CH_ORDER_STEP_REVOKE, CH_FACT_FAILED, ch_rule_revoke_failed },
  { CH_ORDER_STEP_NONE, CH_FACT_ENDED, ch_rule_ended },
};

ChMove
ch_move_stay (const ChOrder *order)
{
  return (ChMove) {
    .state = order->state,
    .step = order->step,
    .due = order->due,
    .failures = order->failures,
    .reason = g_strdup (order->reason),
    .cancel_wanted = order->cancel_wanted,
    .anew = order->anew,
  };
}

ChMove
ch_move_to (const ChOrder *order,
            ChOrderState   state,
            ChOrderStep    step,
            gint64         due,
            char          *reason)
{
  return (ChMove) {
    .state = state,
    .step = step,
    .due = due,
    .reason = reason,
    .cancel_wanted = order->cancel_wanted,
    .anew = order->anew,
  };
}

gboolean
ch_order_is_others (const ChOrder *order)
{
  return order->imported_at != 0 && order->reissues_ca == NULL;
}

void
ch_move_clear (ChMove *move)
{
  g_clear_pointer (&move->reason, g_free);
}

/* A wish to cancel waits while something is under way, and is granted as soon as it is known
 * whether there is anything at the CA to cancel. */
static ChMove
grant_cancel (const ChOrder *order,
              const ChFact  *fact,
              ChMove         move,
              gint64         now)
{
  gboolean placed = order->ca_order != NULL || (fact->ca != NULL && fact->ca->ca_order != NULL);

  if (!move.cancel_wanted || ch_order_state_is_final (move.state)
      || move.step == CH_ORDER_STEP_CANCEL || move.step == CH_ORDER_STEP_FIND)
    return move;

  ch_move_clear (&move);
  return placed && !move.new_attempt ? ch_move_to_cancel (order, now) : ch_move_to_cancelled (order);
}

/* Whether an answer may still come that says more about the order than is known now. */
static gboolean
is_awaited (const ChOrder *order,
            const ChFact  *fact,
            const ChMove  *move)
{
  gboolean under_way = fact->kind == CH_FACT_ANEW_ASKED && order->due == 0;

  return under_way || move->step == CH_ORDER_STEP_FIND || move->step == CH_ORDER_STEP_FETCH
         || move->step == CH_ORDER_STEP_WITHDRAW || move->step == CH_ORDER_STEP_CANCEL;
}

/* The same for a wish to place it anew: at every moment the CA has one living order at most. What was issued meanwhile
 * is kept; what was never placed needs no withdrawal. */
static ChMove
grant_anew (const ChOrder *order,
            const ChFact  *fact,
            ChMove         move,
            gint64         now)
{
  gboolean placed = order->ca_order != NULL || (fact->ca != NULL && fact->ca->ca_order != NULL);

  if (!move.anew || is_awaited (order, fact, &move))
    return move;

  move.anew = move.state == CH_ORDER_STATE_VALIDATING || move.state == CH_ORDER_STATE_VETTING;
  if (!move.anew || !placed)
    return move;

  ch_move_clear (&move);
  move = ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_WITHDRAW, now,
                     g_strdup (_("Is withdrawn at the CA, unpaid, to be placed anew")));
  move.anew = TRUE;
  return move;
}

/* A word for the log in place of that for an order without a certificate. */
static const char *
event_of_reissue (const char *event)
{
  static const struct
  {
    const char *order;
    const char *reissue;
  } words[] = {
    { "order.placed", "order.reissue-placed" },
    { "order.issued", "order.reissued" },
    { "order.failed", "order.reissue-failed" },
    { "order.rejected", "order.reissue-failed" },
    { "order.cancelled", "order.reissue-cancelled" },
    { "order.revoked", "order.reissue-failed" },
  };

  for (gsize i = 0; event != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].order, event))
      return words[i].reissue;

  return event;
}

static ChMove
end_reissue (ChMove move)
{
  g_autofree char *why = g_steal_pointer (&move.reason);

  move.state = CH_ORDER_STATE_ISSUED;
  move.ends_reissue = TRUE;
  move.reason = g_strdup_printf (_("There is no new certificate, the one in force stays: %s"),
                                 why != NULL ? why : _("no reason was given"));
  return move;
}

/* While a certificate is in force its order is issued, whatever becomes of the next one: the way there is the same as
 * for the first, under another name. */
static ChMove
keep_in_force (const ChOrder *order,
               const ChFact  *fact,
               ChMove         move)
{
  if (order->reissues_ca == NULL)
    return move;

  /* It is said of the certificate in force itself. */
  if (fact->ca != NULL && g_strcmp0 (fact->ca->ca_order, order->reissues_ca) == 0)
    return move;

  if (ch_order_state_is_final (move.state))
    move = end_reissue (move);
  else if (move.state != CH_ORDER_STATE_ISSUED)
    move.state = CH_ORDER_STATE_REISSUING;

  move.event = event_of_reissue (move.event);
  return move;
}

ChMove
ch_machine_next (const ChOrder *order,
                 const ChFact  *fact,
                 gint64         now)
{
  /* An answer that comes after the end changes nothing. */
  if (ch_order_state_is_final (order->state) && fact->kind != CH_FACT_RETRY_ASKED)
    return ch_move_stay (order);

  /* Work that was stopped because the service stops has not failed. */
  if (fact->kind == CH_FACT_FAILED && g_error_matches (fact->error, CH_ERROR, CH_ERROR_CANCELLED))
    return ch_move_stay (order);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if ((rules[i].step == ANY || rules[i].step == (int) order->step) && rules[i].fact == fact->kind)
      {
        ChMove move = rules[i].rule (order, fact, now);

        return keep_in_force (order, fact, grant_anew (order, fact, grant_cancel (order, fact, move, now), now));
      }

  return ch_move_stay (order);
}

gint64
ch_backoff (guint   failures,
            gint64  first,
            gint64  most,
            guint64 salt)
{
  gint64 wait = first;

  for (guint i = 1; i < failures && wait < most; i++)
    wait *= 2;
  wait = MIN (wait, most);

  /* A multiplicative hash (Knuth) of the salt picks from -20 % to +20 %. */
  guint64 spread = ((salt + failures) * G_GUINT64_CONSTANT (11400714819323198485)) >> 32;
  gint64 fifth = wait / 5;
  return wait - fifth + (fifth > 0 ? (gint64) (spread % (guint64) (2 * fifth + 1)) : 0);
}
