/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/rules.h"

#include "engine/proof.h"
#include "lib/error.h"

#include <glib/gi18n.h>

#define MINUTE ((gint64) 60)
#define HOUR (60 * MINUTE)

/* So often in a row, then from the step before: the name may lead elsewhere now, or somebody may have taken away what
 * was there. */
#define LOOKS 10
#define CHECKS 5

/* Its bulk answer tells when something has changed. @reason: (transfer full) */
static ChMove
wait_for_ca (const ChOrder *order,
             ChOrderState   state,
             gint64         now,
             char          *reason)
{
  ChMove move = ch_move_to (order, state, CH_ORDER_STEP_TRACK, 0, reason);

  move.failures = order->step == CH_ORDER_STEP_TRACK ? order->failures + 1 : 1;
  move.due = now + ch_backoff (move.failures, 30, 15 * MINUTE, (guint64) order->id);
  return move;
}

ChMove
ch_move_to_await (const ChOrder   *order,
                  const ChCaOrder *ca,
                  gint64           now)
{
  const char *approver = ca != NULL && ca->approver != NULL ? ca->approver : order->approver;

  if (ch_order_proof (order) == CH_PROOF_STAFF)
    return wait_for_ca (order, CH_ORDER_STATE_VETTING, now,
                        g_strdup (_("GlobalSign's staff verify the organisation, and the names on the order's page")));
  if (approver == NULL)
    return wait_for_ca (order, CH_ORDER_STATE_VALIDATING, now,
                        g_strdup (_("Waits until the person whom the CA mailed approves by the link in that mail")));

  return wait_for_ca (order, CH_ORDER_STATE_VALIDATING, now,
                      g_strdup_printf (ca != NULL && ca->confirmed_at != 0
                                         ? _("%s has approved; the CA issues next")
                                         : _("Waits until %s approves by the link in the mail that the CA sent"), approver));
}

ChMove
ch_move_to_prove (const ChOrder *order,
                  gint64         now)
{
  if (!ch_order_shows_proof (order))
    return ch_move_to_await (order, NULL, now);
  if (ch_order_proof (order) == CH_PROOF_FILE)
    return ch_move_to (order, CH_ORDER_STATE_VALIDATING, CH_ORDER_STEP_PUBLISH, now,
                       g_strdup (_("Looks which servers are to show the file that proves control of the name")));

  return ch_move_to (order, CH_ORDER_STATE_VALIDATING, CH_ORDER_STEP_FOLLOW, now,
                     g_strdup (_("Looks where the validation value must stand")));
}

ChMove
ch_rule_followed (const ChOrder *order,
                  const ChFact  *fact,
                  gint64         now)
{
  ChMove move;

  /* Without a DNS account a person makes the record; it is looked for all the same. */
  if (order->dns_account_id == 0)
    move = ch_move_to (order, order->state, CH_ORDER_STEP_PROPAGATE, now,
                       g_strdup (_("Waits for the DNS record that proves control of the name")));
  else
    move = ch_move_to (order, order->state, CH_ORDER_STEP_PUBLISH, now, g_strdup (_("Puts the validation value into DNS")));

  /* It may not be the first time: the waits in between go on growing. */
  move.failures = order->failures;
  return move;
}

/* What a person mends may be that a name leads elsewhere. */
ChMove
ch_rule_publish_failed (const ChOrder *order,
                        const ChFact  *fact,
                        gint64         now)
{
  ChMove move = ch_rule_try_again (order, fact, now);

  if (!ch_error_is_retryable (fact->error) && ch_order_proof (order) == CH_PROOF_RECORD)
    move.step = CH_ORDER_STEP_FOLLOW;
  return move;
}

/* One file, at every address, is all that the CA looks at: orders that need the same one have it in turn. Whoever is done
 * with it wakes those that wait; the time is for whom nobody wakes. */
ChMove
ch_rule_taken (const ChOrder *order,
               const ChFact  *fact,
               gint64         now)
{
  return ch_move_to (order, order->state, CH_ORDER_STEP_PUBLISH, now + MINUTE, g_strdup (fact->text));
}

/* It has failed once, by which it is told from those that wait. */
ChMove
ch_rule_turn_over (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_PUBLISH, now + 2 * MINUTE, g_strdup (fact->text));

  move.failures = 1;
  return move;
}

static ChMove
look_for_file (const ChOrder *order,
               const ChFact  *fact,
               gint64         now)
{
  ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_PROPAGATE, now,
                            g_strdup (fact->is_ours ? _("Looks for the file that proves control of the name at every address")
                                                    : _("Waits for the file that proves control of the name")));

  /* A person may take days: the waits in between go on growing. */
  if (!fact->is_ours)
    move.failures = order->failures;
  return move;
}

