/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "engine/alarm.h"
#include "engine/challenge-files.h"
#include "engine/cleaner.h"
#include "engine/deployments-private.h"
#include "engine/runner.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* So often in a row, then it will hardly pass by itself. */
#define PATIENCE 5

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

void
ch_peer_hurry (ChWorld      *world,
               const ChPeer *peer)
{
  if (peer->role == CH_PEER_ROLE_DNS)
    ch_cleaner_hurry (world, peer->id);
  else if (peer->role == CH_PEER_ROLE_SERVER)
    {
      ch_deployments_hurry (world, peer->id);
      ch_challenge_files_hurry (world, peer->id, NULL);
    }
}

static void
hurry_all (ChWorld      *world,
           const ChPeer *peer)
{
  ch_store_hurry_orders (world->store, peer->role, peer->id, ch_now (), NULL);
  ch_peer_hurry (world, peer);
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

static gboolean
is_one_of (const GError  *error,
           const ChError *codes,
           gsize          n)
{
  for (gsize i = 0; error != NULL && i < n; i++)
    if (g_error_matches (error, CH_ERROR, (int) codes[i]))
      return TRUE;

  return FALSE;
}

/* Trouble of the service itself, which may pass: when it does not, a person is told. What is wrong with one name only is
 * not the account's. */
static gboolean
fails_again (ChPeer       *peer,
             const GError *error)
{
  static const ChError codes[] = {
    CH_ERROR_UNREACHABLE, CH_ERROR_TRANSIENT, CH_ERROR_BAD_ANSWER, CH_ERROR_UNKNOWN_OUTCOME,
  };

  if (peer->role != CH_PEER_ROLE_DNS || !is_one_of (error, codes, G_N_ELEMENTS (codes)))
    return FALSE;

  peer->failures++;
  return TRUE;
}

static char *
reason_for (const ChPeer *peer,
            const GError *error,
            gboolean      again)
{
  return again ? g_strdup_printf (_("Fails again and again: %s"), error->message) : g_strdup (error->message);
}

static void
change_state (ChWorld      *world,
              ChPeer       *peer,
              const GError *error,
              gboolean      again)
{
  gboolean bad = error != NULL;

  peer->state = bad ? CH_PEER_STATE_FAILING : CH_PEER_STATE_ENABLED;
  g_free (peer->reason);
  peer->reason = bad ? reason_for (peer, error, again) : NULL;
  peer->checked_at = ch_now ();
  if (!ch_store_update_peer (world->store, peer, NULL))
    return;

  if (bad)
    note_failure (world, peer);
  else
    {
      hurry_all (world, peer);
      ch_peer_note (world, &ch_actor_daemon, peer, "works", "%s", _("Works again"));
    }
  ch_peer_tell (world, peer, CH_CHANGE_CHANGED);
}

void
ch_peer_note_outcome (ChWorld      *world,
                      const ChPeer *peer,
                      const GError *error)
{
  static const ChError for_a_person[] = {
    CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_CLOCK, CH_ERROR_TLS, CH_ERROR_VAULT, CH_ERROR_MONEY,
  };
  g_autoptr(ChPeer) fresh = ch_store_get_peer (world->store, peer->role, peer->id, NULL);

  if (fresh == NULL || fresh->state == CH_PEER_STATE_DISABLED)
    return;

  guint before = fresh->failures;
  gboolean again = fails_again (fresh, error);
  gboolean bad = is_one_of (error, for_a_person, G_N_ELEMENTS (for_a_person)) || (again && fresh->failures >= PATIENCE);
  if (error == NULL)
    fresh->failures = 0;

  g_autofree char *reason = bad ? reason_for (fresh, error, again) : NULL;
  gboolean news = bad ? fresh->state != CH_PEER_STATE_FAILING || g_strcmp0 (fresh->reason, reason) != 0
                      : error == NULL && fresh->state == CH_PEER_STATE_FAILING;
  if (news)
    change_state (world, fresh, bad ? error : NULL, again);
  else if (fresh->failures != before)
    ch_store_update_peer (world->store, fresh, NULL);
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
  if (error == NULL && fresh->state != CH_PEER_STATE_DISABLED)
    hurry_all (world, fresh);
  if (ch_store_update_peer (world->store, fresh, NULL))
    ch_peer_tell (world, fresh, CH_CHANGE_CHANGED);
  ch_peer_note_outcome (world, peer, error);
}
