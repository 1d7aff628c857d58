/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#define NAME "_cns.example.test"
#define PASSWORD "sandbox-cloudns+password"

/* The provider against the stand-in for ClouDNS, whose records stand in BIND. */

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
  trial_control ("\"read-only\": true");
  expect_zone (NAME, -1, NULL);
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "may write");
  end ();
}

static void
test_zone_is_not_delegated (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"zone\": \"example.test\", \"delegated\": false");
  expect_zone (NAME, CH_ERROR_FORBIDDEN, "delegated to the sub-user");
  expect_zone ("www.elsewhere.invalid", CH_ERROR_ZONE_NOT_FOUND, "no zone at all");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_FORBIDDEN, "delegated to the sub-user");
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
      must (trial_add ("value", NULL, &error), &error);
      g_autofree char *shown = server_show (stand_in->bind, NAME);
      g_assert_cmpstr (shown, ==, cases[i].shown);
      must (trial_take ("value", &error), &error);
      end ();
    }

  begin ();
  server_update (stand_in->bind, "update add " NAME ". 900 TXT neighbour");
  must (trial_add ("value", NULL, &error), &error);
  g_autofree char *shown = server_show (stand_in->bind, NAME);
  g_assert_cmpstr (shown, ==, "900 \"neighbour\"\n900 \"value\"");
  must (trial_take ("value", &error), &error);
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
  trial_control ("\"pending\": 60000");
  guint before = stand_in_requests (stand_in, "cloudns.status");
  must (provider ()->begin_add (&access_now, "example.test", &txt, &existed, &token, NULL, &error), &error);
  g_assert_cmpuint (stand_in_requests (stand_in, "cloudns.status"), ==, before);
  g_assert_false (provider ()->has_settled (&access_now, token, NULL));

  /* who may not ask does not wait */
  trial_control ("\"zone\": \"example.test\", \"delegated\": false");
  g_assert_true (provider ()->has_settled (&access_now, token, NULL));

  trial_control ("\"reset\": true, \"pending\": 0");
  must (trial_take ("value", &error), &error);
  g_assert_true (provider ()->has_settled (&access_now, token, NULL));

  access_set (access_now.settings, "settle", "0");
  must (provider ()->begin_add (&access_now, "example.test", &txt, &existed, &none, NULL, &error), &error);
  g_assert_null (none);
  must (trial_take ("value", &error), &error);
  end ();
}

/* somebody else puts the value there between our look and our writing */
static void
test_race (void)
{
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  begin ();
  must (trial_add ("value", NULL, &error), &error);
  stand_in_fault (stand_in, "cloudns.list", "\"body\": \"[]\"");
  must (trial_add ("value", &existed, &error), &error);
  g_assert_true (existed);

  /* and the other way round */
  stand_in_fault (stand_in, "cloudns.delete",
                  "\"body\": \"{\\\"status\\\":\\\"Failed\\\",\\\"statusDescription\\\":\\\"Invalid record-id param.\\\"}\"");
  must (trial_take ("value", &error), &error);
  must (trial_take ("value", &error), &error);
  end ();
}

/* the service says it in words, with status 200 */
static void
test_limit (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"rate\": 2");
  gboolean done = trial_add ("value", NULL, &error);
  for (guint i = 0; !done && i < 60; i++)
    {
      g_assert_error (error, CH_ERROR, CH_ERROR_THROTTLED);
      g_clear_error (&error);
      g_usleep (G_USEC_PER_SEC / 4);
      done = trial_add ("value", NULL, &error);
    }
  must (done, &error);

  stand_in_calm (stand_in, "cloudns");
  for (done = FALSE; !done; g_usleep (G_USEC_PER_SEC / 4))
    {
      g_clear_error (&error);
      done = trial_take ("value", &error);
      g_assert_true (done || g_error_matches (error, CH_ERROR, CH_ERROR_THROTTLED));
    }
  end ();
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
  g_test_add_func ("/cloudns/doubt", trial_test_doubt);
  g_test_add_func ("/cloudns/unknown-outcome", trial_test_unknown_outcome);
  g_test_add_func ("/cloudns/race", test_race);
  g_test_add_func ("/cloudns/many-values", trial_test_many_values);
  g_test_add_func ("/cloudns/limit", test_limit);
  g_test_add_func ("/cloudns/crowd", trial_test_crowd);
}

int
main (int   argc,
      char *argv[])
{
  static const Trial trial = {
    .kind = "cloudns", .name = NAME, .create = "cloudns.create", .remove = "cloudns.delete",
    .add_tests = add_tests,
  };

  expect_hides (PASSWORD);
  return trial_main (argc, argv, &trial);
}
