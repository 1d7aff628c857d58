/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/mailer.h"

#include "engine/alarm.h"
#include "engine/machine.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "notify/message.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define DAY (24 * 60 * 60)
#define TOGETHER 60
#define FIRST_WAIT (5 * 60)
#define MOST_WAIT (6 * 60 * 60)
#define CLAIM "mail"

/* One mail that is being sent. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChMail *mail;         /* (owned) */
  char **keys;          /* (owned): of what it holds */
  char *message;        /* (owned) */
  char *doubt;          /* (owned) (nullable): what the server said against a recipient */
  GError *error;        /* (owned) (nullable) */
} Sending;

static void
sending_free (Sending *sending)
{
  g_clear_pointer (&sending->mail, ch_mail_free);
  g_strfreev (sending->keys);
  g_free (sending->message);
  g_free (sending->doubt);
  g_clear_error (&sending->error);
  g_free (sending);
}

/* ---- when ---- */

/* Not before a day after the last one; that a clock was wrong then does not count. */
static gint64
soonest (const ChMail *mail,
         gint64        at)
{
  return mail->sent_at <= at ? MAX (at, mail->sent_at + DAY) : at;
}

gboolean
ch_mailer_resume (ChWorld *world,
                  GError **error)
{
  g_autoptr(ChMail) mail = ch_store_get_mail (world->store, error);

  if (mail == NULL)
    return FALSE;

  mail->due = world->config->mail != NULL ? soonest (mail, ch_now () + TOGETHER) : 0;
  mail->failures = 0;
  g_clear_pointer (&mail->reason, g_free);
  return ch_store_set_mail (world->store, mail, error);
}

void
ch_mailer_hasten (ChWorld *world)
{
  g_autoptr(GError) error = NULL;

  if (world->config->mail == NULL)
    return;

  if (!ch_store_hasten_mail (world->store, ch_now () + TOGETHER, &error))
    g_warning ("The mail that tells of this will be late: %s", error->message);
  if (world->runner != NULL)
    ch_runner_wake (world->runner);
}

/* ---- what ---- */

static char **
keys_of (const GPtrArray *items)
{
  GStrvBuilder *keys = g_strv_builder_new ();

  for (guint i = 0; i < items->len; i++)
    g_strv_builder_add (keys, ((const ChDigestItem *) g_ptr_array_index (items, i))->key);

  char **list = g_strv_builder_end (keys);
  g_strv_builder_unref (keys);
  return list;
}

static gboolean
has_news (const ChMail *mail,
          char        **keys)
{
  for (gsize i = 0; keys[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) mail->told, keys[i]))
      return TRUE;

  return FALSE;
}

/* Of those that were told what still stands: what comes back is news. */
static void
forget_gone (ChMail *mail,
             char  **keys)
{
  guint left = 0;

  for (guint i = 0; mail->told[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) keys, mail->told[i]))
      mail->told[left++] = mail->told[i];
    else
      g_free (mail->told[i]);

  mail->told[left] = NULL;
}

/* The same for a mail that is sent again since nobody knows whether it arrived. */
static char *
message_id (const ChMail *mail,
            char        **keys)
{
  g_autofree char *all = g_strjoinv (" ", keys);
  g_autofree char *seed = g_strdup_printf ("%" PRId64 " %s", mail->sent_at, all);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strdup_printf ("chancery-%.32s", sum);
}

static char *
compose (ChWorld         *world,
         const ChMail    *mail,
         const GPtrArray *items,
         char           **keys,
         gint64           now)
{
  g_autofree char *subject = ch_digest_subject (items, now);
  g_autofree char *body = ch_digest_body (items, g_get_host_name (), now);
  g_autofree char *id = message_id (mail, keys);
  const ChMailServer *server = world->config->mail;

  return ch_message_compose (&(ChMessage) { server->from, (const char *const *) server->to, subject, body, now, id });
}

/* ---- sending ---- */

