/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/actions.h"

#include "deploy/fd.h"
#include "deploy/template.h"
#include "deploy/wait.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define OUTPUT_MAX (8 * 1024)
#define TAIL_MAX 1024   /* of the output, in an error */

static const char *const environment[] = {
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/",
  "LANG=C.UTF-8",
  NULL,
};

/* (element-type utf8 GStrv) (owned) (nullable): set once, before any worker runs */
static GHashTable *programs;

void
ch_target_set_programs (GHashTable *table)
{
  g_clear_pointer (&programs, g_hash_table_unref);
  if (table != NULL)
    programs = g_hash_table_ref (table);
}

char *
ch_programs_names (void)
{
  if (programs == NULL)
    return g_strdup ("");

  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (programs), (GCompareFunc) strcmp);
  GString *text = g_string_new (NULL);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%s", name != names ? ", " : "", (char *) name->data);

  return g_string_free (text, FALSE);
}

GStrv
ch_programs_find (const char *name,
                  GError    **error)
{
  if (name != NULL && g_str_has_prefix (name, CH_TEMPLATE_PROGRAM))
    return ch_template_program (name, error);

  char **argv = programs != NULL && name != NULL ? g_hash_table_lookup (programs, name) : NULL;

  if (argv != NULL && argv[0] != NULL)
    return g_strdupv (argv);

  g_autofree char *names = ch_programs_names ();
  if (*names == '\0')
    ch_error_set (error, CH_ERROR_INVALID,
                  _("There is no program “%s”: the daemon's configuration names none"),
                  name != NULL ? name : "");
  else
    ch_error_set (error, CH_ERROR_INVALID,
                  _("There is no program “%s” in the daemon's configuration; these are: %s"),
                  name != NULL ? name : "", names);
  return NULL;
}

GStrv
ch_programs_outside (const char *const *argv)
{
  static const char *const words[] = {
    "/usr/bin/systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--property=RuntimeMaxSec=60", "--", NULL
  };
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  /* systemd.exec(5) sets it for units; sd_booted(3) */
  if (g_getenv ("INVOCATION_ID") != NULL && geteuid () == 0 && g_file_test ("/run/systemd/system", G_FILE_TEST_IS_DIR)
      && g_file_test (words[0], G_FILE_TEST_IS_EXECUTABLE))
    g_strv_builder_addv (builder, (const char **) words);

  g_strv_builder_addv (builder, (const char **) argv);
  return g_strv_builder_end (builder);
}

typedef struct
{
  int output;         /* what the program writes, not blocking */
  GString *text;      /* (owned) */
  gboolean ended;
  int status;
} Run;

/* In the child, between fork and exec: only what is safe there. */
static void
enter_own_group (gpointer data)
{
  sigset_t none;

  setpgid (0, 0);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  signal (SIGPIPE, SIG_DFL);
}

static void
ended_cb (GPid     pid,
          int      status,
          gpointer data)
{
  Run *run = data;

  run->ended = TRUE;
  run->status = status;
}

/* Reads on beyond what is kept, so that a talkative program does not stand still. */
static ssize_t
read_some (Run *run)
{
  char buffer[4096];
  ssize_t n = read (run->output, buffer, sizeof buffer);

  if (n > 0)
    g_string_append_len (run->text, buffer, MIN ((gsize) n, OUTPUT_MAX - run->text->len));

  return n;
}