ChMove
ch_rule_published (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  if (ch_order_proof (order) == CH_PROOF_FILE)
    return look_for_file (order, fact, now);

  return ch_move_to (order, order->state, CH_ORDER_STEP_PROPAGATE, now,
                     g_strdup (_("Waits until every name server shows the validation value")));
}

ChMove
ch_rule_shown (const ChOrder *order,
               const ChFact  *fact,
               gint64         now)
{
  if (fact->doubtful && fact->text != NULL)
    return ch_move_to (order, order->state, CH_ORDER_STEP_CHECK, now, g_strdup (fact->text));

  return ch_move_to (order, order->state, CH_ORDER_STEP_CHECK, now,
                     g_strdup (ch_order_proof (order) == CH_PROOF_FILE
                                 ? _("The file stands at every address; asks the CA to validate and issue")
                                 : _("Every name server shows the validation value; asks the CA to validate and issue")));
}

static gboolean
proves_itself (const ChOrder *order,
               const ChFact  *fact)
{
  return fact->is_ours || ch_order_proves_itself (order);
}

/* A fresh value costs nothing but a person's work, where it is one who has to put it somewhere. A reissue waits for what
 * the CA does. */
static gboolean
gets_fresh_value (const ChOrder *order,
                  const ChFact  *fact)
{
  return fact->is_stale && proves_itself (order, fact) && order->reissues_ca == NULL;
}

ChMove
ch_rule_not_shown (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_PROPAGATE, now, g_strdup (fact->text));

  move.failures = order->failures + 1;
  move.due = now + ch_backoff (move.failures, 1, proves_itself (order, fact) ? 30 : 5 * MINUTE, (guint64) order->id);
  move.anew |= gets_fresh_value (order, fact);
  if (fact->due > now)
    move.due = MIN (move.due, fact->due);

  /* Somebody may have taken it away, or the name leads elsewhere now. */
  if (fact->overdue)
    {
      move.step = CH_ORDER_STEP_FOLLOW;
      move.due = now + MINUTE;
    }
  else if (ch_order_proof (order) == CH_PROOF_RECORD && order->dns_account_id == 0 && move.failures % LOOKS == 0)
    move.step = CH_ORDER_STEP_FOLLOW;
  else if (ch_order_proof (order) == CH_PROOF_FILE && move.failures % LOOKS == 0)
    move.step = CH_ORDER_STEP_PUBLISH;
  return move;
}

/* The answer to a reissue has no room for a validation value (docs/globalsign.md, Reissue). */
static ChMove
wait_for_proof (const ChOrder *order,
                gint64         now)
{
  return wait_for_ca (order, CH_ORDER_STATE_VETTING, now, order->page != NULL
                      ? g_strdup_printf (_("The CA wants control of the names to be proven again before it reissues: %s shows how. "
                                           "The certificate is then collected"), order->page)
                      : g_strdup (_("The CA wants control of the names to be proven again before it reissues; approve it in the "
                                    "CA's portal. The certificate is then collected")));
}

/* Under way (no due time): the CA may have issued although we did not hear it. */
ChMove
ch_rule_check_interrupted (const ChOrder *order,
                           const ChFact  *fact,
                           gint64         now)
{
  if (order->due != 0)
    return ch_move_stay (order);

  return ch_move_to (order, order->state, CH_ORDER_STEP_FETCH, now,
                     g_strdup (_("The service stopped while it asked the CA to issue; asks how the order stands")));
}

ChMove
ch_rule_check_failed (const ChOrder *order,
                      const ChFact  *fact,
                      gint64         now)
{
  ChMove move = ch_rule_try_again (order, fact, now);

  /* A reissue is proven by the value of the order before it, unless its answer brought another: perhaps the CA does not
   * take it again. */
  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_NOT_YET) && order->reissues_ca != NULL && move.failures >= CHECKS)
    {
      ch_move_clear (&move);
      return wait_for_proof (order, now);
    }
  if (g_error_matches (fact->error, CH_ERROR, CH_ERROR_NOT_YET))
    {
      move.due = now + ch_backoff (move.failures, 15, 5 * MINUTE, (guint64) order->id);
      move.anew |= gets_fresh_value (order, fact);
      if (move.failures % CHECKS == 0)
        move.step = CH_ORDER_STEP_PROPAGATE;
    }
  else
    move.step = CH_ORDER_STEP_FETCH;      /* whatever went wrong, the order's own state decides */

  return move;
}

/* A CA that says “issued” and gives no certificate is asked ever more rarely. */
static ChMove
await_certificate (const ChOrder *order,
                   gint64         now)
{
  ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_FETCH, now, NULL);

  if (order->step == CH_ORDER_STEP_FETCH)
    {
      move.failures = order->failures + 1;
      move.due = now + ch_backoff (move.failures, 5, 5 * MINUTE, (guint64) order->id);
      move.reason = g_strdup (_("The CA says that it has issued, and does not give the certificate yet"));
    }
  return move;
}

