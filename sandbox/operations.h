/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"

/**
 * SbHandler:
 *
 * Does what one operation does, with a request that passed the check and an account that is in
 * order. Ends with sb_call_done(), now or later.
 */
typedef void (*SbHandler) (SbCall *call);

SbHandler sb_operations_find (const char *name);

/* operations-order.c */
void sb_dv_dns_order (SbCall *call);
void sb_url_verification (SbCall *call);
void sb_ov_order (SbCall *call);
void sb_ev_order (SbCall *call);

/* operations-email.c */
void sb_get_dv_approver_list (SbCall *call);
void sb_get_approver_list (SbCall *call);
void sb_dv_order (SbCall *call);
void sb_resend_email (SbCall *call);
void sb_change_approver_email (SbCall *call);

/* operations-change.c */
void sb_toggle_renewal_notice (SbCall *call);
void sb_order_without_csr (SbCall *call);
void sb_reissue_without_csr (SbCall *call);

/* operations-modify.c */
void sb_modify_order (SbCall *call);

/* operations-reissue.c */
void sb_reissue (SbCall *call);
void sb_change_subject_alt_name (SbCall *call);

/* operations-verify.c */
void sb_dv_dns_verification_for_issue (SbCall *call);
void sb_url_verification_for_issue (SbCall *call);

/* operations-query.c */
void sb_get_order_by_order_id (SbCall *call);
void sb_get_order_by_date_range (SbCall *call);
void sb_get_modified_orders (SbCall *call);

/* operations-search.c */
void sb_get_certificate_orders (SbCall *call);
void sb_get_order_by_expiration_date (SbCall *call);

/* operations-account.c */
void sb_account_snapshot (SbCall *call);
void sb_decode_csr (SbCall *call);
void sb_validate_order_parameters (SbCall *call);
