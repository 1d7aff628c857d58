/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client-private.h"

#include "client.h"
#include "error.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (ch-client-error-quark, ch_client_error)

static gboolean
is_silence (const GError *error)
{
  static const int codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN, G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_NO_REPLY,
    G_DBUS_ERROR_DISCONNECTED, G_DBUS_ERROR_TIMEOUT, G_DBUS_ERROR_TIMED_OUT, G_DBUS_ERROR_NO_SERVER,
    G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_CHILD_SIGNALED, G_DBUS_ERROR_SPAWN_EXEC_FAILED,
    G_DBUS_ERROR_SPAWN_FAILED, G_DBUS_ERROR_SPAWN_FORK_FAILED, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
    G_DBUS_ERROR_SPAWN_SERVICE_INVALID, G_DBUS_ERROR_SPAWN_PERMISSIONS_INVALID,
  };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

/* GDBus 2.74 has no code for this one. */
static gboolean
wants_a_person (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return g_strcmp0 (name, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired") == 0;
}

static ChError
code_for (const GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED)
      || wants_a_person (error))
    return CH_ERROR_NOT_AUTHORIZED;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return CH_ERROR_NOT_FOUND;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS))
    return CH_ERROR_INVALID;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED))
    return CH_ERROR_LIMIT;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CH_ERROR_CANCELLED;

  return CH_ERROR_FAILED;
}

void
ch_client_error_translate (GError **error)
{
  GError *ours;
  ChError code;

  if (error == NULL)
    return;

  code = code_for (*error);
  g_dbus_error_strip_remote_error (*error);
  if ((*error)->domain == CH_ERROR)
    return;

  if (is_silence (*error))
    ours = g_error_new (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE,
                        _("The service chanceryd does not answer (%s). Is it installed and running? "
                          "“systemctl status chanceryd” tells."),
                        (*error)->message);
  else
    ours = g_error_new_literal (CH_ERROR, code, (*error)->message);

  g_error_free (*error);
  *error = ours;
}
