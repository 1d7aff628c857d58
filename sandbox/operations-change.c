/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

/* The mails that GlobalSign sends before the end of a term; none is sent here. */
void
sb_toggle_renewal_notice (SbCall *call)
{
  SbOrder *order = sb_call_order (call);
  g_autoptr(GError) error = NULL;

  if (order != NULL)
    {
      SbOrder *next = sb_order_copy (order);

      next->no_notice = !sb_flag (call->request, "RenewalNotice");
      sb_order_note (next, "RENEWAL_NOTICE_CHANGED", call->now);
      if (sb_state_commit (call->world->state, next, 0, &error))
        sb_add_text (call->response, "OrderID", call->order_id);
      else
        sb_call_fail_internally (call, error);
    }

  sb_call_done (call);
}

/* AutoCSR is no longer offered for public TLS. */
void
sb_order_without_csr (SbCall *call)
{
  sb_call_refuse (call, -9100, NULL, "AutoCSR is no longer offered. Send a CSR.");
}

void
sb_reissue_without_csr (SbCall *call)
{
  sb_call_refuse (call, -9151, "TargetOrderID", NULL);
}
