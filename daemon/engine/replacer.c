/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/replacer.h"

#include "engine/alarm.h"
#include "engine/effects.h"
#include "engine/replace.h"
#include "engine/runner.h"
#include "engine/succession.h"
#include "engine/tracker.h"
#include "lib/error.h"
#include "lib/times.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define HOUR (60 * 60)
#define DAY (24 * HOUR)
/* How long the CA's answer is waited for before money is spent by itself: then it is asked again. */
#define ANSWER_SECONDS (5 * 60)
/* Of what is due: the rest follows at once, when others have had their turn. */
#define AT_ONCE 50

static ChNext
next_of (ChWorld              *world,
         const ChOrder        *order,
         const ChCertificate  *in_force,
         gint64                now)
{
  ChLife life = { in_force->not_before, in_force->not_after };

  return ch_succession_next (world->policy, order, life, now);
}

void
ch_replacer_issued (ChWorld             *world,
                    ChOrder             *order,
                    const ChCertificate *in_force,
                    gint64               now)
{
  order->replace_failures = 0;
  order->replace_at = order->auto_replace ? next_of (world, order, in_force, now).at : 0;
}

/* What is free goes on, whatever becomes of a renewal. */
static gboolean
plan_free (ChWorld  *world,
           ChOrder  *order,
           gint64    now,
           GError  **error)
{
  g_autoptr(ChCertificate) in_force = ch_store_find_certificate (world->store, order->id, error);

  if (in_force == NULL)
    return FALSE;

  ChNext next = next_of (world, order, in_force, now);
  order->replace_at = order->auto_replace && next.kind == CH_SUCCESSOR_REISSUE ? next.at : 0;
  return TRUE;
}

void
ch_replacer_failed (ChOrder *order,
                    gint64   now)
{
  order->replace_failures++;
  order->replace_at = order->auto_replace
    ? now + ch_backoff (order->replace_failures, HOUR, DAY, (guint64) order->id) : 0;
}

/* ---- what becomes of a renewal ---- */

static void
note_renewed (ChOrder        *order,
              const ChOrder  *renewal)
{
  order->replace_at = 0;
  order->replace_failures = 0;
  order->reason = g_strdup_printf (_("Renewed by order %" PRId64), renewal->id);
}

/* Somebody, here or at the CA, said no to it: that is another matter than a failure. */
static gboolean
was_decided (const ChOrder *renewal)
{
  return renewal->state == CH_ORDER_STATE_CANCELLED || renewal->state == CH_ORDER_STATE_REVOKED
         || renewal->state == CH_ORDER_STATE_REJECTED;
}

/* A renewal that somebody cancelled is not ordered again behind their back; what is free goes on. */
static gboolean
note_renewal_ended (ChWorld        *world,
                    ChOrder        *order,
                    const ChOrder  *renewal,
                    gint64          now,
                    GError        **error)
{
  if (!plan_free (world, order, now, error))
    return FALSE;

  order->replace_failures = 0;
  order->tell_at = now;
  order->reason = g_strdup_printf (_("Order %" PRId64 ", which was to renew it, is %s. A renewal is not ordered again by itself: “chancery "
                                     "order renew %" PRId64 "” does it"), renewal->id,
                                   ch_nick (CH_TYPE_ORDER_STATE, renewal->state), order->id);
  return TRUE;
}

static void
note_not_renewed (ChOrder        *order,
                  const ChOrder  *renewal,
                  gint64          now)
{
  ch_replacer_failed (order, now);
  order->reason = g_strdup_printf (_("Order %" PRId64 " was to renew it and did not: %s"), renewal->id,
                                   renewal->reason != NULL ? renewal->reason : ch_nick (CH_TYPE_ORDER_STATE, renewal->state));
}

gboolean
ch_replacer_tell_predecessor (ChWorld        *world,
                              const ChOrder  *renewal,
                              gint64          now,
                              GError        **error)
{
  gboolean issued = renewal->state == CH_ORDER_STATE_ISSUED;

  if (renewal->renews_id == 0 || (!issued && !ch_order_state_is_final (renewal->state)))
    return TRUE;

  g_autoptr(ChOrder) order = ch_store_get_order (world->store, renewal->renews_id, error);
  gboolean ended = was_decided (renewal);

  if (order == NULL)
    return FALSE;

  gboolean waits = order->state == CH_ORDER_STATE_RENEWING;
  gboolean loses_it = ended && renewal->issued_at != 0 && order->state == CH_ORDER_STATE_ISSUED;
  /* Another renews it, or there was nothing to tell. While it is reissued, it looks at the end of that. */
  if ((!waits && !loses_it) || !ch_order_check_unrenewed (world, order->id, renewal->id, NULL))
    return TRUE;

  order->state = CH_ORDER_STATE_ISSUED;
  order->state_since = now;
  g_clear_pointer (&order->reason, g_free);
  if (issued)
    note_renewed (order, renewal);
  else if (!ended)
    note_not_renewed (order, renewal, now);
  else if (!note_renewal_ended (world, order, renewal, now, error))
    return FALSE;

  return ch_store_update_order (world->store, order, error);
}

