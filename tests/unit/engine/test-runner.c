/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"
#include "issue.h"

#include <string.h>

/* The whole way of an order with real store and vault, and fakes outside. */

#define DAY (24 * 60 * 60)

static void
test_whole (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  gint64 deployment = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  gint64 id = fixture_add_order (fixture);

  world_run (world, 60);
  assert_order (world, id, "issued", "none");
  g_assert_cmpstr (fakes.calls->str, ==, "submit zone add look check remove stage stage swap swap act settle settle ");
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);

  g_autoptr(ChDeployment) deployed = world_deployment (world, deployment);
  g_assert_cmpint (deployed->state, ==, CH_DEPLOYMENT_STATE_DEPLOYED);
  g_assert_true (g_hash_table_contains (fakes.files, "/etc/site"));
  g_assert_true (g_hash_table_contains (fakes.files, "/etc/site.key"));

  /* A certificate in force costs one question for its account four times a day, and nothing else. */
  guint before = world_rings ();
  g_string_truncate (fakes.calls, 0);
  world_run (world, 50 * DAY);
  g_assert_cmpuint (world_rings () - before, <=, 50 * 5 + 5);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, world_rings () - before);
  g_assert_cmpuint (fakes.calls->len, ==, fakes.count[OP_LIST] * strlen ("list "));
}

/* ---- what somebody does elsewhere ---- */

static void
test_ended_elsewhere (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;
  gboolean revoked = GPOINTER_TO_INT (data) == CH_CA_REVOKED;
  gint64 id = fixture_add_order (fixture), other = fixture_add_order (fixture);

  world_run (world, DAY);
  fake_order (0)->status = GPOINTER_TO_INT (data);
  world_run (world, 7 * 60 * 60);
  assert_order (world, id, revoked ? "revoked" : "cancelled", "none");
  assert_order (world, other, "issued", "none");
  g_assert_nonnull (strstr (world->changes->str, "order/1:changed"));
}

static void
test_cancelled_elsewhere_meanwhile (Fixture      *fixture,
                                    gconstpointer data)
{
  World *world = fixture->world;
  gint64 first = fixture_add_order (fixture);

  world_run (world, 60);
  assert_order (world, first, "issued", "none");

  /* Nobody makes the record of the second; it is cancelled in the portal. */
  gint64 second = world_add_order (world, "www.example.com", fixture->account, 0);
  world_run (world, 60);
  assert_order (world, second, "validating", "propagate");
  fake_order (1)->status = CH_CA_CANCELLED;
  world_run (world, 7 * 60 * 60);
  assert_order (world, second, "cancelled", "none");
}

static void
test_reissued_elsewhere (Fixture      *fixture,
                         gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_add_order (fixture);

  world_run (world, DAY);
  const FakeOrder *first = fake_order (0);
  FakeOrder *second = g_new0 (FakeOrder, 1);
  second->number = g_strdup ("CEELSEWHERE");
  second->name = g_strdup (first->name);
  second->reissues = g_strdup (first->number);
  second->status = CH_CA_ISSUED;
  second->certificate = issue_for_somebody (first->name);
  g_ptr_array_add (fakes.orders, second);
  world_run (world, 7 * 60 * 60);

  assert_order (world, id, "issued", "none");
  g_autoptr(ChOrder) order = world_order (world, id);
  g_autoptr(ChCertificate) newest = ch_store_find_certificate (world->world.store, id, NULL);
  g_assert_cmpstr (order->ca_order, ==, "CEELSEWHERE");
  g_assert_cmpstr (newest->ca_order, ==, "CEELSEWHERE");
  g_assert_null (newest->key_ref);
}

