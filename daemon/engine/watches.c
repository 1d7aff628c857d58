/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches.h"

#include "deploy/prove.h"
#include "engine/alarm.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/mailer.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/field.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define WATCHES_MAX 1000
#define AT_ONCE 16
#define EVERY_LEAST (10 * 60)
#define EVERY_MOST (30 * 24 * 60 * 60)
#define HOUR (60 * 60)
#define RETRY_FIRST (5 * 60)

void
ch_watch_draft_free (ChWatchDraft *draft)
{
  g_free (draft->host);
  g_free (draft->sni);
  g_free (draft->start_tls);
  g_free (draft);
}

static void
tell (ChWorld  *world,
      gint64    id,
      ChChange  change)
{
  if (world->watcher.watch_changed != NULL)
    world->watcher.watch_changed (world->watcher.data, id, change);
  ch_runner_wake (world->runner);
}

static void
note (ChWorld       *world,
      const ChActor *actor,
      const ChWatch *watch,
      const char    *action,
      const char    *text)
{
  g_autofree char *object = ch_object_name ("watch", watch->id);

  ch_world_log (world, actor, action, object, watch->name, TRUE, "%s", text);
}

/* ---- one look ---- */

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChWatch *watch;       /* (owned) */
  char *object;         /* (owned): the claim */
  gboolean wanted;      /* a person waits for it */
  ChServed *served;     /* (owned) (nullable) */
  gboolean trusted;
  GError *error;        /* (owned) (nullable) */
} Look;

static void
look_free (Look *look)
{
  ch_watch_free (look->watch);
  g_clear_pointer (&look->served, ch_served_free);
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
  return look;
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

  look->served = ch_prove_look (&endpoint, cancellable, &look->error);
  look->trusted = look->served != NULL && ch_served_is_trusted (look->served);
}

/* With up to a fifth more or less, so that not all are looked at in the same minute. */
static gint64
next_look (ChWorld       *world,
           const ChWatch *watch,
           gint64         now)
{
  gint64 every = watch->every > 0 ? watch->every : (gint64) MAX (world->config->watch_hours, 1) * HOUR;

  return now + (watch->failures > 0 ? ch_backoff (watch->failures, MIN (RETRY_FIRST, every), every, (guint64) watch->id)
                                    : ch_backoff (1, every, every, (guint64) watch->id));
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
  g_autofree char *accepted = g_strdup (fresh->accepted);

  if (look->served != NULL)
    ch_watch_take (fresh, look->served->leaf, look->trusted, world->config->expiry_days, now);
  else
    ch_watch_miss (fresh, look->error->message, look->wanted, now);
  fresh->due = next_look (world, fresh, now);
  if (!ch_store_update_watch (world->store, fresh, error))
    return FALSE;

  if (accepted != NULL && g_strcmp0 (accepted, fresh->accepted) != 0)
    note (world, &ch_actor_daemon, fresh, "watch.renewed", _("A new certificate of the same issuer is served"));
  if (fresh->state != before)
    tell_state (world, fresh);
  tell (world, fresh->id, CH_CHANGE_CHANGED);
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

  g_autofree char *subject = g_utf8_make_valid (look->served->leaf->subject, -1);
  ch_job_say (job, 1, _("“%s” is served; its chain is %s"), subject,
              look->trusted ? _("trusted by this machine") : _("not trusted by this machine"));
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

/* ---- commands ---- */

/* "host:port/name,starttls=smtp", as it is written on a command line */
static char *
make_name (const ChWatchDraft *draft)
{
  gboolean is_v6 = strchr (draft->host, ':') != NULL;
  g_autoptr(GString) name = g_string_new (NULL);

  g_string_printf (name, "%s%s%s:%u", is_v6 ? "[" : "", draft->host, is_v6 ? "]" : "", draft->port);
  if (draft->sni != NULL)
    g_string_append_printf (name, "/%s", draft->sni);
  if (draft->start_tls != NULL)
    g_string_append_printf (name, ",starttls=%s", draft->start_tls);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static gboolean
check (ChWorld            *world,
       const ChWatchDraft *draft,
       GError            **error)
{
  ChStartTls start_tls;
  g_autoptr(GPtrArray) watches = NULL;

  if (!ch_field_check_host (draft->host, error) || (draft->sni != NULL && !ch_field_check_host (draft->sni, error))
      || (draft->start_tls != NULL && !ch_start_tls_parse (draft->start_tls, &start_tls, error)))
    return FALSE;
  if (draft->port < 1 || draft->port > G_MAXUINT16)
    return ch_error_set (error, CH_ERROR_INVALID, _("The port is from 1 to 65535"));
  if (draft->every != 0 && (draft->every < EVERY_LEAST || draft->every > EVERY_MOST))
    return ch_error_set (error, CH_ERROR_INVALID, _("It can be looked at every ten minutes to every 30 days"));

  watches = ch_store_list_watches (world->store, error);
  if (watches != NULL && watches->len >= WATCHES_MAX)
    return ch_error_set (error, CH_ERROR_LIMIT, _("No more than %d endpoints can be watched"), WATCHES_MAX);
  return watches != NULL;
}

gint64
ch_watch_add (ChWorld            *world,
              const ChWatchDraft *draft,
              const ChActor      *actor,
              GError            **error)
{
  g_autoptr(ChWatch) watch = g_new0 (ChWatch, 1);

  if (!check (world, draft, error))
    return 0;

  watch->name = make_name (draft);
  watch->host = g_strdup (draft->host);
  watch->port = draft->port;
  watch->sni = g_strdup (draft->sni);
  watch->start_tls = g_strdup (draft->start_tls);
  watch->every = draft->every;
  watch->state = CH_WATCH_STATE_NEW;
  watch->created_at = watch->due = ch_now ();
  if (!ch_store_add_watch (world->store, watch, error))
    return 0;

  note (world, actor, watch, "watch.add", _("Added"));
  tell (world, watch->id, CH_CHANGE_ADDED);
  return watch->id;
}

gboolean
ch_watch_accept (ChWorld       *world,
                 gint64         id,
                 const ChActor *actor,
                 GError       **error)
{
  g_autoptr(ChWatch) watch = ch_store_get_watch (world->store, id, error);

  if (watch == NULL)
    return FALSE;
  if (watch->state != CH_WATCH_STATE_CHANGED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” shows no other certificate than before"), watch->name);

  g_free (watch->accepted);
  watch->accepted = g_strdup (watch->fingerprint);
  watch->state = CH_WATCH_STATE_GOOD;
  g_clear_pointer (&watch->reason, g_free);
  watch->due = ch_now ();
  if (!ch_store_update_watch (world->store, watch, error))
    return FALSE;

  note (world, actor, watch, "watch.accept", _("The certificate that is served now is right"));
  tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_watch_remove (ChWorld       *world,
                 gint64         id,
                 const ChActor *actor,
                 GError       **error)
{
  g_autoptr(ChWatch) watch = ch_store_get_watch (world->store, id, error);

  if (watch == NULL || !ch_store_remove_watch (world->store, id, error))
    return FALSE;

  note (world, actor, watch, "watch.remove", _("Removed"));
  tell (world, id, CH_CHANGE_REMOVED);
  return TRUE;
}
