/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#define NAME "_cf.example.test"
#define KEY "0123456789abcdef0123456789abcdef01234"

/* The provider against the stand-in for Cloudflare, whose records stand in BIND. */

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
  trial_control ("\"token\": false");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "api-token");
  end ();
}

/* a token that may change records and sees no zone */
static void
test_dns_edit_only (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  begin ();
  trial_control ("\"zone-read\": false");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_ZONE_NOT_FOUND, "Zone: Read");

  /* SHA-256 of "zone", 0, the name, 0, as the stand-in makes its ids */
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) "zone\0example.test", sizeof "zone\0example.test");
  id = g_strndup (g_checksum_get_string (sum), 32);
  access_set (access_now.settings, "zone", "example.test");
  access_set (access_now.settings, "zone-id", id);
  g_autofree char *zone = provider ()->find_zone (&access_now, NAME, NULL, &error);
  g_assert_cmpstr (zone, ==, "example.test");
  must (trial_add ("value", NULL, &error), &error);
  must (trial_take ("value", &error), &error);

  access_set (access_now.settings, "zone-id", "00000000000000000000000000000000");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_ZONE_NOT_FOUND, "zone-id");
  end ();
}

static void
test_rights_are_missing (void)
{
  g_autoptr(GError) error = NULL;

  begin ();
  trial_control ("\"dns-edit\": false");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_CREDENTIALS, "DNS: Edit");
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
      expect (trial_add ("value", NULL, &other), &other, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
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

/* somebody else puts the value there between our look and our writing */
static void
test_race (void)
{
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  begin ();
  must (trial_add ("value", NULL, &error), &error);
  stand_in_fault (stand_in, "cloudflare.list",
                 "\"body\": \"{\\\"success\\\":true,\\\"errors\\\":[],\\\"result\\\":[]}\"");
  must (trial_add ("value", &existed, &error), &error);
  g_assert_true (existed);

  /* and the other way round */
  stand_in_fault (stand_in, "cloudflare.delete",
                 "\"status\": 404, \"body\": \"{\\\"success\\\":false,\\\"errors\\\":[{\\\"code\\\":81044}]}\"");
  must (trial_take ("value", &error), &error);
  must (trial_take ("value", &error), &error);
  end ();
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
  g_test_add_func ("/cloudflare/doubt", trial_test_doubt);
  g_test_add_func ("/cloudflare/unknown-outcome", trial_test_unknown_outcome);
  g_test_add_func ("/cloudflare/race", test_race);
  g_test_add_func ("/cloudflare/many-values", trial_test_many_values);
  g_test_add_func ("/cloudflare/crowd", trial_test_crowd);
}

int
main (int   argc,
      char *argv[])
{
  static const Trial trial = {
    .kind = "cloudflare", .name = NAME, .create = "cloudflare.create", .remove = "cloudflare.delete",
    .add_tests = add_tests,
  };

  expect_hides (KEY);
  expect_hides ("sandbox-token");
  return trial_main (argc, argv, &trial);
}
