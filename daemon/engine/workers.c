/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/workers.h"

#include <malloc.h>

struct _ChWorkers
{
  GThreadPool *pool;        /* (owned) */
  GHashTable *open;         /* (element-type Piece) (owned): pushed and not delivered */
  gboolean stopping;
};

typedef struct
{
  ChWorkers *workers;         /* (not owned) */
  ChWork work;
  ChWork done;
  gpointer data;
  GCancellable *cancellable;  /* (owned) */
} Piece;

static void
piece_free (Piece *piece)
{
  g_clear_object (&piece->cancellable);
  g_free (piece);
}

static gboolean
deliver_cb (gpointer data)
{
  Piece *piece = data;
  GHashTable *open = piece->workers->open;

  g_hash_table_steal (open, piece);
  piece->done (piece->data, piece->cancellable);
  piece_free (piece);

  /* Reading the system's trust anchors for one TLS connection leaves megabytes of free heap behind:
   * a service that has nothing to do gives them back. */
  if (g_hash_table_size (open) == 0)
    malloc_trim (0);

  return G_SOURCE_REMOVE;
}

static void
work_cb (gpointer data,
         gpointer unused)
{
  Piece *piece = data;

  piece->work (piece->data, piece->cancellable);
  g_idle_add_full (G_PRIORITY_DEFAULT, deliver_cb, piece, NULL);
}

ChWorkers *
ch_workers_new (guint limit)
{
  ChWorkers *workers = g_new0 (ChWorkers, 1);

  /* Not exclusive: idle threads go away, so that a service with nothing to do has one thread. */
  workers->pool = g_thread_pool_new (work_cb, NULL, (int) limit, FALSE, NULL);
  workers->open = g_hash_table_new (NULL, NULL);
  return workers;
}

void
ch_workers_push (ChWorkers    *workers,
                 ChWork        work,
                 ChWork        done,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->workers = workers;
  piece->work = work;
  piece->done = done;
  piece->data = data;
  piece->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  if (workers->stopping)
    g_cancellable_cancel (piece->cancellable);

  g_hash_table_add (workers->open, piece);
  g_thread_pool_push (workers->pool, piece, NULL);
}

/* ---- the other way ---- */

typedef struct
{
  ChWork call;
  gpointer data;                /* (not owned) */
  GCancellable *cancellable;    /* (not owned) */
  GMutex lock;
  GCond ended;
  gboolean done;
} Crossing;

static gboolean
cross_cb (gpointer data)
{
  Crossing *crossing = data;

  crossing->call (crossing->data, crossing->cancellable);
  g_mutex_lock (&crossing->lock);
  crossing->done = TRUE;
  g_cond_signal (&crossing->ended);
  g_mutex_unlock (&crossing->lock);
  return G_SOURCE_REMOVE;
}

/* A stopping service, too, runs its main loop until every worker is at its end. */
void
ch_workers_cross (ChWork        call,
                  gpointer      data,
                  GCancellable *cancellable)
{
  Crossing crossing = { .call = call, .data = data, .cancellable = cancellable };

  g_mutex_init (&crossing.lock);
  g_cond_init (&crossing.ended);
  g_idle_add_full (G_PRIORITY_DEFAULT, cross_cb, &crossing, NULL);
  g_mutex_lock (&crossing.lock);
  while (!crossing.done)
    g_cond_wait (&crossing.ended, &crossing.lock);
  g_mutex_unlock (&crossing.lock);
  g_mutex_clear (&crossing.lock);
  g_cond_clear (&crossing.ended);
}

/* ---- the end ---- */

void
ch_workers_stop (ChWorkers *workers)
{
  GHashTableIter iter;
  gpointer piece;

  workers->stopping = TRUE;
  g_hash_table_iter_init (&iter, workers->open);
  while (g_hash_table_iter_next (&iter, &piece, NULL))
    g_cancellable_cancel (((Piece *) piece)->cancellable);

  while (g_hash_table_size (workers->open) > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
ch_workers_free (ChWorkers *workers)
{
  g_thread_pool_free (workers->pool, TRUE, TRUE);
  g_hash_table_unref (workers->open);
  g_free (workers);
}
