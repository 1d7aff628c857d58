/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/deployments-private.h"
#include "lib/secret.h"
#include "pki/key.h"

#include <string.h>

#define DAY (24 * 60 * 60)

static void
assert_state (Fixture           *fixture,
              gint64             id,
              ChDeploymentState  state)
{
  g_autoptr(ChDeployment) deployment = world_deployment (fixture->world, id);

  g_assert_cmpstr (ch_nick (CH_TYPE_DEPLOYMENT_STATE, deployment->state), ==, ch_nick (CH_TYPE_DEPLOYMENT_STATE, state));
}

static void
assert_refused (Fixture                 *fixture,
                gint64                   id,
                const ChDeploymentDraft *draft,
                ChError                  code)
{
  ChWorld *world = &fixture->world->world;
  g_autoptr(GError) error = NULL;

  if (id != 0)
    g_assert_false (ch_deployment_edit (world, id, draft, &somebody, &error));
  else
    g_assert_cmpint (ch_deployment_add (world, draft, &somebody, &error), ==, 0);
  g_assert_error (error, CH_ERROR, (int) code);
}

static gboolean
edit_names (Fixture    *fixture,
            gint64      id,
            const char *name)
{
  char *names[] = { (char *) name, NULL };
  ChDeploymentDraft draft = { .names = names };

  return ch_deployment_edit (&fixture->world->world, id, &draft, &somebody, NULL);
}

static void
test_matching (void)
{
  static const struct { const char *wanted, *names; gboolean wants; } cases[] = {
    { "www.example.com", "www.example.com", TRUE },
    { "www.example.com", "example.com www.example.com", TRUE },
    { "www.example.com", "*.example.com", TRUE },
    { "*.example.com", "*.example.com", TRUE },
    { "*.example.com", "www.example.com", FALSE },
    { "example.com", "*.example.com", FALSE },
    { "a.b.example.com", "*.example.com", FALSE },
    { "www.example.com mail.example.com", "www.example.com", FALSE },
    { "www.example.com mail.example.com", "*.example.com", TRUE },
    { "www.example.com", "www.example.org", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) wanted = g_strsplit (cases[i].wanted, " ", -1);
      g_auto(GStrv) names = g_strsplit (cases[i].names, " ", -1);
      ChDeployment deployment = { .names = wanted };

      g_assert_cmpint (ch_deployment_wants (&deployment, (const char *const *) names), ==, cases[i].wants);
    }
}

/* A certificate that is there when the deployment comes is installed; also among very many others. */
static void
test_finds (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;

  fixture_issue (fixture, "www.example.com");
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u.example.com", i);
      world_run (world, 100);
      world_add_order (world, name, fixture->account, fixture->dns);
    }
  world_run (world, 60);

  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  world_run (world, 10);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);

  /* The next issue comes by itself. */
  fixture_issue (fixture, "www.example.com");
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 2);
}

static void
test_wildcard (Fixture      *fixture,
               gconstpointer data)
{
  fixture_issue (fixture, "*.example.com");
  gint64 id = world_add_deployment (fixture->world, "site", "www.example.com", fixture->server, "/etc/site");
  world_run (fixture->world, 10);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
}

typedef struct
{
  gboolean done;
  gint64 id;
  GError *error;
} Answer;

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->id = ch_deployment_add_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
edited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->id = ch_deployment_edit_finish (result, &answer->error);
  answer->done = TRUE;
}

static ChDeploymentDraft *
draft_with_password (const char *name,
                     const char *password)
{
  ChDeploymentDraft *draft = g_new0 (ChDeploymentDraft, 1);

  draft->name = g_strdup (name);
  draft->secrets = ch_secret_table_new ();
  g_hash_table_insert (draft->secrets, g_strdup ("password"), g_strdup (password));
  return draft;
}

static char *
vault_refs (Fixture *fixture)
{
  g_auto(GStrv) refs = ch_vault_list (fixture->world->world.vault, "deployment/", NULL, NULL);

  return g_strjoinv (" ", refs);
}

