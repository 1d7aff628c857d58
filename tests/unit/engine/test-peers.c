/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/peers-private.h"

#include <string.h>

/* What a command that answers later has answered. */
typedef struct
{
  gboolean done;
  gboolean ok;
  GError *error;
} Answer;

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->ok = ch_peer_add_finish (result, &answer->error) > 0;
  answer->done = TRUE;
}

static void
edited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->ok = ch_peer_edit_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->ok = ch_peer_remove_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
await (Answer *answer,
       int     code)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
  if (code < 0)
    g_assert_no_error (answer->error);
  else
    g_assert_error (answer->error, CH_ERROR, code);
  g_assert_cmpint (answer->ok, ==, code < 0);
  g_clear_error (&answer->error);
  answer->done = FALSE;
}

static void
edit (Fixture    *fixture,
      const char *name,
      GHashTable *settings,
      GHashTable *secrets,
      int         code)
{
  g_autoptr(GHashTable) no_settings = settings != NULL ? g_hash_table_ref (settings) : world_pairs (NULL, NULL);
  g_autoptr(GHashTable) no_secrets = secrets != NULL ? g_hash_table_ref (secrets) : world_pairs (NULL, NULL);
  Answer answer = { FALSE };

  ch_peer_edit_async (&fixture->world->world, CH_PEER_ROLE_DNS, fixture->dns, name, no_settings, no_secrets, &somebody,
                      edited_cb, &answer);
  await (&answer, code);
}

static void
assert_secrets (Fixture    *fixture,
                const char *want)
{
  g_autofree char *prefix = g_strdup_printf ("peer/%" G_GINT64_FORMAT "/", fixture->dns);
  g_auto(GStrv) refs = ch_vault_list (fixture->world->world.vault, prefix, NULL, NULL);
  g_autoptr(GString) all = g_string_new (NULL);

  for (gsize i = 0; refs[i] != NULL; i++)
    {
      g_autoptr(GBytes) secret = ch_vault_lookup (fixture->world->world.vault, refs[i], NULL, NULL);

      g_string_append_printf (all, "%s=%.*s ", refs[i] + strlen (prefix), (int) g_bytes_get_size (secret),
                              (const char *) g_bytes_get_data (secret, NULL));
    }
  g_assert_cmpstr (all->str, ==, want);
}

static void
test_add (Fixture      *fixture,
          gconstpointer data)
{
  static const struct { const char *kind, *name, *server, *secret; int code; } cases[] = {
    { "pigeon", "x", "s", "k", CH_ERROR_INVALID },
    { "fake", "a b", "s", "k", CH_ERROR_INVALID },
    { "fake", "dns", "s", "k", CH_ERROR_EXISTS },
    { "fake", "x", "", "k", CH_ERROR_INVALID },
    { "fake", "x", "s", "", CH_ERROR_INVALID },
    { "fake", "x", "wrong", "k", CH_ERROR_INVALID },
    { "fake", "x", "s", "k", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = world_pairs ("server", cases[i].server, NULL);
      g_autoptr(GHashTable) secrets = world_pairs ("secret", cases[i].secret, NULL);
      Answer answer = { FALSE };

      ch_peer_add_async (&fixture->world->world, CH_PEER_ROLE_DNS, cases[i].kind, cases[i].name, settings, secrets,
                         &somebody, added_cb, &answer);
      await (&answer, cases[i].code);
    }

  g_autoptr(GPtrArray) peers = ch_store_list_peers (fixture->world->world.store, CH_PEER_ROLE_DNS, NULL);
  g_assert_cmpuint (peers->len, ==, 2);
}

static void
test_edit (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GHashTable) settings = world_pairs ("server", "ns2.example.com", "resolver", "192.0.2.1", NULL);
  g_autoptr(GHashTable) no_resolver = world_pairs ("resolver", "", NULL);
  g_autoptr(GHashTable) other = world_pairs ("other", "two", NULL), no_other = world_pairs ("other", "", NULL);
  g_autoptr(GHashTable) unknown = world_pairs ("colour", "red", NULL);

  assert_secrets (fixture, "secret=dns ");
  edit (fixture, "renamed", settings, other, -1);
  assert_secrets (fixture, "other=two secret=dns ");
  edit (fixture, NULL, no_resolver, no_other, -1);
  assert_secrets (fixture, "secret=dns ");

  g_autoptr(ChPeer) peer = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpstr (peer->name, ==, "renamed");
  g_assert_cmpstr (g_hash_table_lookup (peer->settings, "server"), ==, "ns2.example.com");
  g_assert_false (g_hash_table_contains (peer->settings, "resolver"));
  g_assert_cmpuint (g_strv_length (peer->secrets), ==, 1);

  edit (fixture, NULL, unknown, NULL, CH_ERROR_INVALID);
  edit (fixture, "1", NULL, NULL, CH_ERROR_INVALID);
}

