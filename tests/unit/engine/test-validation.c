/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/validation.h"

#include "fixture.h"
#include "issue.h"

#include <string.h>

/* Every way of proof with real store and vault, and fakes outside; and what persons do meanwhile. */

#define HOUR (60 * 60)
#define DAY (24 * HOUR)
#define HOST "www.example.com"

static gint64
add_order (Fixture     *fixture,
           const char  *names,
           ChDcvMethod  method,
           ChProduct    product)
{
  gint64 dns = method == CH_DCV_METHOD_DNS && product == CH_PRODUCT_DOMAINSSL ? fixture->dns : 0;
  gint64 id = world_add_order (fixture->world, names, fixture->account, dns);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_autoptr(GError) error = NULL;

  order->method = method;
  order->product = product;
  order->dns_named = dns != 0;
  order->approver = method == CH_DCV_METHOD_EMAIL ? g_strdup ("admin@example.com") : NULL;
  ch_store_update_order (fixture->world->world.store, order, &error);
  g_assert_no_error (error);
  return id;
}

static void
show_file (const char *host,
           guint       i)
{
  g_hash_table_add (fakes.web, g_strdup_printf ("%s %s", host, fake_order (i)->value));
}

static void
switch_to (Fixture     *fixture,
           gint64       id,
           const char  *method,
           const char  *dns,
           const char  *approver)
{
  ChValidation wish = { method, dns, approver };
  g_autoptr(GError) error = NULL;

  ch_order_set_validation (&fixture->world->world, id, &wish, &somebody, &error);
  g_assert_no_error (error);
}

static GPtrArray *
challenges_of (Fixture *fixture,
               gint64   id)
{
  return ch_store_list_challenges (fixture->world->world.store, id, NULL);
}

/* ---- files ---- */

static void
test_file (Fixture      *fixture,
           gconstpointer data)
{
  gint64 id = add_order (fixture, HOST " mail.example.com", CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 60);
  assert_order (fixture->world, id, "validating", "propagate");
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_test_message ("%s", order->reason);
  g_assert_nonnull (strstr (order->reason, "http://" HOST "/gsdv.txt"));
  g_assert_nonnull (strstr (order->reason, fake_order (0)->value));
  g_assert_nonnull (strstr (order->reason, "192.0.2.9 answers 404"));

  g_autoptr(GPtrArray) challenges = challenges_of (fixture, id);
  g_assert_cmpuint (challenges->len, ==, 2);
  g_assert_cmpstr (((ChChallenge *) challenges->pdata[1])->location, ==, "mail.example.com");
  g_assert_cmpstr (((ChChallenge *) challenges->pdata[1])->name, ==, "mail.example.com");
  g_assert_nonnull (strstr (((ChChallenge *) challenges->pdata[0])->observed, "\"status\""));

  /* one of two is not enough */
  show_file (HOST, 0);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "validating", "propagate");
  g_assert_cmpuint (fakes.count[OP_CHECK], ==, 0);

  show_file ("mail.example.com", 0);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_CHECK], ==, 1);
  g_assert_cmpuint (fakes.count[OP_ADD], ==, 0);
}

/* The value is lost with the answer, as with a record. */
static void
test_file_lost (Fixture      *fixture,
                gconstpointer data)
{
  fake_lose (OP_SUBMIT, CH_ERROR_UNKNOWN_OUTCOME);
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, HOUR);
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
  show_file (HOST, 1);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "issued", "none");
}

/* ---- mails and staff ---- */

static void
answer_positive (FakeOrder *order)
{
  order->confirmed_at = ch_now ();
  order->certificate = issue (order->csr, order->name);
  order->status = CH_CA_ISSUED;
}