/* The password of a key store is in the vault before the first run, and gone with the deployment. */
static void
test_password (Fixture      *fixture,
               gconstpointer data)
{
  ChWorld *world = &fixture->world->world;
  ChDeploymentDraft *draft = draft_with_password ("java", "a good word");
  Answer added = { FALSE }, edited = { FALSE };

  fixture_issue (fixture, "www.example.com");
  draft->server = g_strdup ("web");
  draft->names = g_strsplit ("www.example.com", " ", -1);
  draft->files = g_strdup ("[{\"part\":\"certificate\",\"format\":\"pkcs12\",\"path\":\"/etc/a\"}]");
  ch_deployment_add_async (world, draft, &somebody, added_cb, &added);
  while (!added.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (added.error);

  g_autofree char *kept = vault_refs (fixture);
  g_autofree char *wanted = g_strdup_printf ("deployment/%d/password", (int) added.id);
  g_autoptr(ChDeployment) deployment = world_deployment (fixture->world, added.id);
  g_assert_cmpstr (kept, ==, wanted);
  g_assert_cmpstr (deployment->secrets[0], ==, "password");
  g_assert_true (deployment->enabled);

  /* It cannot be taken away while a file needs it. */
  ch_deployment_edit_async (world, added.id, draft_with_password (NULL, ""), &somebody, edited_cb, &edited);
  while (!edited.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (edited.error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&edited.error);

  world_run (fixture->world, 10);
  g_assert_true (ch_deployment_remove (world, added.id, &somebody, NULL));
  for (g_autofree char *left = vault_refs (fixture); *left != '\0'; g_free (left), left = vault_refs (fixture))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_drafts (Fixture      *fixture,
             gconstpointer data)
{
  char *names[] = { (char *) "WWW.Example.com.", NULL }, *bad_names[] = { (char *) "a b", NULL }, *none[] = { NULL };
  const char *files = "[{\"part\":\"chain\",\"path\":\"/etc/a\"}]";
  ChDeploymentDraft draft = { .name = (char *) "a", .server = (char *) "web", .names = names, .files = (char *) files };
  g_autoptr(GError) error = NULL;
  gint64 id = ch_deployment_add (&fixture->world->world, &draft, &somebody, &error);

  g_assert_no_error (error);
  g_autoptr(ChDeployment) deployment = world_deployment (fixture->world, id);
  g_assert_cmpstr (deployment->names[0], ==, "www.example.com");

  assert_refused (fixture, 0, &draft, CH_ERROR_EXISTS);     /* the name, and the file, too */
  draft.name = (char *) "b";
  assert_refused (fixture, 0, &draft, CH_ERROR_EXISTS);     /* another deployment writes that file */
  draft.files = (char *) "[{\"part\":\"chain\",\"path\":\"/etc/b\"}]";
  draft.server = (char *) "nobody";
  assert_refused (fixture, 0, &draft, CH_ERROR_NOT_FOUND);
  draft.server = NULL;
  assert_refused (fixture, 0, &draft, CH_ERROR_INVALID);
  draft.server = (char *) "web";
  draft.names = bad_names;
  assert_refused (fixture, 0, &draft, CH_ERROR_INVALID);
  draft.names = none;
  assert_refused (fixture, 0, &draft, CH_ERROR_INVALID);
  draft.names = NULL;
  assert_refused (fixture, 0, &draft, CH_ERROR_INVALID);
  draft.names = names;
  draft.name = (char *) "a b";
  assert_refused (fixture, 0, &draft, CH_ERROR_INVALID);
  draft.name = (char *) "b";
  gint64 other = ch_deployment_add (&fixture->world->world, &draft, &somebody, &error);
  g_assert_no_error (error);
  draft = (ChDeploymentDraft) { .files = (char *) files };
  assert_refused (fixture, other, &draft, CH_ERROR_EXISTS);
  assert_refused (fixture, 4711, &draft, CH_ERROR_NOT_FOUND);
}

/* A failed run is tried again ever more rarely, until it succeeds or somebody mends the server. */
static void
test_fails (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  assert_state (fixture, id, CH_DEPLOYMENT_STATE_IDLE);
  fake_fail (OP_ACT, CH_ERROR_ACTION_FAILED);
  fake_fail (OP_STAGE, CH_ERROR_FILE);
  fixture_issue (fixture, "www.example.com");
  world_run (world, 600);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);

  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_SERVER, fixture->server, FALSE, &somebody, &error));
  fixture_issue (fixture, "www.example.com");
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_FAILED);
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_SERVER, fixture->server, TRUE, &somebody, &error));
  world_run (world, 1);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
}

static void
keep_key (World      *world,
          const char *ref,
          GBytes     *key)
{
  g_autoptr(GError) error = NULL;

  ch_vault_store (world->world.vault, ref, "a key", key, NULL, &error);
  g_assert_no_error (error);
}

/* Nothing is written with a key that is another certificate's, whatever the service's own test would say. */
static void
test_another_key (Fixture      *fixture,
                  gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) other = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, &error);
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (world->world.store, fixture_issue (fixture, "www.example.com"), &error);
  const char *ref = ((ChCertificate *) g_ptr_array_index (certificates, 0))->key_ref;
  g_autoptr(GBytes) right = ch_vault_lookup (world->world.vault, ref, NULL, &error);

  keep_key (world, ref, other);
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  world_run (world, 10);
  g_autoptr(ChDeployment) failed = world_deployment (world, id);
  g_assert_cmpint (failed->state, ==, CH_DEPLOYMENT_STATE_FAILED);
  g_assert_nonnull (strstr (failed->reason, "belongs to another certificate"));
  g_assert_cmpuint (fakes.count[OP_STAGE], ==, 0);

  keep_key (world, ref, right);
  world_run (world, 600);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
}

