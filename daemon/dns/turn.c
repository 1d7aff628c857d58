/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"

#include "lib/error.h"

#include <glib/gi18n.h>

struct ChDnsTurn
{
  char *set;
};

static GMutex lock;
static GCond freed;
static GHashTable *taken;       /* (element-type utf8) (nullable) (owned): the sets that are being changed */

static gboolean
fail_cancelled (GError **error)
{
  return ch_error_set (error, CH_ERROR_CANCELLED, _("The change of a DNS record was cancelled"));
}

/* The lock makes sure that a waiter either sees the cancellation before it waits, or is woken. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  g_mutex_lock (&lock);
  g_cond_broadcast (&freed);
  g_mutex_unlock (&lock);
}

static gboolean
take (const char   *set,
      GCancellable *cancellable)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (taken == NULL)
    taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (!g_cancellable_is_cancelled (cancellable))
    {
      if (g_hash_table_add (taken, g_strdup (set)))
        return TRUE;

      g_cond_wait (&freed, &lock);
    }

  return FALSE;
}

ChDnsTurn *
ch_dns_turn_wait (const char    *set,
                  GCancellable  *cancellable,
                  GError       **error)
{
  gulong id = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), NULL, NULL)
                                  : 0;
  gboolean ours = take (set, cancellable);

  g_cancellable_disconnect (cancellable, id);
  if (!ours)
    {
      fail_cancelled (error);
      return NULL;
    }

  ChDnsTurn *turn = g_new (ChDnsTurn, 1);
  turn->set = g_strdup (set);
  return turn;
}

void
ch_dns_turn_end (ChDnsTurn *turn)
{
  if (turn == NULL)
    return;

  g_mutex_lock (&lock);
  g_hash_table_remove (taken, turn->set);
  g_cond_broadcast (&freed);
  g_mutex_unlock (&lock);
  g_free (turn->set);
  g_free (turn);
}

gboolean
ch_dns_pause (guint          milliseconds,
              GCancellable  *cancellable,
              GError       **error)
{
  guint wait = milliseconds + (milliseconds > 0 ? g_random_int_range (0, milliseconds + 1) : 0);
  GPollFD wake;

  if (g_cancellable_make_pollfd (cancellable, &wake))
    {
      g_poll (&wake, 1, wait);
      g_cancellable_release_fd (cancellable);
    }
  else
    {
      g_poll (NULL, 0, wait);
    }

  return !g_cancellable_is_cancelled (cancellable) || fail_cancelled (error);
}
