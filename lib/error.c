/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "error.h"

#include "paths.h"

#include <gio/gio.h>

static const GDBusErrorEntry entries[] = {
  { CH_ERROR_FAILED, CH_BUS_NAME ".Error.Failed" },
  { CH_ERROR_INVALID, CH_BUS_NAME ".Error.Invalid" },
  { CH_ERROR_NOT_FOUND, CH_BUS_NAME ".Error.NotFound" },
  { CH_ERROR_EXISTS, CH_BUS_NAME ".Error.Exists" },
  { CH_ERROR_IN_USE, CH_BUS_NAME ".Error.InUse" },
  { CH_ERROR_WRONG_STATE, CH_BUS_NAME ".Error.WrongState" },
  { CH_ERROR_NOT_AUTHORIZED, CH_BUS_NAME ".Error.NotAuthorized" },
  { CH_ERROR_LIMIT, CH_BUS_NAME ".Error.Limit" },
  { CH_ERROR_CANCELLED, CH_BUS_NAME ".Error.Cancelled" },
  { CH_ERROR_UNREACHABLE, CH_BUS_NAME ".Error.Unreachable" },
  { CH_ERROR_UNKNOWN_OUTCOME, CH_BUS_NAME ".Error.UnknownOutcome" },
  { CH_ERROR_BAD_ANSWER, CH_BUS_NAME ".Error.BadAnswer" },
  { CH_ERROR_THROTTLED, CH_BUS_NAME ".Error.Throttled" },
  { CH_ERROR_TRANSIENT, CH_BUS_NAME ".Error.Transient" },
  { CH_ERROR_CREDENTIALS, CH_BUS_NAME ".Error.Credentials" },
  { CH_ERROR_FORBIDDEN, CH_BUS_NAME ".Error.Forbidden" },
  { CH_ERROR_CLOCK, CH_BUS_NAME ".Error.Clock" },
  { CH_ERROR_CA_REFUSED, CH_BUS_NAME ".Error.CaRefused" },
  { CH_ERROR_MONEY, CH_BUS_NAME ".Error.Money" },
  { CH_ERROR_NOT_YET, CH_BUS_NAME ".Error.NotYet" },
  { CH_ERROR_ZONE_NOT_FOUND, CH_BUS_NAME ".Error.ZoneNotFound" },
  { CH_ERROR_CONFLICT, CH_BUS_NAME ".Error.Conflict" },
  { CH_ERROR_TLS, CH_BUS_NAME ".Error.Tls" },
  { CH_ERROR_FILE, CH_BUS_NAME ".Error.File" },
  { CH_ERROR_NO_SPACE, CH_BUS_NAME ".Error.NoSpace" },
  { CH_ERROR_ACTION_FAILED, CH_BUS_NAME ".Error.ActionFailed" },
  { CH_ERROR_NOT_SERVED, CH_BUS_NAME ".Error.NotServed" },
  { CH_ERROR_STORE, CH_BUS_NAME ".Error.Store" },
  { CH_ERROR_VAULT, CH_BUS_NAME ".Error.Vault" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (entries) == CH_ERROR_N_CODES);

GQuark
ch_error_quark (void)
{
  static gsize quark;

  g_dbus_error_register_error_domain ("ch-error-quark", &quark, entries, G_N_ELEMENTS (entries));
  return (GQuark) quark;
}

gboolean
ch_error_set (GError    **error,
              ChError     code,
              const char *format,
              ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (CH_ERROR, code, format, args);
  va_end (args);

  return FALSE;
}

gboolean
ch_error_is_retryable (const GError *error)
{
  if (error->domain != CH_ERROR)
    return FALSE;

  switch (error->code)
    {
    case CH_ERROR_UNREACHABLE:
    case CH_ERROR_UNKNOWN_OUTCOME:
    case CH_ERROR_BAD_ANSWER:
    case CH_ERROR_THROTTLED:
    case CH_ERROR_TRANSIENT:
    case CH_ERROR_NOT_YET:
    case CH_ERROR_NO_SPACE:
      return TRUE;
    default:
      return FALSE;
    }
}

const char *
ch_error_name (ChError code)
{
  g_return_val_if_fail (code < CH_ERROR_N_CODES, entries[0].dbus_error_name);
  return entries[code].dbus_error_name;
}

static ChError
code_for (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CH_ERROR_CANCELLED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return CH_ERROR_NO_SPACE;
  if (error->domain == G_TLS_ERROR)
    return CH_ERROR_TLS;
  if (error->domain == G_RESOLVER_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return CH_ERROR_UNREACHABLE;
  if (error->domain == G_FILE_ERROR)
    return CH_ERROR_FILE;

  return CH_ERROR_FAILED;
}

void
ch_error_from_gio (GError **error)
{
  if (error == NULL || *error == NULL || (*error)->domain == CH_ERROR)
    return;

  GError *ours = g_error_new_literal (CH_ERROR, code_for (*error), (*error)->message);
  g_error_free (*error);
  *error = ours;
}
