/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define IDLE_SECONDS 60
#define OPERATION_SECONDS 30
#define IDLE_MOST 64

/*
 * Connections that nobody uses just now, and those whose time is being looked at. One thread looks, and only while
 * there is something to look at.
 */
static GMutex lock;
static GCond changed;
static GPtrArray *idle;       /* (element-type ChSsh) (owned) (nullable) */
static GPtrArray *watched;    /* (element-type ChSsh) (nullable): somebody's */
static gboolean looking, closed;
static GThread *looker;       /* (owned) (nullable): also when it has ended */
static gint64 patience = IDLE_SECONDS * G_USEC_PER_SEC;

/* ---- the thread ---- */

static void
ensure_lists (void)
{
  if (idle != NULL)
    return;

  idle = g_ptr_array_new ();
  watched = g_ptr_array_new ();
}

/* (transfer full) (nullable): one whose time is over; @next: (inout): when to look again */
static ChSsh *
take_stale (gint64  now,
            gint64 *next)
{
  for (guint i = 0; i < idle->len; i++)
    {
      ChSsh *ssh = g_ptr_array_index (idle, i);

      if (closed || ssh->idle_until <= now)
        return g_ptr_array_steal_index (idle, i);
      *next = MIN (*next, ssh->idle_until);
    }

  return NULL;
}

static void
cut_late (gint64  now,
          gint64 *next)
{
  for (guint i = 0; i < watched->len; i++)
    {
      ChSsh *ssh = g_ptr_array_index (watched, i);

      if (ssh->deadline > now)
        *next = MIN (*next, ssh->deadline);
      else if (!g_atomic_int_get (&ssh->timed_out))
        {
          g_atomic_int_set (&ssh->timed_out, TRUE);
          shutdown (ssh->fd, SHUT_RDWR);
        }
    }
}

static gpointer
look (gpointer data)
{
  g_mutex_lock (&lock);
  while (idle->len > 0 || watched->len > 0)
    {
      gint64 now = g_get_monotonic_time (), next = now + IDLE_SECONDS * G_USEC_PER_SEC;
      ChSsh *stale = take_stale (now, &next);

      cut_late (now, &next);
      if (stale == NULL)
        {
          g_cond_wait_until (&changed, &lock, next);
          continue;
        }

      g_mutex_unlock (&lock);
      ch_ssh_free (stale);
      g_mutex_lock (&lock);
    }

  g_clear_pointer (&idle, g_ptr_array_unref);
  g_clear_pointer (&watched, g_ptr_array_unref);
  looking = FALSE;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
  return NULL;
}

/* With the lock, which a thread that has ended its look does not want again. */
static void
wake (void)
{
  if (!looking)
    {
      g_clear_pointer (&looker, g_thread_join);
      looker = g_thread_new ("ssh-pool", look, NULL);
    }
  looking = TRUE;
  g_cond_broadcast (&changed);
}

/* ---- watching ---- */

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      data)
{
  const ChSsh *ssh = data;

  shutdown (ssh->fd, SHUT_RDWR);
}

void
ch_ssh_watch (ChSsh        *ssh,
              GCancellable *cancellable,
              guint         seconds)
{
  g_mutex_lock (&lock);
  ensure_lists ();
  ssh->deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  g_ptr_array_add (watched, ssh);
  wake ();
  g_mutex_unlock (&lock);

  ssh->cancellable = cancellable;
  if (cancellable != NULL)
    ssh->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), ssh, NULL);
}

