/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/world.h"

#include "engine/alarm.h"
#include "engine/mailer.h"

const ChActor ch_actor_daemon = { .uid = -1, .authority = "daemon" };

char *
ch_object_name (const char *kind,
                gint64      id)
{
  return g_strdup_printf ("%s/%" G_GINT64_FORMAT, kind, id);
}

static void
tell_journal (const ChEvent *event)
{
  g_autofree char *uid = g_strdup_printf ("%" G_GINT64_FORMAT, event->uid);

  g_log_structured (G_LOG_DOMAIN, event->ok ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_WARNING,
                    "CHANCERY_OBJECT", event->object,
                    "CHANCERY_ACTION", event->action,
                    "CHANCERY_UID", uid,
                    "MESSAGE", "%s (%s): %s", event->object, event->name, event->text);
}

void
ch_world_log (ChWorld       *world,
              const ChActor *actor,
              const char    *action,
              const char    *object,
              const char    *name,
              gboolean       ok,
              const char    *format,
              ...)
{
  g_autoptr(ChEvent) event = g_new0 (ChEvent, 1);
  g_autoptr(GError) error = NULL;
  va_list args;

  event->at = ch_now ();
  event->uid = actor->uid;
  event->authority = g_strdup (actor->authority);
  event->action = g_strdup (action);
  event->object = g_strdup (object);
  event->name = g_strdup (name);
  event->ok = ok;
  va_start (args, format);
  event->text = g_strdup_vprintf (format, args);
  va_end (args);

  tell_journal (event);
  if (!ch_store_add_event (world->store, event, &error))
    g_warning ("The audit log cannot be written: %s", error->message);
  else if (world->watcher.event_added != NULL)
    world->watcher.event_added (world->watcher.data, event);
  if (!ok)
    ch_mailer_hasten (world);
}
