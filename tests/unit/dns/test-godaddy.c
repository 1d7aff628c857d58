/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"
#include "stand-in.h"

#include "lib/error.h"
#include "net/http.h"

#include <string.h>

#define NAME "_gd.example.test"
#define SECRET "sandboxSecret0123456789"

/* The provider against the stand-in for GoDaddy, whose records stand in BIND. */

static StandIn *stand_in;
static ChDnsAccess access_now;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("godaddy", NULL);
}

static void
begin (void)
{
  stand_in_calm (stand_in, "godaddy");
  access_now = stand_in_access (stand_in, provider ());
}

static void
expect_shown (const char *expected)
{
  g_autofree char *shown = server_show (stand_in->bind, NAME);

  g_assert_cmpstr (shown, ==, expected);
}

static void
end (void)
{
  expect_shown ("");
  access_clear (&access_now);
}

static void
control (const char *order)
{
  g_autofree char *json = g_strdup_printf ("{\"kind\": \"godaddy\", %s}", order);

  stand_in_control (stand_in, "/dns", json);
}

static gboolean
add (const char *value,
     gboolean   *existed,
     GError    **error)
{
  ChTxt txt = { NAME, value };
  gboolean unused;

  return provider ()->add (&access_now, "example.test", &txt, existed != NULL ? existed : &unused, NULL, error);
}

static gboolean
take (const char *value,
      GError    **error)
{
  ChTxt txt = { NAME, value };

  return provider ()->remove (&access_now, "example.test", &txt, NULL, error);
}

/* by address: an argument is not read before the call beside it has set it */
static void
must (gboolean   done,
      GError   **error)
{
  g_assert_no_error (*error);
  g_assert_true (done);
}

/* and no error shows what must not be seen */
static void
expect (gboolean     done,
        GError     **error,
        int          code,
        const char  *says)
{
  g_test_message ("%s", *error != NULL ? (*error)->message : "no error");
  g_assert_false (done);
  g_assert_error (*error, CH_ERROR, code);
  g_assert_nonnull (strstr ((*error)->message, says));
  g_assert_null (strstr ((*error)->message, SECRET));
  g_assert_null (strstr ((*error)->message, "auth-code"));
  g_clear_error (error);
}

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
  control ("\"restricted\": true");
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
      expect (add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "“secret”");
      end ();
    }
}

static void
test_key_is_deleted (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  control ("\"key\": false");
  expect (take ("value", &error), &error, CH_ERROR_CREDENTIALS, "“key”");
  end ();
}

/* an account with too few domains */
static void
test_restricted (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  control ("\"restricted\": true");
  expect_no_zone (NAME, CH_ERROR_FORBIDDEN, "ten or more domains");
  expect (add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "Discount Domain Club");
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
      control (order);
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
  control ("\"rate\": 3");
  for (guint i = 0; i < 8 && refusal == NULL; i++)
    take ("value", &refusal);
  expect (refusal == NULL, &refusal, CH_ERROR_THROTTLED, "too often");

  control ("\"rate\": 0");
  guint before = stand_in_requests (stand_in, "godaddy.list");
  expect (add ("value", NULL, &error), &error, CH_ERROR_THROTTLED, "another");
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
      gboolean existed = TRUE;

      begin ();
      g_test_message ("%s", cases[i].fault);
      stand_in_fault (stand_in, "godaddy.add", cases[i].fault);
      gboolean done = add ("value", &existed, &error);
      g_assert_false (existed);
      if (cases[i].code < 0)
        must (done, &error);
      else
        {
          expect (done, &error, cases[i].code, "");
          must (add ("value", NULL, &error), &error);
        }
      must (add ("other", NULL, &error), &error);

      stand_in_fault (stand_in, "godaddy.replace", cases[i].fault);
      stand_in_fault (stand_in, "godaddy.remove", cases[i].fault);
      for (guint last = 0; last < 2; last++)
        {
          const char *value = last ? "other" : "value";

          done = take (value, &error);
          if (cases[i].code < 0)
            must (done, &error);
          else
            {
              expect (done, &error, cases[i].code, "");
              must (take (value, &error), &error);
            }
        }
      end ();
    }
}

/* neither the answer nor a second look: nobody knows */
static void
test_unknown_outcome (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_fault (stand_in, "godaddy.add", "\"drop\": \"after\"");
  stand_in_fault (stand_in, "godaddy.list", "\"latency_ms\": 1");
  stand_in_fault (stand_in, "godaddy.list", "\"drop\": \"before\"");
  expect (add ("value", NULL, &error), &error, CH_ERROR_UNKNOWN_OUTCOME, "not known");
  must (take ("value", &error), &error);
  end ();
}

