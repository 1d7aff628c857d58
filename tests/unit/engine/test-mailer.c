/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/mailer.h"
#include "notify/smtp.h"

#include <string.h>

#define HOUR (60 * 60)
#define DAY (24 * HOUR)

/* The mail server, in place of notify/smtp.c. */
static GPtrArray *sent;
static GError *trouble;
static const char *refusal;     /* of one of several recipients */
static guint tries;
static char *seen_password;

gboolean
ch_smtp_send (const ChMailServer  *server,
              const char          *password,
              const char          *message,
              ChSmtpSay            say,
              gpointer             data,
              char               **doubt,
              GCancellable        *cancellable,
              GError             **error)
{
  tries++;
  g_free (seen_password);
  seen_password = g_strdup (password);
  if (trouble != NULL)
    {
      g_propagate_error (error, g_error_copy (trouble));
      return FALSE;
    }

  g_ptr_array_add (sent, g_strdup (message));
  if (doubt != NULL)
    *doubt = g_strdup (refusal);
  return TRUE;
}

/* As a service whose configuration has [mail]; it reads that at its start. */
static World *
mailing_world (const char *user)
{
  World *world = world_new ();
  ChMailServer *server = g_new0 (ChMailServer, 1);
  const char *to[] = { "ada@example.test", NULL };

  server->server = g_strdup ("mail.test");
  server->user = g_strdup (user);
  server->from = g_strdup ("chancery@example.test");
  server->to = g_strdupv ((char **) to);
  world_close (world);
  world->config->mail = server;
  world_open (world);
  sent = g_ptr_array_new_with_free_func (g_free);
  tries = 0;
  return world;
}

static void
end (World *world)
{
  world_free (world);
  g_clear_pointer (&sent, g_ptr_array_unref);
  g_clear_error (&trouble);
  g_clear_pointer (&seen_password, g_free);
}

/* Somebody's fault, and it says so to the log as all such do. */
static void
fail_peer (World      *world,
           gint64      id,
           const char *reason)
{
  g_autoptr(ChPeer) peer = world_peer (world, CH_PEER_ROLE_ACCOUNT, id);
  g_autoptr(GError) error = NULL;

  peer->state = reason != NULL ? CH_PEER_STATE_FAILING : CH_PEER_STATE_ENABLED;
  g_free (peer->reason);
  peer->reason = g_strdup (reason);
  g_assert_true (ch_store_update_peer (world->world.store, peer, &error));
  ch_world_log (&world->world, &ch_actor_daemon, "account.failing", "account/1", peer->name, reason == NULL, "it");
}

static void
test_once_a_day (void)
{
  World *world = mailing_world (NULL);
  gint64 one = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "one");
  gint64 two = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "two");

  world_run (world, 2 * DAY);
  g_assert_cmpuint (sent->len, ==, 0);      /* nothing to tell */

  fail_peer (world, one, "The password is wrong");
  world_run (world, 30);
  g_assert_cmpuint (sent->len, ==, 0);      /* what happens together is told together */
  world_run (world, 60);
  g_assert_cmpuint (sent->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 0), "Subject: Chancery: one needs you"));
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 0), "The password is wrong"));

  fail_peer (world, two, "The account is locked");
  world_run (world, 20 * HOUR);
  g_assert_cmpuint (sent->len, ==, 1);      /* one a day */
  world_run (world, 5 * HOUR);
  g_assert_cmpuint (sent->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, 1), "(and 1 more thing)"));

  world_close (world);
  world_open (world);
  world_run (world, 5 * DAY);
  g_assert_cmpuint (sent->len, ==, 2);      /* nothing new */

  fail_peer (world, one, NULL);
  world_run (world, 2 * DAY);
  fail_peer (world, one, "Again");
  world_run (world, 2 * DAY);
  g_assert_cmpuint (sent->len, ==, 3);      /* what comes back is news */
  end (world);
}

/* The mail is sent all the same, and the log tells who may miss it. */
static void
test_one_refused (void)
{
  World *world = mailing_world (NULL);
  gint64 one = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "one");
  g_autoptr(GError) error = NULL;

  refusal = "550 5.1.1 nobody of that name";
  fail_peer (world, one, "The password is wrong");
  world_run (world, HOUR);
  refusal = NULL;
  g_assert_cmpuint (sent->len, ==, 1);

  g_autoptr(ChMail) mail = ch_store_get_mail (world->world.store, &error);
  g_assert_cmpuint (mail->failures, ==, 0);
  g_autoptr(GPtrArray) events = ch_store_list_events (world->world.store, "mail", 0, 100, &error);
  gboolean told = FALSE;
  for (guint i = 0; i < events->len; i++)
    told = told || strstr (((const ChEvent *) events->pdata[i])->text, "nobody of that name") != NULL;
  g_assert_true (told);
  end (world);
}

