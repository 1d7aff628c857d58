/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"

#include "lib/error.h"

#include <string.h>

/* The provider against the sandbox's stand-in for Azure, whose records stand in BIND. */

#define WRITERS 8
#define ROUNDS 13               /* 104 values in all */
#define NAME "_x.example.test"

static StandIn *stand_in;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("azure", NULL);
}

static ChDnsAccess
access_new (void)
{
  return stand_in_access (stand_in, provider ());
}

static gboolean
add (const ChDnsAccess *access,
     const char        *name,
     const char        *value,
     GError           **error)
{
  ChTxt txt = { name, value };
  gboolean existed;

  return provider ()->add (access, "example.test", &txt, &existed, NULL, error);
}

static gboolean
take (const ChDnsAccess *access,
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

/* ---- what is refused ---- */

/** Refusal: a wrong setting (or secret), an order to the stand-in, and what comes of it. */
typedef struct
{
  const char *setting;
  const char *value;
  const char *order;
  int code;
  const char *says;
} Refusal;

static const Refusal refusals[] = {
  { "client-secret", "sandbox~8Q /=&secret", NULL, CH_ERROR_CREDENTIALS, "client-secret" },
  { "client-id", "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee", NULL, CH_ERROR_CREDENTIALS, "client-id" },
  { "tenant", "22222222-2222-3333-4444-555555555555", NULL, CH_ERROR_CREDENTIALS, "“tenant”" },
  { "subscription", "99999999-89ab-cdef-0123-456789abcdef", NULL, CH_ERROR_INVALID, "“subscription”" },
  { "resource-group", "elsewhere", NULL, CH_ERROR_INVALID, "“resource-group”" },
  { "resource-group", "sandbox-other", NULL, CH_ERROR_ZONE_NOT_FOUND, "no zone" },
  { NULL, NULL, "{\"kind\": \"azure\", \"secret-expired\": true, \"expire-tokens\": true}", CH_ERROR_CREDENTIALS, "expired" },
  { NULL, NULL, "{\"kind\": \"azure\", \"other-tenant\": true}", CH_ERROR_INVALID, "another tenant" },
  { NULL, NULL, "{\"kind\": \"azure\", \"role\": \"reader\"}", CH_ERROR_FORBIDDEN, "DNS Zone Contributor" },
  { NULL, NULL, "{\"kind\": \"azure\", \"role\": \"none\"}", CH_ERROR_FORBIDDEN, "DNS Zone Contributor" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const Refusal *refusal = &refusals[i];
      g_auto(ChDnsAccess) access = access_new ();
      g_autoptr(GError) error = NULL;

      stand_in_calm (stand_in, "azure");
      if (refusal->order != NULL)
        stand_in_control (stand_in, "/dns", refusal->order);
      if (refusal->setting != NULL)
        access_set (g_str_equal (refusal->setting, "client-secret") ? access.secrets : access.settings, refusal->setting,
                    refusal->value);
      g_assert_false (add (&access, NAME, "value", &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CH_ERROR, refusal->code);
      g_assert_nonnull (strstr (error->message, refusal->says));
      expect_shown (NAME, "");
    }

  stand_in_calm (stand_in, "azure");
}

static void
test_lock (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  stand_in_control (stand_in, "/dns", "{\"kind\": \"azure\", \"locked\": true}");
  g_assert_true (add (&access, NAME, "value", &error));
  g_assert_no_error (error);
  g_assert_false (take (&access, NAME, "value", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "lock"));

  g_clear_error (&error);
  stand_in_calm (stand_in, "azure");
  g_assert_true (take (&access, NAME, "value", &error));
  g_assert_no_error (error);
  expect_shown (NAME, "");
}

/* ---- tokens ---- */

static void
test_token_lost (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (add (&access, NAME, "value", &error));
  stand_in_control (stand_in, "/clear", "{\"requests\": true}");
  stand_in_control (stand_in, "/dns", "{\"kind\": \"azure\", \"expire-tokens\": true}");
  g_assert_true (take (&access, NAME, "value", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (stand_in_requests (stand_in, "azure.token"), ==, 1);
  expect_shown (NAME, "");
}

/* ---- zones ---- */

static void
test_listing (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  g_hash_table_remove (access.settings, "resource-group");
  stand_in_control (stand_in, "/clear", "{\"requests\": true}");
  g_autofree char *zone = provider ()->find_zone (&access, "_x.a.example.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
  g_assert_true (add (&access, NAME, "value", &error));
  g_assert_true (take (&access, NAME, "value", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (stand_in_requests (stand_in, "azure.zones"), ==, 1);
}

static void
test_zone_rights_only (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  stand_in_control (stand_in, "/dns", "{\"kind\": \"azure\", \"role\": \"zone\"}");
  g_autofree char *zone = provider ()->find_zone (&access, "_x.a.example.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
  g_assert_true (add (&access, NAME, "value", &error));
  g_assert_true (take (&access, NAME, "value", &error));
  g_assert_no_error (error);

  g_hash_table_remove (access.settings, "resource-group");
  g_assert_null (provider ()->find_zone (&access, NAME, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "resource-group"));
  stand_in_calm (stand_in, "azure");
}

/* two zones of one name: DNS tells which one counts, else a person must */
static void
test_zone_twice (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autofree char *resolver = g_strdup_printf ("127.0.0.1:%u", stand_in->bind->port);
  g_autoptr(GError) error = NULL;

  stand_in_control (stand_in, "/dns", "{\"kind\": \"azure\", \"twice\": true, \"page\": 1}");
  g_hash_table_remove (access.settings, "resource-group");
  access_set (access.settings, "resolver", "127.0.0.1:1");
  g_assert_null (provider ()->find_zone (&access, NAME, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "resource-group"));

  g_clear_error (&error);
  access_set (access.settings, "resolver", resolver);
  g_assert_true (add (&access, NAME, "value", &error));
  g_assert_no_error (error);
  expect_shown (NAME, "60 \"value\"");
  g_assert_true (take (&access, NAME, "value", &error));
  stand_in_calm (stand_in, "azure");
}

/* ---- doubts ---- */

static void
test_lost_answer (void)
{
  g_auto(ChDnsAccess) access = access_new ();
  g_autoptr(GError) error = NULL;

  stand_in_control (stand_in, "/faults", "{\"operation\": \"azure.put\", \"fault\": {\"drop\": \"after\"}, \"times\": 1}");
  g_assert_true (add (&access, NAME, "value", &error));
  g_assert_no_error (error);
  expect_shown (NAME, "60 \"value\"");

  stand_in_control (stand_in, "/faults", "{\"operation\": \"azure.delete\", \"fault\": {\"drop\": \"before\"}, \"times\": 1}");
  g_assert_false (take (&access, NAME, "value", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_TRANSIENT);
  g_clear_error (&error);
  g_assert_true (take (&access, NAME, "value", &error));
  g_assert_no_error (error);
  expect_shown (NAME, "");
  stand_in_calm (stand_in, "azure");
}

/* Workers of one process take turns. To those who spell the group otherwise, which Azure does not mind, they are
 * strangers: these meet at the service. */
static void
test_many_writers (void)
{
  static const char *const groups[] = { "sandbox-dns", "SANDBOX-DNS", "Sandbox-Dns" };
  ChDnsAccess accesses[WRITERS];

  for (guint i = 0; i < WRITERS; i++)
    {
      accesses[i] = access_new ();
      access_set (accesses[i].settings, "resource-group", groups[i < 2 ? i + 1 : 0]);
    }
  stand_in_many_writers (stand_in, provider (), accesses, WRITERS, ROUNDS);
  for (guint i = 0; i < WRITERS; i++)
    access_clear (&accesses[i]);
}

/* Azure has room for twenty values at a name */
static void
test_crowd (void)
{
  g_auto(ChDnsAccess) access = access_new ();

  crowd_run (stand_in->bind, provider (), &access, CROWD_BRIEF);
}

static void
skip (void)
{
  g_test_skip ("named is not installed");
}

int
main (int   argc,
      char *argv[])
{
  Contract contract = { 0 };

  g_test_init (&argc, &argv, NULL);
  if (!stand_in_is_possible ())
    {
      g_test_add_func ("/azure", skip);
      return g_test_run ();
    }

  stand_in = stand_in_start ();
  stand_in_contract (stand_in, &contract, provider ());
  g_test_add_func ("/azure/refusals", test_refusals);
  g_test_add_func ("/azure/lock", test_lock);
  g_test_add_func ("/azure/token-lost", test_token_lost);
  g_test_add_func ("/azure/listing", test_listing);
  g_test_add_func ("/azure/zone-rights-only", test_zone_rights_only);
  g_test_add_func ("/azure/zone-twice", test_zone_twice);
  g_test_add_func ("/azure/lost-answer", test_lost_answer);
  g_test_add_func ("/azure/many-writers", test_many_writers);
  g_test_add_func ("/azure/crowd", test_crowd);

  int status = g_test_run ();
  access_clear (&contract.access);
  stand_in_stop (stand_in);
  return status;
}
