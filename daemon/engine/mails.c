/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/mails.h"

#include "engine/alarm.h"

static gint64
plausible (gint64 time,
           gint64 since,
           gint64 now)
{
  return time >= since && time <= now ? time : now;
}

static ChChallenge *
challenge_new (const ChOrder *order,
               gint64         now)
{
  ChChallenge *challenge = g_new0 (ChChallenge, 1);

  challenge->order_id = order->id;
  challenge->method = CH_DCV_METHOD_EMAIL;
  challenge->name = g_strdup (order->names[0]);
  challenge->location = g_strdup (order->approver);
  challenge->value = g_strdup ("");
  challenge->value_at = now;
  return challenge;
}

gboolean
ch_mail_note (ChWorld          *world,
              ChOrder          *order,
              const ChCaOrder  *ca,
              gboolean          sent,
              GError          **error)
{
  gint64 now = ch_now ();
  g_autoptr(GPtrArray) list = ch_store_list_challenges (world->store, order->id, error);

  if (list == NULL)
    return FALSE;
  if (ca != NULL && ca->approver != NULL && g_strcmp0 (ca->approver, order->approver) != 0)
    {
      g_free (order->approver);
      order->approver = g_strdup (ca->approver);
    }
  if (order->approver == NULL)
    return TRUE;

  ChChallenge *challenge = list->len == 1 ? list->pdata[0] : NULL;
  if (challenge == NULL || challenge->method != CH_DCV_METHOD_EMAIL || g_strcmp0 (challenge->location, order->approver) != 0)
    {
      g_ptr_array_set_size (list, 0);
      g_ptr_array_add (list, challenge = challenge_new (order, now));
    }

  if (sent || challenge->published_at == 0)
    challenge->published_at = plausible (ca != NULL ? ca->notified_at : 0, challenge->value_at, now);
  if (challenge->seen_at == 0 && ca != NULL && ca->confirmed_at != 0)
    challenge->seen_at = plausible (ca->confirmed_at, challenge->published_at, now);
  return ch_store_set_challenges (world->store, order->id, list, error);
}