static void
test_edit_names (Fixture      *fixture,
                 gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
  g_assert_true (edit_names (fixture, id, "mail.example.com"));
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_IDLE);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);

  g_autoptr(ChDeployment) deployment = world_deployment (world, id);
  g_assert_cmpint (deployment->certificate_id, ==, 0);
  fixture_issue (fixture, "mail.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
}

static void
test_stop (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  g_assert_true (ch_deployment_set_enabled (&world->world, id, FALSE, &somebody, &error));
  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_STOPPED);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 0);

  g_assert_true (ch_deployment_set_enabled (&world->world, id, TRUE, &somebody, &error));
  world_run (world, 10);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);

  /* A stopped one can be run once, and stays stopped, however that ends. */
  g_assert_true (ch_deployment_set_enabled (&world->world, id, FALSE, &somebody, &error));
  fake_fail (OP_ACT, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (ch_deployment_run (&world->world, id, FALSE, &somebody, &error));
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_STOPPED);
}

static void
test_run (Fixture      *fixture,
          gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  /* There is no certificate yet. */
  g_assert_null (ch_deployment_run (&world->world, id, FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  fixture_issue (fixture, "www.example.com");
  ChJob *job = ch_deployment_run (&world->world, id, FALSE, &somebody, &error);
  g_assert_no_error (error);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_RUNNING);
  g_assert_null (ch_deployment_run (&world->world, id, FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  /* Not under the hands of the run. */
  ChDeploymentDraft draft = { .files = (char *) "[{\"part\":\"chain\",\"path\":\"/etc/b\"}]" };
  assert_refused (fixture, id, &draft, CH_ERROR_WRONG_STATE);
  g_assert_false (ch_deployment_remove (&world->world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_true (edit_names (fixture, id, "mail.example.com"));
  g_assert_false (ch_deployment_remove (&world->world, id, &somebody, &error));
  g_clear_error (&error);

  world_run (world, 10);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_DONE);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_IDLE);
  g_assert_true (ch_deployment_remove (&world->world, id, &somebody, &error));
}

static void
delete_cb (gpointer data)
{
  World *world = data;
  g_autoptr(GError) error = NULL;

  ch_order_delete_async (&world->world, 1, TRUE, &somebody, NULL, NULL);
}

/* The order goes with its certificates while one of them is being installed. */
static void
test_certificate_gone (Fixture      *fixture,
                       gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  fake_hook (OP_ACT, TRUE, delete_cb, world);
  fixture_issue (fixture, "mail.example.com");
  g_assert_true (edit_names (fixture, id, "mail.example.com"));
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_IDLE);

  g_autoptr(GPtrArray) runs = ch_store_list_runs (world->world.store, id, 10, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpint (((const ChRun *) g_ptr_array_index (runs, 0))->finished_at, >, 0);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);
}

/* A run that died has left old files beside the new ones: only the same files again put that in order. */
static void
test_interrupted (void)
{
  Fixture fixture;
  g_autoptr(GError) error = NULL;

  fixture_set_up (&fixture, NULL);
  gint64 id = world_add_deployment (fixture.world, "site", "www.example.com", fixture.server, "/etc/site");
  fake_hook (OP_SWAP, TRUE, world_die, fixture.world);
  fixture_issue (&fixture, "www.example.com");

  fixture.world = world_rise (fixture.world);
  ChDeploymentDraft draft = { .files = (char *) "[{\"part\":\"chain\",\"path\":\"/etc/b\"}]" };
  assert_refused (&fixture, id, &draft, CH_ERROR_WRONG_STATE);

  world_run (fixture.world, 60);
  assert_state (&fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED);
  g_assert_true (ch_deployment_edit (&fixture.world->world, id, &draft, &somebody, &error));
  fixture_tear_down (&fixture, NULL);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  g_test_add_func ("/engine/deployments/matching", test_matching);
  g_test_add_func ("/engine/deployments/interrupted", test_interrupted);
#define TEST(name, test) fixture_test ("/engine/deployments/" name, NULL, test)
  TEST ("finds", test_finds);
  TEST ("wildcard", test_wildcard);
  TEST ("drafts", test_drafts);
  TEST ("password", test_password);
  TEST ("fails", test_fails);
  TEST ("another-key", test_another_key);
  TEST ("edit-names", test_edit_names);
  TEST ("stop", test_stop);
  TEST ("run", test_run);
  TEST ("certificate-gone", test_certificate_gone);
#undef TEST
  return g_test_run ();
}
