/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"
#include "lib/sudoers.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define ACTION_SECONDS 90
#define PID_FILE_MAX 32

static gboolean
check_words (const char *const *command,
             GError            **error)
{
  for (gsize i = 0; command[i] != NULL; i++)
    {
      if (i >= 64 || strlen (command[i]) > 4096 || !g_utf8_validate (command[i], -1, NULL))
        return ch_error_set (error, CH_ERROR_INVALID, _("The command is too long, or is not UTF-8"));
      for (const char *c = command[i]; *c != '\0'; c++)
        if (g_ascii_iscntrl (*c))
          return ch_error_set (error, CH_ERROR_INVALID, _("The command holds control characters"));
    }

  return TRUE;
}

gboolean
ch_ssh_check_action (const ChAction *action,
                     GError        **error)
{
  switch (action->kind)
    {
    case CH_ACTION_PROGRAM:
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("Programs of the service's configuration run on its own machine; on a server that is reached by "
                             "SSH, give a command, such as /usr/sbin/nginx -t"));
    case CH_ACTION_COMMAND:
      return check_words (action->command, error);
    default:
      return TRUE;
    }
}

static gboolean
uses_sudo (const ChServerAccess *access)
{
  return g_strcmp0 (ch_fields_get (ch_ssh_fields, access->settings, "sudo"), "yes") == 0;
}

/* sudo cannot do what it was asked; what it runs ends with a status of its own (sudo(8), exit value). */
static gboolean
is_sudos_word (const ChSshOutcome *outcome)
{
  return outcome->status == 1 && (strstr (outcome->output, "sudo:") != NULL || strstr (outcome->output, "sudoers") != NULL
                                  || strstr (outcome->output, "a password is required") != NULL);
}

static gboolean
fail (const ChServerAccess *access,
      const char *const    *argv,
      const ChSshOutcome   *outcome,
      GError              **error)
{
  const char *user = ch_fields_get (ch_ssh_fields, access->settings, "user");
  g_autofree char *line = ch_ssh_quote (argv);

  if (uses_sudo (access) && (is_sudos_word (outcome) || outcome->status == 127))
    {
      g_autofree char *sudoers = ch_sudoers_line (user, argv);

      return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("sudo does not let “%s” run “%s”: put this line into a file under "
                           "/etc/sudoers.d there: %s (it says: %s)"), user, line, sudoers, outcome->output);
    }

  if (outcome->signal != NULL)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("“%s” was ended by signal %s: %s"), line, outcome->signal,
                         outcome->output);
  if (outcome->status == 127)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("There is no “%s” on the server: %s"), argv[0], outcome->output);

  return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("“%s” failed with status %d: %s"), line, outcome->status,
                       outcome->output);
}

static char *
run (const ChServerAccess *access,
     ChSsh                *ssh,
     const char *const    *argv,
     GError              **error)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_auto(ChSshOutcome) outcome = { 0 };
  g_autofree char *line = ch_ssh_quote (argv);

  if (uses_sudo (access))
    {
      g_ptr_array_add (words, (char *) "sudo");
      g_ptr_array_add (words, (char *) "-n");
      g_ptr_array_add (words, (char *) "--");
    }
  for (gsize i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (words, (char *) argv[i]);
  g_ptr_array_add (words, NULL);

  if (!ch_ssh_run (ssh, (const char *const *) words->pdata, ACTION_SECONDS, &outcome, error))
    return NULL;
  if (outcome.status != 0)
    {
      fail (access, argv, &outcome, error);
      return NULL;
    }
  if (*outcome.output == '\0')
    return g_strdup_printf (_("“%s” ended well and wrote nothing."), line);

  return g_strdup_printf (_("“%s” ended well and wrote: %s"), line, outcome.output);
}

/* ---- signals ---- */

/* Whoever can write the file chooses the process, so only root and the user himself may. */
static gboolean
read_pid (ChSsh      *ssh,
          const char *path,
          guint64    *pid,
          GError    **error)
{
  ChSshFacts facts, folder;

  if (!ch_sftp_open (ssh, error) || !ch_sftp_check_folder (ssh, path, &folder, error)
      || !ch_sftp_look (ssh, path, &facts, error))
    return FALSE;
  if (!facts.there)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("There is no pid file “%s” on %s; start the service, or correct the deployment"),
                         path, ssh->where);
  if ((facts.uid != 0 && facts.uid != ssh->uid) || (facts.mode & 022) != 0)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("The pid file “%s” on %s can be written by others and is not "
                         "trusted"), path, ssh->where);

  g_autoptr(GBytes) content = ch_sftp_read (ssh, path, PID_FILE_MAX, error);
  if (content == NULL)
    return FALSE;

  g_autofree char *text = g_strdup (g_bytes_get_data (content, NULL));
  return g_ascii_string_to_unsigned (g_strstrip (text), 10, 2, G_MAXINT32, pid, NULL)
         || ch_error_set (error, CH_ERROR_ACTION_FAILED, _("The pid file “%s” does not hold the number of a process"), path);
}

static char *
send_signal (const ChServerAccess *access,
             ChSsh                *ssh,
             const ChAction       *action,
             GError              **error)
{
  guint64 pid = 0;

  if (!read_pid (ssh, action->pid_file, &pid, error))
    return NULL;

  g_autofree char *number = g_strdup_printf ("%" PRIu64, pid);
  g_autofree char *option = g_strdup_printf ("-%s", action->signal);
  const char *plain[] = { "kill", "-s", action->signal, number, NULL };
  /* By its file, so that one line of sudoers is enough and allows nothing else. */
  const char *as_root[] = { "/usr/bin/pkill", option, "-F", action->pid_file, NULL };

  return run (access, ssh, uses_sudo (access) ? as_root : plain, error);
}

char *
ch_ssh_act (const ChServerAccess *access,
            const ChAction       *action,
            GCancellable         *cancellable,
            GError              **error)
{
  if (!ch_action_check (action, error) || !ch_ssh_check_action (action, error))
    return NULL;
  if (action->kind == CH_ACTION_NONE)
    return g_strdup (_("No action is wanted."));

  const char *reload[] = { "/usr/bin/systemctl", "reload-or-restart", action->unit, NULL };
  g_autoptr(ChSsh) ssh = ch_ssh_take (access, cancellable, error);
  if (ssh == NULL)
    return NULL;

  switch (action->kind)
    {
    case CH_ACTION_RELOAD_UNIT:
      return run (access, ssh, reload, error);
    case CH_ACTION_SIGNAL:
      return send_signal (access, ssh, action, error);
    default:
      return run (access, ssh, action->command, error);
    }
}