/* A name that is taken is seen before a secret is replaced. */
static void
test_refused_edit (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GHashTable) secrets = world_pairs ("secret", "new", NULL);

  world_add_peer (fixture->world, CH_PEER_ROLE_DNS, "taken");
  edit (fixture, "taken", NULL, secrets, CH_ERROR_EXISTS);
  assert_secrets (fixture, "secret=dns ");
}

/* Two persons at once: the second is told to try again; who disables meanwhile is heeded. */
static void
test_meanwhile (Fixture      *fixture,
                gconstpointer data)
{
  ChWorld *world = &fixture->world->world;
  g_autoptr(GHashTable) settings = world_pairs ("server", "ns2.example.com", NULL), none = world_pairs (NULL, NULL);
  g_autoptr(GError) error = NULL;
  Answer first = { FALSE }, second = { FALSE }, third = { FALSE };

  ch_peer_edit_async (world, CH_PEER_ROLE_DNS, fixture->dns, NULL, settings, none, &somebody, edited_cb, &first);
  ch_peer_edit_async (world, CH_PEER_ROLE_DNS, fixture->dns, "x", none, none, &somebody, edited_cb, &second);
  ch_peer_remove_async (world, CH_PEER_ROLE_DNS, fixture->dns, &somebody, removed_cb, &third);
  g_assert_true (ch_peer_set_enabled (world, CH_PEER_ROLE_DNS, fixture->dns, FALSE, &somebody, &error));
  await (&first, -1);
  await (&second, CH_ERROR_IN_USE);
  await (&third, CH_ERROR_IN_USE);

  g_autoptr(ChPeer) peer = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (peer->state, ==, CH_PEER_STATE_DISABLED);
  g_assert_cmpstr (g_hash_table_lookup (peer->settings, "server"), ==, "ns2.example.com");
}

static void
test_remove (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  Answer answer = { FALSE };
  gint64 id = world_add_order (world, "www.example.com", fixture->account, fixture->dns);

  ch_peer_remove_async (&world->world, CH_PEER_ROLE_DNS, fixture->dns, &somebody, removed_cb, &answer);
  await (&answer, CH_ERROR_IN_USE);
  assert_secrets (fixture, "secret=dns ");

  world_run (world, 60);
  ch_order_delete_async (&world->world, id, TRUE, &somebody, NULL, NULL);
  ch_peer_remove_async (&world->world, CH_PEER_ROLE_DNS, fixture->dns, &somebody, removed_cb, &answer);
  await (&answer, -1);
  assert_secrets (fixture, "");
  g_assert_nonnull (strstr (world->changes->str, "dns/2:removed"));
}

/* The service died after the row of a new peer was written, and before its secrets were. */
static void
test_half_added (Fixture      *fixture,
                 gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GHashTable) none = world_pairs (NULL, NULL);
  ChPeer half = { .role = CH_PEER_ROLE_DNS, .kind = (char *) "fake", .name = (char *) "half", .settings = none,
                  .secrets = (char *[]) { NULL }, .state = CH_PEER_STATE_DISABLED };
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_store_add_peer (world->world.store, &half, &error));
  g_assert_false (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, half.id, TRUE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
  world_close (world);
  world_open (world);
  g_autoptr(GPtrArray) peers = ch_store_list_peers (world->world.store, CH_PEER_ROLE_DNS, NULL);
  g_assert_cmpuint (peers->len, ==, 1);
}

