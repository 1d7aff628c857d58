/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"
#include "lib/sudoers.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
check_user (const char *value,
            GError    **error)
{
  if (*value == '-' || strlen (value) > 64)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%.64s” is not the name of a user"), value);
  for (const char *c = value; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || strchr ("'\"\\:@/,", *c) != NULL)
      return ch_error_set (error, CH_ERROR_INVALID, _("“%.64s” is not the name of a user"), value);

  return TRUE;
}

static gboolean
check_patience (const char *value,
                GError    **error)
{
  return ch_field_check_range (value, 1, 120, error);
}

const ChField ch_ssh_fields[] = {
  { .name = "host", .title = N_("Host"), .help = N_("The server's name or address"),
    .flags = CH_FIELD_REQUIRED | CH_FIELD_WHERE, .check = ch_field_check_host },
  { .name = "port", .title = N_("Port"), .help = N_("Where its sshd listens"), .fallback = "22",
    .flags = CH_FIELD_WHERE, .check = ch_field_check_port },
  { .name = "user", .title = N_("User"),
    .help = N_("Who logs in there: one who may write the files; root is not needed"),
    .flags = CH_FIELD_REQUIRED, .check = check_user },
  { .name = "host-key", .title = N_("Host key"),
    .help = N_("The key by which the server is known, as in known_hosts (“ssh-ed25519 AAAA…”), or its fingerprint "
               "(“SHA256:…”)"),
    .flags = CH_FIELD_REQUIRED | CH_FIELD_WHERE, .check = ch_ssh_key_check_pinned },
  { .name = "auth", .title = N_("Login"),
    .help = N_("By a key that Chancery makes and keeps (“generated”), by a key of yours, or by a password"),
    .fallback = "generated", .choices = "generated|key|password" },
  { .name = "public-key", .title = N_("Public key"),
    .help = N_("Found out from the private key; it goes into authorized_keys. Take it away to have a new key made"),
    .flags = CH_FIELD_ADVANCED },
  { .name = "password", .title = N_("Password"), .help = N_("For the login by password"), .flags = CH_FIELD_SECRET },
  { .name = "private-key", .title = N_("Private key"), .help = N_("For the login by a key of yours: the key's file as "
    "ssh-keygen writes it, or PEM"), .flags = CH_FIELD_SECRET | CH_FIELD_MULTILINE },
  { .name = "passphrase", .title = N_("Passphrase"), .help = N_("What the private key's file is locked with"),
    .flags = CH_FIELD_SECRET },
  { .name = "jump", .title = N_("By way of"), .help = N_("The name of another server, of the kind “ssh”, that this one is "
    "reached through"), .flags = CH_FIELD_ADVANCED | CH_FIELD_WHERE },
  { .name = "sudo", .title = N_("Use sudo"), .help = N_("Whether the reload and other commands are run by “sudo -n”; files "
    "never are"), .fallback = "no", .choices = "no|yes", .flags = CH_FIELD_ADVANCED },
  { .name = "folder", .title = N_("Folder to try"),
    .help = N_("A folder that certificates are to be installed in; a test of the server writes an empty file "
               "there and removes it"), .flags = CH_FIELD_ADVANCED, .check = ch_target_check_path },
  { .name = "connect-timeout", .title = N_("Time to connect"), .help = N_("How many seconds to wait for a connection"),
    .fallback = "10", .flags = CH_FIELD_ADVANCED, .check = check_patience },
  { NULL }
};

/* ---- probe ---- */

static void
say (GPtrArray  *lines,
     const char *format,
     ...) G_GNUC_PRINTF (2, 3);

static void
say (GPtrArray  *lines,
     const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (lines, g_strdup_vprintf (format, args));
  va_end (args);
}

