/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include <string.h>

/* A new operation is a handler here and, when it is not there yet, a table in schema.c. */
static const struct
{
  const char *name;
  SbHandler handler;
} handlers[] = {
  { "GetDVApproverList", sb_get_dv_approver_list },
  { "GetApproverList", sb_get_approver_list },
  { "DVOrder", sb_dv_order },
  { "ResendEmail", sb_resend_email },
  { "ChangeApproverEmail", sb_change_approver_email },
  { "DVDNSOrder", sb_dv_dns_order },
  { "DVDNSVerificationForIssue", sb_dv_dns_verification_for_issue },
  { "URLVerification", sb_url_verification },
  { "URLVerificationForIssue", sb_url_verification_for_issue },
  { "OVOrder", sb_ov_order },
  { "EVOrder", sb_ev_order },
  { "ModifyOrder", sb_modify_order },
  { "ToggleRenewalNotice", sb_toggle_renewal_notice },
  { "DVOrderWithoutCSR", sb_order_without_csr },
  { "URLVerificationWithoutCSR", sb_order_without_csr },
  { "DVDNSOrderWithoutCsr", sb_order_without_csr },
  { "OVOrderWithoutCSR", sb_order_without_csr },
  { "ReIssueWithoutCSR", sb_reissue_without_csr },
  { "ReIssue", sb_reissue },
  { "ChangeSubjectAltName", sb_change_subject_alt_name },
  { "GetOrderByOrderID", sb_get_order_by_order_id },
  { "GetOrderByDateRange", sb_get_order_by_date_range },
  { "GetModifiedOrders", sb_get_modified_orders },
  { "GetCertificateOrders", sb_get_certificate_orders },
  { "GetOrderByExpirationDate", sb_get_order_by_expiration_date },
  { "DecodeCSR", sb_decode_csr },
  { "ValidateOrderParameters", sb_validate_order_parameters },
  { "AccountSnapshot", sb_account_snapshot },
};

SbHandler
sb_operations_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (strcmp (handlers[i].name, name) == 0)
      return handlers[i].handler;

  return NULL;
}