/* somebody else puts the value there, or takes it away, between our look and our writing */
static void
test_race (void)
{
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  begin ();
  must (add ("value", NULL, &error), &error);
  stand_in_fault (stand_in, "godaddy.list", "\"status\": 200, \"body\": \"[]\"");
  must (add ("value", &existed, &error), &error);
  g_assert_true (existed);
  must (take ("value", &error), &error);

  stand_in_fault (stand_in, "godaddy.list",
                  "\"status\": 200, \"body\": \"[{\\\"type\\\":\\\"TXT\\\",\\\"name\\\":\\\"_gd\\\",\\\"data\\\":\\\"value\\\"}]\"");
  must (take ("value", &error), &error);
  end ();
}

/* another client writes back what it had read before: what it undoes is done again, and its own value stays */
static void
test_undone (void)
{
  gboolean existed = TRUE;
  g_autoptr(GError) error = NULL;

  begin ();
  control ("\"rival\": 1");
  expect (add ("value", NULL, &error), &error, CH_ERROR_TRANSIENT, "undone our change 8 times");
  expect_shown ("600 \"rival\"");

  control ("\"rival\": 2");
  must (add ("first", NULL, &error), &error);
  must (add ("second", &existed, &error), &error);
  g_assert_false (existed);
  expect_shown ("600 \"first\"\n600 \"rival\"\n600 \"second\"");
  must (take ("first", &error), &error);
  must (take ("second", &error), &error);
  expect_shown ("600 \"rival\"");
  control ("\"rival\": 0");
  must (take ("rival", &error), &error);
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
  must (add ("value", NULL, &error), &error);
  must (take ("value", &error), &error);
  expect_shown ("3600 \"v=DKIM1; k=\\\"rsa\\\" p=\\\\x\"");
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

/* more values than the service shows by default, and ours is the last; and more than it shows at all */
static void
test_many_values (void)
{
  g_autoptr(GString) values = g_string_new (NULL), more = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean existed = FALSE;

  begin ();
  must (add ("zz-last", NULL, &error), &error);
  for (guint i = 0; i < 120; i++)
    g_string_append_printf (values, "update add " NAME ". 600 TXT \"a-%u\"\n", i);
  server_update (stand_in->bind, values->str);
  must (add ("zz-last", &existed, &error), &error);
  g_assert_true (existed);
  must (take ("zz-last", &error), &error);
  g_autofree char *shown = server_show (stand_in->bind, NAME);
  g_assert_nonnull (strstr (shown, "\"a-119\""));
  g_assert_null (strstr (shown, "zz-last"));

  for (guint i = 0; i < 380; i++)
    g_string_append_printf (more, "update add " NAME ". 600 TXT \"b-%u\"\n", i);
  server_update (stand_in->bind, more->str);
  expect (take ("a-1", &error), &error, CH_ERROR_CONFLICT, "500 or more");
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

/* and while others write past the service, every eleventh change is undone by one who has read before it */
static void
test_crowd (void)
{
  begin ();
  control ("\"rival\": 11");
  crowd_run (stand_in->bind, provider (), &access_now, CROWD_NO_CONDITIONS);
  end ();
}

static void
skip (void)
{
  g_test_skip ("named is not installed");
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
  g_test_add_func ("/godaddy/unknown-outcome", test_unknown_outcome);
  g_test_add_func ("/godaddy/race", test_race);
  g_test_add_func ("/godaddy/undone", test_undone);
  g_test_add_func ("/godaddy/others", test_others);
  g_test_add_func ("/godaddy/many-values", test_many_values);
  g_test_add_func ("/godaddy/crowd", test_crowd);
  g_test_add_func ("/godaddy/rate", test_rate);
}

int
main (int   argc,
      char *argv[])
{
  Contract contract = { 0 };

  g_test_init (&argc, &argv, NULL);
  ch_http_prepare ();
  if (!stand_in_is_possible ())
    {
      g_test_add_func ("/godaddy", skip);
      return g_test_run ();
    }

  stand_in = stand_in_start ();
  stand_in_contract (stand_in, &contract, provider ());
  contract.shortest_ttl = 600;
  add_tests ();

  int status = g_test_run ();
  access_clear (&contract.access);
  stand_in_stop (stand_in);
  return status;
}
