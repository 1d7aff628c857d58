/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include <glib/gi18n.h>

/* What an operation that makes an order leaves behind. */

void
ch_gs_make_unknown (GError **error)
{
  if (!g_error_matches (*error, CH_ERROR, CH_ERROR_TRANSIENT)
      && !g_error_matches (*error, CH_ERROR, CH_ERROR_BAD_ANSWER))
    return;

  GError *unknown = g_error_new (CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME,
                                 _("Nobody knows whether GlobalSign took the order: %s"), (*error)->message);
  g_error_free (*error);
  *error = unknown;
}

/* EVOrder answers with “OrderId”, the others with “OrderID” (docs/globalsign.md, Ordering). */
static char *
read_number (const ChSoapReply *reply)
{
  char *number = ch_soap_word (reply->response, "OrderID");

  return number != NULL ? number : ch_soap_word (reply->response, "OrderId");
}

static char *
number_of (const ChCaAccess  *access,
           const ChSoapReply *reply,
           const char        *target,
           GError           **error)
{
  g_autofree char *number = read_number (reply);

  if (number == NULL && !ch_gs_check (access, reply, error))
    return NULL;
  if (number == NULL || reply->success < 0 || g_strcmp0 (number, target) == 0)
    {
      ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME,
                    _("GlobalSign's answer leaves open whether it took the order (result %d, code %d)"),
                    reply->success, reply->code);
      return NULL;
    }

  return g_steal_pointer (&number);
}

ChSoapReply *
ch_gs_place (const ChCaAccess  *access,
             const char        *service,
             xmlNode           *request,
             const char        *target,
             char             **number,
             GCancellable      *cancellable,
             GError           **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(ChSoapReply) reply = ch_gs_call (access, service, request, cancellable, &cause);

  *number = reply != NULL ? number_of (access, reply, target, &cause) : NULL;
  if (*number != NULL)
    return g_steal_pointer (&reply);

  ch_gs_make_unknown (&cause);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}
