/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"
#include "stand-in.h"

#include "lib/error.h"
#include "net/http.h"

#include <string.h>

#define NAME "_cns.example.test"
#define PASSWORD "sandbox-cloudns+password"

/* The provider against the stand-in for ClouDNS, whose records stand in BIND. */

static StandIn *stand_in;
static ChDnsAccess access_now;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("cloudns", NULL);
}

static void
begin (void)
{
  stand_in_calm (stand_in, "cloudns");
  access_now = stand_in_access (stand_in, provider ());
}

static void
end (void)
{
  g_autofree char *shown = server_show (stand_in->bind, NAME);

  g_assert_cmpstr (shown, ==, "");
  access_clear (&access_now);
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
  g_assert_null (strstr ((*error)->message, PASSWORD));
  g_clear_error (error);
}

static void
expect_zone (const char *name,
             int         code,
             const char *says)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *zone = provider ()->find_zone (&access_now, name, NULL, &error);

  if (code >= 0)
    {
      expect (zone != NULL, &error, code, says);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
}

static void
test_credentials (void)
{
  static const struct { const char *field, *id, *password; int code; } cases[] = {
    { "sub-auth-id", "5678", PASSWORD, -1 },
    { "sub-auth-user", "sandbox", PASSWORD, -1 },
    { "auth-id", "1234", PASSWORD, -1 },
    { "auth-id", "5678", PASSWORD, CH_ERROR_CREDENTIALS },
    { "sub-auth-id", "1234", PASSWORD, CH_ERROR_CREDENTIALS },
    { "sub-auth-user", "5678", PASSWORD, CH_ERROR_CREDENTIALS },
    { "sub-auth-id", "5678", "wrong", CH_ERROR_CREDENTIALS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
      g_autoptr(GError) error = NULL;

      begin ();
      g_hash_table_remove (access_now.settings, "sub-auth-id");
      access_set (access_now.settings, cases[i].field, cases[i].id);
      access_set (access_now.secrets, "auth-password", cases[i].password);
      expect_zone (NAME, cases[i].code, "“auth-password”");
      g_assert_cmpint (provider ()->verify (&access_now, zones, NULL, &error), ==, cases[i].code < 0);
      g_assert_cmpuint (zones->len, ==, cases[i].code < 0 ? 1 : 0);
      end ();
    }
}

static void
test_sub_user_may_not_write (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"read-only\": true}");
  expect_zone (NAME, -1, NULL);
  expect (add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "may write");
  end ();
}

static void
test_zone_is_not_delegated (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"zone\": \"example.test\", \"delegated\": false}");
  expect_zone (NAME, CH_ERROR_FORBIDDEN, "delegated to the sub-user");
  expect_zone ("www.elsewhere.invalid", CH_ERROR_ZONE_NOT_FOUND, "no zone at all");
  expect (add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "delegated to the sub-user");
  end ();
}

