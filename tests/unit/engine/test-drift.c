/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/deployments.h"
#include "engine/watches.h"
#include "fake-prove.h"
#include "issue.h"

#include <inttypes.h>
#include <string.h>

#define NAME "www.example.com"
#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* With a fifth more or less, this is surely over. */
#define A_DAY_AND_A_BIT (30 * HOUR)

static gint64
add_deployment (Fixture *fixture)
{
  g_autoptr(ChPeer) server = world_peer (fixture->world, CH_PEER_ROLE_SERVER, fixture->server);
  char *names[] = { (char *) NAME, NULL };
  ChDeploymentDraft draft = {
    .name = (char *) "site", .server = server->name, .names = names,
    .files = (char *) "[{\"part\": \"all\", \"path\": \"/etc/site\"}]",
    .checks = (char *) "[{\"host\": \"127.0.0.1\", \"port\": 443}]",
  };
  g_autoptr(GError) error = NULL;
  gint64 id = ch_deployment_add (&fixture->world->world, &draft, &somebody, &error);

  g_assert_no_error (error);
  return id;
}

static guint
count_events (World      *world,
              const char *action,
              gboolean    ok)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = ch_store_list_events (world->world.store, NULL, 0, 500, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    {
      const ChEvent *event = g_ptr_array_index (events, i);
      n += g_str_equal (event->action, action) && event->ok == ok;
    }
  return n;
}

/* (transfer full) (nullable) */
static char *
drift_of (Fixture *fixture,
          gint64   id)
{
  g_autoptr(ChDeployment) deployment = world_deployment (fixture->world, id);

  return g_steal_pointer (&deployment->drift);
}

/* Told once, looked at each hour, over when the right one is back. */
static void
test_drift (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;

  fixture_issue (fixture, NAME);
  gint64 id = add_deployment (fixture);
  world_run (world, 10);
  fake_prove_reset ();
  world_run (world, 18 * HOUR);
  g_assert_cmpuint (fake_prove.n_looks, ==, 0);
  world_run (world, 12 * HOUR);
  g_assert_cmpuint (fake_prove.n_looks, ==, 1);

  fake_prove.error = CH_ERROR_NOT_SERVED;
  fake_prove.other = "00ff";
  world_run (world, A_DAY_AND_A_BIT);
  g_autofree char *drift = drift_of (fixture, id);
  g_assert_nonnull (strstr (drift, "“chancery deploy run site” installs the right one again"));
  g_assert_null (strstr (drift, "of ours"));
  g_assert_cmpuint (count_events (world, "deployment.drift", FALSE), ==, 1);

  fake_prove_reset ();
  world_run (world, 2 * HOUR);
  g_assert_null (drift_of (fixture, id));
  g_assert_cmpuint (count_events (world, "deployment.drift", TRUE), ==, 1);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);
}

static void
test_unreachable (Fixture      *fixture,
                  gconstpointer data)
{
  fixture_issue (fixture, NAME);
  gint64 id = add_deployment (fixture);
  world_run (fixture->world, 10);
  fake_prove.error = CH_ERROR_UNREACHABLE;
  world_run (fixture->world, A_DAY_AND_A_BIT);
  g_autofree char *drift = drift_of (fixture, id);
  g_assert_nonnull (strstr (drift, "Is the service running?"));
}

/* (transfer full) */
static ChCertificate *
certificate_of (World  *world,
                gint64  order_id)
{
  g_autoptr(GError) error = NULL;
  ChCertificate *certificate = ch_store_find_certificate (world->world.store, order_id, &error);

  g_assert_no_error (error);
  return certificate;
}

/* What a restored backup brings is named; so it is to a person who looks now. */
static void
test_older_of_ours (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  gint64 first = fixture_issue (fixture, NAME);
  world_run (world, DAY);
  fixture_issue (fixture, NAME);
  g_autoptr(ChCertificate) older = certificate_of (world, first);
  g_autofree char *wanted = g_strdup_printf ("be. That is an older certificate of ours (order %" PRId64 "). If nobody",
                                             first);
  gint64 id = add_deployment (fixture);

  world_run (world, 10);
  fake_prove.error = CH_ERROR_NOT_SERVED;
  fake_prove.other = older->fingerprint;
  world_run (world, A_DAY_AND_A_BIT);
  g_autofree char *drift = drift_of (fixture, id);
  g_assert_nonnull (strstr (drift, wanted));

  ChJob *job = ch_deployment_look (&world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 0);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_FAILED);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_NOT_SERVED);
  g_assert_nonnull (strstr (job->error->message, wanted));
}

/* The newer one comes by itself where a person went back to the older. */
static void
test_newer_of_ours (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  gint64 id = add_deployment (fixture);

  fixture_issue (fixture, NAME);
  world_run (world, 10);
  gint64 second = fixture_issue (fixture, NAME);
  g_autoptr(ChCertificate) newer = certificate_of (world, second);
  g_autofree char *wanted = g_strdup_printf ("That is another certificate of ours (order %" PRId64 ").", second);

  world_run (world, 10);
  ChJob *back = ch_deployment_rollback (&world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 10);
  g_assert_cmpint (back->state, ==, CH_JOB_STATE_DONE);

  fake_prove.error = CH_ERROR_NOT_SERVED;
  fake_prove.other = newer->fingerprint;
  world_run (world, A_DAY_AND_A_BIT);
  g_autofree char *drift = drift_of (fixture, id);
  g_assert_nonnull (strstr (drift, wanted));
}

/* ---- watches ---- */

static gint64
add_watch (Fixture *fixture,
           guint    every)
{
  ChWatchDraft draft = { .host = (char *) NAME, .port = 443, .every = every };
  g_autoptr(GError) error = NULL;
  gint64 id = ch_watch_add (&fixture->world->world, &draft, &somebody, &error);

  g_assert_no_error (error);
  world_run (fixture->world, 0);
  return id;
}

