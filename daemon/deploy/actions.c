/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/actions.h"

#include "deploy/fd.h"
#include "deploy/template.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define PROGRAM_TIMEOUT (60 * 1000)
#define PID_FILE_MAX 32
#define UNIT_MAX 255    /* systemd.unit(5) */

static const struct
{
  const char *name;
  int number;
} signals[] = {
  { "HUP", SIGHUP },
  { "USR1", SIGUSR1 },
  { "USR2", SIGUSR2 },
};

static int
find_signal (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (g_strcmp0 (signals[i].name, name) == 0)
      return signals[i].number;

  return 0;
}

static gboolean
check_unit (const char *unit,
            GError    **error)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@";

  if (unit == NULL || *unit == '\0')
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The action “reload-unit” needs a unit such as “nginx.service”"));

  if (strlen (unit) > UNIT_MAX || unit[strspn (unit, allowed)] != '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("“%.60s” is not a name of a systemd unit"), unit);

  if (strrchr (unit, '.') == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” has no suffix: did you mean “%s.service”?"),
                         unit, unit);

  return TRUE;
}

static gboolean
check_signal (const ChAction *action,
              GError        **error)
{
  if (find_signal (action->signal) == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a signal to reload by; these are: HUP, USR1, USR2"),
                         action->signal != NULL ? action->signal : "");

  return ch_target_check_path (action->pid_file, error);
}

static gboolean
check_command (const char *const *command,
               GError            **error)
{
  if (command == NULL || command[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The action “command” needs a program and its arguments, such as /usr/sbin/nginx -t"));

  return ch_target_check_path (command[0], error);
}

gboolean
ch_action_check (const ChAction *action,
                 GError        **error)
{
  switch (action->kind)
    {
    case CH_ACTION_NONE:
      return TRUE;
    case CH_ACTION_RELOAD_UNIT:
      return check_unit (action->unit, error);
    case CH_ACTION_SIGNAL:
      return check_signal (action, error);
    case CH_ACTION_PROGRAM:
      return (action->program != NULL && *action->program != '\0')
             || ch_error_set (error, CH_ERROR_INVALID, _("The action “program” needs the name of a program"));
    case CH_ACTION_COMMAND:
      return check_command (action->command, error);
    default:
      return ch_error_set (error, CH_ERROR_INVALID, _("There is no such action"));
    }
}

/* Whoever may change deployments is not thereby root on this machine: what is run here is named, not given. */
gboolean
ch_act_check (const ChAction *action,
              GError        **error)
{
  switch (action->kind)
    {
    case CH_ACTION_PROGRAM:
      {
        g_auto(GStrv) argv = ch_programs_find (action->program, error);

        return argv != NULL;
      }
    case CH_ACTION_COMMAND:
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("A command is for servers that are reached by SSH; on this machine, name a program of the "
                             "service's configuration or use a template"));
    default:
      return TRUE;
    }
}

/* Whoever can write the file chooses the process, so only root and ourselves may. */
static gboolean
check_pid_file (const char        *path,
                const struct stat *info,
                GError           **error)
{
  if (!S_ISREG (info->st_mode))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("The pid file “%s” is not a plain file: give the path of the real one"), path);

  if (info->st_uid != 0 && info->st_uid != geteuid ())
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("The pid file “%s” belongs to user %u and is not trusted: it must belong to root"),
                         path, info->st_uid);

  if (info->st_mode & (S_IWGRP | S_IWOTH))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("The pid file “%s” can be written by others and is not trusted: give it mode 644"),
                         path);

  return TRUE;
}

/* The first descriptor opens nothing, so that a device or a pipe is found out without touching it. */
static gboolean
read_pid_file (const char *path,
               char       *text,
               GError    **error)
{
  struct stat info;
  ch_autofd int found = open (path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

  if (found < 0 || fstat (found, &info) != 0)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("The pid file “%s” cannot be read: %s; start the service, or correct the deployment"),
                         path, g_strerror (errno));
  if (!check_pid_file (path, &info, error))
    return FALSE;

  g_autofree char *same = g_strdup_printf ("/proc/self/fd/%d", found);
  ch_autofd int fd = open (same, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd >= 0 ? read (fd, text, PID_FILE_MAX) : -1;

  if (length < 0)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("The pid file “%s” cannot be read: %s"),
                         path, g_strerror (errno));

  text[length] = '\0';
  return TRUE;
}

static gboolean
read_pid (const char *path,
          pid_t      *pid,
          GError    **error)
{
  char text[PID_FILE_MAX + 1];
  guint64 value;

  if (!read_pid_file (path, text, error))
    return FALSE;

  if (!g_ascii_string_to_unsigned (g_strstrip (text), 10, 2, G_MAXINT32, &value, NULL))
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("The pid file “%s” does not hold the number of a process"), path);

  *pid = value;
  return TRUE;
}

static char *
send_signal (const ChAction *action,
             GError        **error)
{
  pid_t pid = 0;

  if (!read_pid (action->pid_file, &pid, error))
    return NULL;

  if (kill (pid, find_signal (action->signal)) == 0)
    return g_strdup_printf (_("Sent %s to process %d."), action->signal, pid);

  if (errno == ESRCH)
    ch_error_set (error, CH_ERROR_ACTION_FAILED,
                  _("Process %d of the pid file “%s” does not run: start the service"),
                  pid, action->pid_file);
  else
    ch_error_set (error, CH_ERROR_ACTION_FAILED, _("Process %d of the pid file “%s” cannot be sent %s: %s"),
                  pid, action->pid_file, action->signal, g_strerror (errno));
  return NULL;
}

static char *
run_program (const char   *name,
             GCancellable *cancellable,
             GError      **error)
{
  g_auto(GStrv) found = ch_programs_find (name, error);

  if (found == NULL)
    return NULL;

  g_auto(GStrv) argv = g_str_has_prefix (name, CH_TEMPLATE_PROGRAM) ? ch_programs_outside ((const char *const *) found)
                                                                    : g_steal_pointer (&found);
  g_autofree char *output = ch_program_run (name, (const char *const *) argv, PROGRAM_TIMEOUT, cancellable, error);
  if (output == NULL)
    return NULL;
  if (*output == '\0')
    return g_strdup_printf (_("Program “%s” ended well and wrote nothing."), name);

  return g_strdup_printf (_("Program “%s” ended well and wrote: %s"), name, output);
}

char *
ch_act (const ChServerAccess *access,
        const ChAction       *action,
        GCancellable         *cancellable,
        GError              **error)
{
  if (!ch_action_check (action, error))
    return NULL;

  if (g_cancellable_is_cancelled (cancellable))
    {
      ch_error_set (error, CH_ERROR_CANCELLED, _("The action was cancelled before it began"));
      return NULL;
    }

  switch (action->kind)
    {
    case CH_ACTION_RELOAD_UNIT:
      return ch_act_reload_unit (action->unit, cancellable, error);
    case CH_ACTION_SIGNAL:
      return send_signal (action, error);
    case CH_ACTION_PROGRAM:
      return run_program (action->program, cancellable, error);
    default:
      return g_strdup (_("No action is wanted."));
    }
}
