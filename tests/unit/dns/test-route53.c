/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"
#include "stand-in.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>

/* The provider against the stand-in, whose records stand in a real BIND. What single answers mean is in
 * test-route53-answers.c. */

#define ROLE "arn:aws:iam::123456789012:role/sandbox"
#define WRITERS 8
#define ROUNDS 2

static StandIn *stand_in;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("route53", NULL);
}

/* JSON with ' for " */
static void
control (const char *path,
         const char *json)
{
  g_autofree char *text = g_strdelimit (g_strdup (json), "'", '"');

  stand_in_control (stand_in, path, text);
}

static ChDnsAccess
access_new (void)
{
  ChDnsAccess access = stand_in_access (stand_in, provider ());

  access_set (access.settings, "settle", "0");
  return access;
}

static gboolean
add_value (const ChDnsAccess *access,
           const char        *name,
           const char        *value,
           GError           **error)
{
  ChTxt txt = { name, value };
  gboolean existed;

  return provider ()->add (access, "example.test", &txt, &existed, NULL, error);
}

static gboolean
remove_value (const ChDnsAccess *access,
              const char        *name,
              const char        *value,
              GError           **error)
{
  ChTxt txt = { name, value };

  return provider ()->remove (access, "example.test", &txt, NULL, error);
}

static void
expect_shown (const char *name,
              const char *expected)
{
  g_autofree char *shown = server_show (stand_in->bind, name);
  g_assert_cmpstr (shown, ==, expected);
}

/* so that each test begins with a service that has no faults */
static void
settle (void)
{
  control ("/clear", "{'requests': true}");
  stand_in_calm (stand_in, "route53");
}

/* ---- who asks ---- */