static void
sending_perform (gpointer      data,
                 GCancellable *cancellable)
{
  Sending *sending = data;

  ch_mail_send (sending->world, sending->message, NULL, NULL, &sending->doubt, cancellable, &sending->error);
}

/* A #ChWrite. */
static gboolean
sending_write (gpointer   data,
               GError   **error)
{
  Sending *sending = data;

  return ch_store_set_mail (sending->world->store, sending->mail, error);
}

static void
note_sent (ChMail *mail,
           char ***keys,
           gint64   now)
{
  mail->sent_at = now;
  mail->due = now + DAY;
  mail->failures = 0;
  g_clear_pointer (&mail->reason, g_free);
  g_strfreev (mail->told);
  mail->told = g_steal_pointer (keys);
}

static void
note_failed (ChMail       *mail,
             const GError *error,
             gint64        now)
{
  mail->failures++;
  mail->due = now + ch_backoff (mail->failures, FIRST_WAIT, MOST_WAIT, 0);
  g_free (mail->reason);
  mail->reason = g_strdup (error->message);
}

static void
sending_done (gpointer      data,
              GCancellable *cancellable)
{
  Sending *sending = data;
  ChWorld *world = sending->world;
  ChMail *mail = sending->mail;
  const char *server = world->config->mail->server;
  gint64 now = ch_now ();

  if (sending->error == NULL)
    {
      note_sent (mail, &sending->keys, now);
      ch_world_log (world, &ch_actor_daemon, "mail.sent", "mail", server, TRUE, _("Told by e-mail what needs a person"));
      if (sending->doubt != NULL)
        ch_world_log (world, &ch_actor_daemon, "mail.refused", "mail", server, FALSE,
                      _("Somebody may not have got the mail, as the server also said: “%s”. Look at to under [mail]"), sending->doubt);
    }
  else if (g_error_matches (sending->error, CH_ERROR, CH_ERROR_CANCELLED))
    mail->due = now;
  else
    {
      gboolean is_new = g_strcmp0 (mail->reason, sending->error->message) != 0;

      note_failed (mail, sending->error, now);
      if (is_new)
        ch_world_log (world, &ch_actor_daemon, "mail.failed", "mail", server, FALSE, "%s", mail->reason);
    }

  ch_runner_finish (world->runner, CLAIM, sending_write, sending, (GDestroyNotify) sending_free);
}

static gboolean
begin (ChWorld    *world,
       ChMail    **mail,
       gint64      now,
       GError    **error)
{
  g_autoptr(GPtrArray) items = ch_mail_gather (world->store, now, error);

  if (items == NULL)
    return FALSE;

  g_auto(GStrv) keys = keys_of (items);
  forget_gone (*mail, keys);
  if (!has_news (*mail, keys))
    {
      (*mail)->due = now + DAY;
      (*mail)->failures = 0;
      g_clear_pointer (&(*mail)->reason, g_free);
      return ch_store_set_mail (world->store, *mail, error);
    }

  (*mail)->due = 0;
  if (!ch_store_set_mail (world->store, *mail, error))
    return FALSE;

  Sending *sending = g_new0 (Sending, 1);
  sending->world = world;
  sending->message = compose (world, *mail, items, keys, now);
  sending->mail = g_steal_pointer (mail);
  sending->keys = g_steal_pointer (&keys);
  ch_workers_push (world->workers, sending_perform, sending_done, sending, NULL);
  return TRUE;
}

void
ch_mailer_run (ChWorld *world,
               gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChMail) mail = world->config->mail != NULL ? ch_store_get_mail (world->store, &error) : NULL;

  if (error != NULL)
    ch_runner_hold (world->runner, error);
  if (mail == NULL || mail->due == 0 || mail->due > now || !ch_runner_has_room (world->runner)
      || !ch_runner_claim (world->runner, CLAIM))
    return;

  if (!begin (world, &mail, now, &error))
    ch_runner_hold (world->runner, error);
  if (mail != NULL)
    ch_runner_release (world->runner, CLAIM);
}
