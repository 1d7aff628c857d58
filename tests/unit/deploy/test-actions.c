/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/actions.h"

#include "lib/error.h"
#include "stage.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
act (ChActionKind  kind,
     const char   *first,
     const char   *second,
     GError      **error)
{
  ChAction action = { .kind = kind };

  if (kind == CH_ACTION_RELOAD_UNIT)
    action.unit = first;
  if (kind == CH_ACTION_PROGRAM)
    action.program = first;
  if (kind == CH_ACTION_SIGNAL)
    {
      action.pid_file = first;
      action.signal = second;
    }

  return ch_act (NULL, &action, NULL, error);
}

static void
test_check (void)
{
  static const struct { ChAction action; gboolean ok; } cases[] = {
    { { CH_ACTION_NONE }, TRUE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "nginx.service" }, TRUE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "postgresql@15-main.service" }, TRUE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "a\\x2db.service" }, TRUE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "nginx" }, FALSE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "nginx.service; rm" }, FALSE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "../nginx.service" }, FALSE },
    { { CH_ACTION_RELOAD_UNIT, .unit = "" }, FALSE },
    { { CH_ACTION_RELOAD_UNIT }, FALSE },
    { { CH_ACTION_SIGNAL, .pid_file = "/run/nginx.pid", .signal = "HUP" }, TRUE },
    { { CH_ACTION_SIGNAL, .pid_file = "/run/nginx.pid", .signal = "USR2" }, TRUE },
    { { CH_ACTION_SIGNAL, .pid_file = "/run/nginx.pid", .signal = "KILL" }, FALSE },
    { { CH_ACTION_SIGNAL, .pid_file = "/run/nginx.pid", .signal = "9" }, FALSE },
    { { CH_ACTION_SIGNAL, .pid_file = "nginx.pid", .signal = "HUP" }, FALSE },
    { { CH_ACTION_SIGNAL, .signal = "HUP" }, FALSE },
    { { CH_ACTION_SIGNAL, .pid_file = "/run/nginx.pid" }, FALSE },
    { { CH_ACTION_PROGRAM, .program = "not-configured" }, FALSE },
    { { CH_ACTION_PROGRAM, .program = "/bin/sh" }, FALSE },
    { { CH_ACTION_PROGRAM }, FALSE },
    { { (ChActionKind) 99 }, FALSE },
  };

  const ChTarget *target = ch_target_find ("local", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %zu", i);
      g_assert_cmpint (ch_action_check (&cases[i].action, &error) && target->check_action (&cases[i].action, &error),
                       ==, cases[i].ok);
      if (!cases[i].ok)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_none (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *words = act (CH_ACTION_NONE, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (words);
}

/* ---- signals ---- */

static void
test_signal (void)
{
  static const struct { const char *name; int number; const char *format; } cases[] = {
    { "HUP", SIGHUP, "%s\n" }, { "USR1", SIGUSR1, "%s" }, { "USR2", SIGUSR2, " %s \n" },
  };
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "pid");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sleep", "1000",
                                                         NULL);
      g_assert_no_error (error);
      g_autofree char *text = g_strdup_printf (cases[i].format, g_subprocess_get_identifier (process));

      test_write (folder, "pid", text);
      g_autofree char *words = act (CH_ACTION_SIGNAL, path, cases[i].name, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (words, cases[i].name));
      g_subprocess_wait (process, NULL, NULL);
      g_assert_true (g_subprocess_get_if_signaled (process));
      g_assert_cmpint (g_subprocess_get_term_sig (process), ==, cases[i].number);
    }
}

static void
refuse_signal (const char *path,
               const char *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (act (CH_ACTION_SIGNAL, path, "HUP", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
  if (strstr (error->message, word) == NULL)
    g_error ("no “%s” in: %s", word, error->message);
}

static void
test_pid_file_contents (void)
{
  static const char *const texts[] = {
    "", "\n", "0", "1", "-1", "-5", "abc", "12 13", "12\n13\n", "0x10", "99999999999", "4294967297",
    "000000000000000000000000000000000000000000002",
  };
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "pid");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("“%s”", texts[i]);
      test_write (folder, "pid", texts[i]);
      refuse_signal (path, "number of a process");
    }
}