gboolean
ch_replacer_renewing (ChWorld        *world,
                      ChOrder        *order,
                      const ChOrder  *renewal,
                      gint64          now,
                      GError        **error)
{
  order->state = CH_ORDER_STATE_RENEWING;
  order->state_since = now;
  g_free (order->reason);
  order->reason = g_strdup_printf (_("Order %" PRId64 " renews it"), renewal->id);
  return plan_free (world, order, now, error);
}

gboolean
ch_replacer_resume_renewal (ChWorld  *world,
                            ChOrder  *order,
                            gint64    now,
                            GError  **error)
{
  g_autoptr(ChOrder) renewal = NULL;

  if (!ch_store_find_renewal (world->store, order->id, &renewal, error))
    return FALSE;
  if (renewal == NULL || was_decided (renewal) || renewal->state == CH_ORDER_STATE_FAILED)
    return TRUE;

  if (renewal->issued_at != 0)
    {
      g_clear_pointer (&order->reason, g_free);
      note_renewed (order, renewal);
      return TRUE;
    }

  order->state = CH_ORDER_STATE_RENEWING;
  order->state_since = now;
  if (order->reason == NULL)
    order->reason = g_strdup_printf (_("Order %" PRId64 " renews it"), renewal->id);
  return TRUE;
}

gboolean
ch_replacer_renewed_elsewhere (ChWorld  *world,
                               ChOrder  *order,
                               gint64    now,
                               GError  **error)
{
  return plan_free (world, order, now, error);
}

gboolean
ch_replacer_renewal_revived (ChWorld        *world,
                             const ChOrder  *renewal,
                             gint64          now,
                             GError        **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, renewal->renews_id, error);

  if (order == NULL)
    return FALSE;
  if (order->state != CH_ORDER_STATE_ISSUED || order->step != CH_ORDER_STEP_NONE)
    return TRUE;

  return ch_replacer_renewing (world, order, renewal, now, error) && ch_store_update_order (world->store, order, error);
}

/* ---- by itself ---- */