static void
test_outcome (Fixture      *fixture,
              gconstpointer data)
{
  ChWorld *world = &fixture->world->world;
  g_autoptr(ChPeer) peer = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_autoptr(GError) bad = g_error_new_literal (CH_ERROR, CH_ERROR_CREDENTIALS, "The key is wrong");
  g_autoptr(GError) passing = g_error_new_literal (CH_ERROR, CH_ERROR_UNREACHABLE, "No answer");

  ch_peer_note_outcome (world, peer, passing);
  g_autoptr(ChPeer) still = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (still->state, ==, CH_PEER_STATE_ENABLED);

  ch_peer_note_outcome (world, peer, bad);
  ch_peer_note_outcome (world, peer, passing);
  g_autoptr(ChPeer) failing = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (failing->state, ==, CH_PEER_STATE_FAILING);
  g_assert_cmpstr (failing->reason, ==, "The key is wrong");

  ch_peer_note_outcome (world, peer, NULL);
  g_autoptr(ChPeer) mended = world_peer (fixture->world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (mended->state, ==, CH_PEER_STATE_ENABLED);
  g_assert_null (mended->reason);
}

static gboolean
is_due (Fixture *fixture,
        gint64   id)
{
  g_autoptr(ChOrder) order = world_order (fixture->world, id);

  return order->due <= ch_now ();
}

static void
put_off (Fixture *fixture,
         gint64   id)
{
  g_autoptr(ChOrder) order = world_order (fixture->world, id);

  order->failures = 3;
  order->due = ch_now () + 3000;
  g_assert_true (ch_store_update_order (fixture->world->world.store, order, NULL));
}

/* Orders that wait after a failure are tried when the peer is known to work. */
static void
test_success_hurries (Fixture      *fixture,
                      gconstpointer data)
{
  static const ChPeerRole roles[] = { CH_PEER_ROLE_ACCOUNT, CH_PEER_ROLE_DNS };
  ChWorld *world = &fixture->world->world;
  gint64 id = world_add_order (fixture->world, "www.example.com", fixture->account, fixture->dns);
  g_autoptr(GError) bad = g_error_new_literal (CH_ERROR, CH_ERROR_CLOCK, "The clock is wrong");

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr(ChPeer) peer = world_peer (fixture->world, roles[i], i == 0 ? fixture->account : fixture->dns);

      put_off (fixture, id);
      ch_peer_note_outcome (world, peer, NULL);
      ch_peer_note_tested (world, peer, bad);
      g_assert_false (is_due (fixture, id));
      ch_peer_note_outcome (world, peer, NULL);
      g_assert_true (is_due (fixture, id));

      put_off (fixture, id);
      ch_peer_note_tested (world, peer, NULL);
      g_assert_true (is_due (fixture, id));
    }
}

/* ---- jobs ---- */

static void
test_test (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  ChJob *dns = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "example.com", FALSE, &somebody, &error);
  ChJob *account = ch_peer_test (&world->world, CH_PEER_ROLE_ACCOUNT, fixture->account, NULL, FALSE, &somebody, &error);

  g_assert_no_error (error);
  world_run (world, 1);
  g_assert_cmpint (dns->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (g_hash_table_lookup (dns->result, "zone"), ==, "example.com");
  g_assert_cmpstr (g_hash_table_lookup (account->result, "balance"), ==, "1000.00 EUR");
  g_assert_cmpuint (account->lines->len, ==, 2);
  g_assert_cmpuint (world_txt_count (world), ==, 0);

  fake_fail (OP_REMOVE, CH_ERROR_UNREACHABLE);
  ChJob *left = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "example.com", FALSE, &somebody, &error);
  world_run (world, 60);
  g_assert_cmpint (left->state, ==, CH_JOB_STATE_FAILED);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);

  g_assert_null (ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, NULL, FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

/* Trouble that may pass, and does not. */
static void
test_fails_again_and_again (Fixture      *fixture,
                            gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(ChPeer) dns = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
  g_autoptr(GError) away = g_error_new (CH_ERROR, CH_ERROR_UNREACHABLE, "Nobody answers");
  g_autoptr(GError) name = g_error_new (CH_ERROR, CH_ERROR_ZONE_NOT_FOUND, "No such zone");
  static const struct { char what; ChPeerState state; } steps[] = {
    { 'a', CH_PEER_STATE_ENABLED }, { 'a', CH_PEER_STATE_ENABLED }, { 'a', CH_PEER_STATE_ENABLED },
    { 'a', CH_PEER_STATE_ENABLED }, { 'n', CH_PEER_STATE_ENABLED }, { '+', CH_PEER_STATE_ENABLED },
    { 'a', CH_PEER_STATE_ENABLED }, { 'a', CH_PEER_STATE_ENABLED }, { 'n', CH_PEER_STATE_ENABLED },
    { 'a', CH_PEER_STATE_ENABLED }, { 'a', CH_PEER_STATE_ENABLED }, { 'a', CH_PEER_STATE_FAILING },
    { 'a', CH_PEER_STATE_FAILING }, { 'n', CH_PEER_STATE_FAILING }, { '+', CH_PEER_STATE_ENABLED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      ch_peer_note_outcome (&world->world, dns, steps[i].what == 'a' ? away : steps[i].what == 'n' ? name : NULL);
      g_autoptr(ChPeer) now = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
      g_test_message ("%" G_GSIZE_FORMAT " %c: %s", i, steps[i].what, now->reason);
      g_assert_cmpint (now->state, ==, steps[i].state);
      if (now->state == CH_PEER_STATE_FAILING)
        g_assert_cmpstr (now->reason, ==, "Fails again and again: Nobody answers");
    }

  /* An edit begins anew. */
  dns->failures = 4;
  ch_store_update_peer (world->world.store, dns, NULL);
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, fixture->dns, TRUE, &somebody, NULL));
  ch_peer_note_outcome (&world->world, dns, away);
  g_autoptr(ChPeer) anew = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (anew->state, ==, CH_PEER_STATE_ENABLED);
}