static void
test_server_down (void)
{
  World *world = mailing_world (NULL);
  gint64 one = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "one");
  g_autoptr(GError) error = NULL;

  ch_error_set (&trouble, CH_ERROR_UNREACHABLE, "down");
  fail_peer (world, one, "The password is wrong");
  world_run (world, 10 * HOUR);
  g_assert_cmpuint (tries, >=, 5);
  g_assert_cmpuint (tries, <=, 12);         /* with growing pauses */

  g_autoptr(ChMail) mail = ch_store_get_mail (world->world.store, &error);
  g_assert_cmpuint (mail->failures, ==, tries);
  g_assert_cmpstr (mail->reason, ==, "down");

  g_autoptr(GPtrArray) events = ch_store_list_events (world->world.store, "mail", 0, 100, &error);
  g_assert_cmpuint (events->len, ==, 1);    /* the log tells the same once */

  g_clear_error (&trouble);
  world_run (world, 8 * HOUR);
  g_assert_cmpuint (sent->len, ==, 1);
  world_run (world, 3 * DAY);
  g_assert_cmpuint (sent->len, ==, 1);
  end (world);
}

/* The service dies after the server took it, before that is written down: the same mail again has the same number. */
static void
test_same_number (void)
{
  World *world = mailing_world (NULL);
  gint64 one = world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "one");
  g_autoptr(GError) error = NULL;

  fail_peer (world, one, "The password is wrong");
  g_autoptr(ChMail) before = ch_store_get_mail (world->world.store, &error);
  world_run (world, 120);
  g_assert_cmpuint (sent->len, ==, 1);
  g_assert_true (ch_store_set_mail (world->world.store, before, &error));
  world_close (world);
  world_open (world);
  world_run (world, 120);
  g_assert_cmpuint (sent->len, ==, 2);

  g_autofree char *id = NULL;
  for (guint i = 0; i < 2; i++)
    {
      const char *line = strstr (g_ptr_array_index (sent, i), "Message-ID: ");
      g_autofree char *this = g_strndup (line, strcspn (line, "\r"));

      if (id != NULL)
        g_assert_cmpstr (this, ==, id);
      else
        id = g_steal_pointer (&this);
    }
  end (world);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  GError **error = data;

  ch_mailer_set_password_finish (result, error);
}

static void
set_password (World      *world,
              const char *password,
              GError    **error)
{
  ch_mailer_set_password_async (&world->world, password, &somebody, set_cb, error);
  world_run (world, 1);
}

static void
test_password (void)
{
  World *world = mailing_world ("mailer");
  g_autoptr(GError) error = NULL;
  ChJob *job = ch_mailer_test (&world->world, &somebody, &error);

  world_run (world, 1);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_CREDENTIALS);
  g_assert_nonnull (strstr (job->error->message, "chancery notify set-password"));
  g_assert_cmpuint (tries, ==, 0);

  set_password (world, "two\nlines", &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_null (strstr (error->message, "lines"));
  g_clear_error (&error);

  set_password (world, "hunter2", &error);
  g_assert_no_error (error);
  job = ch_mailer_test (&world->world, &somebody, &error);
  world_run (world, 1);
  g_assert_no_error (job->error);
  g_assert_cmpstr (seen_password, ==, "hunter2");
  g_assert_cmpuint (sent->len, ==, 1);

  set_password (world, "", &error);
  g_assert_no_error (error);
  job = ch_mailer_test (&world->world, &somebody, &error);
  world_run (world, 1);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_CREDENTIALS);
  end (world);
}

/* Without [mail] there is nothing to do by itself, and a test says how to change that. */
static void
test_not_configured (void)
{
  World *world = world_new ();
  g_autoptr(GError) error = NULL;

  sent = g_ptr_array_new_with_free_func (g_free);
  fail_peer (world, world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "one"), "The password is wrong");
  world_run (world, 3 * DAY);
  g_assert_cmpuint (sent->len, ==, 0);
  g_assert_cmpint (ch_store_next_due (world->world.store, &error), ==, 0);
  g_assert_no_error (error);

  g_assert_null (ch_mailer_test (&world->world, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_assert_nonnull (strstr (error->message, "[mail]"));
  end (world);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  g_test_add_func ("/engine/mailer/once-a-day", test_once_a_day);
  g_test_add_func ("/engine/mailer/one-refused", test_one_refused);
  g_test_add_func ("/engine/mailer/server-down", test_server_down);
  g_test_add_func ("/engine/mailer/same-number", test_same_number);
  g_test_add_func ("/engine/mailer/password", test_password);
  g_test_add_func ("/engine/mailer/not-configured", test_not_configured);
  return g_test_run ();
}