static void
test_zones_that_nobody_sees (void)
{
  static const struct { const char *order, *says; } cases[] = {
    { "\"type\": \"slave\"", "as “slave” only" },
    { "\"type\": \"parked\"", "as “parked” only" },
    { "\"type\": \"cloud\"", "as “cloud” only" },
    { "\"off\": true", "switched off" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *order = g_strdup_printf ("{\"kind\": \"cloudns\", \"zone\": \"example.test\", %s}", cases[i].order);

      begin ();
      stand_in_control (stand_in, "/dns", order);
      expect_zone (NAME, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
      end ();
    }
}

static void
test_no_zone_tells_what_there_is (void)
{
  begin ();
  expect_zone ("www.elsewhere.invalid", CH_ERROR_ZONE_NOT_FOUND, "“example.test”");
  end ();
}

/* what the service does not have is rounded up; a neighbour's counts more */
static void
test_ttls (void)
{
  static const struct { const char *ttl, *shown; } cases[] = {
    { "60", "60 \"value\"" },
    { "61", "300 \"value\"" },
    { "3600", "3600 \"value\"" },
    { "3601", "21600 \"value\"" },
    { "2419200", "2419200 \"value\"" },
  };
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      begin ();
      access_set (access_now.settings, "ttl", cases[i].ttl);
      must (add ("value", NULL, &error), &error);
      g_autofree char *shown = server_show (stand_in->bind, NAME);
      g_assert_cmpstr (shown, ==, cases[i].shown);
      must (take ("value", &error), &error);
      end ();
    }

  begin ();
  server_update (stand_in->bind, "update add " NAME ". 900 TXT neighbour");
  must (add ("value", NULL, &error), &error);
  g_autofree char *shown = server_show (stand_in->bind, NAME);
  g_assert_cmpstr (shown, ==, "900 \"neighbour\"\n900 \"value\"");
  must (take ("value", &error), &error);
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

/* Adding does not wait; who asks hears when all servers have it. */
static void
test_settles (void)
{
  ChTxt txt = { NAME, "value" };
  g_autofree char *token = NULL, *none = NULL;
  g_autoptr(GError) error = NULL;
  gboolean existed;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"pending\": 60000}");
  guint before = stand_in_requests (stand_in, "cloudns.status");
  must (provider ()->begin_add (&access_now, "example.test", &txt, &existed, &token, NULL, &error), &error);
  g_assert_cmpuint (stand_in_requests (stand_in, "cloudns.status"), ==, before);
  g_assert_false (provider ()->has_settled (&access_now, token, NULL));

  /* who may not ask does not wait */
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"zone\": \"example.test\", \"delegated\": false}");
  g_assert_true (provider ()->has_settled (&access_now, token, NULL));

  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"reset\": true, \"pending\": 0}");
  must (take ("value", &error), &error);
  g_assert_true (provider ()->has_settled (&access_now, token, NULL));

  access_set (access_now.settings, "settle", "0");
  must (provider ()->begin_add (&access_now, "example.test", &txt, &existed, &none, NULL, &error), &error);
  g_assert_null (none);
  must (take ("value", &error), &error);
  end ();
}