static gboolean
output_cb (int          fd,
           GIOCondition condition,
           gpointer     data)
{
  ssize_t n = read_some (data);

  return n > 0 || (n < 0 && errno == EAGAIN) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GSource *
watch_output (Run          *run,
              GMainContext *context)
{
  GSource *source = g_unix_fd_source_new (run->output, G_IO_IN | G_IO_HUP | G_IO_ERR);

  g_source_set_callback (source, G_SOURCE_FUNC (output_cb), run, NULL);
  g_source_attach (source, context);
  return source;
}

static GSource *
watch_end (Run          *run,
           GPid          pid,
           GMainContext *context)
{
  GSource *source = g_child_watch_source_new (pid);

  g_source_set_callback (source, G_SOURCE_FUNC (ended_cb), run, NULL);
  g_source_attach (source, context);
  return source;
}

/* Until the program is reaped, here on this thread, its number and its group's belong to nobody else. */
static ChWaitResult
wait_for_end (Run          *run,
              GPid          pid,
              guint         timeout,
              GCancellable *cancellable)
{
  g_auto(ChWait) wait;
  ChWaitResult result = CH_WAIT_WOKEN;

  ch_wait_init (&wait, timeout, cancellable);
  g_autoptr(GSource) output = watch_output (run, wait.context);
  g_autoptr(GSource) end = watch_end (run, pid, wait.context);

  while (!run->ended && result == CH_WAIT_WOKEN)
    result = ch_wait_turn (&wait);

  if (!run->ended)
    kill (-pid, SIGKILL);
  while (!run->ended)
    g_main_context_iteration (wait.context, TRUE);

  g_source_destroy (output);
  return result;
}

static gboolean
spawn (const char        *name,
       const char *const *argv,
       int               *output,
       GPid              *pid,
       GError           **error)
{
  g_autoptr(GError) local = NULL;
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, &local))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("Program “%s” could not be started: %s"),
                         name, local->message);

  *output = ends[0];
  ch_autofd int input = ends[1];

  g_unix_set_fd_nonblocking (*output, TRUE, NULL);
  if (!g_path_is_absolute (argv[0]))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("Program “%s” could not be started: the configuration must give an absolute path"),
                         name);

  /* Both outputs are one; the standard input is empty. */
  if (!g_spawn_async_with_pipes_and_fds ("/", argv, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                                         enter_own_group, NULL, -1, input, input, NULL, NULL, 0,
                                         pid, NULL, NULL, NULL, &local))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("Program “%s” could not be started: %s"),
                         name, local->message);

  return TRUE;
}

static char *
describe_failure (const char *name,
                  int         status,
                  const char *output)
{
  gsize length = strlen (output);
  const char *tail = length > TAIL_MAX ? g_utf8_find_next_char (output + length - TAIL_MAX, NULL) : output;
  g_autofree char *how = WIFSIGNALED (status)
    ? g_strdup_printf (_("Program “%s” was killed by signal %d"), name, WTERMSIG (status))
    : g_strdup_printf (_("Program “%s” ended with status %d"), name, WEXITSTATUS (status));

  if (length == 0)
    return g_strdup_printf (_("%s and wrote nothing"), how);

  return g_strdup_printf (_("%s and wrote: %s"), how, tail);
}

static char *
take_output (Run *run)
{
  g_autofree char *text = g_utf8_make_valid (run->text->str, run->text->len);
  return g_strdup (g_strstrip (text));
}

char *
ch_program_run (const char        *name,
                const char *const *argv,
                guint              timeout,
                GCancellable      *cancellable,
                GError           **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  ch_autofd int output = -1;
  Run run = { .text = text };
  GPid pid;

  if (!spawn (name, argv, &output, &pid, error))
    return NULL;

  run.output = output;
  ChWaitResult result = wait_for_end (&run, pid, timeout, cancellable);

  /* What it started in the background may keep the pipe open: only what is there already is read. */
  while (run.text->len < OUTPUT_MAX && read_some (&run) > 0)
    ;

  g_autofree char *written = take_output (&run);
  if (result == CH_WAIT_CANCELLED)
    ch_error_set (error, CH_ERROR_CANCELLED, _("Program “%s” was cancelled"), name);
  else if (result == CH_WAIT_TIMED_OUT)
    ch_error_set (error, CH_ERROR_ACTION_FAILED,
                  _("Program “%s” did not end within %u seconds and was killed"),
                  name, (timeout + 999) / 1000);
  else if (run.status != 0)
    {
      g_autofree char *failure = describe_failure (name, run.status, written);
      ch_error_set (error, CH_ERROR_ACTION_FAILED, "%s", failure);
    }
  else
    return g_steal_pointer (&written);

  return NULL;
}