/* Spending is a person's decision, who is told when it is time and until when it can be made. */
static gboolean
ask_for_renewal (ChWorld  *world,
                 ChOrder  *order,
                 GError  **error)
{
  g_autofree char *end = ch_time_day (order->not_after);

  order->replace_at = 0;
  g_free (order->reason);
  order->reason = g_strdup_printf (_("The term that was paid for is used up and the certificate ends on %s. A renewal costs money: "
                                     "order it with “chancery order renew %" PRId64 "”"), end, order->id);
  if (!ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_order_note (world, &ch_actor_daemon, order, "order.renewal-wanted", order->reason);
  return TRUE;
}

static gboolean
wait_until (ChWorld  *world,
            ChOrder  *order,
            gint64    at,
            GError  **error)
{
  order->replace_at = at;
  return ch_store_update_order (world->store, order, error);
}

/* What cannot even begin has failed like any other try. */
static gboolean
note_failure (ChWorld     *world,
              ChOrder     *order,
              gint64       now,
              const char  *why,
              GError     **error)
{
  g_autofree char *object = ch_object_name ("order", order->id);

  ch_replacer_failed (order, now);
  g_free (order->reason);
  order->reason = g_strdup (why);
  if (!ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_world_log (world, &ch_actor_daemon, "order.replace-failed", object, order->names[0], FALSE, "%s", order->reason);
  return TRUE;
}

static gboolean
begin (ChWorld      *world,
       ChOrder      *order,
       ChSuccessor   kind,
       gint64        now,
       GError      **error)
{
  static const ChReissueWish usual = { 0 };
  g_autoptr(GError) local = NULL;
  gboolean begun = kind == CH_SUCCESSOR_REISSUE
    ? ch_order_reissue (world, order->id, &usual, &ch_actor_daemon, &local)
    : ch_order_renew (world, order->id, 0, &ch_actor_daemon, &local) != 0;

  if (begun)
    return TRUE;
  if (g_error_matches (local, CH_ERROR, CH_ERROR_STORE) || g_error_matches (local, CH_ERROR, CH_ERROR_NO_SPACE))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return note_failure (world, order, now, local->message, error);
}

/* Somebody may just have renewed it in the CA's portal: the tracker notes that, and then nothing is bought. If the service
 * dies before the answer, the question is asked again. */
static gboolean
ask_first (ChWorld  *world,
           ChOrder  *order,
           gint64    now,
           GError  **error)
{
  g_free (order->reason);
  order->reason = g_strdup (_("It is time to renew it; asks the CA first whether somebody did so elsewhere"));
  if (!wait_until (world, order, now + ANSWER_SECONDS, error))
    return FALSE;

  ch_tracker_ask (world, order->account_id);
  return TRUE;
}

static gboolean
renew (ChWorld   *world,
       ChOrder   *order,
       gint64     now,
       gboolean   answered,
       GError   **error)
{
  g_autoptr(ChOrder) last = NULL;

  if (!ch_store_find_renewal (world->store, order->id, &last, error))
    return FALSE;
  if (last != NULL && ch_order_renews (last))
    return wait_until (world, order, 0, error);
  if (!order->auto_renew || (last != NULL && was_decided (last)))
    return ask_for_renewal (world, order, error);

  return answered ? begin (world, order, CH_SUCCESSOR_RENEWAL, now, error) : ask_first (world, order, now, error);
}

/* @answered: the CA has just told what happened to the account's orders */
static gboolean
replace (ChWorld  *world,
         ChOrder  *order,
         gint64    now,
         gboolean  answered,
         GError  **error)
{
  gboolean has_one = order->state == CH_ORDER_STATE_ISSUED || order->state == CH_ORDER_STATE_RENEWING;

  if (!has_one || order->step != CH_ORDER_STEP_NONE || !order->auto_replace)
    return wait_until (world, order, 0, error);

  g_autoptr(ChCertificate) in_force = ch_store_find_certificate (world->store, order->id, error);
  if (in_force == NULL)
    return FALSE;

  ChNext next = next_of (world, order, in_force, now);
  if (next.kind == CH_SUCCESSOR_NONE || next.at > now)
    {
      /* What failed was before its time, on somebody's wish. */
      order->replace_failures = 0;
      return wait_until (world, order, next.at, error);
    }

  return next.kind == CH_SUCCESSOR_RENEWAL ? renew (world, order, now, answered, error)
                                           : begin (world, order, next.kind, now, error);
}

void
ch_replacer_run (ChWorld *world,
                 gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_replaceable_orders (world->store, now, AT_ONCE, &error);

  for (guint i = 0; due != NULL && i < due->len && error == NULL; i++)
    {
      ChOrder *order = g_ptr_array_index (due, i);

      if (replace (world, order, now, FALSE, &error))
        ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
    }

  if (error != NULL)
    ch_runner_hold (world->runner, error);
}

/* ---- the CA's word ---- */

/* A renewal that must wait for the CA's word did not come. */
static gboolean
note_unanswered (ChWorld       *world,
                 ChOrder       *order,
                 gint64         now,
                 const GError  *why,
                 GError       **error)
{
  g_autoptr(ChCertificate) in_force = ch_store_find_certificate (world->store, order->id, error);

  if (in_force == NULL)
    return FALSE;

  ChNext next = next_of (world, order, in_force, now);
  if (next.kind != CH_SUCCESSOR_RENEWAL || next.at > now)
    return TRUE;

  g_autofree char *text = g_strdup_printf (_("It is not known whether somebody renewed it elsewhere, so it is not renewed yet: %s"),
                                           why->message);
  return note_failure (world, order, now, text, error);
}

void
ch_replacer_answered (ChWorld      *world,
                      gint64        account_id,
                      const GError *why)
{
  g_autoptr(GError) error = NULL;
  gint64 now = ch_now ();

  /* Work that was stopped because the service stops has not failed. */
  if (g_error_matches (why, CH_ERROR, CH_ERROR_CANCELLED))
    return;

  g_autoptr(GPtrArray) waiting = ch_store_list_renewable_orders (world->store, account_id, now + ANSWER_SECONDS, AT_ONCE, &error);
  for (guint i = 0; waiting != NULL && i < waiting->len && error == NULL; i++)
    {
      ChOrder *order = g_ptr_array_index (waiting, i);

      if (why == NULL ? replace (world, order, now, TRUE, &error) : note_unanswered (world, order, now, why, &error))
        ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
    }

  if (error != NULL)
    ch_runner_hold (world->runner, error);
}