static void
test_read_only (Fixture      *fixture,
                gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  ChJob *bare = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "", TRUE, &somebody, &error);
  ChJob *zone = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "a.example.com", TRUE, &somebody, &error);

  g_assert_no_error (error);
  world_run (world, 1);
  g_assert_cmpint (bare->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpuint (bare->lines->len, ==, 1);
  g_assert_nonnull (strstr (bare->lines->pdata[0], "example.com"));
  g_assert_cmpint (zone->state, ==, CH_JOB_STATE_DONE);
  g_assert_nonnull (strstr (zone->lines->pdata[1], "“a.example.com” there is the zone “example.com”"));
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);

  /* What it finds out is the account's state. */
  fake_fail (OP_VERIFY, CH_ERROR_CREDENTIALS);
  ChJob *bad = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, NULL, TRUE, &somebody, &error);
  world_run (world, 1);
  g_assert_cmpint (bad->state, ==, CH_JOB_STATE_FAILED);
  g_autoptr(ChPeer) failing = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (failing->state, ==, CH_PEER_STATE_FAILING);
  ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, NULL, TRUE, &somebody, &error);
  world_run (world, 1);
  g_autoptr(ChPeer) works = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (works->state, ==, CH_PEER_STATE_ENABLED);
}

static void
test_limit (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  ChActor another = { .uid = 2000, .authority = "polkit:test" };
  ChJob *jobs[16];
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "example.com", FALSE, &somebody, &error);
  g_assert_no_error (error);
  g_assert_null (ch_peer_test (&world->world, CH_PEER_ROLE_DNS, fixture->dns, "example.com", FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpuint (world_txt_count (world), ==, G_N_ELEMENTS (jobs));
  g_assert_nonnull (ch_peer_test (&world->world, CH_PEER_ROLE_ACCOUNT, fixture->account, NULL, FALSE, &another, &error));

  ch_job_cancel (jobs[3]);
  world_run (world, 60);
  g_assert_cmpint (jobs[3]->state, ==, CH_JOB_STATE_CANCELLED);
  g_assert_cmpint (jobs[4]->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
  g_assert_nonnull (ch_jobs_get (world->world.jobs, jobs[3]->id));
  g_assert_null (ch_jobs_get (world->world.jobs, 4711));
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define TEST(name, test) fixture_test ("/engine/peers/" name, NULL, test)
  TEST ("add", test_add);
  TEST ("edit", test_edit);
  TEST ("refused-edit", test_refused_edit);
  TEST ("meanwhile", test_meanwhile);
  TEST ("remove", test_remove);
  TEST ("half-added", test_half_added);
  TEST ("outcome", test_outcome);
  TEST ("success-hurries", test_success_hurries);
  TEST ("test", test_test);
  TEST ("read-only", test_read_only);
  TEST ("fails-again-and-again", test_fails_again_and_again);
  TEST ("limit", test_limit);
#undef TEST
  return g_test_run ();
}
