/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/mailer.h"

#include "engine/alarm.h"
#include "engine/job.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"
#include "notify/message.h"
#include "notify/smtp.h"

#include <glib/gi18n.h>
#include <string.h>

#define PASSWORD_REF "mail/password"
#define CREDENTIAL "chancery-mail-password"
#define PASSWORD_MAX 1024

/* ---- the password ---- */

static gboolean
check_password (const char *password,
                GError    **error)
{
  if (strlen (password) <= PASSWORD_MAX && strpbrk (password, "\r\n") == NULL && g_utf8_validate (password, -1, NULL))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID, _("The password for the mail server must be one line of text of %d bytes at most"), PASSWORD_MAX);
}

/* What systemd gives the service, as it does with the vault's key. Returns NULL without error when there is none. */
static GBytes *
load_credential (GError **error)
{
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autoptr(GError) local = NULL;
  char *text = NULL;
  gsize length;

  if (folder == NULL || *folder == '\0')
    return NULL;

  g_autofree char *path = g_build_filename (folder, CREDENTIAL, NULL);
  if (!g_file_get_contents (path, &text, &length, &local))
    {
      if (!g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        ch_error_set (error, CH_ERROR_VAULT, _("The credential “%s” cannot be read: %s"), CREDENTIAL, local->message);
      return NULL;
    }

  g_autoptr(GBytes) secret = ch_secret_take (text, length);
  if (length > 0 && text[length - 1] == '\n')
    text[length - 1] = '\0';
  return strlen (text) + 1 >= length && check_password (text, error) ? g_steal_pointer (&secret) : NULL;
}

static GBytes *
load_password (ChWorld             *world,
               GCancellable        *cancellable,
               GError             **error)
{
  g_autoptr(GError) local = NULL;
  GBytes *secret = load_credential (&local);

  if (secret == NULL && local == NULL)
    secret = ch_vault_lookup (world->vault, PASSWORD_REF, cancellable, &local);
  if (secret != NULL)
    return secret;

  if (g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    ch_error_set (error, CH_ERROR_CREDENTIALS,
                  _("There is no password for user “%s” of the mail server yet: set it with “chancery notify set-password”"),
                  world->config->mail->user);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
ch_mail_send (ChWorld       *world,
              const char    *message,
              void         (*say) (const char *text, gpointer data),
              gpointer       data,
              char         **doubt,
              GCancellable  *cancellable,
              GError       **error)
{
  const ChMailServer *server = world->config->mail;
  g_autoptr(GBytes) secret = server->user != NULL ? load_password (world, cancellable, error) : NULL;

  if (server->user != NULL && secret == NULL)
    return FALSE;

  ch_autosecret char *password = secret == NULL ? NULL : g_strndup (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret));
  return ch_smtp_send (server, password, message, say, data, doubt, cancellable, error);
}

/* ---- setting it ---- */

typedef struct
{
  ChWorld *world;       /* (not owned) */
  GBytes *secret;       /* (owned); empty: none any more */
  gint64 uid;
  char *authority;      /* (owned) */
  GTask *task;          /* (owned) */
  GError *error;        /* (owned) (nullable) */
} Change;

static void
change_perform (gpointer      data,
                GCancellable *cancellable)
{
  Change *change = data;
  ChVault *vault = change->world->vault;

  if (g_bytes_get_size (change->secret) > 0)
    ch_vault_store (vault, PASSWORD_REF, _("Chancery: password for the mail server"), change->secret, cancellable, &change->error);
  else
    ch_vault_remove (vault, PASSWORD_REF, cancellable, &change->error);
}

static void
change_done (gpointer      data,
             GCancellable *cancellable)
{
  Change *change = data;
  ChActor actor = { .uid = change->uid, .authority = change->authority };

  if (change->error == NULL)
    {
      ch_world_log (change->world, &actor, "mail.set-password", "mail", "mail", TRUE, "%s",
                    g_bytes_get_size (change->secret) > 0 ? _("Set the password for the mail server")
                                                          : _("Took the password for the mail server away"));
      g_task_return_boolean (change->task, TRUE);
    }
  else
    g_task_return_error (change->task, g_steal_pointer (&change->error));

  g_bytes_unref (change->secret);
  g_free (change->authority);
  g_object_unref (change->task);
  g_free (change);
}

void
ch_mailer_set_password_async (ChWorld             *world,
                              const char          *password,
                              const ChActor       *actor,
                              GAsyncReadyCallback  callback,
                              gpointer             data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  GError *error = NULL;

  g_task_set_source_tag (task, ch_mailer_set_password_async);
  if (!check_password (password, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  Change *change = g_new0 (Change, 1);
  change->world = world;
  change->secret = ch_secret_new (password);
  change->uid = actor->uid;
  change->authority = g_strdup (actor->authority);
  change->task = g_steal_pointer (&task);
  ch_workers_push (world->workers, change_perform, change_done, change, NULL);
}

gboolean
ch_mailer_set_password_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- the test ---- */

static void
say_cb (const char *text,
        gpointer    data)
{
  ch_job_say (data, -1, "%s", text);
}

static char *
compose_test (const ChMailServer *server)
{
  g_autofree char *subject = g_strdup_printf (_("Chancery on %s: test"), g_get_host_name ());
  g_autofree char *id = g_uuid_string_random ();

  return ch_message_compose (&(ChMessage) {
    .from = server->from,
    .to = (const char *const *) server->to,
    .subject = subject,
    .body = _("This is a test: mail from Chancery arrives here. It will tell when certificates end and nothing has replaced\n"
              "them, and when something else needs a person.\n"),
    .date = ch_now (),
    .id = id,
  });
}

static GHashTable *
test (ChJob         *job,
      gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  ChWorld *world = data;
  g_autofree char *message = compose_test (world->config->mail);

  if (!ch_mail_send (world, message, say_cb, job, NULL, cancellable, error))
    return NULL;

  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* Somebody mended it: what waits after failures need not wait longer. */
static void
test_done (ChWorld  *world,
           ChJob    *job,
           gpointer  data)
{
  g_autoptr(ChMail) mail = job->error == NULL ? ch_store_get_mail (world->store, NULL) : NULL;

  if (mail == NULL || mail->failures == 0 || mail->due == 0)
    return;

  mail->failures = 0;
  g_clear_pointer (&mail->reason, g_free);
  if (ch_store_set_mail (world->store, mail, NULL))
    ch_mailer_hasten (world);
}

ChJob *
ch_mailer_test (ChWorld        *world,
                const ChActor  *actor,
                GError        **error)
{
  const ChMailServer *server = world->config->mail;

  if (server == NULL)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE,
                    _("No e-mail is configured: write a group [mail] with server, from and to into the configuration of the service, "
                      "/etc/chancery/chanceryd.conf, and restart it; docs/configuration.md and chanceryd(8) have an example"));
      return NULL;
    }

  g_autofree char *title = g_strdup_printf (_("Test mail by %s"), server->server);
  return ch_job_start (world, "mail.test", title, CH_ROOT_PATH, actor, test, test_done, world, NULL, error);
}