static void
test_mail (Fixture      *fixture,
           gconstpointer data)
{
  if (data != NULL)
    fake_lose (OP_SUBMIT, CH_ERROR_UNKNOWN_OUTCOME);
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 60);
  assert_order (fixture->world, id, "validating", "track");
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_assert_cmpuint (fakes.count[OP_CANCEL], ==, 0);

  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_nonnull (strstr (order->reason, "admin@example.com"));
  g_autoptr(GPtrArray) challenges = challenges_of (fixture, id);
  g_assert_cmpuint (challenges->len, ==, 1);
  g_assert_cmpint (((ChChallenge *) challenges->pdata[0])->published_at, >, 0);
  g_assert_cmpint (((ChChallenge *) challenges->pdata[0])->seen_at, ==, 0);

  fake_order (0)->confirmed_at = ch_now ();
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "validating", "track");
  g_autoptr(GPtrArray) confirmed = challenges_of (fixture, id);
  g_assert_cmpint (((ChChallenge *) confirmed->pdata[0])->seen_at, >, 0);

  g_assert_cmpuint (fakes.count[OP_FETCH], ==, 0);
  answer_positive (fake_order (0));
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_FETCH], ==, 1);
}

typedef struct
{
  gboolean done;
  GError *error;
  char **list;
} Answer;

static void
mailed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answer *answer = data;

  ch_order_mail_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answer *answer = data;

  answer->list = ch_approvers_list_finish (result, &answer->error);
  answer->done = TRUE;
}

static Answer
mail (Fixture    *fixture,
      gint64      id,
      const char *approver)
{
  Answer answer = { FALSE };

  ch_order_mail_async (&fixture->world->world, id, approver, &somebody, mailed_cb, &answer);
  world_run (fixture->world, 1);
  g_assert_true (answer.done);
  return answer;
}

static void
test_mail_again (Fixture      *fixture,
                 gconstpointer data)
{
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);
  Answer answer;

  world_run (fixture->world, 60);
  answer = mail (fixture, id, NULL);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (fake_order (0)->mails, ==, 2);

  answer = mail (fixture, id, "webmaster@example.com");
  g_assert_no_error (answer.error);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_cmpstr (order->approver, ==, "webmaster@example.com");
  g_assert_nonnull (strstr (order->reason, "webmaster@example.com"));
  g_assert_cmpstr (fake_order (0)->approver, ==, "webmaster@example.com");

  fake_fail (OP_MAIL, CH_ERROR_UNREACHABLE);
  answer = mail (fixture, id, NULL);
  g_assert_error (answer.error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_clear_error (&answer.error);

  /* The answer is lost, so it is not known here; the CA's own word counts. */
  fake_lose (OP_APPROVER, CH_ERROR_UNKNOWN_OUTCOME);
  answer = mail (fixture, id, "admin@example.com");
  g_assert_error (answer.error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME);
  g_clear_error (&answer.error);
  world_run (fixture->world, HOUR);
  g_autoptr(ChOrder) followed = world_order (fixture->world, id);
  g_assert_cmpstr (followed->approver, ==, "admin@example.com");

  gint64 other = add_order (fixture, "a.example.com", CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 60);
  answer = mail (fixture, other, NULL);
  g_assert_error (answer.error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&answer.error);
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  Answer answer = { FALSE };

  ch_approvers_list_async (&fixture->world->world, "", HOST, listed_cb, &answer);
  world_run (fixture->world, 1);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.list[0], ==, "admin@example.com");
  g_strfreev (answer.list);

  answer = (Answer) { FALSE };
  ch_approvers_list_async (&fixture->world->world, "ca", "not a name", listed_cb, &answer);
  world_run (fixture->world, 1);
  g_assert_error (answer.error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&answer.error);
}