/* the answer is lost, or is none: it is looked whether the change was made */
static void
test_doubt (void)
{
  static const struct { const char *fault; int code; } cases[] = {
    { "\"drop\": \"after\"", -1 },
    { "\"truncate\": 3", -1 },
    { "\"garbage\": true", -1 },
    { "\"huge\": 8000000", -1 },
    { "\"drop\": \"before\"", CH_ERROR_TRANSIENT },
    { "\"status\": 500, \"body\": \"{}\"", CH_ERROR_TRANSIENT },
    { "\"status\": 522, \"html\": true", CH_ERROR_TRANSIENT },
    { "\"html\": true", CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean existed = TRUE;

      begin ();
      g_test_message ("%s", cases[i].fault);
      stand_in_fault (stand_in, "cloudns.create", cases[i].fault);
      gboolean done = add ("value", &existed, &error);
      g_assert_false (existed);
      if (cases[i].code < 0)
        must (done, &error);
      else
        {
          expect (done, &error, cases[i].code, "");
          must (add ("value", NULL, &error), &error);
        }

      stand_in_fault (stand_in, "cloudns.delete", cases[i].fault);
      done = take ("value", &error);
      if (cases[i].code < 0)
        must (done, &error);
      else
        {
          expect (done, &error, cases[i].code, "");
          must (take ("value", &error), &error);
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
  stand_in_control (stand_in, "/faults",
                   "{\"operation\": \"cloudns.create\", \"fault\": {\"drop\": \"after\"}}");
  stand_in_control (stand_in, "/faults",
                   "{\"operation\": \"cloudns.list\", \"fault\": {\"latency_ms\": 1}, \"times\": 1}");
  stand_in_control (stand_in, "/faults",
                   "{\"operation\": \"cloudns.list\", \"fault\": {\"drop\": \"before\"}, \"times\": 1}");
  expect (add ("value", NULL, &error), &error, CH_ERROR_UNKNOWN_OUTCOME, "no whole answer");
  must (take ("value", &error), &error);
  end ();
}

/* somebody else puts the value there between our look and our writing */
static void
test_race (void)
{
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  begin ();
  must (add ("value", NULL, &error), &error);
  stand_in_fault (stand_in, "cloudns.list", "\"body\": \"[]\"");
  must (add ("value", &existed, &error), &error);
  g_assert_true (existed);

  /* and the other way round */
  stand_in_fault (stand_in, "cloudns.delete",
                  "\"body\": \"{\\\"status\\\":\\\"Failed\\\",\\\"statusDescription\\\":\\\"Invalid record-id param.\\\"}\"");
  must (take ("value", &error), &error);
  must (take ("value", &error), &error);
  end ();
}

/* the service says it in words, with status 200 */
static void
test_limit (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudns\", \"rate\": 2}");
  gboolean done = add ("value", NULL, &error);
  for (guint i = 0; !done && i < 60; i++)
    {
      g_assert_error (error, CH_ERROR, CH_ERROR_THROTTLED);
      g_clear_error (&error);
      g_usleep (G_USEC_PER_SEC / 4);
      done = add ("value", NULL, &error);
    }
  must (done, &error);

  stand_in_calm (stand_in, "cloudns");
  for (done = FALSE; !done; g_usleep (G_USEC_PER_SEC / 4))
    {
      g_clear_error (&error);
      done = take ("value", &error);
      g_assert_true (done || g_error_matches (error, CH_ERROR, CH_ERROR_THROTTLED));
    }
  end ();
}

/* more values than fit onto any page of the service, and ours is the last */
static void
test_many_values (void)
{
  g_autoptr(GString) values = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean existed = FALSE;

  begin ();
  must (add ("zz-last", NULL, &error), &error);
  for (guint i = 0; i < 120; i++)
    g_string_append_printf (values, "update add " NAME ". 60 TXT \"a-%u\"\n", i);
  server_update (stand_in->bind, values->str);
  must (add ("zz-last", &existed, &error), &error);
  g_assert_true (existed);
  must (take ("zz-last", &error), &error);
  g_autofree char *shown = server_show (stand_in->bind, NAME);
  g_assert_nonnull (strstr (shown, "\"a-119\""));
  g_assert_null (strstr (shown, "zz-last"));
  server_update (stand_in->bind, "update delete " NAME ". TXT");
  end ();
}

static void
test_crowd (void)
{
  begin ();
  crowd_run (stand_in->bind, provider (), &access_now, CROWD_USUAL);
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
  g_test_add_func ("/cloudns/credentials", test_credentials);
  g_test_add_func ("/cloudns/sub-user-may-not-write", test_sub_user_may_not_write);
  g_test_add_func ("/cloudns/zone-is-not-delegated", test_zone_is_not_delegated);
  g_test_add_func ("/cloudns/zones-that-nobody-sees", test_zones_that_nobody_sees);
  g_test_add_func ("/cloudns/no-zone-tells-what-there-is", test_no_zone_tells_what_there_is);
  g_test_add_func ("/cloudns/ttls", test_ttls);
  g_test_add_func ("/cloudns/settles", test_settles);
  g_test_add_func ("/cloudns/doubt", test_doubt);
  g_test_add_func ("/cloudns/unknown-outcome", test_unknown_outcome);
  g_test_add_func ("/cloudns/race", test_race);
  g_test_add_func ("/cloudns/many-values", test_many_values);
  g_test_add_func ("/cloudns/limit", test_limit);
  g_test_add_func ("/cloudns/crowd", test_crowd);
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
      g_test_add_func ("/cloudns", skip);
      return g_test_run ();
    }

  stand_in = stand_in_start ();
  stand_in_contract (stand_in, &contract, provider ());
  add_tests ();

  int status = g_test_run ();
  access_clear (&contract.access);
  stand_in_stop (stand_in);
  return status;
}
