/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/leftovers.h"
#include "engine/peers-private.h"

#include <string.h>

/* Values in the DNS service that nobody needs; the next try lies far ahead. */
static void
leave (Fixture *fixture,
       gint64   dns,
       guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChTxtRecord) record = g_new0 (ChTxtRecord, 1);

      record->dns_account_id = dns;
      record->name = g_strdup ("_dnsauth.example.com");
      record->value = g_strdup_printf ("value-%u-%u", (guint) dns, i);
      record->zone = g_strdup ("example.com");
      record->ours = TRUE;
      record->state = CH_TXT_STATE_REMOVING;
      record->due = ch_now () + 3000;
      record->failures = 1;
      record->reason = g_strdup ("No answer");
      record->created_at = ch_now ();
      g_hash_table_add (fakes.txt, g_strdup_printf ("%s %s", record->name, record->value));
      ch_store_add_txt_record (fixture->world->world.store, record, &error);
      g_assert_no_error (error);
    }
}

static const char *
result (ChJob      *job,
        const char *key)
{
  return g_hash_table_lookup (job->result, key);
}

static void
test_all (Fixture      *fixture,
          gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 3);
  ChJob *job = ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 1);

  g_assert_cmpint (job->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (result (job, "removed"), ==, "1 2 3");
  g_assert_null (result (job, "failed"));
  g_assert_cmpuint (job->lines->len, ==, 3);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);

  ChJob *idle = ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  world_run (world, 1);
  g_assert_cmpint (idle->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (idle->lines->pdata[0], ==, "No TXT value is left over");
}

/* Two who ask at once do not remove the same value twice. */
static void
test_twice (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 2);
  ChJob *first = ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  ChJob *second = ch_leftovers_remove (&world->world, (const guint64[]) { 2 }, 1, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 1);
  g_assert_cmpint (first->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpint (second->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (second->lines->pdata[0], ==, "1 value is being removed already");
  g_assert_cmpstr (fakes.calls->str, ==, "remove remove ");
}

/* One that is not there, or is needed, is refused before anything happens; one named twice is removed once. */
static void
test_some (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;
  ChStore *store = world->world.store;
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 3);
  g_autoptr(ChTxtRecord) needed = ch_store_get_txt_record (store, 3, &error);
  needed->state = CH_TXT_STATE_PRESENT;
  ch_store_update_txt_record (store, needed, &error);

  for (guint64 id = 3; id <= 4; id++)
    {
      g_assert_null (ch_leftovers_remove (&world->world, (const guint64[]) { 1, id }, 2, &somebody, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
      g_clear_error (&error);
    }
  g_assert_null (ch_leftovers_remove (&world->world, (const guint64[]) { G_MAXUINT64 }, 1, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  ChJob *job = ch_leftovers_remove (&world->world, (const guint64[]) { 2, 2 }, 2, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 1);
  g_assert_cmpstr (result (job, "removed"), ==, "2");
  g_assert_cmpuint (world_txt_count (world), ==, 2);
  g_assert_cmpstr (fakes.calls->str, ==, "remove ");
}

/* What can be removed is; the rest is the cleaner's again. An account that does not answer is asked once. */
static void
test_failing (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;
  gint64 other = world_add_peer (world, CH_PEER_ROLE_DNS, "other");
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 3);
  leave (fixture, other, 1);
  fake_fail (OP_REMOVE, CH_ERROR_UNREACHABLE);
  ChJob *job = ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 1);

  g_assert_cmpint (job->state, ==, CH_JOB_STATE_FAILED);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (job->error->message, "3 of 4 values"));
  g_assert_cmpstr (result (job, "removed"), ==, "4");
  g_assert_cmpstr (result (job, "failed"), ==, "1 2 3");
  g_assert_cmpstr (fakes.calls->str, ==, "remove remove ");

  g_autoptr(ChTxtRecord) kept = ch_store_get_txt_record (world->world.store, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->failures, ==, 2);
  g_assert_cmpint (kept->due, >, ch_now ());
  g_assert_nonnull (kept->reason);

  world_run (world, 3600);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 2);
  ChJob *job = ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  ch_job_cancel (job);
  world_run (world, 0);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_CANCELLED);

  world_run (world, 60);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
}

/* The service dies while it removes: the next one takes it up. */
static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  leave (fixture, fixture->dns, 2);
  ch_leftovers_remove (&world->world, NULL, 0, &somebody, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (world_txt_count (world), ==, 2);

  world_die (world);
  World *next = fixture->world = world_rise (world);
  world_run (next, 60);
  g_assert_cmpuint (world_txt_count (next), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define TEST(name, test) fixture_test ("/engine/leftovers/" name, NULL, test)
  TEST ("all", test_all);
  TEST ("twice", test_twice);
  TEST ("some", test_some);
  TEST ("failing", test_failing);
  TEST ("cancelled", test_cancelled);
  TEST ("killed", test_killed);
#undef TEST
  return g_test_run ();
}
