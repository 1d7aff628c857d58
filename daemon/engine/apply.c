/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "engine/alarm.h"
#include "engine/runner.h"
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
  g_free (order->reason);
  order->reason = g_strdup (move->reason);

  if (move->new_attempt)
    {
      order->attempt++;
      g_free (order->own_key);
      order->own_key = ch_order_new_own_key (order->attempt);
      g_clear_pointer (&order->ca_order, g_free);
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

  g_free (order->ca_order);
  order->ca_order = g_strdup (fact->ca->ca_order);
  if (order->placed_at == 0)
    order->placed_at = now;
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

/* A new attempt gets new values. */
static gboolean
forget_challenges (ChWorld        *world,
                   const ChOrder  *order,
                   GError        **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  return ch_store_set_challenges (world->store, order->id, none, error);
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
  gboolean ok = order->state != CH_ORDER_STATE_FAILED && order->state != CH_ORDER_STATE_REJECTED;

  if (g_str_equal (move->event, "order.placed"))
    ch_world_log (world, actor, move->event, object, name, ok, _("Placed at the CA as %s"), order->ca_order);
  else if (g_str_equal (move->event, "order.issued"))
    {
      g_autoptr(GDateTime) end = g_date_time_new_from_unix_utc (order->not_after);
      g_autofree char *day = g_date_time_format (end, "%F");

      ch_world_log (world, actor, move->event, object, name, ok, _("Issued; the certificate is valid until %s"), day);
    }
  else
    ch_world_log (world, actor, move->event, object, name, ok, "%s", order->reason != NULL ? order->reason : order->names[0]);
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
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
    return FALSE;

  take_move (order, &move, now);
  take_ca_facts (order, fact, &move, now);
  log_move (world, order, &move, actor);
  if ((move.new_attempt && !forget_challenges (world, order, error))
      || (challenges != NULL && !ch_store_set_challenges (world->store, order->id, challenges, error))
      || (move.clean && !release_txt_records (world, order->id, now, error))
      || !ch_store_update_order (world->store, order, error))
    return FALSE;

  return ch_store_transaction_commit (transaction, error);
}

void
ch_order_tell (ChWorld  *world,
               gint64    id,
               ChChange  change)
{
  if (world->watcher.order_changed != NULL)
    world->watcher.order_changed (world->watcher.data, id, change);
  ch_runner_wake (world->runner);
}