static void
test_staff (Fixture      *fixture,
            gconstpointer data)
{
  if (data != NULL)
    fake_lose (OP_SUBMIT, CH_ERROR_UNKNOWN_OUTCOME);
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_DNS, CH_PRODUCT_ORGANIZATIONSSL);

  world_run (fixture->world, 60);
  assert_order (fixture->world, id, "vetting", "track");
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_autoptr(ChOrder) order = world_order (fixture->world, id);
  g_assert_true (g_str_has_prefix (order->page, "https://ca.example/verify/"));

  answer_positive (fake_order (0));
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "issued", "none");

  ChValidation wish = { .method = "http" };
  g_autoptr(GError) error = NULL;
  g_assert_false (ch_order_set_validation (&fixture->world->world, id, &wish, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* ---- another way ---- */

/* @data: the operation during which it is asked for, or -1 for when nothing is under way */
typedef struct
{
  Fixture *fixture;
  gint64 id;
} Wish;

static void
switch_cb (gpointer data)
{
  const Wish *wish = data;

  switch_to (wish->fixture, wish->id, "http", NULL, NULL);
}

static guint
count_paid (void)
{
  guint paid = 0, waiting = 0;

  for (guint i = 0; i < fakes.orders->len; i++)
    {
      paid += fake_order (i)->status == CH_CA_ISSUED;
      waiting += fake_order (i)->status == CH_CA_WAITING || fake_order (i)->status == CH_CA_HELD;
    }

  g_assert_cmpuint (waiting, ==, 0);
  return paid;
}

static void
test_switch (Fixture      *fixture,
             gconstpointer data)
{
  int op = GPOINTER_TO_INT (data);
  Wish wish = { fixture, 1 };

  if (op >= 0)
    fake_hook (op, TRUE, switch_cb, &wish);
  if (op == OP_CANCEL)
    fake_fail (OP_CANCEL, CH_ERROR_UNKNOWN_OUTCOME);
  gint64 id = add_order (fixture, HOST, op < 0 ? CH_DCV_METHOD_EMAIL : CH_DCV_METHOD_DNS, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 30);
  if (op < 0)
    switch_to (fixture, id, "http", NULL, NULL);
  world_run (fixture->world, HOUR);

  /* What was issued while it was asked for is kept. */
  if (op == OP_CHECK)
    assert_order (fixture->world, id, "issued", "none");
  else
    {
      assert_order (fixture->world, id, "validating", "propagate");
      g_assert_cmpuint (fakes.orders->len, ==, 2);
      g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
      g_assert_cmpint (fake_order (1)->method, ==, CH_DCV_METHOD_HTTP);
      show_file (HOST, 1);
      world_run (fixture->world, HOUR);
      assert_order (fixture->world, id, "issued", "none");
    }

  g_assert_cmpuint (count_paid (), ==, 1);
  g_assert_cmpuint (world_txt_count (fixture->world), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);
}

/* Withdrawing fails at first, and the order is looked for: it is not taken for what is wanted. */
static void
test_switch_trouble (Fixture      *fixture,
                     gconstpointer data)
{
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 30);
  fake_fail (OP_CANCEL, CH_ERROR_UNREACHABLE);
  fake_lose (OP_CANCEL, CH_ERROR_UNKNOWN_OUTCOME);
  switch_to (fixture, id, "email", NULL, "admin@example.com");
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "validating", "track");
  g_assert_cmpuint (fakes.orders->len, ==, 2);
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
  g_assert_cmpint (fake_order (1)->method, ==, CH_DCV_METHOD_EMAIL);
}

/* The service dies between wish and withdrawal. */
static void
test_switch_crash (Fixture      *fixture,
                   gconstpointer data)
{
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 30);
  switch_to (fixture, id, "http", NULL, NULL);
  world_close (fixture->world);
  world_open (fixture->world);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "validating", "propagate");
  show_file (HOST, 1);
  world_run (fixture->world, HOUR);
  g_assert_cmpuint (count_paid (), ==, 1);
}

static void
test_dns_account (Fixture      *fixture,
                  gconstpointer data)
{
  gint64 other = world_add_peer (fixture->world, CH_PEER_ROLE_DNS, "other");
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_DNS, CH_PRODUCT_DOMAINSSL);

  fakes.next_status = CH_CA_WAITING;
  fake_fail (OP_LOOK, CH_ERROR_UNREACHABLE);
  fake_fail (OP_CHECK, CH_ERROR_NOT_YET);
  world_run (fixture->world, 3);
  switch_to (fixture, id, NULL, "other", NULL);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, id, "issued", "none");
  g_assert_cmpuint (fakes.orders->len, ==, 1);
  g_assert_cmpuint (world_txt_count (fixture->world), ==, 0);
  g_assert_cmpuint (g_hash_table_size (fakes.txt), ==, 0);

  g_autoptr(GPtrArray) challenges = challenges_of (fixture, id);
  g_assert_cmpint (((ChChallenge *) challenges->pdata[0])->dns_account_id, ==, other);
}

