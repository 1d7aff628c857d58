/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/bin.h"
#include "engine/brought-key.h"
#include "engine/import.h"
#include "engine/replace.h"
#include "issue.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <string.h>

/* Orders that somebody placed elsewhere are taken over. */

#define DAY (24 * 60 * 60)
#define NAME "www.example.com"

typedef struct
{
  World *world;
  gint64 account;
  gint64 now;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->world = world_new ();
  fixture->account = world_add_peer (fixture->world, CH_PEER_ROLE_ACCOUNT, "ca");
  fixture->now = ch_now ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  world_free (fixture->world);
}

static FakePlaced *
place (Fixture     *fixture,
       const char  *number,
       ChCaStatus   status,
       int          days)
{
  FakePlaced *placed = g_new0 (FakePlaced, 1);

  placed->number = g_strdup (number);
  placed->name = g_strdup (NAME);
  placed->status = status;
  placed->at = fixture->now + days * DAY;
  if (status == CH_CA_ISSUED || status == CH_CA_REVOKED)
    {
      world_set_clock (placed->at);
      placed->certificate = issue_for_somebody (NAME);
      world_set_clock (fixture->now);
    }
  g_ptr_array_add (fakes.placed, placed);
  return placed;
}

static const ChJob *
import_wish (Fixture             *fixture,
             const ChImportWish  *wish)
{
  g_autoptr(GError) error = NULL;
  const ChJob *job = ch_account_import (&fixture->world->world, fixture->account, wish, &somebody, &error);

  g_assert_no_error (error);
  world_run (fixture->world, 0);
  return job;
}

static const ChJob *
import_all (Fixture *fixture)
{
  ChImportWish all = { 0 };

  return import_wish (fixture, &all);
}

static void
assert_result (const ChJob  *job,
               const char   *wanted)
{
  static const char *const facts[] = { "found", "new", "updated", "certificates", "skipped" };
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (job->error);
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_hash_table_lookup (job->result, facts[i]));
  g_assert_cmpstr (text->str, ==, wanted);
}

static ChOrder *
find (Fixture     *fixture,
      const char  *number)
{
  ChOrder *order;

  g_assert_true (ch_store_find_order_of_number (fixture->world->world.store, fixture->account, number, &order, NULL));
  g_assert_nonnull (order);
  return order;
}

static guint
count_orders (Fixture *fixture)
{
  g_autoptr(GArray) ids = ch_store_list_order_ids (fixture->world->world.store, NULL, "id", NULL);

  return ids->len;
}

static char *
all_lines (const ChJob *job)
{
  g_ptr_array_add (job->lines, NULL);
  char *text = g_strjoinv ("\n", (char **) job->lines->pdata);
  g_ptr_array_set_size (job->lines, (int) job->lines->len - 1);
  return text;
}

/* ---- what they become ---- */

static void
test_states (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { const char *number; ChCaStatus status; int days; const char *state, *step; } cases[] = {
    { "A", CH_CA_ISSUED, -900, "expired", "none" },
    { "B", CH_CA_ISSUED, -250, "issued", "none" },      /* the certificate has ended, and the term has not */
    { "C", CH_CA_ISSUED, -20, "issued", "none" },
    { "D", CH_CA_WAITING, -3, "validating", "track" },
    { "E", CH_CA_HELD, -3, "vetting", "track" },
    { "F", CH_CA_CANCELLED, -3, "cancelled", "none" },
    { "G", CH_CA_REVOKED, -3, "revoked", "none" },
    { "H", CH_CA_REJECTED, -3, "rejected", "none" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    place (fixture, cases[i].number, cases[i].status, cases[i].days);
  assert_result (import_all (fixture), "8 8 0 4 0");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ChOrder) order = find (fixture, cases[i].number);

      assert_order (fixture->world, order->id, cases[i].state, cases[i].step);
      g_assert_cmpint (order->imported_at, ==, fixture->now);
      g_assert_cmpint (order->placed_at, ==, fixture->now + cases[i].days * DAY);
      g_assert_cmpstr (order->names[0], ==, NAME);
      g_assert_false (order->auto_replace);
    }

  g_autoptr(ChOrder) issued = find (fixture, "C");
  g_assert_cmpint (issued->not_after, ==, fixture->now + 179 * DAY);
  g_assert_cmpint (issued->term_end, >=, fixture->now + 344 * DAY);

  /* Nobody told the value of what waits, and it is not withdrawn for that. */
  world_run (fixture->world, DAY);
  g_autoptr(ChOrder) waiting = find (fixture, "D");
  assert_order (fixture->world, waiting->id, "validating", "track");
  g_assert_cmpuint (fakes.count[OP_CANCEL], ==, 0);
}