/* What was paid for elsewhere is not paid for once more here. */
static void
test_renewed_elsewhere (Fixture      *fixture,
                        gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_add_order (fixture);

  world_run (world, DAY);
  g_autoptr(ChOrder) before = world_order (world, id);
  before->auto_renew = TRUE;
  g_assert_true (ch_store_update_order (world->world.store, before, NULL));

  const FakeOrder *first = g_ptr_array_index (fakes.orders, 0);
  FakeOrder *second = g_new0 (FakeOrder, 1);
  second->number = g_strdup ("CEELSEWHERE");
  second->name = g_strdup (first->name);
  second->renews = g_strdup (first->number);
  second->status = CH_CA_CANCELLED;
  g_ptr_array_add (fakes.orders, second);
  world_run (world, 7 * 60 * 60);
  g_autoptr(ChOrder) between = world_order (world, id);
  g_assert_true (between->auto_renew);

  second->status = CH_CA_ISSUED;
  world_run (world, 7 * 60 * 60);
  g_autoptr(ChOrder) order = world_order (world, id);
  assert_order (world, id, "issued", "none");
  g_assert_false (order->auto_renew);
  g_assert_nonnull (strstr (order->reason, "CEELSEWHERE"));
}

/* Every kind of trouble in every step, once: it passes, or a person mends it; the order gets there. */
static void
test_trouble (Fixture      *fixture,
              gconstpointer data)
{
  static const Op ops[] = { OP_SUBMIT, OP_ZONE, OP_ADD, OP_LOOK, OP_CHECK, OP_REMOVE };
  static const ChError codes[] = {
    CH_ERROR_UNREACHABLE, CH_ERROR_UNKNOWN_OUTCOME, CH_ERROR_BAD_ANSWER, CH_ERROR_THROTTLED, CH_ERROR_TRANSIENT,
    CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_CLOCK, CH_ERROR_MONEY, CH_ERROR_NOT_YET, CH_ERROR_TLS,
    CH_ERROR_VAULT, CH_ERROR_STORE, CH_ERROR_NO_SPACE, CH_ERROR_FAILED, CH_ERROR_CANCELLED, CH_ERROR_ZONE_NOT_FOUND,
  };
  World *world = fixture->world;

  for (gsize i = 0; i < G_N_ELEMENTS (ops); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (codes); j++)
      {
        g_string_truncate (fakes.calls, 0);
        fake_fail (ops[i], codes[j]);
        gint64 id = fixture_add_order (fixture);

        world_run (world, 4 * 60 * 60);
        assert_order (world, id, "issued", "none");
        g_assert_cmpuint (world_txt_count (world), ==, 0);
        /* Nothing else is told of by the CA as refused for good. */
        if (strstr (fakes.calls->str, "submit submit") != NULL)
          g_assert_true (codes[j] != CH_ERROR_UNKNOWN_OUTCOME && codes[j] != CH_ERROR_BAD_ANSWER
                         && codes[j] != CH_ERROR_TRANSIENT && codes[j] != CH_ERROR_FAILED);
      }

  g_autoptr(ChPeer) account = world_peer (world, CH_PEER_ROLE_ACCOUNT, fixture->account);
  g_autoptr(ChPeer) dns = world_peer (world, CH_PEER_ROLE_DNS, fixture->dns);
  g_assert_cmpint (account->state, ==, CH_PEER_STATE_ENABLED);
  g_assert_cmpint (dns->state, ==, CH_PEER_STATE_ENABLED);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fake_fail (OP_SUBMIT, CH_ERROR_CA_REFUSED);
  gint64 id = fixture_add_order (fixture);
  world_run (world, DAY);
  assert_order (world, id, "failed", "none");
  g_assert_cmpstr (fakes.calls->str, ==, "submit ");

  g_assert_true (ch_order_retry (&world->world, id, &somebody, &error));
  world_run (world, 60);
  assert_order (world, id, "issued", "none");

  /* There is nothing more to try. */
  g_assert_false (ch_order_retry (&world->world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* The order arrived, its answer did not: it is withdrawn and placed with another key of ours. */
static void
test_lost_answer (Fixture      *fixture,
                  gconstpointer data)
{
  World *world = fixture->world;

  fake_lose (OP_SUBMIT, GPOINTER_TO_INT (data));
  gint64 id = fixture_add_order (fixture);
  world_run (world, 600);

  assert_order (world, id, "issued", "none");
  g_assert_cmpstr (fakes.calls->str, ==, "submit find cancel submit zone add look check remove ");
  const FakeOrder *first = fake_order (0), *second = fake_order (1);
  g_assert_cmpint (first->status, ==, CH_CA_CANCELLED);
  g_assert_cmpstr (first->own_key, !=, second->own_key);

  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_cmpuint (order->attempt, ==, 2);
  g_assert_cmpstr (order->ca_order, ==, second->number);
}

/* The answer to CHECK is lost, but the CA has issued. */
static void
test_lost_check (Fixture      *fixture,
                 gconstpointer data)
{
  fake_lose (OP_CHECK, CH_ERROR_UNKNOWN_OUTCOME);
  gint64 id = fixture_add_order (fixture);
  world_run (fixture->world, DAY);

  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_CHECK], ==, 1);
  g_assert_cmpuint (fakes.count[OP_FETCH], ==, 1);
}

/* A CA that never tells a value is asked ever more rarely, and nothing is left open there. */
static void
test_no_value (Fixture      *fixture,
               gconstpointer data)
{
  gboolean *trouble = data != NULL ? &fakes.odd_place : &fakes.no_value;

  *trouble = TRUE;
  gint64 id = fixture_add_order (fixture);
  world_run (fixture->world, DAY);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], <, 60);
  g_assert_cmpuint (fakes.count[OP_CANCEL], ==, fakes.count[OP_SUBMIT]);

  *trouble = FALSE;
  world_run (fixture->world, DAY);
  assert_order (fixture->world, id, "issued", "none");
}

