/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/challenge-files.h"
#include "engine/mails.h"
#include "engine/proof.h"
#include "engine/replacer.h"
#include "engine/runner.h"
#include "engine/tracker.h"
#include "lib/times.h"
#include "pki/names.h"

#include <glib/gi18n.h>

char *
ch_order_new_own_key (guint attempt)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strdup_printf ("chancery-%s-%u", uuid, attempt);
}

static void
take_move (ChOrder      *order,
           const ChMove *move,
           gint64        now)
{
  /* Looking for an order that was sent waits for as long as it may be on its way. */
  if (order->state != move->state || (order->step == CH_ORDER_STEP_SUBMIT && move->step == CH_ORDER_STEP_FIND))
    order->state_since = now;

  order->state = move->state;
  order->step = move->step;
  order->due = move->due;
  order->failures = move->failures;
  order->cancel_wanted = move->cancel_wanted;
  order->anew = move->anew;
  g_free (order->reason);
  order->reason = g_strdup (move->reason);

  if (move->new_attempt)
    {
      order->attempt++;
      g_free (order->own_key);
      order->own_key = ch_order_new_own_key (order->attempt);
      g_clear_pointer (&order->ca_order, g_free);
      g_clear_pointer (&order->page, g_free);
      order->placed_at = 0;
    }
}

static void
take_ca_facts (ChOrder      *order,
               const ChFact *fact,
               const ChMove *move,
               gint64        now)
{
  if (fact->ca == NULL || fact->ca->ca_order == NULL || move->new_attempt)
    return;
  /* It is said of the one that is being replaced. */
  if (g_strcmp0 (fact->ca->ca_order, order->reissues_ca) == 0)
    return;

  g_free (order->ca_order);
  order->ca_order = g_strdup (fact->ca->ca_order);
  if (fact->ca->page != NULL)
    {
      g_free (order->page);
      order->page = g_strdup (fact->ca->page);
    }
  if (order->placed_at == 0)
    order->placed_at = now;
}

static void
take_names_of (ChOrder             *order,
               const ChCertificate *in_force)
{
  g_strfreev (order->names);
  order->names = ch_names_without_twins ((const char *const *) in_force->names);
}

static gboolean
has_other_names (const ChOrder       *order,
                 const ChCertificate *in_force)
{
  return ch_names_differ ((const char *const *) order->names, (const char *const *) in_force->names);
}

/* The order goes on with the certificate that it had. The key and the request of the one that did not come are kept
 * for the next try: no certificate was ever made for them. */
static void
return_to_certificate (ChOrder             *order,
                       const ChCertificate *in_force)
{
  g_free (order->ca_order);
  order->ca_order = g_steal_pointer (&order->reissues_ca);
  if (has_other_names (order, in_force))
    take_names_of (order, in_force);
}

/* A CA may issue for fewer names than were asked for, as when it takes a new key at once and new names later. */
static void
heed_names (ChWorld             *world,
            ChOrder             *order,
            const ChCertificate *in_force)
{
  if (!has_other_names (order, in_force))
    return;

  g_autofree char *wanted = g_strjoinv (", ", order->names);
  g_autofree char *got = g_strjoinv (", ", in_force->names);
  g_autofree char *object = ch_object_name ("order", order->id);

  g_free (order->reason);
  order->reason = g_strdup_printf (_("The certificate is for %s, but %s was asked for; reissue it with the names that are wanted"), got, wanted);
  take_names_of (order, in_force);
  ch_world_log (world, &ch_actor_daemon, "order.names-differ", object, order->names[0], FALSE, "%s", order->reason);
}

static gboolean
settle (ChWorld       *world,
        ChOrder       *order,
        const ChMove  *move,
        ChOrderState   before,
        gint64         now,
        GError       **error)
{
  gboolean issued = order->state == CH_ORDER_STATE_ISSUED && before != CH_ORDER_STATE_ISSUED;

  if (!move->ends_reissue && !issued)
    return ch_replacer_tell_predecessor (world, order, now, error);

  g_autoptr(ChCertificate) in_force = ch_store_find_certificate (world->store, order->id, error);
  if (in_force == NULL)
    return FALSE;

  if (move->ends_reissue)
    {
      return_to_certificate (order, in_force);
      ch_replacer_failed (order, now);
    }
  else
    {
      g_clear_pointer (&order->reissues_ca, g_free);
      heed_names (world, order, in_force);
      ch_replacer_issued (world, order, in_force, now);
      if (!ch_tracker_follow (world, order->account_id, now, error))
        return FALSE;
    }

  return ch_replacer_resume_renewal (world, order, now, error)
         && ch_replacer_tell_predecessor (world, order, now, error);
}

