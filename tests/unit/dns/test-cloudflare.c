/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"
#include "stand-in.h"

#include "lib/error.h"
#include "net/http.h"

#include <string.h>

#define NAME "_cf.example.test"
#define KEY "0123456789abcdef0123456789abcdef01234"

/* The provider against the stand-in for Cloudflare, whose records stand in BIND. */

static StandIn *stand_in;
static ChDnsAccess access_now;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("cloudflare", NULL);
}

static void
begin (void)
{
  stand_in_calm (stand_in, "cloudflare");
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
  g_assert_null (strstr ((*error)->message, "sandbox-token"));
  g_assert_null (strstr ((*error)->message, KEY));
  g_clear_error (error);
}

static void
test_credentials (void)
{
  static const struct { const char *token, *email, *key; int code; const char *says; } cases[] = {
    { "sandbox-token_wrong", NULL, NULL, CH_ERROR_CREDENTIALS, "api-token" },
    { "sandbox-token.wrong", NULL, NULL, CH_ERROR_CREDENTIALS, "api-token" },
    { NULL, "admin@example.test", KEY, -1, NULL },
    { NULL, "other@example.test", KEY, CH_ERROR_CREDENTIALS, "email" },
    { NULL, "admin@example.test", "short", CH_ERROR_CREDENTIALS, "api-key" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      begin ();
      g_hash_table_remove (access_now.secrets, "api-token");
      if (cases[i].token != NULL)
        access_set (access_now.secrets, "api-token", cases[i].token);
      if (cases[i].key != NULL)
        access_set (access_now.secrets, "api-key", cases[i].key);
      if (cases[i].email != NULL)
        access_set (access_now.settings, "email", cases[i].email);

      g_autofree char *zone = provider ()->find_zone (&access_now, NAME, NULL, &error);
      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (zone, ==, "example.test");
        }
      else
        expect (zone != NULL, &error, cases[i].code, cases[i].says);
      end ();
    }
}

static void
test_token_is_revoked (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudflare\", \"token\": false}");
  expect (add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "api-token");
  end ();
}

/* a token that may change records and sees no zone */
static void
test_dns_edit_only (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudflare\", \"zone-read\": false}");
  expect (add ("value", NULL, &error), &error, CH_ERROR_ZONE_NOT_FOUND, "Zone: Read");

  /* SHA-256 of "zone", 0, the name, 0, as the stand-in makes its ids */
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) "zone\0example.test", sizeof "zone\0example.test");
  id = g_strndup (g_checksum_get_string (sum), 32);
  access_set (access_now.settings, "zone", "example.test");
  access_set (access_now.settings, "zone-id", id);
  g_autofree char *zone = provider ()->find_zone (&access_now, NAME, NULL, &error);
  g_assert_cmpstr (zone, ==, "example.test");
  must (add ("value", NULL, &error), &error);
  must (take ("value", &error), &error);

  access_set (access_now.settings, "zone-id", "00000000000000000000000000000000");
  expect (add ("value", NULL, &error), &error, CH_ERROR_ZONE_NOT_FOUND, "zone-id");
  end ();
}

static void
test_rights_are_missing (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_control (stand_in, "/dns", "{\"kind\": \"cloudflare\", \"dns-edit\": false}");
  expect (add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "DNS: Edit");
  end ();
}

static void
test_zones_that_nobody_sees (void)
{
  static const struct { const char *order, *says; } cases[] = {
    { "\"status\": \"pending\"", "not in force (pending)" },
    { "\"type\": \"partial\"", "as “partial” only" },
    { "\"type\": \"secondary\"", "as “secondary” only" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *order = g_strdup_printf ("{\"kind\": \"cloudflare\", \"zone\": \"example.test\", %s}",
                                                cases[i].order);
      g_autoptr(GError) error = NULL, other = NULL;

      begin ();
      stand_in_control (stand_in, "/dns", order);
      g_autofree char *zone = provider ()->find_zone (&access_now, NAME, NULL, &error);
      expect (zone != NULL, &error, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
      expect (add ("value", NULL, &other), &other, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
      end ();
    }
}

static void
test_no_zone_tells_what_there_is (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  g_autofree char *zone = provider ()->find_zone (&access_now, "www.elsewhere.invalid", NULL, &error);
  expect (zone != NULL, &error, CH_ERROR_ZONE_NOT_FOUND, "“example.test”");
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
      stand_in_fault (stand_in, "cloudflare.create", cases[i].fault);
      gboolean done = add ("value", &existed, &error);
      g_assert_false (existed);
      if (cases[i].code < 0)
        must (done, &error);
      else
        {
          expect (done, &error, cases[i].code, "");
          must (add ("value", NULL, &error), &error);
        }

      stand_in_fault (stand_in, "cloudflare.delete", cases[i].fault);
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
                   "{\"operation\": \"cloudflare.create\", \"fault\": {\"drop\": \"after\"}}");
  stand_in_control (stand_in, "/faults",
                   "{\"operation\": \"cloudflare.list\", \"fault\": {\"latency_ms\": 1}, \"times\": 1}");
  stand_in_control (stand_in, "/faults",
                   "{\"operation\": \"cloudflare.list\", \"fault\": {\"drop\": \"before\"}, \"times\": 1}");
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
  stand_in_fault (stand_in, "cloudflare.list",
                 "\"body\": \"{\\\"success\\\":true,\\\"errors\\\":[],\\\"result\\\":[]}\"");
  must (add ("value", &existed, &error), &error);
  g_assert_true (existed);

  /* and the other way round */
  stand_in_fault (stand_in, "cloudflare.delete",
                 "\"status\": 404, \"body\": \"{\\\"success\\\":false,\\\"errors\\\":[{\\\"code\\\":81044}]}\"");
  must (take ("value", &error), &error);
  must (take ("value", &error), &error);
  end ();
}

/* more values than the service shows by default, and ours is the last */
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
  g_test_add_func ("/cloudflare/credentials", test_credentials);
  g_test_add_func ("/cloudflare/token-is-revoked", test_token_is_revoked);
  g_test_add_func ("/cloudflare/dns-edit-only", test_dns_edit_only);
  g_test_add_func ("/cloudflare/rights-are-missing", test_rights_are_missing);
  g_test_add_func ("/cloudflare/zones-that-nobody-sees", test_zones_that_nobody_sees);
  g_test_add_func ("/cloudflare/no-zone", test_no_zone_tells_what_there_is);
  g_test_add_func ("/cloudflare/doubt", test_doubt);
  g_test_add_func ("/cloudflare/unknown-outcome", test_unknown_outcome);
  g_test_add_func ("/cloudflare/race", test_race);
  g_test_add_func ("/cloudflare/many-values", test_many_values);
  g_test_add_func ("/cloudflare/crowd", test_crowd);
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
      g_test_add_func ("/cloudflare", skip);
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