static void
test_twice (Fixture      *fixture,
            gconstpointer data)
{
  for (int i = 0; i < 250; i++)
    {
      g_autofree char *number = g_strdup_printf ("N%d", i);
      FakePlaced *placed = place (fixture, number, CH_CA_CANCELLED, i - 300);
      if (i % 5 == 1)
        placed->reissues = g_strdup_printf ("N%d", i - 1);
    }

  /* A cancelled reissue adds nothing to what it reissued. */
  assert_result (import_all (fixture), "250 200 0 0 0");
  assert_result (import_all (fixture), "250 0 0 0 0");
  g_assert_cmpuint (count_orders (fixture), ==, 200);

  /* Its last answer, and from then on it is followed like our own. */
  g_autoptr(ChTrack) track = ch_store_get_track (fixture->world->world.store, fixture->account, NULL);
  g_assert_cmpint (track->seen_to, >=, fixture->now);
  g_assert_cmpint (track->due, !=, 0);
}

static void
test_wanted (Fixture      *fixture,
             gconstpointer data)
{
  const char *revoked[] = { "revoked", "cancelled", NULL };
  ChImportWish by_state = { .states = (char **) revoked };
  ChImportWish by_name = { .name = (char *) "OTHER" };
  ChImportWish by_time = { .from = fixture->now - 15 * DAY, .to = fixture->now - 5 * DAY };

  place (fixture, "A", CH_CA_CANCELLED, -30);
  place (fixture, "B", CH_CA_REVOKED, -20);
  place (fixture, "C", CH_CA_REJECTED, -10);
  FakePlaced *other = place (fixture, "D", CH_CA_WAITING, -1);
  g_free (other->name);
  other->name = g_strdup ("other.example.com");

  assert_result (import_wish (fixture, &by_state), "2 2 0 1 0");
  assert_result (import_wish (fixture, &by_time), "1 1 0 0 0");
  assert_result (import_wish (fixture, &by_name), "1 1 0 0 0");
  g_assert_cmpuint (count_orders (fixture), ==, 4);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  const char *odd[] = { "queued", NULL };
  ChImportWish by_state = { .states = (char **) odd };
  ChImportWish backwards = { .from = 10, .to = 5 };
  ChImportWish all = { 0 };
  ChWorld *world = &fixture->world->world;
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_account_import (world, fixture->account, &by_state, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (ch_account_import (world, fixture->account, &backwards, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (ch_account_import (world, 99, &all, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_nonnull (ch_account_import (world, fixture->account, &all, &somebody, &error));
  g_assert_null (ch_account_import (world, fixture->account, &all, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
  world_run (fixture->world, 0);
}

/* ---- what belongs together ---- */

static void
assert_chain (Fixture *fixture)
{
  g_autoptr(ChOrder) order = find (fixture, "C");
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (fixture->world->world.store, order->id, NULL);

  g_assert_cmpuint (count_orders (fixture), ==, 1);
  g_assert_cmpstr (order->ca_order, ==, "C");
  g_assert_null (order->reissues_ca);
  assert_order (fixture->world, order->id, "issued", "none");
  g_assert_cmpuint (certificates->len, ==, 3);
  g_assert_cmpstr (((const ChCertificate *) certificates->pdata[0])->ca_order, ==, "C");
  g_assert_cmpint (order->not_after, ==, fixture->now + 189 * DAY);
  /* A year from the first one. */
  g_assert_cmpint (order->term_end, <=, fixture->now + 166 * DAY);
  g_assert_cmpint (order->placed_at, ==, fixture->now - 200 * DAY);
}

static void
place_chain (Fixture *fixture)
{
  place (fixture, "A", CH_CA_REVOKED, -200);
  place (fixture, "B", CH_CA_ISSUED, -100)->reissues = g_strdup ("A");
  place (fixture, "C", CH_CA_ISSUED, -10)->reissues = g_strdup ("B");
}

static void
test_chain (Fixture      *fixture,
            gconstpointer data)
{
  place_chain (fixture);
  assert_result (import_all (fixture), "3 1 2 3 0");
  assert_chain (fixture);
  assert_result (import_all (fixture), "3 0 0 0 0");
  assert_chain (fixture);
}

/* The newest first, and then what was before it. */
static void
test_chain_backwards (Fixture      *fixture,
                      gconstpointer data)
{
  ChImportWish late = { .from = fixture->now - 20 * DAY };

  place_chain (fixture);
  assert_result (import_wish (fixture, &late), "1 1 0 1 0");
  assert_result (import_all (fixture), "3 1 1 2 0");
  assert_chain (fixture);
  assert_result (import_all (fixture), "3 0 0 0 0");
}

static void
test_waiting_reissue (Fixture      *fixture,
                      gconstpointer data)
{
  place (fixture, "A", CH_CA_ISSUED, -30);
  place (fixture, "B", CH_CA_WAITING, -1)->reissues = g_strdup ("A");
  assert_result (import_all (fixture), "2 1 1 1 0");

  g_autoptr(ChOrder) order = find (fixture, "A");
  assert_order (fixture->world, order->id, "reissuing", "track");
  g_assert_cmpstr (order->reissues_ca, ==, "A");
  g_assert_cmpstr (order->ca_order, ==, "B");
  assert_result (import_all (fixture), "2 0 0 0 0");
}

static void
test_renewals (Fixture      *fixture,
               gconstpointer data)
{
  gboolean backwards = GPOINTER_TO_INT (data);
  ChImportWish late = { .from = fixture->now - 50 * DAY };

  place (fixture, "A", CH_CA_ISSUED, -380);
  place (fixture, "B", CH_CA_ISSUED, -200)->reissues = g_strdup ("A");
  place (fixture, "R", CH_CA_ISSUED, -20)->renews = g_strdup ("B");
  if (backwards)
    import_wish (fixture, &late);
  import_all (fixture);

  g_autoptr(ChOrder) order = find (fixture, "B");
  g_autoptr(ChOrder) renewal = find (fixture, "R");
  g_assert_cmpuint (count_orders (fixture), ==, 2);
  g_assert_cmpint (renewal->renews_id, ==, order->id);
  g_assert_cmpstr (renewal->renews_ca, ==, "B");
  g_assert_cmpint ((int) renewal->kind, ==, CH_ORDER_KIND_RENEWAL);
}

static void
test_change (Fixture      *fixture,
             gconstpointer data)
{
  FakePlaced *waiting = place (fixture, "A", CH_CA_WAITING, -5);
  FakePlaced *issued = place (fixture, "B", CH_CA_ISSUED, -5);

  assert_result (import_all (fixture), "2 2 0 1 0");
  waiting->status = CH_CA_ISSUED;
  waiting->certificate = issue_for_somebody (NAME);
  issued->status = CH_CA_REVOKED;
  assert_result (import_all (fixture), "2 0 2 1 0");

  g_autoptr(ChOrder) first = find (fixture, "A");
  g_autoptr(ChOrder) second = find (fixture, "B");
  assert_order (fixture->world, first->id, "issued", "none");
  assert_order (fixture->world, second->id, "revoked", "none");
}

/* ---- trouble ---- */

static void
test_hostile (Fixture      *fixture,
              gconstpointer data)
{
  FakePlaced *bad = place (fixture, "A", CH_CA_ISSUED, -9);
  FakePlaced *none = place (fixture, "B", CH_CA_ISSUED, -8);
  FakePlaced *ended = place (fixture, "C", CH_CA_REVOKED, -7);

  strcpy (strchr (bad->certificate, '\n') + 20, "\n!\"$%");
  g_clear_pointer (&none->certificate, g_free);
  strcpy (strchr (ended->certificate, '\n') + 20, "\n!\"$%");
  place (fixture, "D", CH_CA_ISSUED, -6)->unknown = TRUE;
  place (fixture, "E", CH_CA_ISSUED, -5)->reissues = g_strdup ("E");      /* itself */
  place (fixture, "F", CH_CA_ISSUED, -4)->renews = g_strdup ("F");
  place (fixture, "G", CH_CA_WAITING, -3)->reissues = g_strdup ("nothing");
  place (fixture, "H", CH_CA_ISSUED, -2);

  const ChJob *job = import_all (fixture);
  g_autofree char *lines = all_lines (job);
  assert_result (job, "8 4 0 3 4");
  g_assert_nonnull (strstr (lines, "Order A is skipped"));
  g_assert_nonnull (strstr (lines, "Order B is skipped"));
  g_assert_nonnull (strstr (lines, "certificate of order C is left out"));
  g_assert_nonnull (strstr (lines, "Order D is skipped"));
  g_assert_nonnull (strstr (lines, "Order G is skipped"));

  g_autoptr(ChOrder) revoked = find (fixture, "C");
  g_autoptr(ChOrder) good = find (fixture, "H");
  assert_order (fixture->world, revoked->id, "revoked", "none");
  assert_order (fixture->world, good->id, "issued", "none");
  assert_result (import_all (fixture), "8 0 0 0 4");
}

/* Cancelled after the second batch; the same goes on, another begins anew. */
static void
test_resumed (Fixture      *fixture,
              gconstpointer data)
{
  ChImportWish again = { .restart = TRUE };

  for (int i = 0; i < 250; i++)
    {
      g_autofree char *number = g_strdup_printf ("N%d", i);
      place (fixture, number, CH_CA_CANCELLED, i - 300);
    }

  fake_lose (OP_LIST_PLACED, CH_ERROR_CANCELLED);
  const ChJob *job = import_all (fixture);
  g_assert_cmpint ((int) job->state, ==, CH_JOB_STATE_CANCELLED);
  g_assert_cmpuint (count_orders (fixture), ==, 200);

  world_close (fixture->world);
  world_open (fixture->world);
  job = import_all (fixture);
  assert_result (job, "51 50 0 0 0");
  g_assert_cmpint (fakes.told_from, ==, fixture->now - 101 * DAY);
  g_autofree char *lines = all_lines (job);
  g_assert_nonnull (strstr (lines, "Goes on from "));

  /* Finished is forgotten. */
  assert_result (import_all (fixture), "250 0 0 0 0");
  fake_lose (OP_LIST_PLACED, CH_ERROR_UNREACHABLE);
  job = import_all (fixture);
  g_assert_cmpint ((int) job->state, ==, CH_JOB_STATE_FAILED);
  assert_result (import_wish (fixture, &again), "250 0 0 0 0");
}

/* A batch is written whole or not at all. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  place (fixture, "A", CH_CA_ISSUED, -10);
  world_refuse_writes (fixture->world, TRUE);
  const ChJob *job = import_all (fixture);
  g_assert_cmpint ((int) job->state, ==, CH_JOB_STATE_FAILED);
  world_refuse_writes (fixture->world, FALSE);
  g_assert_cmpuint (count_orders (fixture), ==, 0);
  assert_result (import_all (fixture), "1 1 0 1 0");
}

/* ---- keys ---- */

/* @key: (transfer full): of the certificate */
static GBytes *
place_with_key (Fixture *fixture)
{
  const char *names[] = { NAME, NULL };
  g_autoptr(GError) error = NULL;
  GBytes *key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, &error);
  g_autofree char *csr = ch_csr_new (key, names, &error);
  FakePlaced *placed = place (fixture, "A", CH_CA_WAITING, -20);

  g_assert_no_error (error);
  world_set_clock (placed->at);
  placed->certificate = issue (csr, NAME);
  world_set_clock (fixture->now);
  placed->status = CH_CA_ISSUED;
  return key;
}

static void
attached_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  GError **error = data;

  if (ch_key_attach_finish (result, error))
    g_assert_no_error (*error);
}

static void
attach (Fixture     *fixture,
        GBytes      *key,
        GError     **error)
{
  g_autoptr(ChOrder) order = find (fixture, "A");

  ch_key_attach_async (&fixture->world->world, order->id, key, NULL, &somebody, attached_cb, error);
  world_run (fixture->world, 0);
}

static void
test_attach (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GBytes) key = place_with_key (fixture);
  g_autoptr(GBytes) other = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  g_autoptr(GError) error = NULL;

  import_all (fixture);
  attach (fixture, other, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  attach (fixture, key, &error);
  g_assert_no_error (error);
  g_autoptr(ChOrder) order = find (fixture, "A");
  g_autoptr(ChCertificate) certificate = ch_store_find_certificate (fixture->world->world.store, order->id, NULL);
  g_assert_cmpstr (order->key_ref, ==, certificate->key_ref);
  g_assert_nonnull (order->key_ref);
  g_assert_true (order->auto_replace);
  g_assert_cmpint (order->replace_at, >, fixture->now);

  attach (fixture, key, &error);
  g_assert_error (error, CH_ERROR, CH_ERROR_EXISTS);

  /* The one that belonged nowhere is not kept. */
  world_run (fixture->world, 2 * 60 * 60);
  g_autoptr(GPtrArray) bin = ch_store_list_bin_keys (fixture->world->world.store, NULL);
  g_assert_cmpuint (bin->len, ==, 0);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GError) error = NULL;

  ch_order_delete_finish (result, &error);
  g_assert_no_error (error);
}

/* Deleting puts the key into the bin, and the import finds it there. */
static void
test_deleted (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GBytes) key = place_with_key (fixture);
  g_autoptr(GError) error = NULL;

  import_all (fixture);
  attach (fixture, key, &error);
  g_assert_no_error (error);
  g_autoptr(ChOrder) before = find (fixture, "A");
  ch_order_delete_async (&fixture->world->world, before->id, TRUE, &somebody, deleted_cb, NULL);
  world_run (fixture->world, 0);
  g_assert_cmpuint (count_orders (fixture), ==, 0);

  assert_result (import_all (fixture), "1 1 0 1 0");
  g_autoptr(ChOrder) after = find (fixture, "A");
  g_assert_cmpint (after->id, !=, before->id);
  g_assert_cmpstr (after->key_ref, ==, before->key_ref);
  g_assert_true (after->auto_replace);
  g_autoptr(GPtrArray) bin = ch_store_list_bin_keys (fixture->world->world.store, NULL);
  g_assert_cmpuint (bin->len, ==, 0);
}

/* A reissue failed here, and one was made elsewhere: the key that was meant for ours has no owner. */
static void
test_unused_key (Fixture      *fixture,
                 gconstpointer data)
{
  ChStore *store = fixture->world->world.store;
  ChCaStatus status = (ChCaStatus) GPOINTER_TO_INT (data);

  place (fixture, "A", CH_CA_ISSUED, -30);
  import_all (fixture);
  g_autoptr(ChOrder) order = find (fixture, "A");
  order->key_ref = g_strdup ("key/unused");
  g_free (order->public_key);
  order->public_key = g_strdup ("unused");
  g_assert_true (ch_store_update_order (store, order, NULL));

  place (fixture, "B", status, -1)->reissues = g_strdup ("A");
  import_all (fixture);
  g_autoptr(ChOrder) after = find (fixture, "B");
  g_assert_cmpint (after->id, ==, order->id);
  g_assert_null (after->key_ref);
  g_autoptr(GPtrArray) bin = ch_store_list_bin_keys (store, NULL);
  g_assert_cmpuint (bin->len, ==, 1);
  g_assert_cmpstr (((const ChBinKey *) bin->pdata[0])->ref, ==, "key/unused");
}

static const ChJob *
look_for_key (Fixture    *fixture,
              const char *path)
{
  const char *paths[] = { path, NULL };
  g_autoptr(ChOrder) order = find (fixture, "A");
  g_autoptr(GError) error = NULL;
  const ChJob *job = ch_key_find (&fixture->world->world, order->id, "server", path != NULL ? paths : NULL, &somebody, &error);

  g_assert_no_error (error);
  world_run (fixture->world, 0);
  return job;
}

/* A deployment cannot install a certificate without its key, which stands in the very place where it would put it. */
static void
test_found_on_server (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(GBytes) key = place_with_key (fixture);
  g_autoptr(GBytes) other = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);
  gint64 server = world_add_peer (fixture->world, CH_PEER_ROLE_SERVER, "server");
  gint64 id = world_add_deployment (fixture->world, "web", NAME, server, "/etc/web.pem");

  import_all (fixture);
  g_autoptr(ChDeployment) before = world_deployment (fixture->world, id);
  g_assert_cmpint ((int) before->state, ==, CH_DEPLOYMENT_STATE_FAILED);
  g_assert_nonnull (strstr (before->reason, "chancery key attach"));
  g_assert_nonnull (strstr (before->reason, "chancery order reissue"));

  const ChJob *job = look_for_key (fixture, NULL);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_NOT_FOUND);

  /* A file that holds another key, and one that holds none. */
  g_hash_table_insert (fakes.files, g_strdup ("/etc/web.pem.key"), g_bytes_ref (other));
  g_hash_table_insert (fakes.files, g_strdup ("/etc/passwd"), g_bytes_new_static ("root:secret-words", 17));
  job = look_for_key (fixture, "/etc/passwd");
  g_assert_error (job->error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_autofree char *lines = all_lines (job);
  g_assert_null (strstr (lines, "secret-words"));
  g_assert_nonnull (strstr (lines, "belongs to no certificate"));

  g_hash_table_insert (fakes.files, g_strdup ("/etc/web.pem.key"), g_bytes_ref (key));
  job = look_for_key (fixture, NULL);
  g_assert_no_error (job->error);
  g_assert_cmpstr (g_hash_table_lookup (job->result, "path"), ==, "/etc/web.pem.key");
  world_run (fixture->world, 60);
  g_autoptr(ChDeployment) after = world_deployment (fixture->world, id);
  g_assert_cmpint ((int) after->state, ==, CH_DEPLOYMENT_STATE_DEPLOYED);
}

/* Without the old key a new one is made, and from then on the order replaces itself. */
static void
test_reissue (Fixture      *fixture,
              gconstpointer data)
{
  ChReissueWish wish = { 0 };
  g_autoptr(GError) error = NULL;

  place (fixture, "A", CH_CA_ISSUED, -20);
  import_all (fixture);
  g_autoptr(ChOrder) order = find (fixture, "A");
  g_autoptr(ChStory) story = ch_order_explain (&fixture->world->world, order->id, &error);
  g_assert_nonnull (strstr (story->advice, "chancery order reissue"));
  ch_order_reissue (&fixture->world->world, order->id, &wish, &somebody, &error);
  g_assert_no_error (error);

  g_autoptr(ChOrder) after = world_order (fixture->world, order->id);
  g_assert_cmpint ((int) after->step, ==, CH_ORDER_STEP_MAKE_KEY);
  g_assert_true (after->auto_replace);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*run) (Fixture *, gconstpointer); int data; } tests[] = {
    { "states", test_states }, { "twice", test_twice }, { "wanted", test_wanted }, { "refused", test_refused },
    { "chain", test_chain }, { "chain-backwards", test_chain_backwards }, { "waiting-reissue", test_waiting_reissue },
    { "renewals", test_renewals }, { "renewals-backwards", test_renewals, TRUE }, { "change", test_change },
    { "hostile", test_hostile }, { "resumed", test_resumed }, { "full-disk", test_full_disk },
    { "attach", test_attach }, { "deleted", test_deleted },
    { "unused-key/issued", test_unused_key, CH_CA_ISSUED }, { "unused-key/waiting", test_unused_key, CH_CA_WAITING },
    { "found-on-server", test_found_on_server }, { "reissue", test_reissue },
  };

  world_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/import/", tests[i].name, NULL);
      g_test_add (path, Fixture, GINT_TO_POINTER (tests[i].data), set_up, tests[i].run, tear_down);
    }

  return g_test_run ();
}