/* Values that stood there before us stay; ours go as soon as the service lets us. */
static gboolean
release_txt_records (ChWorld  *world,
                     gint64    order_id,
                     gint64    now,
                     GError  **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->store, order_id, error);

  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      ChTxtRecord *record = g_ptr_array_index (records, i);

      record->state = CH_TXT_STATE_REMOVING;
      record->due = now;
      record->failures = 0;
      if (!ch_store_update_txt_record (world->store, record, error))
        return FALSE;
    }

  return TRUE;
}

void
ch_order_note (ChWorld       *world,
               const ChActor *actor,
               const ChOrder *order,
               const char    *action,
               const char    *text)
{
  g_autofree char *object = ch_object_name ("order", order->id);
  g_autofree char *name = ch_name_display (order->names[0]);

  ch_world_log (world, actor, action, object, name, TRUE, "%s", text);
}

/* A new attempt gets new values. */
static gboolean
forget_challenges (ChWorld        *world,
                   const ChOrder  *order,
                   GError        **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  return ch_store_set_challenges (world->store, order->id, none, error);
}

static gboolean
note_mail (ChWorld       *world,
           ChOrder       *order,
           const ChFact  *fact,
           const ChMove  *move,
           GError       **error)
{
  gboolean told = fact->ca != NULL && fact->ca->ca_order != NULL && g_strcmp0 (fact->ca->ca_order, order->ca_order) == 0;

  return !told || move->new_attempt || move->anew || ch_order_proof (order) != CH_PROOF_MAIL
         || ch_mail_note (world, order, fact->ca, FALSE, error);
}

static void
log_move (ChWorld       *world,
          const ChOrder *order,
          const ChMove  *move,
          const ChActor *actor)
{
  if (move->event == NULL)
    return;

  g_autofree char *object = ch_object_name ("order", order->id);
  g_autofree char *name = ch_name_display (order->names[0]);
  gboolean ok = order->state != CH_ORDER_STATE_FAILED && order->state != CH_ORDER_STATE_REJECTED && !move->ends_reissue;

  if (g_str_has_suffix (move->event, "placed"))
    ch_world_log (world, actor, move->event, object, name, ok, _("Placed at the CA as %s"), order->ca_order);
  else if (g_str_has_suffix (move->event, "issued"))
    {
      g_autofree char *day = ch_time_day (order->not_after);

      ch_world_log (world, actor, move->event, object, name, ok, _("Issued; the certificate is valid until %s"), day);
    }
  else
    ch_world_log (world, actor, move->event, object, name, ok, "%s", order->reason != NULL ? order->reason : order->names[0]);
}

/* Ours is not that of what was reissued elsewhere. */
static gboolean
write_order (ChWorld       *world,
             ChOrder       *order,
             const ChFact  *fact,
             GError       **error)
{
  return fact->kind == CH_FACT_FOUND_OTHERS ? ch_bin_update_order (world, order, error)
                                            : ch_store_update_order (world->store, order, error);
}

gboolean
ch_order_apply_fact (ChWorld       *world,
                     ChOrder       *order,
                     const ChFact  *fact,
                     GPtrArray     *challenges,
                     const ChActor *actor,
                     GError       **error)
{
  gint64 now = ch_now ();
  g_auto(ChMove) move = ch_machine_next (order, fact, now);
  ChOrderState before = order->state;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
    return FALSE;

  take_move (order, &move, now);
  take_ca_facts (order, fact, &move, now);
  log_move (world, order, &move, actor);
  if (!settle (world, order, &move, before, now, error)
      || (move.new_attempt && !forget_challenges (world, order, error))
      || (challenges != NULL && !ch_store_set_challenges (world->store, order->id, challenges, error))
      || !note_mail (world, order, fact, &move, error)
      || (move.clean && !release_txt_records (world, order->id, now, error))
      || (move.clean && !ch_challenge_files_release (world, order->id, now, error))
      || !write_order (world, order, fact, error))
    return FALSE;

  return ch_store_transaction_commit (transaction, error);
}

void
ch_order_tell (ChWorld  *world,
               gint64    id,
               ChChange  change)
{
  gint64 predecessor = change == CH_CHANGE_CHANGED ? ch_store_get_predecessor (world->store, id) : 0;

  if (world->watcher.order_changed != NULL)
    world->watcher.order_changed (world->watcher.data, id, change);
  /* What becomes of a renewal shows at the order that it renews, too. */
  if (world->watcher.order_changed != NULL && predecessor != 0)
    world->watcher.order_changed (world->watcher.data, predecessor, change);
  ch_runner_wake (world->runner);
}
