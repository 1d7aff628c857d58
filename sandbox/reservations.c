/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reservations.h"

#include <string.h>

typedef struct
{
  char *user;
  char *name;
  gint64 expires;
} Reservation;

struct _SbReservations
{
  GHashTable *by_id; /* (element-type utf8 Reservation) (owned) */
};

static void
reservation_free (Reservation *reservation)
{
  g_free (reservation->user);
  g_free (reservation->name);
  g_free (reservation);
}

SbReservations *
sb_reservations_new (void)
{
  SbReservations *reservations = g_new0 (SbReservations, 1);

  reservations->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                               (GDestroyNotify) reservation_free);
  return reservations;
}

void
sb_reservations_free (SbReservations *reservations)
{
  g_hash_table_unref (reservations->by_id);
  g_free (reservations);
}

const char *
sb_reserve (SbCall     *call,
            const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = sb_state_reserve_id (call->world->state, call->now, &error);
  Reservation *reservation = g_new0 (Reservation, 1);

  if (id == NULL)
    {
      g_free (reservation);
      sb_call_fail_internally (call, error);
      return NULL;
    }

  reservation->user = g_strdup (call->account->user);
  reservation->name = g_strdup (name);
  reservation->expires = call->now + MIN (call->world->settings.reservation_life, G_MAXINT64 - call->now);
  g_free (call->order_id);
  call->order_id = g_steal_pointer (&id);
  g_hash_table_insert (call->world->reservations->by_id, g_strdup (call->order_id), reservation);
  return call->order_id;
}

const char *
sb_reservation_name (SbCall     *call,
                     const char *id)
{
  Reservation *reservation = g_hash_table_lookup (call->world->reservations->by_id, id);

  if (sb_state_order (call->world->state, id) != NULL)
    sb_call_fail (call, -4004, "OrderID");
  else if (reservation == NULL || reservation->expires <= call->now)
    sb_call_fail (call, -4003, "OrderID");
  else if (strcmp (reservation->user, call->account->user) != 0)
    sb_call_fail (call, -9902, "OrderID");
  else
    return reservation->name;

  return NULL;
}
