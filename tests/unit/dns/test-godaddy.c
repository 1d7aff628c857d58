/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#define NAME "_gd.example.test"
#define SECRET "sandboxSecret0123456789"

/* The provider against the stand-in for GoDaddy, whose records stand in BIND. */

static void
expect_no_zone (const char *name,
                int         code,
                const char *says)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *zone = provider ()->find_zone (&access_now, name, NULL, &error);

  expect (zone != NULL, &error, code, says);
}

static gboolean
verify (GPtrArray  *zones,
        GError    **error)
{
  return provider ()->verify (&access_now, zones, NULL, error);
}

static void
test_verify (void)
{
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;

  begin ();
  must (verify (zones, &error), &error);
  g_assert_cmpuint (zones->len, ==, 1);
  g_assert_cmpstr (zones->pdata[0], ==, "example.test");
  trial_control ("\"restricted\": true");
  expect (verify (zones, &error), &error, CH_ERROR_FORBIDDEN, "ten or more domains");
  end ();
}

static void
test_credentials (void)
{
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);

  static const struct { const char *table, *value; } cases[] = { { "key", "another" }, { "secret", "another" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      begin ();
      access_set (i == 0 ? access_now.settings : access_now.secrets, cases[i].table, cases[i].value);
      expect (verify (zones, &error), &error, CH_ERROR_CREDENTIALS, "“environment”");
      expect_no_zone (NAME, CH_ERROR_CREDENTIALS, "“environment”");
      expect (trial_add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "“secret”");
      end ();
    }
}

static void
test_key_is_deleted (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"key\": false");
  expect (trial_take ("value", &error), &error, CH_ERROR_CREDENTIALS, "“key”");
  end ();
}

/* an account with too few domains */
static void
test_restricted (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"restricted\": true");
  expect_no_zone (NAME, CH_ERROR_FORBIDDEN, "ten or more domains");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "Discount Domain Club");
  end ();
}

