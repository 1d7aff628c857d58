/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#include "net/http.h"

#include <string.h>

#define ZONE "example.test"

StandIn *stand_in;
ChDnsAccess access_now;

static const Trial *the_trial;

const ChDnsProvider *
provider (void)
{
  return ch_dns_find (the_trial->kind, NULL);
}

void
begin (void)
{
  stand_in_calm (stand_in, the_trial->kind);
  access_now = stand_in_access (stand_in, provider ());
}

void
trial_expect_shown (const char *expected)
{
  g_autofree char *shown = server_show (stand_in->bind, the_trial->name);

  g_assert_cmpstr (shown, ==, expected);
}

void
end (void)
{
  trial_expect_shown ("");
  access_clear (&access_now);
}

void
trial_control (const char *order)
{
  g_autofree char *json = g_strdup_printf ("{\"kind\": \"%s\", %s}", the_trial->kind, order);

  stand_in_control (stand_in, "/dns", json);
}

gboolean
trial_add (const char *value,
           gboolean   *existed,
           GError    **error)
{
  ChTxt txt = { the_trial->name, value };
  gboolean unused;

  return provider ()->add (&access_now, ZONE, &txt, existed != NULL ? existed : &unused, NULL, error);
}

gboolean
trial_take (const char *value,
            GError    **error)
{
  ChTxt txt = { the_trial->name, value };

  return provider ()->remove (&access_now, ZONE, &txt, NULL, error);
}

void
trial_add_in_doubt (const char *value,
                    int         code)
{
  gboolean existed = TRUE;
  g_autoptr(GError) error = NULL;

  expect (trial_add (value, &existed, &error), &error, code, "");
  g_assert_false (existed);
  if (code >= 0)
    must (trial_add (value, NULL, &error), &error);
}

void
trial_take_in_doubt (const char *value,
                     int         code)
{
  g_autoptr(GError) error = NULL;

  expect (trial_take (value, &error), &error, code, "");
  if (code >= 0)
    must (trial_take (value, &error), &error);
}

void
trial_crowd_name (const char *prefix,
                  guint       n)
{
  g_autoptr(GString) values = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (values, "update add %s. %u TXT \"%s%u\"\n", the_trial->name, MAX (60, the_trial->shortest_ttl),
                            prefix, i);
  server_update (stand_in->bind, values->str);
}

/* ---- tests that are the same for several ---- */

void
trial_test_doubt (void)
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
      begin ();
      g_test_message ("%s", cases[i].fault);
      stand_in_fault (stand_in, the_trial->create, cases[i].fault);
      trial_add_in_doubt ("value", cases[i].code);
      stand_in_fault (stand_in, the_trial->remove, cases[i].fault);
      trial_take_in_doubt ("value", cases[i].code);
      end ();
    }
}

void
trial_test_unknown_outcome (void)
{
  g_autofree char *list = g_strconcat (the_trial->kind, ".list", NULL);
  g_autoptr(GError) error = NULL;

  begin ();
  stand_in_fault (stand_in, the_trial->create, "\"drop\": \"after\"");
  stand_in_fault (stand_in, list, "\"latency_ms\": 1");
  stand_in_fault (stand_in, list, "\"drop\": \"before\"");
  expect (trial_add ("value", NULL, &error), &error, CH_ERROR_UNKNOWN_OUTCOME, "no whole answer");
  must (trial_take ("value", &error), &error);
  end ();
}

void
trial_test_many_values (void)
{
  g_autofree char *all = g_strdup_printf ("update delete %s. TXT", the_trial->name);
  g_autoptr(GError) error = NULL;
  gboolean existed = FALSE;

  begin ();
  must (trial_add ("zz-last", NULL, &error), &error);
  trial_crowd_name ("a-", 120);
  must (trial_add ("zz-last", &existed, &error), &error);
  g_assert_true (existed);
  must (trial_take ("zz-last", &error), &error);
  g_autofree char *shown = server_show (stand_in->bind, the_trial->name);
  g_assert_nonnull (strstr (shown, "\"a-119\""));
  g_assert_null (strstr (shown, "zz-last"));
  server_update (stand_in->bind, all);
  end ();
}

void
trial_test_crowd (void)
{
  begin ();
  crowd_run (stand_in->bind, provider (), &access_now, CROWD_USUAL);
  end ();
}

/* ---- the program ---- */

static void
skip (void)
{
  g_test_skip ("BIND is not installed, or CHANCERY_SANDBOX does not name the sandbox");
}

int
trial_main (int           argc,
            char        **argv,
            const Trial  *trial)
{
  Contract contract = { 0 };

  the_trial = trial;
  g_test_init (&argc, &argv, NULL);
  ch_http_prepare ();
  if (!stand_in_is_possible ())
    {
      g_autofree char *path = g_strconcat ("/", trial->kind, NULL);
      g_test_add_func (path, skip);
      return g_test_run ();
    }

  stand_in = stand_in_start ();
  stand_in_contract (stand_in, &contract, provider ());
  contract.shortest_ttl = trial->shortest_ttl;
  if (trial->setting != NULL)
    access_set (contract.access.settings, trial->setting, trial->value);
  trial->add_tests ();

  int status = g_test_run ();
  access_clear (&contract.access);
  stand_in_stop (stand_in);
  return status;
}
