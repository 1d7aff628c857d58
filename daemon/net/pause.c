/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pause.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define LONGEST 3600
#define LONGEST_GUESS 60

/* more callers than this have no accounts: those whose pause is over are forgotten */
#define CALLERS_MAX 256

typedef struct
{
  gint64 until;
  gint64 guess;     /* seconds, for a service that does not say */
} Pause;

static GMutex lock;
static GHashTable *pauses; /* (element-type utf8 Pause), under the lock */

char *
ch_pause_caller (const char *url,
                 const char *credential)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) url, strlen (url) + 1);
  g_checksum_update (sum, (const guchar *) credential, strlen (credential));
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
is_over (gpointer key,
         gpointer value,
         gpointer now)
{
  return ((Pause *) value)->until <= *(gint64 *) now;
}

static Pause *
get_pause (const char *caller,
           gint64      now)
{
  if (pauses == NULL)
    pauses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  Pause *pause = g_hash_table_lookup (pauses, caller);
  if (pause != NULL)
    return pause;

  if (g_hash_table_size (pauses) >= CALLERS_MAX)
    g_hash_table_foreach_remove (pauses, is_over, &now);
  pause = g_new0 (Pause, 1);
  g_hash_table_insert (pauses, g_strdup (caller), pause);
  return pause;
}

void
ch_pause_begin (const char *caller,
                gint64      now,
                gint64      seconds)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Pause *pause = get_pause (caller, now);

  if (seconds < 0)
    seconds = pause->guess = CLAMP (pause->guess * 2, 1, LONGEST_GUESS);

  /* one worker's long pause is not shortened by what another was told a moment before */
  pause->until = MAX (pause->until, now + MIN (seconds, LONGEST) * G_USEC_PER_SEC);
}

void
ch_pause_end (const char *caller)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Pause *pause = pauses != NULL ? g_hash_table_lookup (pauses, caller) : NULL;

  if (pause != NULL)
    pause->guess = 0;
}

gboolean
ch_pause_check (const char *caller,
                gint64      now,
                const char *service,
                GError    **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Pause *pause = pauses != NULL ? g_hash_table_lookup (pauses, caller) : NULL;
  gint64 left = pause != NULL ? (pause->until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC : 0;

  if (left > 0)
    return ch_error_set (error, CH_ERROR_THROTTLED,
                         ngettext ("%s was asked too often and wants to be left alone for another %d second",
                                   "%s was asked too often and wants to be left alone for another %d seconds",
                                   (gulong) left), service, (int) left);

  return TRUE;
}