static const struct { ChDcvMethod method; const char *to, *dns, *approver; ChError code; } refused[] = {
  { CH_DCV_METHOD_HTTP, NULL, NULL, NULL, CH_ERROR_INVALID },
  { CH_DCV_METHOD_HTTP, "http", NULL, NULL, CH_ERROR_INVALID },
  { CH_DCV_METHOD_HTTP, "fax", NULL, NULL, CH_ERROR_INVALID },
  { CH_DCV_METHOD_HTTP, "email", NULL, NULL, CH_ERROR_INVALID },
  { CH_DCV_METHOD_HTTP, "email", "dns", "admin@example.com", CH_ERROR_INVALID },
  { CH_DCV_METHOD_HTTP, "dns", "nobody", NULL, CH_ERROR_NOT_FOUND },
  { CH_DCV_METHOD_HTTP, "dns", NULL, "admin@example.com", CH_ERROR_INVALID },
  { CH_DCV_METHOD_EMAIL, NULL, NULL, "webmaster@example.com", CH_ERROR_INVALID },
};

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  gint64 file = add_order (fixture, HOST, CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);
  gint64 letter = add_order (fixture, "a.example.com", CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);
  gint64 wild = add_order (fixture, "*.example.com", CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 30);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      ChValidation wish = { refused[i].to, refused[i].dns, refused[i].approver };
      g_autoptr(GError) error = NULL;

      g_assert_false (ch_order_set_validation (&fixture->world->world, refused[i].method == CH_DCV_METHOD_HTTP ? file : letter,
                                               &wish, &somebody, &error));
      g_assert_error (error, CH_ERROR, (int) refused[i].code);
    }

  ChValidation wish = { .method = "http" };
  g_autoptr(GError) error = NULL;
  g_assert_false (ch_order_set_validation (&fixture->world->world, wild, &wish, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_cmpuint (fakes.orders->len, ==, 3);
}

/* ---- age ---- */

static void
test_fresh (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 file = add_order (fixture, HOST, CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, HOUR);
  world_set_clock (ch_now () + 31 * DAY);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, file, "validating", "propagate");
  g_assert_cmpuint (fakes.orders->len, ==, 1);
  g_autoptr(ChStory) story = ch_order_explain (&fixture->world->world, file, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (story->advice, "--fresh"));

  ch_order_renew_challenge (&fixture->world->world, file, &somebody, &error);
  g_assert_no_error (error);
  world_run (fixture->world, HOUR);
  g_assert_cmpuint (fakes.orders->len, ==, 2);
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
  show_file (HOST, 1);
  world_run (fixture->world, HOUR);
  assert_order (fixture->world, file, "issued", "none");
  g_assert_false (ch_order_renew_challenge (&fixture->world->world, file, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

/* Where nobody has to do anything for it, it comes by itself. */
static void
test_fresh_itself (Fixture      *fixture,
                   gconstpointer data)
{
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_DNS, CH_PRODUCT_DOMAINSSL);

  for (guint i = 0; i < 200; i++)
    fake_fail (OP_CHECK, CH_ERROR_NOT_YET);
  world_run (fixture->world, HOUR);
  world_set_clock (ch_now () + 29 * DAY);
  world_run (fixture->world, HOUR);
  g_assert_cmpuint (fakes.orders->len, ==, 1);
  world_set_clock (ch_now () + DAY);
  world_run (fixture->world, HOUR);
  g_assert_cmpuint (fakes.orders->len, ==, 2);
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_CANCELLED);
  assert_order (fixture->world, id, "validating", "check");
}

/* ---- verify ---- */

static void
test_verify (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_HTTP, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 60);
  ChJob *job = ch_order_verify (&fixture->world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (fixture->world, 1);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (g_hash_table_lookup (job->result, "seen"), ==, "no");
  g_assert_cmpstr (g_hash_table_lookup (job->result, "status"), ==, "waiting");
  g_assert_nonnull (strstr (g_hash_table_lookup (job->result, "answer"), "does not see"));
  g_assert_cmpstr (g_ptr_array_index (job->lines, 1), ==, "http://" HOST " (192.0.2.9): answers with status 404");

  show_file (HOST, 0);
  job = ch_order_verify (&fixture->world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (fixture->world, 10);
  g_assert_cmpstr (g_hash_table_lookup (job->result, "seen"), ==, "yes");
  g_assert_cmpstr (g_hash_table_lookup (job->result, "status"), ==, "issued");
  assert_order (fixture->world, id, "issued", "none");

  g_assert_null (ch_order_verify (&fixture->world->world, id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

static void
test_verify_mail (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);

  world_run (fixture->world, 60);
  answer_positive (fake_order (0));
  ChJob *job = ch_order_verify (&fixture->world->world, id, &somebody, &error);
  g_assert_no_error (error);
  world_run (fixture->world, 10);
  g_assert_cmpstr (g_hash_table_lookup (job->result, "seen"), ==, "");
  assert_order (fixture->world, id, "issued", "none");

  fake_fail (OP_FETCH, CH_ERROR_UNREACHABLE);
  gint64 other = add_order (fixture, "a.example.com", CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 60);
  job = ch_order_verify (&fixture->world->world, other, &somebody, &error);
  world_run (fixture->world, 1);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_FAILED);
  g_assert_error (job->error, CH_ERROR, CH_ERROR_UNREACHABLE);
}

/* ---- while a worker works on the order ---- */

typedef struct
{
  World *world;
  ChJob *job;
  Answer mailed;
} Asked;

static void
verify_cb (gpointer data)
{
  Asked *asked = data;
  g_autoptr(GError) error = NULL;

  asked->job = ch_order_verify (&asked->world->world, 1, &somebody, &error);
  g_assert_no_error (error);
  g_assert_cmpint (asked->job->state, ==, CH_JOB_STATE_RUNNING);
  g_assert_nonnull (strstr (g_ptr_array_index (asked->job->lines, 0), "Waits"));
}

/* @data: during which operation it is asked for: the step is waited for, and may be the last one. */
static void
test_verify_waits (Fixture      *fixture,
                   gconstpointer data)
{
  Op op = GPOINTER_TO_INT (data);
  Asked asked = { fixture->world, NULL };

  fake_hook (op, op == OP_CHECK, verify_cb, &asked);
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_DNS, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 10);
  g_assert_no_error (asked.job->error);
  g_assert_cmpint (asked.job->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (g_hash_table_lookup (asked.job->result, "status"), ==, "issued");
  world_run (fixture->world, 60);
  assert_order (fixture->world, id, "issued", "none");
}

static void
mail_cb (gpointer data)
{
  Asked *asked = data;

  ch_order_mail_async (&asked->world->world, 1, "webmaster@example.com", &somebody, mailed_cb, &asked->mailed);
}

static void
test_mail_waits (Fixture      *fixture,
                 gconstpointer data)
{
  Asked asked = { fixture->world, NULL };

  fake_hook (OP_SUBMIT, TRUE, mail_cb, &asked);
  add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);
  world_run (fixture->world, 10);
  g_assert_true (asked.mailed.done);
  g_assert_no_error (asked.mailed.error);
  g_assert_cmpstr (fake_order (0)->approver, ==, "webmaster@example.com");
}

/* What is under way does not end: whoever asks is told so, or gives up before, or the service stops. */
static void
test_waits_in_vain (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;
  Asked asked = { world, NULL };
  g_autoptr(GError) error = NULL;
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);

  world_run (world, 1);
  g_assert_true (ch_runner_claim (world->world.runner, "order/1"));
  ChJob *late = ch_order_verify (&world->world, id, &somebody, &error);
  ChJob *given_up = ch_order_verify (&world->world, id, &somebody, &error);
  world_run (world, 30);
  g_assert_cmpint (given_up->state, ==, CH_JOB_STATE_RUNNING);
  ch_job_cancel (given_up);
  world_run (world, 1);
  g_assert_cmpint (given_up->state, ==, CH_JOB_STATE_CANCELLED);
  g_assert_cmpint (late->state, ==, CH_JOB_STATE_RUNNING);

  world_run (world, 30);
  g_assert_cmpint (late->state, ==, CH_JOB_STATE_FAILED);
  g_assert_error (late->error, CH_ERROR, CH_ERROR_IN_USE);
  g_assert_nonnull (strstr (late->error->message, "order explain 1"));

  mail_cb (&asked);
  g_assert_false (asked.mailed.done);
  world_close (world);
  g_assert_true (asked.mailed.done);
  g_assert_error (asked.mailed.error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&asked.mailed.error);
  world_open (world);
}

/* Who came first is first, and each gets the order for itself. */
static void
test_waits_in_turn (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;
  Asked asked = { world, NULL };
  g_autoptr(GError) error = NULL;
  gint64 id = add_order (fixture, HOST, CH_DCV_METHOD_EMAIL, CH_PRODUCT_DOMAINSSL);

  world_run (world, 1);
  g_assert_true (ch_runner_claim (world->world.runner, "order/1"));
  mail_cb (&asked);
  ChJob *job = ch_order_verify (&world->world, id, &somebody, &error);
  g_string_truncate (fakes.calls, 0);
  ch_runner_release (world->world.runner, "order/1");
  world_run (world, 1);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_DONE);
  g_assert_cmpstr (fakes.calls->str, ==, "approver fetch ");
  g_assert_true (ch_runner_claim (world->world.runner, "order/1"));
  ch_runner_release (world->world.runner, "order/1");
}