void
ch_ssh_unwatch (ChSsh *ssh)
{
  if (ssh->cancellable != NULL)
    {
      g_cancellable_disconnect (ssh->cancellable, ssh->cancelled_id);
      ssh->broken = ssh->broken || g_cancellable_is_cancelled (ssh->cancellable);
    }
  ssh->cancellable = NULL;
  ssh->cancelled_id = 0;

  g_mutex_lock (&lock);
  g_ptr_array_remove (watched, ssh);
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

void
ch_ssh_allow (ChSsh *ssh,
              guint  seconds)
{
  g_mutex_lock (&lock);
  ssh->deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

/* ---- who, where and by which secrets ---- */

static int
compare_names (const void *a,
               const void *b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
hash_table (gnutls_hash_hd_t  hash,
            GHashTable       *table)
{
  guint n = 0;

  if (table == NULL)
    return;

  g_autofree const char **names = (const char **) g_hash_table_get_keys_as_array (table, &n);
  qsort (names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      const char *value = g_hash_table_lookup (table, names[i]);

      gnutls_hash (hash, names[i], strlen (names[i]) + 1);
      gnutls_hash (hash, value, strlen (value) + 1);
    }
}

static char *
identify (const ChServerAccess *access)
{
  gnutls_hash_hd_t hash;
  guint8 digest[32];

  if (gnutls_hash_init (&hash, GNUTLS_DIG_SHA256) != 0)
    return g_uuid_string_random ();

  for (; access != NULL; access = access->via)
    {
      hash_table (hash, access->settings);
      gnutls_hash (hash, "", 1);
      hash_table (hash, access->secrets);
      gnutls_hash (hash, "", 1);
    }

  gnutls_hash_deinit (hash, digest);
  return g_base64_encode (digest, sizeof digest);
}

/* ---- taking and giving back ---- */

static ChSsh *
take_idle (const char *id)
{
  ChSsh *found = NULL;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&lock);
  for (guint i = idle != NULL ? idle->len : 0; i > 0 && found == NULL; i--)
    {
      const ChSsh *ssh = g_ptr_array_index (idle, i - 1);

      if (ssh->idle_until > now && g_str_equal (ssh->id, id))
        found = g_ptr_array_steal_index (idle, i - 1);
    }
  g_mutex_unlock (&lock);
  return found;
}

ChSsh *
ch_ssh_take (const ChServerAccess  *access,
             GCancellable          *cancellable,
             GError               **error)
{
  g_autofree char *id = identify (access);
  ChSsh *ssh;

  /* Those that the other side has closed meanwhile. */
  while ((ssh = take_idle (id)) != NULL && ch_ssh_is_cut (ssh))
    ch_ssh_free (ssh);

  if (ssh == NULL && (ssh = ch_ssh_connect (access, cancellable, error)) == NULL)
    return NULL;

  if (ssh->id == NULL)
    ssh->id = g_steal_pointer (&id);
  ch_ssh_watch (ssh, cancellable, OPERATION_SECONDS);
  return ssh;
}

void
ch_ssh_forget (const ChServerAccess *access)
{
  g_autofree char *id = identify (access);
  ChSsh *ssh;

  while ((ssh = take_idle (id)) != NULL)
    ch_ssh_free (ssh);
}

void
ch_ssh_give_back (ChSsh *ssh)
{
  ch_ssh_unwatch (ssh);
  gboolean good = !ssh->broken && !ch_ssh_is_cut (ssh);

  g_mutex_lock (&lock);
  ensure_lists ();
  if (good && !closed && idle->len < IDLE_MOST)
    {
      ssh->idle_until = g_get_monotonic_time () + patience;
      g_ptr_array_add (idle, g_steal_pointer (&ssh));
    }
  wake ();
  g_mutex_unlock (&lock);

  g_clear_pointer (&ssh, ch_ssh_free);
}

void
ch_ssh_pool_set_patience (guint milliseconds)
{
  g_mutex_lock (&lock);
  patience = milliseconds * G_GINT64_CONSTANT (1000);
  g_mutex_unlock (&lock);
}

void
ch_ssh_pool_close (void)
{
  g_mutex_lock (&lock);
  closed = TRUE;
  g_cond_broadcast (&changed);
  while (looking)
    g_cond_wait (&changed, &lock);
  /* OpenSSL frees what a thread has of it when the thread has really ended. */
  g_clear_pointer (&looker, g_thread_join);
  g_mutex_unlock (&lock);
}