static void
test_pid_file_kinds (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "pid");
  g_autofree char *alias = test_path (folder, "alias");
  g_autofree char *fifo = test_path (folder, "fifo");
  g_autofree char *missing = test_path (folder, "missing");

  test_write (folder, "pid", "2");
  g_assert_cmpint (symlink (path, alias), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  refuse_signal (alias, "not a plain file");
  refuse_signal (fifo, "not a plain file");
  refuse_signal (folder, "not a plain file");
  refuse_signal (missing, "start the service");

  g_assert_cmpint (chmod (path, 0666), ==, 0);
  refuse_signal (path, "written by others");
  if (geteuid () != 0)
    return;
  g_assert_cmpint (chmod (path, 0644), ==, 0);
  g_assert_cmpint (chown (path, 1234, 0), ==, 0);
  refuse_signal (path, "1234");
}

static void
test_stale_pid_file (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "pid");
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  waitpid (child, NULL, 0);

  g_autofree char *text = g_strdup_printf ("%d\n", child);
  test_write (folder, "pid", text);
  refuse_signal (path, "does not run");
}

/* ---- programs ---- */

static void
configure (const char *name,
           ...)
{
  g_autoptr(GHashTable) programs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                          (GDestroyNotify) g_strfreev);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  const char *word;
  va_list words;

  va_start (words, name);
  while ((word = va_arg (words, const char *)) != NULL)
    g_ptr_array_add (argv, (char *) word);
  va_end (words);
  g_ptr_array_add (argv, NULL);

  g_hash_table_insert (programs, (char *) name, g_strdupv ((char **) argv->pdata));
  ch_target_set_programs (programs);
}

static void
test_program_output (void)
{
  g_autoptr(GError) error = NULL;

  configure ("reload", "/bin/sh", "-c", "echo out; echo err >&2", NULL);
  g_autofree char *words = act (CH_ACTION_PROGRAM, "reload", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (words, "out\nerr"));
}

static void
test_program_arguments (void)
{
  g_autoptr(GError) error = NULL;

  configure ("show", "/usr/bin/printf", "[%s]", "two words", "$HOME; `id`", "", "*", NULL);
  g_autofree char *words = act (CH_ACTION_PROGRAM, "show", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (words, "[two words][$HOME; `id`][][*]"));
}

static void
test_program_surroundings (void)
{
  g_autoptr(GError) error = NULL;

  g_setenv ("CHANCERY_TEST_LEAK", "seen", TRUE);
  configure ("env", "/usr/bin/env", NULL);
  g_autofree char *words = act (CH_ACTION_PROGRAM, "env", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (words, "CHANCERY_TEST_LEAK"));
  g_assert_nonnull (strstr (words, "PATH=/usr/local/sbin:"));

  configure ("where", "/bin/sh", "-c",
             "pwd; cat; ls /proc/self/fd | wc -l; test $$ = $(cut -d' ' -f5 /proc/$$/stat) && echo own",
             NULL);
  g_autofree char *where = act (CH_ACTION_PROGRAM, "where", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (where, "wrote: /\n4\nown"));
}