static void
test_held (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;

  fakes.next_status = CH_CA_HELD;
  gint64 first = fixture_add_order (fixture), second = fixture_add_order (fixture);
  world_run (world, 3 * DAY);
  assert_order (world, first, "vetting", "track");
  /* One question for both, a quarter of an hour apart. */
  g_assert_cmpuint (fakes.count[OP_LIST], >, 3 * 24);
  g_assert_cmpuint (fakes.count[OP_LIST], <, 3 * 24 * 8);

  fake_order (0)->status = CH_CA_WAITING;
  fake_order (1)->status = CH_CA_REJECTED;
  world_run (world, DAY);
  assert_order (world, first, "issued", "none");
  assert_order (world, second, "rejected", "none");
}

/* Whatever the question for many meets, those who wait are asked for again. */
static void
test_held_trouble (Fixture      *fixture,
                   gconstpointer data)
{
  static const ChError codes[] = { CH_ERROR_UNREACHABLE, CH_ERROR_CREDENTIALS, CH_ERROR_CANCELLED, CH_ERROR_FAILED };
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fakes.next_status = CH_CA_HELD;
  gint64 id = fixture_add_order (fixture);
  world_run (world, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    fake_fail (OP_LIST, codes[i]);
  world_run (world, DAY);
  g_assert_cmpuint (fakes.count[OP_LIST], >, G_N_ELEMENTS (codes) + 10);

  guint before = fakes.count[OP_LIST];
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_ACCOUNT, fixture->account, FALSE, &somebody, &error));
  world_run (world, DAY);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, before);

  fake_order (0)->status = CH_CA_WAITING;
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_ACCOUNT, fixture->account, TRUE, &somebody, &error));
  world_run (world, 60);
  assert_order (world, id, "issued", "none");
}

/* ---- what persons do meanwhile ---- */

static void
cancel_cb (gpointer data)
{
  World *world = data;
  g_autoptr(GError) error = NULL;

  ch_order_cancel (&world->world, 1, FALSE, &somebody, &error);
  g_assert_no_error (error);
}

static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  Op op = GPOINTER_TO_INT (data);

  world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  fake_hook (op, TRUE, cancel_cb, world);
  gint64 id = fixture_add_order (fixture);
  world_run (world, DAY);

  assert_order (world, id, "cancelled", "none");
  g_assert_cmpuint (fakes.count[OP_STAGE], ==, 0);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
  for (guint i = 0; i < fakes.orders->len; i++)
    g_assert_cmpint (fake_order (i)->status, ==, CH_CA_CANCELLED);
}

/* A wish to cancel comes while the order is sent, and the CA's list does not show the order at once. Its number came with the
 * answer, or not, and then it is looked for once more: what the CA has is cancelled there, and not forgotten. */
