/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>

static const char *
secret (const ChServerAccess *access,
        const char           *name)
{
  const char *value = access->secrets != NULL ? g_hash_table_lookup (access->secrets, name) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

static gboolean
fail (ChSsh      *ssh,
      int         result,
      const char *next_step,
      GError    **error)
{
  if (ch_ssh_is_cut (ssh) && (g_cancellable_is_cancelled (ssh->cancellable) || g_atomic_int_get (&ssh->timed_out)))
    return ch_ssh_fail (ssh, error);
  if (result == SSH_AUTH_PARTIAL)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("“%s” wants a second proof after the first, which a service cannot give: let this user log in "
                           "by its key alone"), ssh->where);
  if (result == SSH_AUTH_DENIED)
    return ch_error_set (error, CH_ERROR_CREDENTIALS, _("“%s” refuses the login: %s"), ssh->where, next_step);

  return ch_ssh_fail (ssh, error);
}

/* ---- password ---- */

/* What PAM asks by keyboard-interactive is the password, as long as it asks one hidden thing (RFC 4256). */
static int
answer_prompts (ChSsh      *ssh,
                const char *password)
{
  int result = ssh_userauth_kbdint (ssh->session, NULL, NULL);

  for (guint round = 0; result == SSH_AUTH_INFO && round < 3; round++)
    {
      int n = ssh_userauth_kbdint_getnprompts (ssh->session);
      char echo = 1;

      if (n > 1)
        return SSH_AUTH_DENIED;
      if (n == 1)
        {
          (void) ssh_userauth_kbdint_getprompt (ssh->session, 0, &echo);
          if (echo || ssh_userauth_kbdint_setanswer (ssh->session, 0, password) < 0)
            return SSH_AUTH_DENIED;
        }
      result = ssh_userauth_kbdint (ssh->session, NULL, NULL);
    }

  return result == SSH_AUTH_INFO ? SSH_AUTH_DENIED : result;
}

static gboolean
log_in_by_password (ChSsh                *ssh,
                    const ChServerAccess *access,
                    GError              **error)
{
  const char *password = secret (access, "password");

  if (password == NULL)
    return ch_error_set (error, CH_ERROR_CREDENTIALS, _("There is no password for “%s”: set it"), ssh->where);

  int result = ssh_userauth_none (ssh->session, NULL);
  int methods = result == SSH_AUTH_DENIED ? ssh_userauth_list (ssh->session, NULL) : 0;

  if (methods & SSH_AUTH_METHOD_PASSWORD)
    result = ssh_userauth_password (ssh->session, NULL, password);
  else if (methods & SSH_AUTH_METHOD_INTERACTIVE)
    result = answer_prompts (ssh, password);
  if (result == SSH_AUTH_SUCCESS)
    return TRUE;

  return fail (ssh, result, (methods & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE)) != 0
               ? _("the user or the password is wrong")
               : _("it takes no passwords; use a key"), error);
}

/* ---- key ---- */

static gboolean
log_in_by_key (ChSsh                *ssh,
               const ChServerAccess *access,
               GError              **error)
{
  const char *text = secret (access, "private-key");

  if (text == NULL)
    return ch_error_set (error, CH_ERROR_CREDENTIALS, _("There is no private key for “%s”: set “private-key”, or let “auth” be "
                         "“generated”"), ssh->where);

  ssh_key key = ch_ssh_key_load (text, secret (access, "passphrase"), error);
  if (key == NULL)
    return FALSE;

  int result = ssh_userauth_publickey (ssh->session, NULL, key);
  g_autofree char *line = ch_ssh_key_line (key);
  g_autofree char *next_step = g_strdup_printf (_("is this line in ~/.ssh/authorized_keys of the user there? %s"), line);
  ssh_key_free (key);

  return result == SSH_AUTH_SUCCESS || fail (ssh, result, next_step, error);
}

gboolean
ch_ssh_login (ChSsh                *ssh,
              const ChServerAccess *access,
              GError              **error)
{
  if (g_strcmp0 (ch_fields_get (ch_ssh_fields, access->settings, "auth"), "password") == 0)
    return log_in_by_password (ssh, access, error);

  return log_in_by_key (ssh, access, error);
}
