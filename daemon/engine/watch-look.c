/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches-private.h"

#include "deploy/prove.h"
#include "deploy/wait.h"
#include "engine/alarm.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/mailer.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

#define AT_ONCE 16
/* Old and new may serve side by side just now, in somebody's graceful reload. */
#define SECOND_LOOK 1000    /* milliseconds */

/* ---- one look ---- */

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChWatch *watch;       /* (owned) */
  char *object;         /* (owned): the claim */
  gboolean wanted;      /* a person waits for it */
  GPtrArray *served;    /* (element-type ChSeen) (owned) (nullable) */
  GArray *seen;         /* (element-type ChWatchSeen) (owned): the same, for judging */
  GString *silent;      /* (owned): sentences about addresses that did not answer */
  GError *error;        /* (owned) (nullable) */
} Look;

static void
look_free (Look *look)
{
  ch_watch_free (look->watch);
  g_clear_pointer (&look->served, g_ptr_array_unref);
  g_array_unref (look->seen);
  g_string_free (look->silent, TRUE);
  g_clear_error (&look->error);
  g_free (look->object);
  g_free (look);
}

/* (transfer full) (nullable): claimed */
static Look *
look_new (ChWorld *world,
          gint64   id,
          GError **error)
{
  g_autofree char *object = ch_object_name ("watch", id);
  g_autoptr(ChWatch) watch = ch_store_get_watch (world->store, id, error);

  if (watch == NULL)
    return NULL;
  if (!ch_runner_claim (world->runner, object))
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("It is being looked at already"));
      return NULL;
    }

  Look *look = g_new0 (Look, 1);
  look->world = world;
  look->watch = g_steal_pointer (&watch);
  look->object = g_steal_pointer (&object);
  look->seen = g_array_new (FALSE, TRUE, sizeof (ChWatchSeen));
  look->silent = g_string_new (NULL);
  return look;
}

static void
look_once (Look             *look,
           const ChEndpoint *endpoint,
           GCancellable     *cancellable)
{
  g_clear_pointer (&look->served, g_ptr_array_unref);
  g_array_set_size (look->seen, 0);
  g_string_truncate (look->silent, 0);
  look->served = ch_prove_look (endpoint, look->silent, cancellable, &look->error);

  for (guint i = 0; look->served != NULL && i < look->served->len; i++)
    {
      const ChSeen *one = g_ptr_array_index (look->served, i);
      ChWatchSeen seen = { one->place, one->served->leaf, ch_served_is_trusted (one->served) };

      g_array_append_val (look->seen, seen);
    }
}

/* Whether it is not what was seen before, or a person hopes that it is better now. */
static gboolean
is_surprising (const Look *look)
{
  const ChWatch *watch = look->watch;

  if (look->served == NULL || watch->fingerprint == NULL)
    return FALSE;
  for (guint i = 0; i < look->seen->len; i++)
    if (!g_str_equal (g_array_index (look->seen, ChWatchSeen, i).leaf->fingerprint, watch->fingerprint))
      return TRUE;

  return look->wanted && ch_watch_needs_you (watch);
}

static void
look_perform (gpointer      data,
              GCancellable *cancellable)
{
  Look *look = data;
  const ChWatch *watch = look->watch;
  ChEndpoint endpoint = { watch->host, (guint16) watch->port, watch->sni, CH_START_TLS_NONE };

  if (watch->start_tls != NULL && !ch_start_tls_parse (watch->start_tls, &endpoint.start_tls, &look->error))
    return;

  look_once (look, &endpoint, cancellable);
  if (is_surprising (look))
    {
      ch_wait_pause (SECOND_LOOK, cancellable);
      look_once (look, &endpoint, cancellable);
    }
}

static void
tell_state (ChWorld       *world,
            const ChWatch *watch)
{
  g_autofree char *object = ch_object_name ("watch", watch->id);
  g_autofree char *action = g_strconcat ("watch.", ch_nick (CH_TYPE_WATCH_STATE, (int) watch->state), NULL);
  gboolean good = !ch_watch_needs_you (watch);

  ch_world_log (world, &ch_actor_daemon, action, object, watch->name, good, "%s",
                good ? _("The certificate is as it should be") : watch->reason);
  if (!good)
    ch_mailer_hasten (world);
}