static void
test_program_not_configured (void)
{
  g_autoptr(GError) error = NULL;

  configure ("reload", "/bin/true", NULL);
  g_assert_null (act (CH_ACTION_PROGRAM, "/bin/true", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "reload"));
  g_clear_error (&error);

  ch_target_set_programs (NULL);
  g_assert_null (act (CH_ACTION_PROGRAM, "reload", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_program_fails (void)
{
  static const struct { const char *argv[4]; const char *word; } cases[] = {
    { { "/bin/sh", "-c", "echo wrong line 7; exit 3" }, "status 3 and wrote: wrong line 7" },
    { { "/bin/false" }, "status 1 and wrote nothing" },
    { { "/bin/sh", "-c", "kill -SEGV $$" }, "signal 11" },
    { { "/nonexistent/program" }, "could not be started" },
    { { "true" }, "absolute" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      configure ("p", cases[i].argv[0], cases[i].argv[1], cases[i].argv[2], cases[i].argv[3], NULL);
      g_assert_null (act (CH_ACTION_PROGRAM, "p", NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
      if (strstr (error->message, cases[i].word) == NULL)
        g_error ("no “%s” in: %s", cases[i].word, error->message);
    }
}

static void
test_program_talks_much (void)
{
  static const char *const argv[] = { "/bin/sh", "-c", "yes | head -c 1000000; printf '\\377'", NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *output = ch_program_run ("p", argv, 60000, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (output), >, 8000);
  g_assert_cmpuint (strlen (output), <=, 8192);
}

/* What was left in the background holds the pipe open, and is left alone. */
static void
test_program_leaves_something (void)
{
  static const char *const argv[] = { "/bin/sh", "-c", "sleep 1000 & echo $!", NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *output = ch_program_run ("p", argv, 60000, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kill (atoi (output), SIGKILL), ==, 0);
}

/* The program's child writes into a pipe that nobody but the two hold: its end means that both are dead. */
static void
test_program_is_killed_with_its_children (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *fifo = test_path (folder, "fifo");
  g_autofree char *script = g_strdup_printf ("exec >%s; sleep 1000 & wait", fifo);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(GError) error = NULL;
  char byte;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  int reader = g_open (fifo, O_RDONLY | O_NONBLOCK, 0);
  g_assert_null (ch_program_run ("p", argv, 200, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (strstr (error->message, "did not end within"));

  fcntl (reader, F_SETFL, 0);
  g_assert_cmpint (read (reader, &byte, 1), ==, 0);
  close (reader);
}

static gpointer
cancel_when_written (gpointer data)
{
  gpointer *both = data;
  char byte;
  int reader = g_open (both[0], O_RDONLY, 0);

  g_assert_cmpint (read (reader, &byte, 1), ==, 1);
  g_cancellable_cancel (both[1]);
  close (reader);
  return NULL;
}

static void
test_program_cancelled (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *fifo = test_path (folder, "fifo");
  g_autofree char *script = g_strdup_printf ("echo x >%s; sleep 1000", fifo);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { fifo, cancellable };
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  GThread *thread = g_thread_new ("cancel", cancel_when_written, both);
  g_assert_null (ch_program_run ("p", argv, 60000, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_thread_join (thread);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/actions/check", test_check);
  g_test_add_func ("/deploy/actions/none", test_none);
  g_test_add_func ("/deploy/actions/signal", test_signal);
  g_test_add_func ("/deploy/actions/pid-file-contents", test_pid_file_contents);
  g_test_add_func ("/deploy/actions/pid-file-kinds", test_pid_file_kinds);
  g_test_add_func ("/deploy/actions/stale-pid-file", test_stale_pid_file);
  g_test_add_func ("/deploy/actions/program-output", test_program_output);
  g_test_add_func ("/deploy/actions/program-arguments", test_program_arguments);
  g_test_add_func ("/deploy/actions/program-surroundings", test_program_surroundings);
  g_test_add_func ("/deploy/actions/program-not-configured", test_program_not_configured);
  g_test_add_func ("/deploy/actions/program-fails", test_program_fails);
  g_test_add_func ("/deploy/actions/program-talks-much", test_program_talks_much);
  g_test_add_func ("/deploy/actions/program-leaves-something", test_program_leaves_something);
  g_test_add_func ("/deploy/actions/program-is-killed-with-its-children",
                   test_program_is_killed_with_its_children);
  g_test_add_func ("/deploy/actions/program-cancelled", test_program_cancelled);

  int result = g_test_run ();
  ch_target_set_programs (NULL);
  return result;
}