/* (transfer full) */
static ChWatch *
get_watch (Fixture *fixture,
           gint64   id)
{
  g_autoptr(GError) error = NULL;
  ChWatch *watch = ch_store_get_watch (fixture->world->world.store, id, &error);

  g_assert_no_error (error);
  return watch;
}

static void
assert_watch (Fixture      *fixture,
              gint64        id,
              ChWatchState  state,
              const char   *says)
{
  g_autoptr(ChWatch) watch = get_watch (fixture, id);

  g_assert_cmpstr (ch_nick (CH_TYPE_WATCH_STATE, (int) watch->state), ==, ch_nick (CH_TYPE_WATCH_STATE, (int) state));
  if (says != NULL)
    g_assert_nonnull (strstr (watch->reason, says));
}

/* A second look, and an address that serves something else than the other. */
static void
test_watch_addresses (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *right = issue_for_somebody (NAME);
  g_autofree char *wrong = issue_for_somebody ("mail.example.com");
  g_autoptr(GError) error = NULL;

  fake_prove.serves[0] = fake_prove.serves[1] = right;
  gint64 id = add_watch (fixture, HOUR);
  g_assert_cmpuint (fake_prove.n_looks, ==, 1);
  assert_watch (fixture, id, CH_WATCH_STATE_GOOD, NULL);

  fake_prove.serves[1] = wrong;
  world_run (fixture->world, 90 * MINUTE);
  g_assert_cmpuint (fake_prove.n_looks, ==, 3);
  assert_watch (fixture, id, CH_WATCH_STATE_MISMATCH, "address 2: ");
  g_assert_cmpuint (count_events (fixture->world, "watch.mismatch", FALSE), ==, 1);

  fake_prove.serves[1] = right;
  ChJob *job = ch_watch_look (&fixture->world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (fixture->world, 0);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpuint (job->lines->len, ==, 2);
  assert_watch (fixture, id, CH_WATCH_STATE_GOOD, NULL);
}

/* Another certificate waits for a person. */
static void
test_watch_accept (Fixture      *fixture,
                   gconstpointer data)
{
  ChWorld *world = &fixture->world->world;
  g_autofree char *first = issue_for_somebody (NAME);
  g_autofree char *second = issue_for_somebody (NAME);
  g_autoptr(GError) error = NULL;

  fake_prove.serves[0] = first;
  gint64 id = add_watch (fixture, HOUR);
  g_assert_false (ch_watch_accept (world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  fake_prove.serves[0] = second;
  world_run (fixture->world, 90 * MINUTE);
  assert_watch (fixture, id, CH_WATCH_STATE_CHANGED, "chancery watch accept " NAME);
  g_assert_true (ch_watch_accept (world, id, &somebody, &error));
  g_assert_no_error (error);
  world_run (fixture->world, 90 * MINUTE);
  assert_watch (fixture, id, CH_WATCH_STATE_GOOD, NULL);
  g_assert_true (ch_watch_remove (world, id, &somebody, &error));
  g_assert_no_error (error);
}

static void
test_watch_interval (Fixture      *fixture,
                     gconstpointer data)
{
  ChWorld *world = &fixture->world->world;
  g_autofree char *right = issue_for_somebody (NAME);
  g_autoptr(GError) error = NULL;

  fake_prove.serves[0] = right;
  gint64 id = add_watch (fixture, 0);
  world_run (fixture->world, 10 * HOUR);
  g_assert_cmpuint (fake_prove.n_looks, ==, 1);

  /* what is overdue then is looked at now */
  g_assert_true (ch_watch_set_interval (world, id, HOUR, &somebody, &error));
  world_run (fixture->world, 0);
  g_assert_cmpuint (fake_prove.n_looks, ==, 2);
  world_run (fixture->world, 90 * MINUTE);
  g_assert_cmpuint (fake_prove.n_looks, ==, 3);

  g_assert_true (ch_watch_set_interval (world, id, 0, &somebody, &error));
  world_run (fixture->world, 10 * HOUR);
  g_assert_cmpuint (fake_prove.n_looks, ==, 3);

  g_assert_false (ch_watch_set_interval (world, id, 9 * MINUTE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (ch_watch_set_interval (world, id + 1, HOUR, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

/* One miss is nothing, two in a row are told. */
static void
test_watch_silence (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *right = issue_for_somebody (NAME);

  fake_prove.serves[0] = right;
  gint64 id = add_watch (fixture, HOUR);
  fake_prove.error = CH_ERROR_UNREACHABLE;
  while (fake_prove.n_looks < 2)
    world_run (fixture->world, MINUTE);
  assert_watch (fixture, id, CH_WATCH_STATE_GOOD, NULL);
  while (fake_prove.n_looks < 3)
    world_run (fixture->world, MINUTE);
  assert_watch (fixture, id, CH_WATCH_STATE_UNREACHABLE, "not as it should be");
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fake_prove_reset ();
  fixture_set_up (fixture, data);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define TEST(name, test) g_test_add ("/engine/drift/" name, Fixture, NULL, set_up, test, fixture_tear_down)
  TEST ("told", test_drift);
  TEST ("unreachable", test_unreachable);
  TEST ("older-of-ours", test_older_of_ours);
  TEST ("newer-of-ours", test_newer_of_ours);
  TEST ("watch-addresses", test_watch_addresses);
  TEST ("watch-accept", test_watch_accept);
  TEST ("watch-interval", test_watch_interval);
  TEST ("watch-silence", test_watch_silence);
#undef TEST
  return g_test_run ();
}