static gboolean
look_end (gpointer   data,
          GError   **error)
{
  Look *look = data;
  ChWorld *world = look->world;
  gint64 now = ch_now ();
  g_autoptr(ChWatch) fresh = ch_store_get_watch (world->store, look->watch->id, error);

  if (fresh == NULL)
    return FALSE;

  ChWatchState before = fresh->state;
  gboolean renewed = FALSE;

  if (look->served != NULL)
    renewed = ch_watch_take (fresh, (const ChWatchSeen *) look->seen->data, look->seen->len,
                             world->config->expiry_days, now);
  else
    ch_watch_miss (fresh, look->error->message, look->wanted, now);
  fresh->due = ch_watch_next (world, fresh, now);
  if (!ch_store_update_watch (world->store, fresh, error))
    return FALSE;

  if (renewed)
    ch_watch_note (world, &ch_actor_daemon, fresh, "watch.renewed",
                   _("A new certificate of the same issuer is served"));
  if (fresh->state != before)
    tell_state (world, fresh);
  ch_watch_tell (world, fresh->id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* @look: (transfer full). Nothing was seen by a service that stops. */
static void
finish (Look *look)
{
  ChRunner *runner = look->world->runner;
  g_autofree char *object = g_strdup (look->object);

  if (look->served != NULL || (look->error != NULL && !g_error_matches (look->error, CH_ERROR, CH_ERROR_CANCELLED)))
    {
      ch_runner_finish (runner, object, look_end, look, (GDestroyNotify) look_free);
      return;
    }

  ch_runner_release (runner, object);
  look_free (look);
}

static void
look_done (gpointer      data,
           GCancellable *cancellable)
{
  finish (data);
}

void
ch_watches_run (ChWorld *world,
                gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_watches (world->store, now, AT_ONCE, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  for (guint i = 0; due != NULL && i < due->len && ch_runner_has_room (world->runner); i++)
    {
      Look *look = look_new (world, ((const ChWatch *) g_ptr_array_index (due, i))->id, NULL);

      if (look != NULL)
        ch_workers_push (world->workers, look_perform, look_done, look, NULL);
    }
}

/* ---- the job of a person who wants to know now ---- */

static void
say_seen (ChJob             *job,
          const ChWatchSeen *seen)
{
  g_autofree char *subject = g_utf8_make_valid (seen->leaf->subject, -1);

  ch_job_say (job, 1, seen->trusted ? _("%s serves “%s”; its chain is trusted by this machine")
                                    : _("%s serves “%s”; its chain is not trusted by this machine"), seen->place, subject);
}

static GHashTable *
job_perform (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Look *look = *(Look **) data;

  look_perform (look, cancellable);
  if (look->served == NULL)
    {
      *error = g_error_copy (look->error);
      return NULL;
    }

  for (guint i = 0; i < look->seen->len; i++)
    say_seen (job, &g_array_index (look->seen, ChWatchSeen, i));
  if (look->silent->len > 0)
    ch_job_say (job, 1, "%s", g_strstrip (look->silent->str));
  return g_hash_table_new (g_str_hash, g_str_equal);
}

static void
job_done (ChWorld  *world,
          ChJob    *job,
          gpointer  data)
{
  finish (g_steal_pointer ((Look **) data));
}

static void
job_free (gpointer data)
{
  Look **look = data;

  if (*look != NULL)
    {
      ch_runner_release ((*look)->world->runner, (*look)->object);
      look_free (*look);
    }
  g_free (look);
}

ChJob *
ch_watch_look (ChWorld       *world,
               gint64         id,
               const ChActor *actor,
               GError       **error)
{
  g_autofree char *path = ch_path_new (CH_FOLDER_WATCHES, id);
  Look *look = ch_jobs_have_room (world->jobs, actor, error) ? look_new (world, id, error) : NULL;

  if (look == NULL)
    return NULL;

  Look **data = g_new (Look *, 1);
  *data = look;
  look->wanted = TRUE;

  g_autofree char *title = g_strdup_printf (_("Look at %s"), look->watch->name);
  return ch_job_start (world, "watch.look", title, path, actor, job_perform, job_done, data, job_free, error);
}
