/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "engine/alarm.h"
#include "engine/runner.h"
#include "lib/error.h"

#include <glib/gi18n.h>

void
ch_peer_tell (ChWorld       *world,
              const ChPeer  *peer,
              ChChange       change)
{
  if (world->watcher.peer_changed != NULL)
    world->watcher.peer_changed (world->watcher.data, peer->role, peer->id, change);
  ch_runner_wake (world->runner);
}

void
ch_peer_note (ChWorld       *world,
              const ChActor *actor,
              const ChPeer  *peer,
              const char    *verb,
              const char    *format,
              ...)
{
  const char *role = ch_nick (CH_TYPE_PEER_ROLE, peer->role);
  g_autofree char *action = g_strdup_printf ("%s.%s", role, verb);
  g_autofree char *object = ch_object_name (role, peer->id);
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  ch_world_log (world, actor, action, object, peer->name, TRUE, "%s", text);
}

static void
note_failure (ChWorld      *world,
              const ChPeer *peer)
{
  const char *role = ch_nick (CH_TYPE_PEER_ROLE, peer->role);
  g_autofree char *action = g_strdup_printf ("%s.failing", role);
  g_autofree char *object = ch_object_name (role, peer->id);

  ch_world_log (world, &ch_actor_daemon, action, object, peer->name, FALSE, "%s", peer->reason);
}

void
ch_peer_note_outcome (ChWorld      *world,
                      const ChPeer *peer,
                      const GError *error)
{
  static const ChError for_a_person[] = {
    CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_CLOCK, CH_ERROR_TLS, CH_ERROR_VAULT, CH_ERROR_MONEY,
  };
  gboolean bad = FALSE;
  g_autoptr(ChPeer) fresh = ch_store_get_peer (world->store, peer->role, peer->id, NULL);

  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (for_a_person); i++)
    bad |= g_error_matches (error, CH_ERROR, for_a_person[i]);

  if (fresh == NULL || fresh->state == CH_PEER_STATE_DISABLED || (error != NULL && !bad))
    return;
  if (!bad && fresh->state == CH_PEER_STATE_ENABLED)
    return;
  if (bad && fresh->state == CH_PEER_STATE_FAILING && g_strcmp0 (fresh->reason, error->message) == 0)
    return;

  fresh->state = bad ? CH_PEER_STATE_FAILING : CH_PEER_STATE_ENABLED;
  g_free (fresh->reason);
  fresh->reason = bad ? g_strdup (error->message) : NULL;
  fresh->checked_at = ch_now ();
  if (!ch_store_update_peer (world->store, fresh, NULL))
    return;

  if (bad)
    note_failure (world, fresh);
  else
    ch_peer_note (world, &ch_actor_daemon, fresh, "works", "%s", _("Works again"));
  ch_peer_tell (world, fresh, CH_CHANGE_CHANGED);
}

void
ch_peer_note_tested (ChWorld      *world,
                     const ChPeer *peer,
                     const GError *error)
{
  g_autoptr(ChPeer) fresh = ch_store_get_peer (world->store, peer->role, peer->id, NULL);

  if (fresh == NULL)
    return;

  fresh->checked_at = ch_now ();
  if (ch_store_update_peer (world->store, fresh, NULL))
    ch_peer_tell (world, fresh, CH_CHANGE_CHANGED);
  ch_peer_note_outcome (world, peer, error);
}