#define CASE(path, data, function) fixture_test (path, GINT_TO_POINTER (data), function)

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  CASE ("/validation/file", 0, test_file);
  CASE ("/validation/file/lost", 0, test_file_lost);
  CASE ("/validation/mail", 0, test_mail);
  CASE ("/validation/mail/lost", 1, test_mail);
  CASE ("/validation/mail/again", 0, test_mail_again);
  CASE ("/validation/mail/list", 0, test_list);
  CASE ("/validation/staff", 0, test_staff);
  CASE ("/validation/staff/lost", 1, test_staff);
  CASE ("/validation/switch/idle", -1, test_switch);
  CASE ("/validation/switch/submit", OP_SUBMIT, test_switch);
  CASE ("/validation/switch/add", OP_ADD, test_switch);
  CASE ("/validation/switch/look", OP_LOOK, test_switch);
  CASE ("/validation/switch/check", OP_CHECK, test_switch);
  CASE ("/validation/switch/trouble", 0, test_switch_trouble);
  CASE ("/validation/switch/crash", 0, test_switch_crash);
  CASE ("/validation/dns-account", 0, test_dns_account);
  CASE ("/validation/refused", 0, test_refused);
  CASE ("/validation/fresh", 0, test_fresh);
  CASE ("/validation/fresh/itself", 0, test_fresh_itself);
  CASE ("/validation/verify", 0, test_verify);
  CASE ("/validation/verify/mail", 0, test_verify_mail);
  CASE ("/validation/waits/verify", OP_LOOK, test_verify_waits);
  CASE ("/validation/waits/verify-to-the-end", OP_CHECK, test_verify_waits);
  CASE ("/validation/waits/mail", 0, test_mail_waits);
  CASE ("/validation/waits/in-vain", 0, test_waits_in_vain);
  CASE ("/validation/waits/in-turn", 0, test_waits_in_turn);
  return g_test_run ();
}
