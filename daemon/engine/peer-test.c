/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "ca/ca.h"
#include "dcv/dns.h"
#include "deploy/target.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/job.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "pki/names.h"

#include <glib/gi18n.h>

/* What a test works with, by value. */
typedef struct
{
  ChWorld *world;         /* (not owned) */
  ChPeer *peer;           /* (owned) */
  ChAccess *access;       /* (owned) (nullable): to a server */
  ChTxtRecord *txt;       /* (owned) (nullable): noted before it is written */
  char *zone;             /* (owned) (nullable) */
  gboolean read_only;
} Test;

static void
test_free (Test *test)
{
  g_clear_pointer (&test->access, ch_access_free);
  g_clear_pointer (&test->peer, ch_peer_free);
  g_clear_pointer (&test->txt, ch_txt_record_free);
  g_free (test->zone);
  g_free (test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Test, test_free)

static GHashTable *
new_result (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static GHashTable *
test_account (ChJob         *job,
              gpointer       data,
              GCancellable  *cancellable,
              GError       **error)
{
  Test *test = data;
  const ChCa *ca = ch_ca_find (test->peer->kind, error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (test->world->vault, test->peer, cancellable, error) : NULL;
  GHashTable *facts = NULL;

  if (secrets == NULL)
    return NULL;

  ChCaAccess access = { .settings = test->peer->settings, .secrets = secrets };
  ch_job_say (job, 0.2, _("Asks %s whether the credentials are good"), ca->title);
  if (!ca->verify (&access, &facts, cancellable, error))
    return NULL;

  ch_job_say (job, 1, _("The credentials are good"));
  return facts != NULL ? facts : new_result ();
}

static void
say_cb (const char *text,
        gpointer    data)
{
  ch_job_say (data, -1, "%s", text);
}

static GHashTable *
test_dns (ChJob         *job,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Test *test = data;
  const ChDnsProvider *provider = ch_dns_find (test->peer->kind, error);
  g_autoptr(GHashTable) secrets = provider != NULL ? ch_secrets_load (test->world->vault, test->peer, cancellable, error)
                                                   : NULL;

  if (secrets == NULL)
    return NULL;

  ChDnsAccess access = { .settings = test->peer->settings, .secrets = secrets };
  if (test->read_only)
    return ch_dcv_dns_verify (provider, &access, test->zone, say_cb, job, cancellable, error) ? new_result () : NULL;

  ChTxt txt = { .name = test->txt->name, .value = test->txt->value };

  if (!ch_dcv_dns_test (provider, &access, &txt, &test->txt->zone, say_cb, job, cancellable, error))
    return NULL;

  GHashTable *result = new_result ();
  g_hash_table_insert (result, g_strdup ("zone"), g_strdup (test->zone));
  return result;
}

static GHashTable *
test_server (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Test *test = data;
  const ChTarget *target = ch_target_find (test->peer->kind, error);
  const ChServerAccess *access = target != NULL ? ch_access_load (test->access, test->world->vault, cancellable, error) : NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (access == NULL)
    return NULL;

  gboolean ok = target->probe (access, lines, cancellable, error);
  for (guint i = 0; i < lines->len; i++)
    ch_job_say (job, ok ? (i + 1.0) / lines->len : -1, "%s", (const char *) g_ptr_array_index (lines, i));

  return ok ? new_result () : NULL;
}

/* What became of a test's value. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChTxtRecord *txt;     /* (owned) */
  gboolean gone;
} Leftover;

static void
leftover_free (gpointer data)
{
  Leftover *leftover = data;

  ch_txt_record_free (leftover->txt);
  g_free (leftover);
}

/* A #ChWrite. A value that could not be removed, or of which nobody knows, is the cleaner's. */
static gboolean
leftover_write (gpointer   data,
                GError   **error)
{
  Leftover *leftover = data;
  ChStore *store = leftover->world->store;

  leftover->txt->state = CH_TXT_STATE_REMOVING;
  leftover->txt->due = ch_now ();
  return leftover->gone ? ch_store_remove_txt_record (store, leftover->txt->id, error)
                        : ch_store_update_txt_record (store, leftover->txt, error);
}

static void
test_done (ChWorld  *world,
           ChJob    *job,
           gpointer  data)
{
  Test *test = data;

  ch_peer_note_tested (world, test->peer, job->error);
  if (test->txt == NULL)
    return;

  Leftover *leftover = g_new0 (Leftover, 1);
  *leftover = (Leftover) { world, g_steal_pointer (&test->txt), job->error == NULL };
  ch_runner_finish (world->runner, NULL, leftover_write, leftover, leftover_free);
}

static gboolean
take_zone (Test        *test,
           const char  *zone,
           GError     **error)
{
  gboolean given = zone != NULL && *zone != '\0';

  if (!given)
    return test->read_only
           || ch_error_set (error, CH_ERROR_INVALID, _("Say in which zone the DNS account is to be tested"));

  test->zone = ch_name_normalise (zone, error);
  return test->zone != NULL;
}

static gboolean
note_txt (Test     *test,
          GError  **error)
{
  if (test->read_only)
    return TRUE;

  ChTxtRecord *txt = test->txt = g_new0 (ChTxtRecord, 1);
  txt->dns_account_id = test->peer->id;
  txt->name = ch_dcv_dns_test_name (test->zone);
  txt->value = ch_dcv_dns_test_value ();
  txt->ours = TRUE;
  txt->state = CH_TXT_STATE_ADDING;
  txt->failures = 1;
  txt->created_at = ch_now ();
  return ch_store_add_txt_record (test->world->store, txt, error);
}

ChJob *
ch_peer_test (ChWorld        *world,
              ChPeerRole      role,
              gint64          id,
              const char     *zone,
              gboolean        read_only,
              const ChActor  *actor,
              GError        **error)
{
  static const struct { ChJobWork work; const char *kind, *title; } tests[] = {
    [CH_PEER_ROLE_ACCOUNT] = { test_account, "account.verify", N_("Verify account %s") },
    [CH_PEER_ROLE_DNS] = { test_dns, "dns.test", N_("Test DNS account %s") },
    [CH_PEER_ROLE_SERVER] = { test_server, "server.test", N_("Test server %s") },
  };
  g_autoptr(Test) test = g_new0 (Test, 1);

  test->world = world;
  test->read_only = read_only;
  test->peer = ch_store_get_peer (world->store, role, id, error);
  if (test->peer == NULL || !ch_jobs_have_room (world->jobs, actor, error)
      || (role == CH_PEER_ROLE_SERVER && (test->access = ch_access_new (world->store, test->peer, error)) == NULL)
      || (role == CH_PEER_ROLE_DNS && (!take_zone (test, zone, error) || !note_txt (test, error))))
    return NULL;

  g_autofree char *title = g_strdup_printf (_(tests[role].title), test->peer->name);
  g_autofree char *path = ch_path_new (ch_peer_folder (role), id);

  return ch_job_start (world, tests[role].kind, title, path, actor, tests[role].work, test_done,
                       g_steal_pointer (&test), (GDestroyNotify) test_free, error);
}