static void
test_wrong_credentials (void)
{
  static const struct { gboolean is_secret; const char *name, *value; int code; const char *says; } cases[] = {
    { TRUE, "secret-access-key", "wrong", CH_ERROR_CREDENTIALS, "secret-access-key" },
    { FALSE, "access-key", "AKIAWRONG0123456789A", CH_ERROR_CREDENTIALS, "access-key" },
    { TRUE, "session-token", "wrong", CH_ERROR_CREDENTIALS, "session-token" },
    { FALSE, "partition", "aws-cn", CH_ERROR_CREDENTIALS, "partition" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(ChDnsAccess) access = access_new ();
      g_autoptr(GError) error = NULL;

      access_set (cases[i].is_secret ? access.secrets : access.settings, cases[i].name, cases[i].value);
      g_assert_false (add_value (&access, "_wrong.example.test", "value", &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CH_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (provider ()->find_zone (&access, "_wrong.example.test", NULL, NULL));
    }
  expect_shown ("_wrong.example.test", "");
}

static void
test_clock (void)
{
  static const int shifts[] = { 301, -301, 86400 };

  for (gsize i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      g_auto(ChDnsAccess) access = access_new ();
      g_autofree char *order = g_strdup_printf ("{'kind': 'route53', 'clock': %d}", shifts[i]);
      g_autoptr(GError) error = NULL;

      control ("/dns", order);
      g_assert_false (add_value (&access, "_clock.example.test", "value", &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_CLOCK);
      g_assert_nonnull (strstr (error->message, "UTC"));
    }
  settle ();
}

static ChDnsAccess
access_new_role (void)
{
  ChDnsAccess access = access_new ();
  g_autofree char *url = g_strconcat (g_hash_table_lookup (access.settings, "url"), "/sts", NULL);

  access_set (access.settings, "sts-url", url);
  access_set (access.settings, "role-arn", ROLE);
  access_set (access.settings, "external-id", "sandbox-external-id");
  return access;
}

static void
test_role (void)
{
  g_auto(ChDnsAccess) access = access_new_role ();
  g_autoptr(GError) error = NULL;

  settle ();
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *value = g_strdup_printf ("value %u", i);

      g_assert_true (add_value (&access, "_role.example.test", value, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (stand_in_requests (stand_in, "route53.role"), ==, 1);

  /* a role that has ended before its time is assumed again */
  control ("/dns", "{'kind': 'route53', 'expire-sessions': true}");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *value = g_strdup_printf ("value %u", i);

      g_assert_true (remove_value (&access, "_role.example.test", value, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (stand_in_requests (stand_in, "route53.role"), ==, 2);
  expect_shown ("_role.example.test", "");
}

static void
test_role_refused (void)
{
  static const struct { const char *name, *value; int code; } cases[] = {
    { "role-arn", "arn:aws:iam::123456789012:role/other", CH_ERROR_FORBIDDEN },
    { "external-id", "other", CH_ERROR_FORBIDDEN },
    { "external-id", NULL, CH_ERROR_FORBIDDEN },
    { "region", "eu-central-1", CH_ERROR_CREDENTIALS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(ChDnsAccess) access = access_new_role ();
      g_autoptr(GError) error = NULL;

      if (cases[i].value != NULL)
        access_set (access.settings, cases[i].name, cases[i].value);
      else
        g_hash_table_remove (access.settings, cases[i].name);
      g_assert_false (add_value (&access, "_role.example.test", "value", &error));
      g_assert_error (error, CH_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, "role/"));
    }
}

/* ---- zones ---- */

static void
test_pinned_zone (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  settle ();
  access_set (access.settings, "zone-id", "Z0");
  g_assert_null (provider ()->find_zone (&access, "_x.example.test", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (add_value (&access, "_x.example.test", "value", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "zone-id"));
  g_assert_cmpuint (stand_in_requests (stand_in, "route53.zones"), ==, 0);
}

static void
test_twins (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  access_set (access.settings, "resolver", "127.0.0.1:1");
  control ("/dns", "{'kind': 'route53', 'twin': 'example.test'}");
  g_assert_false (add_value (&access, "_twin.example.test", "value", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, ", Z"));
  g_assert_nonnull (strstr (error->message, "zone-id"));
  g_clear_error (&error);

  /* to which of them the name is delegated, the public DNS knows */
  g_autofree char *resolver = g_strdup_printf ("127.0.0.1:%u", stand_in->bind->port);
  access_set (access.settings, "resolver", resolver);
  g_assert_true (add_value (&access, "_twin.example.test", "value", &error));
  g_assert_no_error (error);
  expect_shown ("_twin.example.test", "60 \"value\"");
  g_assert_true (remove_value (&access, "_twin.example.test", "value", &error));
  settle ();
}

/* ---- rights ---- */

static void
test_rights (void)
{
  static const struct { const char *right; gboolean is_needed; } cases[] = {
    { "ListHostedZonesByName", TRUE },
    { "ListResourceRecordSets", TRUE },
    { "ChangeResourceRecordSets", TRUE },
    { "GetHostedZone", FALSE },
    { "GetChange", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(ChDnsAccess) access = access_new ();
      g_autofree char *order = g_strdup_printf ("{'kind': 'route53', 'reset': true, 'deny': '%s', 'pending': 60000}",
                                                cases[i].right);
      g_autoptr(GError) error = NULL;

      control ("/dns", order);
      g_assert_cmpint (add_value (&access, "_rights.example.test", "value", &error), ==, !cases[i].is_needed);
      if (!cases[i].is_needed)
        {
          g_assert_no_error (error);
          g_assert_true (remove_value (&access, "_rights.example.test", "value", &error));
          continue;
        }
      g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
      g_assert_nonnull (strstr (error->message, cases[i].right));
      expect_shown ("_rights.example.test", "");
    }
  settle ();
}

/* a policy that allows UPSERT alone takes no part of a batch that deletes */
static void
test_only_upsert (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  control ("/dns", "{'kind': 'route53', 'only-upsert': true}");
  g_assert_true (add_value (&access, "_upsert.example.test", "one", &error));
  g_assert_no_error (error);
  g_assert_true (add_value (&access, "_upsert.example.test", "two", &error));
  expect_shown ("_upsert.example.test", "60 \"one\"\n60 \"two\"");
  g_assert_true (remove_value (&access, "_upsert.example.test", "one", &error));
  expect_shown ("_upsert.example.test", "60 \"two\"");

  /* the last value goes with DELETE alone */
  g_assert_false (remove_value (&access, "_upsert.example.test", "two", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  settle ();
  g_assert_true (remove_value (&access, "_upsert.example.test", "two", NULL));
  expect_shown ("_upsert.example.test", "");
}

/* ---- sets ---- */

static void
test_routed_set (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  control ("/dns", "{'kind': 'route53', 'routed': 'spf.example.test'}");
  g_assert_false (add_value (&access, "spf.example.test", "value", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "routing policy"));
  expect_shown ("spf.example.test", "300 \"v=spf1 -all\"");
  settle ();
}

/* what stands beside ours may hold anything that a TXT record can */
static void
test_strange_neighbours (void)
{
  static const char *const values[] = { "\"a\\\"b\\\\c\" \"d\"", "\"caf\\195\\169 <&> '\"", "\"\\009tab\"" };
  g_auto(ChDnsAccess) access = access_new ();
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *line = g_strconcat ("update add _strange.example.test. 120 TXT ", values[i], NULL);
      server_update (stand_in->bind, line);
    }
  before = server_show (stand_in->bind, "_strange.example.test");
  g_assert_nonnull (strstr (before, "\\009"));

  g_assert_true (add_value (&access, "_strange.example.test", "ours <&>", &error));
  g_assert_no_error (error);
  g_autofree char *with = server_show (stand_in->bind, "_strange.example.test");
  g_assert_nonnull (strstr (with, "120 \"ours <&>\""));
  g_assert_true (remove_value (&access, "_strange.example.test", "ours <&>", &error));
  g_assert_no_error (error);
  expect_shown ("_strange.example.test", before);
}

/* Adding does not wait; who asks hears when it is everywhere. */
static void
test_settles (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  ChTxt txt = { "_sync.example.test", "value" };
  gboolean existed;

  settle ();
  access_set (access.settings, "settle", "60");
  control ("/dns", "{'kind': 'route53', 'pending': 60000}");
  g_assert_true (provider ()->begin_add (&access, "example.test", &txt, &existed, &token, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (stand_in_requests (stand_in, "route53.status"), ==, 0);
  g_assert_false (provider ()->has_settled (&access, token, NULL));

  /* without the right to ask nothing is waited for */
  control ("/dns", "{'kind': 'route53', 'deny': 'GetChange'}");
  g_assert_true (provider ()->has_settled (&access, token, NULL));
  g_assert_true (remove_value (&access, txt.name, txt.value, &error));
  g_clear_pointer (&token, g_free);

  settle ();
  control ("/dns", "{'kind': 'route53', 'pending': 1}");
  g_assert_true (provider ()->begin_add (&access, "example.test", &txt, &existed, &token, NULL, &error));
  while (token != NULL && !provider ()->has_settled (&access, token, NULL))
    g_usleep (10000);
  g_assert_true (remove_value (&access, txt.name, txt.value, &error));
  settle ();
}

/* ---- lost answers ---- */

static void
test_lost_answers (void)
{
  static const struct { const char *fault; gboolean done; int code; const char *shown; } cases[] = {
    { "{'drop': 'after'}", TRUE, 0, "60 \"value\"" },
    { "{'truncate': 20}", TRUE, 0, "60 \"value\"" },
    { "{'garbage': true}", TRUE, 0, "60 \"value\"" },
    { "{'drop': 'before'}", FALSE, CH_ERROR_TRANSIENT, "" },
    { "{'status': 503, 'html': true}", FALSE, CH_ERROR_TRANSIENT, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(ChDnsAccess) access = access_new ();
      g_autofree char *order = g_strdup_printf ("{'operation': 'route53.change', 'fault': %s, 'times': 1}",
                                                cases[i].fault);
      g_autoptr(GError) error = NULL;
      ChTxt txt = { "_lost.example.test", "value" };
      gboolean existed = TRUE;

      settle ();
      control ("/faults", order);
      gboolean done = provider ()->add (&access, "example.test", &txt, &existed, NULL, &error);
      g_test_message ("%s: %s", cases[i].fault, error != NULL ? error->message : "done");
      g_assert_cmpint (done, ==, cases[i].done);
      if (!done)
        g_assert_error (error, CH_ERROR, cases[i].code);
      else
        g_assert_false (existed);
      expect_shown (txt.name, cases[i].shown);
      g_assert_true (remove_value (&access, txt.name, txt.value, NULL));
    }
}

/* ---- many at once ---- */

/* Accounts with and without a role do not take turns with each other: so these writers do meet at the service. */
static void
test_many_writers (void)
{
  ChDnsAccess accesses[WRITERS];

  settle ();
  for (guint i = 0; i < WRITERS; i++)
    accesses[i] = i % 4 != 0 ? access_new () : access_new_role ();
  stand_in_many_writers (stand_in, provider (), accesses, WRITERS, ROUNDS);
  for (guint i = 0; i < WRITERS; i++)
    access_clear (&accesses[i]);
}

static void
test_crowd (void)
{
  g_auto(ChDnsAccess) access = access_new ();

  settle ();
  crowd_run (stand_in->bind, provider (), &access, CROWD_USUAL);
}

static void
skip (void)
{
  g_test_skip ("BIND is not installed, or CHANCERY_SANDBOX does not name the sandbox");
}

static void
add_tests (void)
{
  g_test_add_func ("/route53/wrong-credentials", test_wrong_credentials);
  g_test_add_func ("/route53/clock", test_clock);
  g_test_add_func ("/route53/role", test_role);
  g_test_add_func ("/route53/role-refused", test_role_refused);
  g_test_add_func ("/route53/pinned-zone", test_pinned_zone);
  g_test_add_func ("/route53/twins", test_twins);
  g_test_add_func ("/route53/rights", test_rights);
  g_test_add_func ("/route53/only-upsert", test_only_upsert);
  g_test_add_func ("/route53/routed-set", test_routed_set);
  g_test_add_func ("/route53/strange-neighbours", test_strange_neighbours);
  g_test_add_func ("/route53/settles", test_settles);
  g_test_add_func ("/route53/lost-answers", test_lost_answers);
  g_test_add_func ("/route53/many-writers", test_many_writers);
  g_test_add_func ("/route53/crowd", test_crowd);
}

int
main (int   argc,
      char *argv[])
{
  Contract contract = { 0 };

  g_test_init (&argc, &argv, NULL);
  if (!stand_in_is_possible ())
    {
      g_test_add_func ("/route53", skip);
      return g_test_run ();
    }

  stand_in = stand_in_start ();
  stand_in_contract (stand_in, &contract, provider ());
  access_set (contract.access.settings, "settle", "0");
  add_tests ();
  int status = g_test_run ();

  access_clear (&contract.access);
  stand_in_stop (stand_in);
  return status;
}
