/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/claims.h"

#include "engine/alarm.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* A step of an order is mostly over in seconds; what a person asks for waits that long, but not for a CA that hangs. Less
 * than clients wait for an answer, so that they get the reason. */
#define PATIENCE_SECONDS 45

struct _ChClaims
{
  GHashTable *taken;      /* (element-type utf8) (owned) */
  GQueue waiters;         /* (element-type Waiter) (owned): who came first is first */
  gboolean stopping;
};

typedef struct
{
  ChClaims *claims;           /* (not owned) */
  gint64 order_id;
  char *object;               /* (owned) */
  gint64 since;
  ChClaimed claimed;
  gpointer data;              /* (not owned): @claimed takes it */
  GCancellable *cancellable;  /* (owned) (nullable) */
  gulong handler;             /* 0: none */
  guint give_up;              /* source id, 0: none */
} Waiter;

static void
waiter_free (Waiter *waiter)
{
  g_clear_handle_id (&waiter->give_up, g_source_remove);
  if (waiter->handler != 0)
    g_cancellable_disconnect (waiter->cancellable, waiter->handler);
  g_clear_object (&waiter->cancellable);
  g_free (waiter->object);
  g_free (waiter);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiter, waiter_free)

ChClaims *
ch_claims_new (void)
{
  ChClaims *claims = g_new0 (ChClaims, 1);

  claims->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return claims;
}

void
ch_claims_free (ChClaims *claims)
{
  ch_claims_stop (claims);
  g_hash_table_unref (claims->taken);
  g_free (claims);
}

guint
ch_claims_count (const ChClaims *claims)
{
  return g_hash_table_size (claims->taken);
}

gboolean
ch_claims_take (ChClaims   *claims,
                const char *object)
{
  return !g_hash_table_contains (claims->taken, object)
         && g_hash_table_add (claims->taken, g_strdup (object));
}

/* @given: (transfer full). It may begin to wait again at once, so it is out of the queue before. */
static void
answer (Waiter       *given,
        const GError *why)
{
  g_autoptr(Waiter) waiter = given;

  g_queue_remove (&waiter->claims->waiters, waiter);
  waiter->claimed (waiter->data, why);
}

void
ch_claims_release (ChClaims   *claims,
                   const char *object)
{
  for (GList *l = claims->waiters.head; l != NULL; l = l->next)
    {
      Waiter *waiter = l->data;

      if (g_str_equal (waiter->object, object))
        {
          answer (waiter, NULL);
          return;
        }
    }

  g_hash_table_remove (claims->taken, object);
}

/* ---- waiting ---- */

static void
refuse (Waiter *waiter)
{
  g_autoptr(GError) error = NULL;

  if (waiter->claims->stopping)
    ch_error_set (&error, CH_ERROR_CANCELLED, _("The service stops"));
  else if (g_cancellable_is_cancelled (waiter->cancellable))
    ch_error_set (&error, CH_ERROR_CANCELLED, _("Cancelled while it waited for order %" PRId64), waiter->order_id);
  else
    ch_error_set (&error, CH_ERROR_IN_USE,
                  _("What is under way with order %" PRId64 " takes long; “chancery order explain %" PRId64 "” tells what it is. "
                    "Try again when it has ended"), waiter->order_id, waiter->order_id);
  answer (waiter, error);
}

static gboolean
give_up_cb (gpointer data)
{
  Waiter *waiter = data;

  waiter->give_up = 0;
  refuse (waiter);
  return G_SOURCE_REMOVE;
}

/* Not at once: a handler cannot disconnect itself (g_cancellable_disconnect()). */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  Waiter *waiter = data;

  waiter->give_up = g_idle_add (give_up_cb, waiter);
}

gboolean
ch_claims_await_order (ChClaims     *claims,
                       gint64        id,
                       GCancellable *cancellable,
                       ChClaimed     claimed,
                       gpointer      data)
{
  g_autofree char *object = ch_object_name ("order", id);

  if (ch_claims_take (claims, object))
    {
      claimed (data, NULL);
      return TRUE;
    }

  Waiter *waiter = g_new0 (Waiter, 1);
  *waiter = (Waiter) { claims, id, g_steal_pointer (&object), ch_now (), claimed, data, NULL, 0, 0 };
  g_queue_push_tail (&claims->waiters, waiter);
  if (claims->stopping)
    {
      refuse (waiter);
      return TRUE;
    }

  if (cancellable != NULL)
    {
      waiter->cancellable = g_object_ref (cancellable);
      waiter->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), waiter, NULL);
    }
  return FALSE;
}

/* A clock that was set back does not make anybody wait longer. */
static Waiter *
find_impatient (const ChClaims *claims,
                gint64          now)
{
  for (GList *l = claims->waiters.head; l != NULL; l = l->next)
    {
      Waiter *waiter = l->data;

      if (now >= waiter->since + PATIENCE_SECONDS || now < waiter->since)
        return waiter;
    }

  return NULL;
}

void
ch_claims_run (ChClaims *claims,
               gint64    now)
{
  Waiter *waiter;

  while ((waiter = find_impatient (claims, now)) != NULL)
    refuse (waiter);
}

gint64
ch_claims_next_due (const ChClaims *claims)
{
  const Waiter *first = g_queue_peek_head ((GQueue *) &claims->waiters);

  return first != NULL ? first->since + PATIENCE_SECONDS : 0;
}

void
ch_claims_stop (ChClaims *claims)
{
  claims->stopping = TRUE;
  while (!g_queue_is_empty (&claims->waiters))
    refuse (g_queue_peek_head (&claims->waiters));
}
