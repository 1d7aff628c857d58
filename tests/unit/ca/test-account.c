/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"


#include <string.h>

/* ---- verify ---- */

static void
test_verify (void)
{
  World world = { NULL };
  g_autoptr(GHashTable) facts = NULL;
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("AccountSnapshot", 0, 0, "<AccountBalance>1000.00</AccountBalance><Usage><OpenOrders>3</OpenOrders>"
                                                         "<Empty/></Usage><Currency>EUR</Currency>"));
  g_assert_true (world.ca->verify (&world.access, &facts, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (facts), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (facts, "account-balance"), ==, "1000.00");
  g_assert_cmpstr (g_hash_table_lookup (facts, "open-orders"), ==, "3");
  g_assert_cmpstr (g_hash_table_lookup (facts, "currency"), ==, "EUR");
  assert_asked (&world, 0, ACCOUNT, "AccountSnapshot");
  world_stop (&world);
}

static void
test_verify_many_facts (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  World world = { NULL };
  g_autoptr(GHashTable) facts = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "<F%d>x</F%d>", i, i);
  world_start (&world);
  world_answer (&world, answer ("AccountSnapshot", 0, 0, text->str));
  g_assert_true (world.ca->verify (&world.access, &facts, NULL, &error));
  g_assert_cmpuint (g_hash_table_size (facts), ==, 32);
  world_stop (&world);
}

/* @second: the harmless query after a refusal of the account service; 0: it answers, 1: it is not asked */
static void
test_verify_refused (void)
{
  static const struct { int first, second; ChError error; const char *says; } cases[] = {
    { -4001, 1, CH_ERROR_CREDENTIALS, "password" }, { -9200, 0, 0, NULL }, { -1, 0, 0, NULL },
    { -9200, -9200, CH_ERROR_FORBIDDEN, "enable the API" },
    { -4201, -4201, CH_ERROR_FORBIDDEN, "allow-list" },
    { -9939, -9939, CH_ERROR_FORBIDDEN, "locked" }, { -1, -4001, CH_ERROR_CREDENTIALS, "password" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GHashTable) facts = NULL;
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("AccountSnapshot", -1, cases[i].first, ""));
      if (cases[i].second != 1)
        world_answer (&world, answer ("GetCertificateOrders", cases[i].second == 0 ? 0 : -1, cases[i].second, ""));
      g_assert_cmpint (world.ca->verify (&world.access, &facts, NULL, &error), ==, cases[i].error == 0);
      if (cases[i].error != 0)
        {
          assert_failed (error, cases[i].error);
          g_assert_nonnull (strstr (error->message, cases[i].says));
          g_assert_null (facts);
        }
      world_stop (&world);
    }
}

/* an account service that is not there does not matter, as long as the queries work */
static void
test_verify_without_account_service (void)
{
  for (gsize i = 1; i < N_TROUBLES; i++)
    {
      gboolean falls_back = troubles[i].query != CH_ERROR_CREDENTIALS && troubles[i].query != CH_ERROR_THROTTLED;
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      if (falls_back)
        world_answer (&world, answer ("GetCertificateOrders", 0, 0, ""));
      g_assert_cmpint (world.ca->verify (&world.access, NULL, NULL, &error), ==, falls_back);
      world_stop (&world);
    }
}

/* ---- where, and with what ---- */

static void
set (World      *world,
     const char *name,
     const char *value)
{
  if (value != NULL)
    g_hash_table_insert (world->access.settings, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (world->access.settings, name);
}

static void
test_environment (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  /* a URL alone is enough, and never ends at production */
  world_start (&world);
  set (&world, "environment", NULL);
  world_answer (&world, answer ("ModifyOrder", 0, 0, ""));
  g_assert_true (world.ca->cancel (&world.access, "CEAP1", NULL, &error));

  set (&world, "environment", "production");
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_INVALID);
  g_clear_error (&error);

  set (&world, "environment", "url");
  set (&world, "url", NULL);
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_INVALID);
  world_stop (&world);
}

/* the names of GlobalSign's two systems, seen by the proxy that is asked for them */
static void
test_endpoints (void)
{
  static const struct { const char *environment, *host; } cases[] = {
    { NULL, "system.globalsign.com" }, { "production", "system.globalsign.com" },
    { "test", "test-gcc.globalsign.com" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world);
      set (&world, "environment", cases[i].environment);
      set (&world, "url", NULL);
      set (&world, "proxy", "http://127.0.0.1:1");
      g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, CH_ERROR_UNREACHABLE);
      g_assert_nonnull (strstr (error->message, cases[i].host));
      world_stop (&world);
    }
}

static void
test_no_password (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  g_hash_table_remove_all (world.access.secrets);
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_CREDENTIALS);
  world_stop (&world);
}

static void
test_cancellable (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  world_start (&world);
  g_cancellable_cancel (cancellable);
  g_assert_null (world.ca->fetch (&world.access, "CEAP1", cancellable, &error));
  assert_failed (error, CH_ERROR_CANCELLED);
  world_stop (&world);
}

static void
test_registry (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  g_assert_cmpstr (ch_ca_list ()[0]->kind, ==, "globalsign");
  g_assert_null (ch_ca_find ("letsencrypt", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "globalsign"));
  g_clear_error (&error);

  world_start_tls (&world);
  g_assert_true (ch_fields_check (world.ca->fields, world.access.settings, world.access.secrets, &error));
  g_assert_no_error (error);
  world_stop (&world);
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/verify", test_verify);
  g_test_add_func ("/globalsign/verify/many-facts", test_verify_many_facts);
  g_test_add_func ("/globalsign/verify/refused", test_verify_refused);
  g_test_add_func ("/globalsign/verify/without-account-service", test_verify_without_account_service);
  g_test_add_func ("/globalsign/environment", test_environment);
  g_test_add_func ("/globalsign/endpoints", test_endpoints);
  g_test_add_func ("/globalsign/no-password", test_no_password);
  g_test_add_func ("/globalsign/cancellable", test_cancellable);
  g_test_add_func ("/globalsign/registry", test_registry);
  return g_test_run ();
}