static void
test_domains_that_nobody_sees (void)
{
  static const struct { const char *order, *says; } cases[] = {
    { "\"status\": \"CANCELLED_HELD\"", "not in force (CANCELLED_HELD)" },
    { "\"server\": \"ns1.elsewhere.test\"", "“ns1.elsewhere.test” answers" },
    { "\"server\": \"ns1.notdomaincontrol.com\"", "answers for it" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *order = g_strdup_printf ("\"zone\": \"example.test\", %s", cases[i].order);

      begin ();
      trial_control (order);
      expect_no_zone (NAME, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
      end ();
    }
}

static void
test_no_domain_tells_what_there_is (void)
{
  g_autoptr(GError) error = NULL;
  ChTxt txt = { "_x.elsewhere.invalid", "value" };
  gboolean existed;

  begin ();
  expect_no_zone ("www.elsewhere.invalid", CH_ERROR_ZONE_NOT_FOUND, "“example.test”");
  expect (provider ()->add (&access_now, "elsewhere.invalid", &txt, &existed, NULL, &error), &error,
          CH_ERROR_ZONE_NOT_FOUND, "“key”");
  end ();
}

/* the account is not asked about what cannot be a domain */
static void
test_zone_is_found_in_few_calls (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  guint before = stand_in_requests (stand_in, "godaddy.domain");
  g_autofree char *zone = provider ()->find_zone (&access_now, "_dnsauth._x.WWW.example.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
  g_assert_cmpuint (stand_in_requests (stand_in, "godaddy.domain") - before, ==, 2);
  end ();
}

/* the limit of a minute: the wait stands in the body, and nobody asks meanwhile */
static void
test_rate (void)
{
  g_autoptr(GError) error = NULL;
  GError *refusal = NULL;

  /* under another name, because the pause is for all with the same URL and key */
  g_autoptr(GString) url = g_string_new (stand_in_url (stand_in, "godaddy"));
  g_string_replace (url, "127.0.0.1", "localhost", 1);
  begin ();
  access_set (access_now.settings, "url", url->str);
  trial_control ("\"rate\": 3");
  for (guint i = 0; i < 8 && refusal == NULL; i++)
    trial_take ("value", &refusal);
  expect (refusal == NULL, &refusal, CH_ERROR_THROTTLED, "too often");

  trial_control ("\"rate\": 0");
  guint before = stand_in_requests (stand_in, "godaddy.list");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_THROTTLED, "another");
  g_assert_cmpuint (stand_in_requests (stand_in, "godaddy.list"), ==, before);
  end ();
}

/* the answer is lost, or is none: it is looked whether the change was made */
static void
test_doubt (void)
{
  static const struct { const char *fault; int code; } cases[] = {
    { "\"drop\": \"after\"", -1 },
    { "\"huge\": 8000000", -1 },
    /* nothing but the status counts */
    { "\"garbage\": true", -1 },
    { "\"drop\": \"before\"", CH_ERROR_TRANSIENT },
    { "\"status\": 500, \"body\": \"{}\"", CH_ERROR_TRANSIENT },
    { "\"status\": 504, \"html\": true", CH_ERROR_TRANSIENT },
    { "\"html\": true", CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      begin ();
      g_test_message ("%s", cases[i].fault);
      stand_in_fault (stand_in, "godaddy.add", cases[i].fault);
      trial_add_in_doubt ("value", cases[i].code);
      must (trial_add ("other", NULL, &error), &error);

      stand_in_fault (stand_in, "godaddy.replace", cases[i].fault);
      stand_in_fault (stand_in, "godaddy.remove", cases[i].fault);
      trial_take_in_doubt ("value", cases[i].code);
      trial_take_in_doubt ("other", cases[i].code);
      end ();
    }
}

/* somebody else puts the value there, or takes it away, between our look and our writing */
static void
test_race (void)
{
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  begin ();
  must (trial_add ("value", NULL, &error), &error);
  stand_in_fault (stand_in, "godaddy.list", "\"status\": 200, \"body\": \"[]\"");
  must (trial_add ("value", &existed, &error), &error);
  g_assert_true (existed);
  must (trial_take ("value", &error), &error);

  stand_in_fault (stand_in, "godaddy.list",
                  "\"status\": 200, \"body\": \"[{\\\"type\\\":\\\"TXT\\\",\\\"name\\\":\\\"_gd\\\",\\\"data\\\":\\\"value\\\"}]\"");
  must (trial_take ("value", &error), &error);
  end ();
}

/* another client writes back what it had read before: what it undoes is done again, and its own value stays */
static void
test_undone (void)
{
  gboolean existed = TRUE;
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"rival\": 1");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_TRANSIENT, "undone our change 8 times");
  trial_expect_shown ("600 \"rival\"");

  trial_control ("\"rival\": 2");
  must (trial_add ("first", NULL, &error), &error);
  must (trial_add ("second", &existed, &error), &error);
  g_assert_false (existed);
  trial_expect_shown ("600 \"first\"\n600 \"rival\"\n600 \"second\"");
  must (trial_take ("first", &error), &error);
  must (trial_take ("second", &error), &error);
  trial_expect_shown ("600 \"rival\"");
  trial_control ("\"rival\": 0");
  must (trial_take ("rival", &error), &error);
  end ();
}

/* what other clients leave is not written back, and what others have is */
static void
test_others (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  server_update (stand_in->bind, "update add " NAME ". 3600 TXT \"\"\n"
                                 "update add " NAME ". 3600 TXT \"v=DKIM1; k=\\\"rsa\\\"\" \" p=\\\\x\"");
  must (trial_add ("value", NULL, &error), &error);
  must (trial_take ("value", &error), &error);
  trial_expect_shown ("3600 \"v=DKIM1; k=\\\"rsa\\\" p=\\\\x\"");
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

/* more values than the service shows at all */
static void
test_too_many_values (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_crowd_name ("a-", 250);
  trial_crowd_name ("b-", 250);
  expect (trial_take ("a-1", &error), &error, CH_ERROR_CONFLICT, "500 or more");
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

/* and while others write past the service, every eleventh change is undone by one who has read before it */
static void
test_crowd (void)
{
  begin ();
  trial_control ("\"rival\": 11");
  crowd_run (stand_in->bind, provider (), &access_now, CROWD_NO_CONDITIONS);
  end ();
}

static void
add_tests (void)
{
  g_test_add_func ("/godaddy/verify", test_verify);
  g_test_add_func ("/godaddy/credentials", test_credentials);
  g_test_add_func ("/godaddy/key-is-deleted", test_key_is_deleted);
  g_test_add_func ("/godaddy/restricted", test_restricted);
  g_test_add_func ("/godaddy/domains-that-nobody-sees", test_domains_that_nobody_sees);
  g_test_add_func ("/godaddy/no-domain", test_no_domain_tells_what_there_is);
  g_test_add_func ("/godaddy/few-calls", test_zone_is_found_in_few_calls);
  g_test_add_func ("/godaddy/doubt", test_doubt);
  g_test_add_func ("/godaddy/unknown-outcome", trial_test_unknown_outcome);
  g_test_add_func ("/godaddy/race", test_race);
  g_test_add_func ("/godaddy/undone", test_undone);
  g_test_add_func ("/godaddy/others", test_others);
  g_test_add_func ("/godaddy/many-values", trial_test_many_values);
  g_test_add_func ("/godaddy/too-many-values", test_too_many_values);
  g_test_add_func ("/godaddy/crowd", test_crowd);
  g_test_add_func ("/godaddy/rate", test_rate);
}

int
main (int   argc,
      char *argv[])
{
  static const Trial trial = {
    .kind = "godaddy", .name = NAME, .create = "godaddy.add", .remove = "godaddy.remove",
    .shortest_ttl = 600, .add_tests = add_tests,
  };

  expect_hides (SECRET);
  expect_hides ("auth-code");
  return trial_main (argc, argv, &trial);
}
