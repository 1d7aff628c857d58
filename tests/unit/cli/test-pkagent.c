/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkagent.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Notes what it is told, registers by closing its descriptor as pkttyagent does, and notes how it is ended. */
static const char script[] =
  "#!/bin/sh\n"
  "trap 'echo ended >>\"$NOTES\"; exit' TERM\n"
  "echo \"$@\" >\"$NOTES\"\n"
  "exec 3>&-\n"
  "while :; do sleep 0.05; done\n";

typedef struct
{
  char *folder;
  char *program;
  char *notes;
  char *path;
} Fixture;

/* Where it runs, and how it must register there. */
typedef struct
{
  const char *display;
  const char *wayland;
  const char *rank;
} Place;

static const Place desktop = { ":7", NULL, " --fallback" };
static const Place wayland = { NULL, "wayland-7", " --fallback" };
static const Place elsewhere = { NULL, NULL, "" };

static void
set_or_unset (const char *name,
              const char *value)
{
  if (value != NULL)
    g_setenv (name, value, TRUE);
  else
    g_unsetenv (name);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("chancery-agent-XXXXXX", NULL);
  fixture->program = g_build_filename (fixture->folder, "pkttyagent", NULL);
  fixture->notes = g_build_filename (fixture->folder, "notes", NULL);
  fixture->path = g_strdup (g_getenv ("PATH"));
  g_setenv ("NOTES", fixture->notes, TRUE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_setenv ("PATH", fixture->path, TRUE);
  g_unlink (fixture->program);
  g_unlink (fixture->notes);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->program);
  g_free (fixture->notes);
  g_free (fixture->path);
}

static void
test_life (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_strconcat (fixture->folder, ":", fixture->path, NULL);
  g_autofree char *told = NULL;
  g_autofree char *told_later = NULL;
  const Place *place = data;
  g_autofree char *want = g_strdup_printf ("--process %d --notify-fd 3%s\n", getpid (), place->rank);
  g_autofree char *want_later = g_strconcat (want, "ended\n", NULL);
  ChPkAgent *agent;

  set_or_unset ("DISPLAY", place->display);
  set_or_unset ("WAYLAND_DISPLAY", place->wayland);
  g_assert_true (g_file_set_contents (fixture->program, script, -1, NULL));
  g_assert_cmpint (g_chmod (fixture->program, 0700), ==, 0);
  g_setenv ("PATH", path, TRUE);

  /* It returns once the agent is registered: what it noted before is there. */
  agent = ch_pkagent_start ();
  g_assert_nonnull (agent);
  g_assert_true (g_file_get_contents (fixture->notes, &told, NULL, NULL));
  g_assert_cmpstr (told, ==, want);

  /* And it is gone when stop returns. */
  ch_pkagent_stop (agent);
  g_assert_true (g_file_get_contents (fixture->notes, &told_later, NULL, NULL));
  g_assert_cmpstr (told_later, ==, want_later);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  g_setenv ("PATH", fixture->folder, TRUE);
  g_assert_null (ch_pkagent_start ());
}

/* It ends before it registers: no waiting for ever, and stopping it does no harm. */
static void
test_failing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_strconcat (fixture->folder, ":", fixture->path, NULL);
  ChPkAgent *agent;

  g_assert_true (g_file_set_contents (fixture->program, "#!/bin/sh\nexit 1\n", -1, NULL));
  g_assert_cmpint (g_chmod (fixture->program, 0700), ==, 0);
  g_setenv ("PATH", path, TRUE);
  agent = ch_pkagent_start ();
  g_assert_nonnull (agent);
  ch_pkagent_stop (agent);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pkagent/life/desktop", Fixture, &desktop, set_up, test_life, tear_down);
  g_test_add ("/pkagent/life/wayland", Fixture, &wayland, set_up, test_life, tear_down);
  g_test_add ("/pkagent/life/elsewhere", Fixture, &elsewhere, set_up, test_life, tear_down);
  g_test_add ("/pkagent/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/pkagent/failing", Fixture, NULL, set_up, test_failing, tear_down);
  return g_test_run ();
}
