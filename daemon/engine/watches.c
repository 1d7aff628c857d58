/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches-private.h"

#include "deploy/prove.h"
#include "engine/alarm.h"
#include "engine/machine.h"
#include "engine/runner.h"
#include "lib/error.h"
#include "lib/field.h"

#include <glib/gi18n.h>
#include <string.h>

#define WATCHES_MAX 1000
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

void
ch_watch_tell (ChWorld  *world,
               gint64    id,
               ChChange  change)
{
  if (world->watcher.watch_changed != NULL)
    world->watcher.watch_changed (world->watcher.data, id, change);
  ch_runner_wake (world->runner);
}

void
ch_watch_note (ChWorld       *world,
               const ChActor *actor,
               const ChWatch *watch,
               const char    *action,
               const char    *text)
{
  g_autofree char *object = ch_object_name ("watch", watch->id);

  ch_world_log (world, actor, action, object, watch->name, TRUE, "%s", text);
}

/* With up to a fifth more or less, so that not all are looked at in the same minute. */
gint64
ch_watch_next (ChWorld       *world,
               const ChWatch *watch,
               gint64         now)
{
  gint64 every = watch->every > 0 ? watch->every : (gint64) MAX (world->config->watch_hours, 1) * HOUR;

  return now + (watch->failures > 0 ? ch_backoff (watch->failures, MIN (RETRY_FIRST, every), every, (guint64) watch->id)
                                    : ch_backoff (1, every, every, (guint64) watch->id));
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
check_every (guint    every,
             GError **error)
{
  return every == 0 || (every >= EVERY_LEAST && every <= EVERY_MOST)
         || ch_error_set (error, CH_ERROR_INVALID, _("It can be looked at every ten minutes to every 30 days"));
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
  if (!check_every (draft->every, error))
    return FALSE;

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

  ch_watch_note (world, actor, watch, "watch.add", _("Added"));
  ch_watch_tell (world, watch->id, CH_CHANGE_ADDED);
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

  /* Other addresses may still serve what was right before; what none serves is forgotten at the next look. */
  ch_watch_add_accepted (watch, watch->fingerprint);
  watch->state = CH_WATCH_STATE_GOOD;
  g_clear_pointer (&watch->reason, g_free);
  watch->due = ch_now ();
  if (!ch_store_update_watch (world->store, watch, error))
    return FALSE;

  ch_watch_note (world, actor, watch, "watch.accept", _("The certificate that is served now is right"));
  ch_watch_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_watch_set_interval (ChWorld       *world,
                       gint64         id,
                       guint          every,
                       const ChActor *actor,
                       GError       **error)
{
  g_autoptr(ChWatch) watch = check_every (every, error) ? ch_store_get_watch (world->store, id, error) : NULL;

  if (watch == NULL)
    return FALSE;

  watch->every = every;
  watch->due = ch_watch_next (world, watch, watch->looked_at > 0 ? watch->looked_at : ch_now ());
  if (!ch_store_update_watch (world->store, watch, error))
    return FALSE;

  ch_watch_note (world, actor, watch, "watch.edit", _("Edited"));
  ch_watch_tell (world, id, CH_CHANGE_CHANGED);
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

  ch_watch_note (world, actor, watch, "watch.remove", _("Removed"));
  ch_watch_tell (world, id, CH_CHANGE_REMOVED);
  return TRUE;
}
