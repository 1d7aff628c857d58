/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/deployment-gate.h"
#include "engine/deployments-private.h"
#include "engine/revoke.h"

#include <string.h>

/* What a deployment that is due may have to wait for, and the ways of a person around it. */

#define HOUR (60 * 60)
#define DAY (24 * HOUR)

static void
assert_state (Fixture           *fixture,
              gint64             id,
              ChDeploymentState  state,
              const char        *reason)
{
  g_autoptr(ChDeployment) deployment = world_deployment (fixture->world, id);

  g_assert_cmpstr (ch_nick (CH_TYPE_DEPLOYMENT_STATE, deployment->state), ==, ch_nick (CH_TYPE_DEPLOYMENT_STATE, state));
  if (reason == NULL)
    g_assert_cmpstr (deployment->reason, ==, NULL);
  else if (deployment->reason == NULL || strstr (deployment->reason, reason) == NULL)
    g_error ("“%s” is not in “%s”", reason, deployment->reason);
}

static gint64
add_in_wave (Fixture    *fixture,
             const char *name,
             guint       wave,
             gint64      server)
{
  g_autofree char *path = g_strconcat ("/etc/", name, NULL);
  gint64 id = world_add_deployment (fixture->world, name, "www.example.com", server, path);
  ChDeploymentDraft draft = { .has_wave = TRUE, .wave = wave };

  g_assert_true (ch_deployment_edit (&fixture->world->world, id, &draft, &somebody, NULL));
  return id;
}

static void
set_windows (Fixture    *fixture,
             gint64      id,
             const char *window)
{
  char *windows[] = { (char *) window, NULL };
  ChDeploymentDraft draft = { .windows = windows };
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_deployment_edit (&fixture->world->world, id, &draft, &somebody, &error));
  g_assert_no_error (error);
}

static void
run_refused (Fixture    *fixture,
             gint64      id,
             const char *why)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_deployment_run (&fixture->world->world, id, FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_assert_nonnull (strstr (error->message, why));
}

/* ---- waves ---- */

/* What is on it fails until it is enabled. */
static gint64
add_bad_server (Fixture *fixture)
{
  gint64 id = world_add_peer (fixture->world, CH_PEER_ROLE_SERVER, "bad");

  g_assert_true (ch_peer_set_enabled (&fixture->world->world, CH_PEER_ROLE_SERVER, id, FALSE, &somebody, NULL));
  return id;
}

static void
test_waves (Fixture      *fixture,
            gconstpointer data)
{
  gint64 late = add_in_wave (fixture, "a-late", 2, fixture->server), middle = add_in_wave (fixture, "b-middle", 1, fixture->server);
  gint64 first = add_in_wave (fixture, "c-first", 0, fixture->server), second = add_in_wave (fixture, "d-second", 0, fixture->server);

  fixture_issue (fixture, "www.example.com");
  world_run (fixture->world, 10);
  assert_state (fixture, first, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, second, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, middle, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, late, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);

  /* In their order. */
  gint64 ids[] = { first, second, middle, late }, runs[4];
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(ChRun) run = NULL;

      g_assert_true (ch_store_find_deployed_run (fixture->world->world.store, ids[i], 0, 0, &run, NULL));
      runs[i] = run->id;
    }
  g_assert_cmpint (MAX (runs[0], runs[1]), <, runs[2]);
  g_assert_cmpint (runs[2], <, runs[3]);
}