static gboolean
probe_files (const ChServerAccess *access,
             ChSsh                *ssh,
             GPtrArray            *lines,
             GError              **error)
{
  const char *folder = ch_fields_get (ch_ssh_fields, access->settings, "folder");

  if (!ch_sftp_open (ssh, error))
    return FALSE;

  if (sftp_extension_supported (ssh->sftp, "posix-rename@openssh.com", "1"))
    say (lines, _("Files are switched in one step."));
  else
    say (lines, _("Its SFTP cannot rename over a file: at a switch, the file is missing for a moment."));
  if (!sftp_extension_supported (ssh->sftp, "fsync@openssh.com", "1"))
    say (lines, _("Its SFTP does not tell when a file is on the disk."));

  if (folder == NULL)
    {
      say (lines, _("Writing was not tried: set “folder” to a folder to try it in."));
      return TRUE;
    }
  if (!ch_ssh_try_folder (ssh, folder, error))
    return FALSE;

  say (lines, _("Files can be written in “%s”."), folder);
  return TRUE;
}

static gboolean
probe_sudo (const ChServerAccess *access,
            ChSsh                *ssh,
            GPtrArray            *lines,
            GError              **error)
{
  const char *user = ch_fields_get (ch_ssh_fields, access->settings, "user");
  const char *list[] = { "sudo", "-n", "-l", NULL };
  const char *example[] = { "/usr/bin/systemctl", "reload-or-restart", "nginx.service", NULL };
  g_autofree char *line = ch_sudoers_line (user, example);
  g_auto(ChSshOutcome) outcome = { 0 };

  if (!ch_ssh_run (ssh, list, 20, &outcome, error))
    return FALSE;
  if (outcome.status != 0)
    return ch_error_set (error, CH_ERROR_FORBIDDEN, _("sudo lets “%s” run nothing without a password: put a line such as this into "
                         "a file under /etc/sudoers.d there: %s"), user, line);

  say (lines, _("sudo works; for a reload of nginx it needs this line in a file under /etc/sudoers.d: %s"), line);
  return TRUE;
}

static gboolean
probe_commands (const ChServerAccess *access,
                ChSsh                *ssh,
                GPtrArray            *lines,
                GError              **error)
{
  const char *version[] = { "/usr/bin/systemctl", "--version", NULL };
  g_auto(ChSshOutcome) outcome = { 0 };
  g_autoptr(GError) local = NULL;

  if (!ch_ssh_run (ssh, version, 20, &outcome, &local))
    {
      if (ssh->broken)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      say (lines, _("Commands cannot be run there: %s. So no service can be reloaded."), local->message);
      return TRUE;
    }

  if (outcome.status == 0)
    say (lines, _("Commands can be run, and systemd is there, so units can be reloaded."));
  else
    say (lines, _("Commands can be run; systemd is not there, so reload by a signal or a command."));
  return g_strcmp0 (ch_fields_get (ch_ssh_fields, access->settings, "sudo"), "yes") != 0
         || probe_sudo (access, ssh, lines, error);
}

static gboolean
probe (const ChServerAccess *access,
       GPtrArray            *lines,
       GCancellable         *cancellable,
       GError              **error)
{
  ch_ssh_forget (access);
  g_autoptr(ChSsh) ssh = ch_ssh_take (access, cancellable, error);
  ssh_key key = NULL;

  if (ssh == NULL)
    return FALSE;

  if (ssh_get_server_publickey (ssh->session, &key) == SSH_OK)
    {
      g_autofree char *fingerprint = ch_ssh_key_fingerprint (key);

      say (lines, _("Connected; the host key is the one that is known: %s."), fingerprint);
      ssh_key_free (key);
    }
  say (lines, _("Logged in as “%s”."), ch_fields_get (ch_ssh_fields, access->settings, "user"));

  return probe_files (access, ssh, lines, error) && probe_commands (access, ssh, lines, error);
}

const ChTarget ch_target_ssh = {
  .kind = "ssh",
  .title = N_("A server that is reached by SSH"),
  .fields = ch_ssh_fields,
  .prepare = ch_ssh_key_prepare,
  .scan = ch_ssh_scan,
  .probe = probe,
  .stage = ch_ssh_stage,
  .swap = ch_ssh_swap,
  .restore = ch_ssh_restore,
  .settle = ch_ssh_settle,
  .pending = ch_ssh_pending,
  .read = ch_ssh_read,
  .check_action = ch_ssh_check_action,
  .act = ch_ssh_act,
  .close = ch_ssh_pool_close,
  .survey = ch_ssh_survey,
  .publish = ch_ssh_publish,
  .withdraw = ch_ssh_withdraw,
};
