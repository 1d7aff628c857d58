/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crowd.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>

#define ZONE "example.test"
#define NAME "_crowd." ZONE
#define VALUES 100
#define WORKERS 8
#define OUTSIDERS 2
#define OUTSIDE_VALUES 10   /* of both */

/** Member: one of the crowd. It changes every @step-th value from @first on. */
typedef struct
{
  const ChDnsProvider *provider;
  const ChDnsAccess *access;
  const char *prefix;
  guint first;
  guint step;
  guint end;
  gboolean is_removing;
  gboolean is_brief;    /* each value is taken away before the next comes */
  GThread *thread;
} Member;

/* until it is done: what is to be tried again is tried again */
static void
change (const Member *member,
        const char   *value,
        gboolean      is_removing)
{
  ChTxt txt = { NAME, value };
  gboolean done = FALSE, existed;

  while (!done)
    {
      g_autoptr(GError) error = NULL;

      done = is_removing ? member->provider->remove (member->access, ZONE, &txt, NULL, &error)
                         : member->provider->add (member->access, ZONE, &txt, &existed, NULL, &error);
      if (!done && !ch_error_is_retryable (error))
        g_error ("%s: %s", value, error->message);
    }
}

static gpointer
work (gpointer data)
{
  const Member *member = data;

  for (guint i = member->first; i < member->end; i += member->step)
    {
      g_autofree char *value = g_strdup_printf ("%s-%u", member->prefix, i);

      change (member, value, member->is_removing);
      if (member->is_brief)
        change (member, value, TRUE);
    }

  return NULL;
}

static void
run (const Member *insider,
     const Member *outsider,
     CrowdRules    rules)
{
  Member members[WORKERS + OUTSIDERS];

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      members[i] = i < WORKERS ? *insider : *outsider;
      members[i].first = i < WORKERS ? i : i - WORKERS;
      members[i].thread = g_thread_new ("crowd", work, &members[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_thread_join (members[i].thread);

  for (guint i = WORKERS; (rules & CROWD_NO_CONDITIONS) != 0 && i < G_N_ELEMENTS (members); i++)
    work (&members[i]);
}

static void
expect_shown (Server     *server,
              const char *prefix,
              guint       expected)
{
  g_autofree char *shown = server_show (server, NAME);
  g_auto(GStrv) lines = g_strsplit (shown, "\n", -1);
  guint count = 0;

  for (gsize i = 0; lines[i] != NULL; i++)
    count += strstr (lines[i], prefix) != NULL;

  g_test_message ("%s: %u", prefix, count);
  g_assert_cmpuint (count, ==, expected);
}

static ChDnsAccess
outside_access (Server *server)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };
  g_autofree char *port = g_strdup_printf ("%u", server->port);

  access_set (access.settings, "server", "127.0.0.1");
  access_set (access.settings, "port", port);
  access_set (access.settings, "key-name", "good");
  access_set (access.secrets, "tsig-secret", server->secret);
  return access;
}

void
crowd_run (Server              *server,
           const ChDnsProvider *provider,
           const ChDnsAccess   *access,
           CrowdRules           rules)
{
  g_auto(ChDnsAccess) outside = outside_access (server);
  gboolean is_brief = (rules & CROWD_BRIEF) != 0;
  Member insider = { provider, access, "ours", .step = WORKERS, .end = VALUES, .is_brief = is_brief };
  Member outsider = { ch_dns_find ("rfc2136", NULL), &outside, "early", .step = OUTSIDERS, .end = OUTSIDE_VALUES };

  run (&insider, &outsider, rules);
  expect_shown (server, "\"ours-", is_brief ? 0 : VALUES);
  expect_shown (server, "\"early-", OUTSIDE_VALUES);

  if (!is_brief)
    {
      insider.is_removing = TRUE;
      outsider.prefix = "late";
      run (&insider, &outsider, rules);
      expect_shown (server, "\"ours-", 0);
      expect_shown (server, "\"early-", OUTSIDE_VALUES);
      expect_shown (server, "\"late-", OUTSIDE_VALUES);
    }
  server_update (server, "update delete " NAME ". TXT");
}
