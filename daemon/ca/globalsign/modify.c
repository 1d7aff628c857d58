/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"

#include <glib/gi18n.h>

/* Ending an order: ModifyOrder (docs/globalsign.md, Cancelling and revoking). */

#define CANCEL_DAYS 7

static ChSoapReply *
modify (const ChCaAccess  *access,
        const char        *ca_order,
        const char        *operation,
        GCancellable      *cancellable,
        GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "ModifyOrder", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  ch_soap_add (request, "ModifyOrderOperation", operation);

  return ch_gs_call (access, CH_GS_ORDERS, request, cancellable, error);
}

/* Codes that may mean that it was done before, or can be done no more. The order tells. */
static gboolean
says_little (int code)
{
  return code == CH_GS_CODE_INTERNAL || code == CH_GS_CODE_LOGICAL_LIMIT || code == CH_GS_CODE_NOT_PROCESSED
         || code == CH_GS_CODE_CANCELLED_ALREADY || code == CH_GS_CODE_MODIFIED_ALREADY;
}

static ChCaOrder *
look_behind (const ChCaAccess  *access,
             const char        *ca_order,
             const ChSoapReply *refusal,
             GCancellable      *cancellable)
{
  return says_little (refusal->code) ? ch_gs_fetch (access, ca_order, cancellable, NULL) : NULL;
}

/* @issued_at: 0 when the CA does not tell */
static gboolean
is_too_late (gint64 issued_at)
{
  return issued_at == 0 || g_get_real_time () / G_USEC_PER_SEC - issued_at > CANCEL_DAYS * 24 * 60 * 60;
}

gboolean
ch_gs_cancel (const ChCaAccess  *access,
              const char        *ca_order,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(ChSoapReply) reply = modify (access, ca_order, "CANCEL", cancellable, error);

  if (reply == NULL)
    return FALSE;
  if (reply->success >= 0 || reply->code == CH_GS_CODE_CANCELLED_ALREADY)
    return TRUE;

  g_autoptr(ChCaOrder) order = look_behind (access, ca_order, reply, cancellable);
  if (order != NULL && order->status == CH_CA_CANCELLED)
    return TRUE;
  if (order != NULL && order->status == CH_CA_ISSUED && is_too_late (order->issued_at))
    return ch_error_set (error, CH_ERROR_CA_REFUSED,
                         _("GlobalSign cancels an issued order, and gives the money back, for %d days after the issue "
                           "only; order “%s” is older: its certificate can be revoked instead (code %d)"),
                         CANCEL_DAYS, ca_order, reply->code);

  return ch_gs_check (access, reply, error);
}

gboolean
ch_gs_revoke (const ChCaAccess  *access,
              const char        *ca_order,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(ChSoapReply) reply = modify (access, ca_order, "REVOKE", cancellable, error);

  if (reply == NULL)
    return FALSE;
  if (reply->success >= 0)
    return TRUE;

  g_autoptr(ChCaOrder) order = look_behind (access, ca_order, reply, cancellable);
  if (order != NULL && order->status == CH_CA_REVOKED)
    return TRUE;
  if (order != NULL && order->status < CH_CA_ISSUED)
    return ch_error_set (error, CH_ERROR_CA_REFUSED,
                         _("Order “%s” has no certificate yet that could be revoked; cancel the order instead "
                           "(code %d)"),
                         ca_order, reply->code);

  return ch_gs_check (access, reply, error);
}
