/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/expiry.h"

#include "engine/effects.h"
#include "engine/mailer.h"
#include "engine/runner.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define DAY (24 * 60 * 60)
#define PATIENCE (2 * DAY)
#define AT_ONCE 100

/* For `journalctl MESSAGE_ID=…`; docs/monitoring.md has it. */
#define MESSAGE_EXPIRING "6f0f8a4e1c2b4d0e9a3f5d7c8b1e2a44"

/* ---- what to tell ---- */

/* Until when it is expected that the order replaces its certificate without anybody. */
static gint64
trusted_until (const ChOrder *order)
{
  gboolean needs_renewal = order->not_after > order->term_end - DAY;

  if (!order->auto_replace || order->replace_failures > 0 || (needs_renewal && !order->auto_renew))
    return 0;
  if (order->state != CH_ORDER_STATE_ISSUED)
    return order->state_since + PATIENCE;

  return order->replace_at > 0 ? order->replace_at + PATIENCE : 0;
}

ChExpiryLook
ch_expiry_look (const ChOrder *order,
                gint64         not_before,
                gboolean       renewed,
                const guint   *days,
                gint64         now)
{
  gint64 end = order->not_after;
  gint64 trusted = trusted_until (order);
  ChExpiryLook look = { -1, end };

  if (now >= end)
    return (ChExpiryLook) { renewed ? -1 : 0, order->term_end > now ? order->term_end : 0 };
  if (renewed)
    return look;

  for (; *days != 0; days++)
    {
      gint64 at = end - (gint64) *days * DAY;

      if ((gint64) *days * DAY > (end - not_before) / 3)
        continue;
      if (at > now)
        {
          look.next = at;
          break;
        }
      look.days = (int) *days;
    }

  if (look.days > 0 && now < trusted && now < end - CH_EXPIRY_LAST_DAYS * DAY)
    return (ChExpiryLook) { -1, MIN (MIN (trusted, look.next), end - CH_EXPIRY_LAST_DAYS * DAY) };
  return look;
}

/* ---- telling ---- */

static char *
sentence (const ChOrder *order,
          int            days,
          gint64         now)
{
  gint64 left = (order->not_after - now) / DAY;

  if (days == 0)
    return g_strdup (_("The certificate has ended"));

  return g_strdup_printf (ngettext ("The certificate ends in %d day", "The certificate ends in %d days", (gulong) left), (int) left);
}

static void
tell (ChWorld       *world,
      const ChOrder *order,
      int            days,
      gint64         now)
{
  g_autofree char *text = sentence (order, days, now);
  g_autofree char *id = g_strdup_printf ("%" PRId64, order->id);
  g_autofree char *end = g_strdup_printf ("%" PRId64, order->not_after);
  g_autofree char *left = g_strdup_printf ("%" PRId64, MAX (order->not_after - now, 0) / DAY);

  ch_order_note (world, &ch_actor_daemon, order, days == 0 ? "order.ended" : "order.expiring", text);
  g_log_structured (G_LOG_DOMAIN, days <= CH_EXPIRY_LAST_DAYS ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_MESSAGE,
                    "MESSAGE_ID", MESSAGE_EXPIRING, "CHANCERY_ORDER", id, "CHANCERY_NAME", order->names[0],
                    "NOT_AFTER", end, "DAYS_LEFT", left, "MESSAGE", "Order %s (%s): %s", id, order->names[0], text);
  if (world->watcher.certificate_expiring != NULL)
    world->watcher.certificate_expiring (world->watcher.data, order, days);
  ch_mailer_hasten (world);
}

/* Whether it is news. */
static gboolean
is_told (ChWorld        *world,
         const ChOrder  *order,
         int             days)
{
  g_autoptr(ChWarning) before = NULL;

  ch_store_find_warning (world->store, order->id, &before, NULL);
  return before != NULL && before->not_after == order->not_after && before->days <= days;
}

static gboolean
is_renewed (ChWorld       *world,
            const ChOrder *order)
{
  g_autoptr(ChOrder) renewal = NULL;

  ch_store_find_renewal (world->store, order->id, &renewal, NULL);
  return renewal != NULL && renewal->issued_at != 0 && !ch_order_state_is_final (renewal->state);
}

static gboolean
write_look (ChWorld       *world,
            ChOrder       *order,
            ChExpiryLook   look,
            gboolean       news,
            gint64         now,
            GError       **error)
{
  ChWarning warning = { order->id, order->not_after, look.days, now };
  ChFact ended = { .kind = CH_FACT_ENDED };
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  order->tell_at = look.next;
  if (transaction == NULL
      || (news && !ch_store_set_warning (world->store, &warning, error))
      || (look.days < 0 && !ch_store_remove_warning (world->store, order->id, error)))
    return FALSE;

  if (now >= order->not_after && now >= order->term_end)
    {
      /* Something is still under way: then once more tomorrow. */
      order->tell_at = order->step == CH_ORDER_STEP_NONE ? 0 : now + DAY;
      if (!ch_order_apply_fact (world, order, &ended, NULL, &ch_actor_daemon, error))
        return FALSE;
    }
  else if (!ch_store_update_order (world->store, order, error))
    return FALSE;

  return ch_store_transaction_commit (transaction, error);
}

static gboolean
look_at (ChWorld  *world,
         ChOrder  *order,
         gint64    now,
         GError  **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_certificates (world->store, order->id, error);

  if (list == NULL)
    return FALSE;

  /* Nothing to tell: it has ended, or was never issued. */
  if (list->len == 0 || ch_order_state_is_final (order->state))
    {
      order->tell_at = 0;
      return ch_store_update_order (world->store, order, error);
    }

  const ChCertificate *newest = g_ptr_array_index (list, 0);
  ChExpiryLook look = ch_expiry_look (order, newest->not_before, is_renewed (world, order), world->config->expiry_days, now);
  gboolean news = look.days >= 0 && !is_told (world, order, look.days);

  if (!write_look (world, order, look, news, now, error))
    return FALSE;

  if (news)
    tell (world, order, look.days, now);
  ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
  return TRUE;
}

void
ch_expiry_run (ChWorld *world,
               gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_orders_to_tell (world->store, now, AT_ONCE, &error);
  gboolean ok = due != NULL;

  for (guint i = 0; ok && i < due->len; i++)
    {
      ChOrder *order = g_ptr_array_index (due, i);
      g_autofree char *object = ch_object_name ("order", order->id);

      /* What a worker has in hand is written by it; its end wakes us. */
      if (!ch_runner_claim (world->runner, object))
        continue;
      ok = look_at (world, order, now, &error);
      ch_runner_release (world->runner, object);
    }

  if (!ok)
    ch_runner_hold (world->runner, error);
}