ChMove
ch_rule_status (const ChOrder *order,
                const ChFact  *fact,
                gint64         now)
{
  switch (fact->ca->status)
    {
    case CH_CA_ISSUED:
      {
        if (fact->ca->certificate == NULL)
          return await_certificate (order, now);

        ChMove move = ch_move_to (order, CH_ORDER_STATE_ISSUED, CH_ORDER_STEP_NONE, 0, NULL);
        move.clean = TRUE;
        move.event = "order.issued";
        return move;
      }

    case CH_CA_WAITING:
      {
        if (!ch_order_shows_proof (order))
          return ch_move_to_await (order, fact->ca, now);
        if (ch_order_is_others (order) && !fact->has_challenge)
          return ch_rule_tracked (order, fact, now);

        ChMove move = ch_move_to (order, order->state, CH_ORDER_STEP_CHECK, 0, g_strdup (order->reason));
        move.failures = order->failures + 1;
        move.due = now + ch_backoff (move.failures, 2, 5 * MINUTE, (guint64) order->id);
        return move;
      }

    case CH_CA_HELD:
      return ch_rule_tracked (order, fact, now);

    default:
      return ch_move_to_status (order, fact->ca->status, fact->ca->status_text);
    }
}

ChMove
ch_rule_tracked (const ChOrder *order,
                 const ChFact  *fact,
                 gint64         now)
{
  switch (fact->ca->status)
    {
    case CH_CA_HELD:
      return wait_for_ca (order, CH_ORDER_STATE_VETTING, now,
                          g_strdup (_("GlobalSign's staff look at the name first, because it is on their high-risk list. "
                                                  "This can take a working day; contact their vetting team if it takes longer")));

    case CH_CA_WAITING:
      if (!ch_order_shows_proof (order))
        return ch_move_to_await (order, fact->ca, now);
      if (order->reissues_ca != NULL)
        return wait_for_proof (order, now);
      if (fact->has_challenge)
        return ch_move_to_prove (order, now);
      if (ch_order_is_others (order))
        return wait_for_ca (order, CH_ORDER_STATE_VALIDATING, now,
                            g_strdup (_("Was ordered elsewhere, where control of the names has to be proven, too; the certificate is "
                                        "collected once it is issued")));
      return ch_move_to (order, CH_ORDER_STATE_SUBMITTING, CH_ORDER_STEP_WITHDRAW, now,
                         g_strdup (_("The order's validation value is not known; withdraws it unpaid and places it anew")));

    case CH_CA_ISSUED:
      return ch_move_to (order, CH_ORDER_STATE_VALIDATING, CH_ORDER_STEP_FETCH, now, NULL);

    default:
      return ch_move_to_status (order, fact->ca->status, fact->ca->status_text);
    }
}

ChMove
ch_rule_unchanged (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  ChMove move = ch_move_stay (order);

  move.failures = order->failures + 1;
  move.due = now + ch_backoff (move.failures, 30, 15 * MINUTE, (guint64) order->id);
  return move;
}

/* Where the value was put is left to itself; whoever moves it has the old one taken away. */
ChMove
ch_rule_prove_asked (const ChOrder *order,
                     const ChFact  *fact,
                     gint64         now)
{
  /* The CA may be issuing. */
  if (!ch_order_shows_proof (order) || (order->step == CH_ORDER_STEP_CHECK && order->due == 0))
    return ch_move_stay (order);

  return ch_move_to_prove (order, now);
}

/* A person asked, beside the steps. What the CA said is fetched as ever; as long as it waits, so do we. */
ChMove
ch_rule_verified (const ChOrder *order,
                  const ChFact  *fact,
                  gint64         now)
{
  if (fact->ca->status == CH_CA_WAITING)
    return ch_move_stay (order);
  if (fact->ca->status == CH_CA_HELD)
    return ch_rule_tracked (order, fact, now);

  return ch_move_to (order, order->state, CH_ORDER_STEP_FETCH, now, g_strdup (order->reason));
}

/* Trouble that may pass comes back soon, trouble that a person must mend comes back hourly: so
 * that mending it is enough. */
ChMove
ch_rule_try_again (const ChOrder *order,
                   const ChFact  *fact,
                   gint64         now)
{
  gboolean passes = ch_error_is_retryable (fact->error);
  ChMove move = ch_move_stay (order);

  ch_move_clear (&move);
  move.reason = g_strdup (fact->error->message);
  move.failures = order->failures + 1;
  move.due = now + (passes ? ch_backoff (move.failures, 5, 15 * MINUTE, (guint64) order->id)
                           : ch_backoff (move.failures, 5 * MINUTE, HOUR, (guint64) order->id));
  return move;
}