static void
check_cancel_unseen (Fixture  *fixture,
                     gboolean  lost)
{
  World *world = fixture->world;

  if (lost)
    fake_hook_and_lose (OP_SUBMIT, CH_ERROR_UNKNOWN_OUTCOME, cancel_cb, world);
  else
    fake_hook (OP_SUBMIT, TRUE, cancel_cb, world);
  fake_fail (OP_FIND, CH_ERROR_NOT_FOUND);
  if (!lost)
    for (guint i = 0; i < 10; i++)
      fake_fail (OP_FIND, CH_ERROR_NOT_FOUND);
  gint64 id = fixture_add_order (fixture);
  world_run (world, 60 * 60);

  assert_order (world, id, "cancelled", "none");
  g_assert_cmpuint (fakes.orders->len, ==, 1);
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
}

static void
test_cancel_unseen (Fixture      *fixture,
                    gconstpointer data)
{
  check_cancel_unseen (fixture, GPOINTER_TO_INT (data));
}

/* The CA refuses to cancel what it has issued: then it is used. */
static void
test_cancel_refused (Fixture      *fixture,
                     gconstpointer data)
{
  World *world = fixture->world;

  world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  fake_hook (OP_CHECK, TRUE, cancel_cb, world);
  fake_fail (OP_CANCEL, CH_ERROR_CA_REFUSED);
  gint64 id = fixture_add_order (fixture);
  world_run (world, DAY);

  assert_order (world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);
}

typedef struct
{
  gboolean done;
  GError *error;
} Deletion;

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Deletion *deletion = data;

  ch_order_delete_finish (result, &deletion->error);
  deletion->done = TRUE;
}

typedef struct
{
  World *world;
  Deletion deletion;
} DeleteWish;

static void
delete_cb (gpointer data)
{
  DeleteWish *wish = data;

  ch_order_delete_async (&wish->world->world, 1, TRUE, &somebody, deleted_cb, &wish->deletion);
  g_assert_false (wish->deletion.done);
}

/* An order is not deleted under the hands of a worker: the wish waits, and what came of that work counts. */
static void
test_delete_under_way (Fixture      *fixture,
                       gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  DeleteWish wish = { world, { FALSE, NULL } };
  gint64 id = fixture_add_order (fixture);

  world_run (world, 60);
  g_autoptr(ChOrder) order = world_order (world, id);
  fake_hook (OP_CANCEL, FALSE, delete_cb, &wish);
  g_assert_true (ch_order_cancel (&world->world, id, TRUE, &somebody, &error));
  world_run (world, 60);
  g_assert_true (wish.deletion.done);
  g_assert_no_error (wish.deletion.error);
  g_assert_null (ch_store_get_order (world->world.store, id, NULL));
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
  g_autoptr(GPtrArray) bin = ch_store_list_bin_keys (world->world.store, &error);
  g_assert_cmpuint (bin->len, ==, 1);
  g_assert_cmpstr (((const ChBinKey *) g_ptr_array_index (bin, 0))->ref, ==, order->key_ref);
}

/* Only what needs the DNS account waits for it. */
static void
test_dns_disabled (Fixture      *fixture,
                   gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fake_fail (OP_LOOK, CH_ERROR_UNREACHABLE);
  gint64 id = fixture_add_order (fixture);
  world_run (world, 0);
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, fixture->dns, FALSE, &somebody, &error));
  world_run (world, 60);
  assert_order (world, id, "issued", "none");

  gint64 other = fixture_add_order (fixture);
  world_run (world, 60);
  assert_order (world, other, "queued", "submit");
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, fixture->dns, TRUE, &somebody, &error));
  world_run (world, 60);
  assert_order (world, other, "issued", "none");
}

/* Somebody takes the record away again and again; it is put there again. */
static void
take_away_cb (gpointer data)
{
  g_hash_table_remove_all (fakes.txt);
}

static void
test_taken_away (Fixture      *fixture,
                 gconstpointer data)
{
  fake_hook (OP_LOOK, FALSE, take_away_cb, NULL);
  gint64 id = fixture_add_order (fixture);
  world_run (fixture->world, DAY);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 2);

  fake_hook (OP_CHECK, FALSE, take_away_cb, NULL);
  gint64 other = fixture_add_order (fixture);
  world_run (fixture->world, DAY);
  assert_order (fixture->world, other, "issued", "none");
}

/* ---- the database and the clock ---- */

static void
refuse_cb (gpointer data)
{
  world_refuse_writes (data, TRUE);
}