/* The failure of one stops the next waves, and no other of its own. */
static void
test_wave_fails (Fixture      *fixture,
                 gconstpointer data)
{
  World *world = fixture->world;
  gint64 bad = add_bad_server (fixture), first = add_in_wave (fixture, "first", 0, bad), second = add_in_wave (fixture, "second", 0, fixture->server);
  gint64 late = add_in_wave (fixture, "late", 1, fixture->server), later = add_in_wave (fixture, "later", 2, fixture->server);
  g_autoptr(GError) error = NULL;

  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, first, CH_DEPLOYMENT_STATE_FAILED, "");
  assert_state (fixture, second, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, late, CH_DEPLOYMENT_STATE_PENDING, "“first” of wave 0 has failed");
  assert_state (fixture, later, CH_DEPLOYMENT_STATE_PENDING, "“first” of wave 0 has failed");

  /* A person does not wait for it; others go on waiting. */
  g_assert_nonnull (ch_deployment_run (&world->world, late, FALSE, &somebody, &error));
  g_assert_no_error (error);
  world_run (world, 1);
  assert_state (fixture, late, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, later, CH_DEPLOYMENT_STATE_PENDING, "“first” of wave 0 has failed");

  world_run (world, DAY);
  assert_state (fixture, later, CH_DEPLOYMENT_STATE_PENDING, "“first” of wave 0 has failed");

  /* Mended. */
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_SERVER, bad, TRUE, &somebody, &error));
  world_run (world, 10);
  assert_state (fixture, first, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  assert_state (fixture, later, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

/* What nobody waits for: the paused, the stopped, the removed. */
static void
test_wave_leaves (Fixture      *fixture,
                  gconstpointer data)
{
  World *world = fixture->world;
  gint64 bad = add_bad_server (fixture), paused = add_in_wave (fixture, "paused", 0, bad), stopped = add_in_wave (fixture, "stopped", 0, bad);
  gint64 removed = add_in_wave (fixture, "removed", 0, bad), late = add_in_wave (fixture, "late", 1, fixture->server);

  fixture_issue (fixture, "www.example.com");
  g_assert_true (ch_deployment_pause (&world->world, paused, 0, "", &somebody, NULL));
  world_run (world, 0);
  g_assert_true (ch_deployment_set_enabled (&world->world, stopped, FALSE, &somebody, NULL));
  world_run (world, 0);
  assert_state (fixture, late, CH_DEPLOYMENT_STATE_PENDING, "“removed” of wave 0 has failed");
  g_assert_true (ch_deployment_remove (&world->world, removed, &somebody, NULL));
  world_run (world, 0);
  assert_state (fixture, late, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

/* ---- windows ---- */

/* Half an hour of every day that is not now. */
static char *
closed_window (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (ch_now ());
  int hour = (g_date_time_get_hour (now) + 6) % 24;

  return g_strdup_printf ("%02d:00-%02d:30", hour, hour);
}

static void
test_window (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  gint64 always = world_add_deployment (world, "always", "www.example.com", fixture->server, "/etc/always");
  g_autofree char *window = closed_window ();

  set_windows (fixture, id, window);
  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "maintenance window");
  assert_state (fixture, always, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  run_refused (fixture, id, "--now");
  world_run (world, 4 * HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "maintenance window");
  world_run (world, 3 * HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);

  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "maintenance window");
  g_assert_nonnull (ch_deployment_run (&world->world, id, TRUE, &somebody, NULL));
  world_run (world, 1);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

static void
test_window_unreadable (Fixture      *fixture,
                        gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  set_windows (fixture, id, "03:00-04:00");
  world_sql (world, "UPDATE deployments SET windows = '[\"03:00-04:00\", \"at full moon\"]'");
  fixture_issue (fixture, "www.example.com");
  world_run (world, 2 * DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "“at full moon” is no maintenance window");
  run_refused (fixture, id, "at full moon");
  g_assert_cmpuint (fakes.count[OP_STAGE], ==, 0);

  set_windows (fixture, id, "00:00-24:00");
  world_run (world, 60);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

/* What is needed to tell whether it may run is gone from the database. */
static void
test_gate_unreadable (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  g_autofree char *window = closed_window ();

  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  guint staged = fakes.count[OP_STAGE];

  set_windows (fixture, id, window);
  world_sql (world, "UPDATE runs SET certificate_id = 4711");
  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "not known whether it may run now");
  world_run (world, 4 * HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "not known whether it may run now");
  g_assert_cmpuint (fakes.count[OP_STAGE], ==, staged);

  world_run (world, 3 * HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

/* ---- pause ---- */

static void
test_pause (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  g_autoptr(GError) error = NULL;

  fixture_issue (fixture, "www.example.com");
  g_assert_true (ch_deployment_pause (&world->world, id, 0, "the shop is busy", &somebody, &error));
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  fixture_issue (fixture, "www.example.com");
  fixture_issue (fixture, "www.example.com");
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "the shop is busy");
  run_refused (fixture, id, "the shop is busy");
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);

  g_assert_true (ch_deployment_resume (&world->world, id, &somebody, &error));
  world_run (world, 1);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 2);
  g_assert_false (ch_deployment_resume (&world->world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  /* It ends by itself. */
  g_assert_true (ch_deployment_pause (&world->world, id, ch_now () + 2 * HOUR, "", &somebody, &error));
  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "paused until");
  world_run (world, 3 * HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);

  g_assert_false (ch_deployment_pause (&world->world, id, ch_now () - 1, "", &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

/* Half changed files are put in order whatever there is to wait for. */
static void
test_interrupted (void)
{
  Fixture fixture;

  fixture_set_up (&fixture, NULL);
  gint64 id = world_add_deployment (fixture.world, "site", "www.example.com", fixture.server, "/etc/site");
  fake_hook (OP_SWAP, TRUE, world_die, fixture.world);
  fixture_issue (&fixture, "www.example.com");

  fixture.world = world_rise (fixture.world);
  g_assert_true (ch_deployment_pause (&fixture.world->world, id, 0, "", &somebody, NULL));
  world_run (fixture.world, 60);
  assert_state (&fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  fixture_tear_down (&fixture, NULL);
}

/* ---- back ---- */

static void
rollback_refused (Fixture    *fixture,
                  gint64      id,
                  ChError     code,
                  const char *why)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_deployment_rollback (&fixture->world->world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” is not in “%s”", why, error->message);
}

static void
test_rollback (Fixture      *fixture,
               gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");

  rollback_refused (fixture, id, CH_ERROR_WRONG_STATE, "no other certificate before");
  fixture_issue (fixture, "www.example.com");
  g_autoptr(ChDeployment) first = world_deployment (world, id);
  rollback_refused (fixture, id, CH_ERROR_WRONG_STATE, "no other certificate before");
  fixture_issue (fixture, "www.example.com");
  g_autoptr(ChDeployment) second = world_deployment (world, id);
  g_assert_cmpint (first->certificate_id, !=, second->certificate_id);

  /* One that fails leaves all as it was. */
  fake_fail (OP_ACT, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (ch_deployment_rollback (&world->world, id, &somebody, NULL));
  world_run (world, HOUR);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  g_autoptr(ChDeployment) failed = world_deployment (world, id);
  g_assert_cmpint (failed->certificate_id, ==, second->certificate_id);
  g_assert_cmpint (failed->paused_until, ==, 0);

  g_assert_nonnull (ch_deployment_rollback (&world->world, id, &somebody, NULL));
  world_run (world, DAY);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
  g_autoptr(ChDeployment) back = world_deployment (world, id);
  g_assert_cmpint (back->certificate_id, ==, first->certificate_id);
  g_assert_cmpint (back->paused_until, ==, G_MAXINT64);

  /* A new one does not undo that; who wants it resumes. */
  fixture_issue (fixture, "www.example.com");
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_PENDING, "went back");
  g_autoptr(ChCertificate) installed = NULL;
  g_assert_true (ch_store_find_installed (world->world.store, id, &installed, NULL));
  g_assert_cmpint (installed->id, ==, first->certificate_id);
  g_assert_true (ch_deployment_resume (&world->world, id, &somebody, NULL));
  world_run (world, 1);
  g_autoptr(ChDeployment) newest = world_deployment (world, id);
  g_assert_cmpint (newest->certificate_id, >, second->certificate_id);
  assert_state (fixture, id, CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

static void
lose_by_deletion (World *world, gint64 order)
{
  ch_order_delete_async (&world->world, order, TRUE, &somebody, NULL, NULL);
  world_run (world, 10);
}

static void
lose_by_time (World *world, gint64 order)
{
  g_autoptr(ChOrder) before = world_order (world, order);

  world_set_clock (before->not_after + 1);
}

static void
lose_by_revocation (World *world, gint64 order)
{
  g_assert_true (ch_order_revoke (&world->world, order, TRUE, &somebody, NULL));
  world_run (world, HOUR);
  assert_order (world, order, "revoked", "none");
}

static void
lose_the_key (World *world, gint64 order)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE certificates SET key_ref = NULL WHERE order_id = %" G_GINT64_FORMAT, order);

  world_sql (world, sql);
}

static const struct
{
  const char *path;
  void (*lose) (World *world, gint64 order);
  ChError code;
  const char *why;
} losses[] = {
  { "deleted", lose_by_deletion, CH_ERROR_NOT_FOUND, "was deleted with its order" },
  { "ended", lose_by_time, CH_ERROR_WRONG_STATE, "has ended" },
  { "revoked", lose_by_revocation, CH_ERROR_WRONG_STATE, "is revoked" },
  { "key-gone", lose_the_key, CH_ERROR_NOT_FOUND, "private key" },
};

/* There is no way back to a certificate that cannot serve any more, and nothing changes. */
static void
test_no_way_back (Fixture      *fixture,
                  gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  World *world = fixture->world;
  gint64 id = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  gint64 before = fixture_issue (fixture, "www.example.com");
  gint64 now = fixture_issue (fixture, "www.example.com");

  losses[i].lose (world, before);
  g_autoptr(ChDeployment) then = world_deployment (world, id);
  rollback_refused (fixture, id, losses[i].code, losses[i].why);
  g_autoptr(ChDeployment) after = world_deployment (world, id);
  g_assert_cmpint (after->certificate_id, ==, then->certificate_id);
  g_assert_cmpint (after->state, ==, then->state);
  g_assert_cmpint (now, !=, before);
}

/* ---- many ---- */

static gint64 most;

static void
count_cb (gpointer data)
{
  Fixture *fixture = data;
  gint64 n;

  g_assert_true (ch_store_count_running (fixture->world->world.store, fixture->server, &n, NULL));
  most = MAX (most, n);
}

static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;
  gint64 other = world_add_peer (world, CH_PEER_ROLE_SERVER, "other");
  gint64 ids[30];

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *name = g_strdup_printf ("d%02u", (guint) i);
      g_autofree char *path = g_strconcat ("/etc/", name, NULL);

      ids[i] = world_add_deployment (world, name, "www.example.com", i < 28 ? fixture->server : other, path);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    fake_hook (OP_STAGE, FALSE, count_cb, fixture);
  most = 0;
  fixture_issue (fixture, "www.example.com");
  world_run (world, 60);
  g_assert_cmpint (most, ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    assert_state (fixture, ids[i], CH_DEPLOYMENT_STATE_DEPLOYED, NULL);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  g_test_add_func ("/engine/desire/interrupted", test_interrupted);
#define TEST(name, test) fixture_test ("/engine/desire/" name, NULL, test)
  TEST ("waves", test_waves);
  TEST ("wave-fails", test_wave_fails);
  TEST ("wave-leaves", test_wave_leaves);
  TEST ("window", test_window);
  TEST ("window-unreadable", test_window_unreadable);
  TEST ("gate-unreadable", test_gate_unreadable);
  TEST ("pause", test_pause);
  TEST ("rollback", test_rollback);
  for (gsize i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/desire/no-way-back/", losses[i].path, NULL);

      fixture_test (path, GSIZE_TO_POINTER (i), test_no_way_back);
    }
  TEST ("many", test_many);
#undef TEST
  return g_test_run ();
}
