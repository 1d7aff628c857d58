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
  GThread *thread;
} Member;

static gboolean
change (const Member *member,
        const char   *value,
        GError      **error)
{
  ChTxt txt = { NAME, value };
  gboolean existed;

  return member->is_removing ? member->provider->remove (member->access, ZONE, &txt, NULL, error)
                             : member->provider->add (member->access, ZONE, &txt, &existed, NULL, error);
}

static gpointer
work (gpointer data)
{
  const Member *member = data;

  for (guint i = member->first; i < member->end;)
    {
      g_autofree char *value = g_strdup_printf ("%s-%u", member->prefix, i);
      g_autoptr(GError) error = NULL;

      if (change (member, value, &error))
        i += member->step;
      else if (!ch_error_is_retryable (error))
        g_error ("%s: %s", value, error->message);
    }

  return NULL;
}

static void
run (const Member *insider,
     const Member *outsider,
     gboolean      has_conditions)
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

  for (guint i = WORKERS; !has_conditions && i < G_N_ELEMENTS (members); i++)
    work (&members[i]);
}

static void
expect_shown (StandIn    *stand_in,
              const char *prefix,
              guint       expected)
{
  g_autofree char *shown = server_show (stand_in->bind, NAME);
  g_auto(GStrv) lines = g_strsplit (shown, "\n", -1);
  guint count = 0;

  for (gsize i = 0; lines[i] != NULL; i++)
    count += strstr (lines[i], prefix) != NULL;

  g_test_message ("%s: %u", prefix, count);
  g_assert_cmpuint (count, ==, expected);
}

static ChDnsAccess
outside_access (StandIn *stand_in)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };
  g_autofree char *port = g_strdup_printf ("%u", stand_in->bind->port);

  access_set (access.settings, "server", "127.0.0.1");
  access_set (access.settings, "port", port);
  access_set (access.settings, "key-name", "good");
  access_set (access.secrets, "tsig-secret", stand_in->bind->secret);
  return access;
}

void
crowd_run (StandIn             *stand_in,
           const ChDnsProvider *provider,
           const ChDnsAccess   *access,
           gboolean             has_conditions)
{
  g_auto(ChDnsAccess) outside = outside_access (stand_in);
  Member insider = { provider, access, "ours", .step = WORKERS, .end = VALUES };
  Member outsider = { ch_dns_find ("rfc2136", NULL), &outside, "early", .step = OUTSIDERS, .end = OUTSIDE_VALUES };

  run (&insider, &outsider, has_conditions);
  expect_shown (stand_in, "\"ours-", VALUES);
  expect_shown (stand_in, "\"early-", OUTSIDE_VALUES);

  insider.is_removing = TRUE;
  outsider.prefix = "late";
  run (&insider, &outsider, has_conditions);
  expect_shown (stand_in, "\"ours-", 0);
  expect_shown (stand_in, "\"early-", OUTSIDE_VALUES);
  expect_shown (stand_in, "\"late-", OUTSIDE_VALUES);
  server_update (stand_in->bind, "update delete " NAME ". TXT");
}