/* The database takes nothing any more while a step is under way: what came out is kept and written later, and
 * nothing goes round and round meanwhile. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  World *world = fixture->world;

  world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  fake_hook (GPOINTER_TO_INT (data), TRUE, refuse_cb, world);
  gint64 id = fixture_add_order (fixture);
  world_run (world, 60);

  guint rings = world_rings ();
  guint calls = fakes.calls->len;
  world_run (world, 1000);
  g_assert_cmpuint (world_rings () - rings, <=, 101);
  g_assert_cmpuint (fakes.calls->len, ==, calls);

  world_refuse_writes (world, FALSE);
  world_run (world, 120);
  assert_order (world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_assert_cmpuint (fakes.count[OP_FIND], ==, 0);
  g_assert_cmpuint (fakes.count[OP_ACT], ==, 1);
  g_assert_cmpuint (world_txt_count (world), ==, 0);
}

/* The same while the order waits with many for an answer. */
static void
test_full_disk_held (Fixture      *fixture,
                     gconstpointer data)
{
  World *world = fixture->world;

  fakes.next_status = CH_CA_HELD;
  fake_hook (OP_LIST, TRUE, refuse_cb, world);
  gint64 id = fixture_add_order (fixture);
  world_run (world, 600);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, 1);
  fake_order (0)->status = CH_CA_WAITING;
  world_refuse_writes (world, FALSE);
  world_run (world, DAY);
  assert_order (world, id, "issued", "none");
}

/* Nothing can even begin. */
static void
test_full_disk_before (Fixture      *fixture,
                       gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_add_order (fixture);

  world_refuse_writes (world, TRUE);
  guint rings = world_rings ();
  world_run (world, 1000);
  g_assert_cmpuint (world_rings () - rings, <=, 101);
  g_assert_cmpuint (fakes.calls->len, ==, 0);

  world_refuse_writes (world, FALSE);
  world_run (world, 60);
  assert_order (world, id, "issued", "none");
}

static void
test_clock (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;

  fake_fail (OP_LOOK, CH_ERROR_UNREACHABLE);
  gint64 id = fixture_add_order (fixture);
  world_run (world, 0);
  assert_order (world, id, "validating", "propagate");
  world_set_clock (ch_now () - 365 * DAY);
  world_run (world, 60);
  assert_order (world, id, "issued", "none");

  fake_fail (OP_LOOK, CH_ERROR_UNREACHABLE);
  gint64 other = fixture_add_order (fixture);
  world_run (world, 0);
  world_set_clock (ch_now () + 365 * DAY);
  world_run (world, 0);
  assert_order (world, other, "issued", "none");
}

/* ---- many ---- */

/* The DNS service says itself when all its servers have a value. The one worker there is does not wait for it, and a
 * service that starts again still knows what to ask. */
static void
test_settling (Fixture      *fixture,
               gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fakes.unsettled = 4;
  world->config->workers = 1;
  gint64 slow = world_add_order (world, "slow.example.com", fixture->account, fixture->dns);
  gint64 quick = fixture_add_order (fixture);
  world_run (world, 2);
  assert_order (world, quick, "issued", "none");
  assert_order (world, slow, "validating", "propagate");

  g_autoptr(ChOrder) order = world_order (world, slow);
  g_assert_cmpint (order->due, >, ch_now ());
  g_assert_nonnull (strstr (order->reason, "has not yet brought the value at"));
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->world.store, slow, &error);
  g_assert_cmpstr (((ChTxtRecord *) records->pdata[0])->token, ==, "change-1");

  world_close (world);
  world_open (world);
  g_string_truncate (fakes.calls, 0);
  fakes.unsettled = 1;
  fake_fail (OP_CHECK, CH_ERROR_NOT_YET);
  world_run (world, 10);
  assert_order (world, slow, "validating", "check");
  g_assert_cmpstr (fakes.calls->str, ==, "ask ask look check ");
  g_autoptr(GPtrArray) settled = ch_store_list_txt_records (world->world.store, slow, &error);
  g_assert_null (((ChTxtRecord *) settled->pdata[0])->token);

  world_run (world, 600);
  assert_order (world, slow, "issued", "none");
}

/* Who is not asked any more is not waited for: the name servers tell, too. */
static void
test_settling_disabled (Fixture      *fixture,
                        gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fakes.unsettled = G_MAXUINT;
  gint64 slow = world_add_order (world, "slow.example.com", fixture->account, fixture->dns);
  world_run (world, 1);
  assert_order (world, slow, "validating", "propagate");
  ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, fixture->dns, FALSE, &somebody, &error);
  g_assert_no_error (error);
  world_run (world, 600);
  assert_order (world, slow, "issued", "none");
}

static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;

  fakes.next_status = CH_CA_HELD;
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *name = g_strdup_printf ("www%u.example.com", i);
      world_add_order (world, name, fixture->account, fixture->dns);
    }
  world_run (world, 20);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 400);
  g_assert_cmpuint (world_most_at_once (), <=, 8);

  g_autoptr(GHashTable) counts = ch_store_count_orders (world->world.store, NULL);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, "vetting")), ==, 400);
  world_run (world, 60);
  g_assert_cmpuint (fakes.count[OP_LIST], <=, 5);
}

static void
add_moments (const char *path,
             const Op   *ops,
             gsize       n,
             void      (*test) (Fixture *, gconstpointer))
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%d", path, (int) ops[i]);
      fixture_test (name, GINT_TO_POINTER (ops[i]), test);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const Op cancelled[] = { OP_SUBMIT, OP_ZONE, OP_ADD, OP_LOOK, OP_CHECK };
  static const Op full[] = { OP_SUBMIT, OP_ADD, OP_LOOK, OP_CHECK, OP_REMOVE, OP_ACT };

  world_init (&argc, &argv);
#define TEST(name, test, data) fixture_test ("/engine/runner/" name, data, test)
  TEST ("whole", test_whole, NULL);
  TEST ("trouble", test_trouble, NULL);
  TEST ("revoked-elsewhere", test_ended_elsewhere, GINT_TO_POINTER (CH_CA_REVOKED));
  TEST ("cancelled-elsewhere", test_ended_elsewhere, GINT_TO_POINTER (CH_CA_CANCELLED));
  TEST ("cancelled-elsewhere-meanwhile", test_cancelled_elsewhere_meanwhile, NULL);
  TEST ("reissued-elsewhere", test_reissued_elsewhere, NULL);
  TEST ("renewed-elsewhere", test_renewed_elsewhere, NULL);
  TEST ("refused", test_refused, NULL);
  TEST ("lost-answer", test_lost_answer, GINT_TO_POINTER (CH_ERROR_UNKNOWN_OUTCOME));
  TEST ("garbled-answer", test_lost_answer, GINT_TO_POINTER (CH_ERROR_BAD_ANSWER));
  TEST ("gateway-trouble", test_lost_answer, GINT_TO_POINTER (CH_ERROR_TRANSIENT));
  TEST ("lost-check", test_lost_check, NULL);
  TEST ("no-value", test_no_value, NULL);
  TEST ("odd-place", test_no_value, GINT_TO_POINTER (1));
  TEST ("held", test_held, NULL);
  TEST ("held-trouble", test_held_trouble, NULL);
  TEST ("cancel-unseen/answered", test_cancel_unseen, GINT_TO_POINTER (FALSE));
  TEST ("cancel-unseen/lost", test_cancel_unseen, GINT_TO_POINTER (TRUE));
  TEST ("cancel-refused", test_cancel_refused, NULL);
  TEST ("delete-under-way", test_delete_under_way, NULL);
  TEST ("dns-disabled", test_dns_disabled, NULL);
  TEST ("taken-away", test_taken_away, NULL);
  TEST ("full-disk-held", test_full_disk_held, NULL);
  TEST ("full-disk-before", test_full_disk_before, NULL);
  TEST ("clock", test_clock, NULL);
  TEST ("settling", test_settling, NULL);
  TEST ("settling-disabled", test_settling_disabled, NULL);
  TEST ("many", test_many, NULL);
#undef TEST
  add_moments ("/engine/runner/cancel", cancelled, G_N_ELEMENTS (cancelled), test_cancel);
  add_moments ("/engine/runner/full-disk", full, G_N_ELEMENTS (full), test_full_disk);
  return g_test_run ();
}
