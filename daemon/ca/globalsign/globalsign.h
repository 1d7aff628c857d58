/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "ca/globalsign/soap.h"
#include "lib/error.h"

/* What the files of the GlobalSign connector share. */

#define CH_GS_ORDERS "/ServerSSLService"
#define CH_GS_QUERIES "/GASService"
#define CH_GS_ACCOUNT "/AccountService"

extern const ChField ch_gs_fields[];

/* ---- call.c ---- */

/** ChGsHeader: which of the two headers an operation takes (docs/globalsign.md, Envelope). */
typedef enum
{
  CH_GS_ORDER_HEADER,
  CH_GS_QUERY_HEADER,
} ChGsHeader;

/** ch_gs_request_new: (transfer full): a request with its header; freed with ch_soap_request_free(). */
xmlNode *ch_gs_request_new (const ChCaAccess *access,
                            const char       *operation,
                            ChGsHeader        header);

/**
 * ch_gs_call:
 * @service: one of the paths above
 * @request: (transfer full): filled
 *
 * Returns: (transfer full): the answer, also when it is a refusal: see ch_gs_check(); or %NULL with the
 *   errors of ch_http_send() and ch_soap_parse(), or what an HTTP status says
 */
ChSoapReply *ch_gs_call (const ChCaAccess *access,
                         const char       *service,
                         xmlNode          *request,
                         GCancellable     *cancellable,
                         GError          **error);

/** ch_gs_check: whether @reply is a success (with or without a warning); else what its first code says. */
gboolean ch_gs_check (const ChCaAccess  *access,
                      const ChSoapReply *reply,
                      GError           **error);

/** ch_gs_error_text: (transfer full): an entry of an answer's errors as a sentence. */
char *ch_gs_error_text (const ChCaAccess  *access,
                        const ChSoapError *entry);

/** ch_gs_ask: ch_gs_call() and ch_gs_check(). */
ChSoapReply *ch_gs_ask (const ChCaAccess *access,
                        const char       *service,
                        xmlNode          *request,
                        GCancellable     *cancellable,
                        GError          **error);

/* ---- queries.c ---- */

/** ChGsDetail: how much of an order a query shall tell: number and state; people and dates too; or all. */
typedef enum
{
  CH_GS_DETAIL_NONE,
  CH_GS_DETAIL_STATE,
  CH_GS_DETAIL_WHOLE,
} ChGsDetail;

/** ch_gs_add_options: adds OrderQueryOption; @order_status 0 is all. */
void ch_gs_add_options (xmlNode    *request,
                        ChGsDetail  detail,
                        int         order_status);

/* ---- placed.c ---- */

/** ch_gs_make_unknown: once sent, only a clear no means that nothing was ordered: all else may hide an order. */
void ch_gs_make_unknown (GError **error);

/**
 * ch_gs_place:
 * @request: (transfer full): of an operation that makes an order
 * @target: (nullable): the order that it is made from; its number cannot be the new one's
 * @number: (out) (transfer full): of the new order
 *
 * Returns: (transfer full): the answer; or %NULL with %CH_ERROR_UNKNOWN_OUTCOME, or an error that says that no order
 *   was made
 */
ChSoapReply *ch_gs_place (const ChCaAccess  *access,
                          const char        *service,
                          xmlNode           *request,
                          const char        *target,
                          char             **number,
                          GCancellable      *cancellable,
                          GError           **error);

/* ---- answers.c ---- */

/** ch_gs_order_new: (transfer full): an order with that status and the sentence for it. */
ChCaOrder *ch_gs_order_new (const char *ca_order,
                            ChCaStatus  status);

/**
 * ch_gs_read_status: what the codes of an order and of its certificate mean together; 0 is none.
 *
 * Returns: %FALSE when neither is known; then @status is that of an order that waits
 */
gboolean ch_gs_read_status (int         order_code,
                            int         certificate_code,
                            ChCaStatus *status);

/** ch_gs_read_fulfillment: certificate, chain and request out of the element Fulfillment in @from. */
void ch_gs_read_fulfillment (ChCaOrder     *order,
                             const xmlNode *from);

/** ch_gs_explain_vetting: an order that waits, for OV or EV: what it waits for is GlobalSign's staff. */
void ch_gs_explain_vetting (ChCaOrder *order);

/** ch_gs_read_row: (transfer full) (nullable): a SearchOrderDetail; %NULL without number or status. */
ChCaOrder *ch_gs_read_row (const xmlNode *row);

/**
 * ch_gs_read_issue:
 * @issue: (nullable): the element that holds CertificateInfo and Fulfillment
 *
 * Returns: (transfer full): the order as the verification leaves it
 */
ChCaOrder *ch_gs_read_issue (const char    *ca_order,
                             const xmlNode *issue);

/* ---- details.c ---- */

/**
 * ch_gs_read_detail:
 * @whole: whether everything was asked for, so that what is not there is not
 *
 * Returns: (transfer full) (nullable): an OrderDetail; %NULL without number or status
 */
ChCaOrder *ch_gs_read_detail (const xmlNode *detail,
                              gboolean       whole);

/** ch_gs_price_text: (transfer full) (nullable): such as "249.00 EUR", from what an answer says. */
char *ch_gs_price_text (const char *price,
                        const char *currency);

/* ---- the functions of ChCa ---- */

/* account.c */
gboolean ch_gs_verify (const ChCaAccess  *access,
                       GHashTable       **facts,
                       GCancellable      *cancellable,
                       GError           **error);

/* may-order.c */
gboolean ch_gs_may_name (const ChCaAccess   *access,
                         const ChCaRequest  *request,
                         GError            **error);
gboolean ch_gs_may_order (const ChCaAccess   *access,
                          const ChCaRequest  *request,
                          GError            **error);

/* place.c */
ChCaOrder *ch_gs_submit (const ChCaAccess   *access,
                         const ChCaRequest  *request,
                         GCancellable       *cancellable,
                         GError            **error);

/* preview.c */
ChCaPreview *ch_gs_preview (const ChCaAccess   *access,
                            const ChCaRequest  *request,
                            GCancellable       *cancellable,
                            GError            **error);

/* import.c */
gboolean ch_gs_list_placed (const ChCaAccess  *access,
                            gint64             from,
                            gint64             to,
                            const ChCaStatus  *status,
                            ChCaFound          found,
                            gpointer           data,
                            GCancellable      *cancellable,
                            GError           **error);

/* prove.c */
ChCaOrder *ch_gs_check_order (const ChCaAccess  *access,
                              const char        *ca_order,
                              ChDcvMethod        method,
                              const char        *location,
                              GCancellable      *cancellable,
                              GError           **error);

/* approvers.c */
char **ch_gs_list_approvers (const ChCaAccess  *access,
                             const char        *name,
                             GCancellable      *cancellable,
                             GError           **error);
gboolean ch_gs_change_approver (const ChCaAccess  *access,
                                const char        *ca_order,
                                const char        *name,
                                const char        *approver,
                                GCancellable      *cancellable,
                                GError           **error);
gboolean ch_gs_resend_mail (const ChCaAccess  *access,
                            const char        *ca_order,
                            GCancellable      *cancellable,
                            GError           **error);

/* modify.c */
gboolean ch_gs_cancel (const ChCaAccess  *access,
                       const char        *ca_order,
                       GCancellable      *cancellable,
                       GError           **error);
gboolean ch_gs_revoke (const ChCaAccess  *access,
                       const char        *ca_order,
                       GCancellable      *cancellable,
                       GError           **error);

/* reissue.c */
ChCaOrder *ch_gs_reissue (const ChCaAccess   *access,
                          const char         *ca_order,
                          const char         *csr,
                          const char *const  *names,
                          GCancellable       *cancellable,
                          GError            **error);

/* find.c */
ChCaOrder *ch_gs_find (const ChCaAccess  *access,
                       const char        *own_key,
                       gint64             since,
                       GCancellable      *cancellable,
                       GError           **error);
ChCaOrder *ch_gs_find_reissue (const ChCaAccess  *access,
                               const char        *ca_order,
                               gint64             since,
                               GCancellable      *cancellable,
                               GError           **error);

/* queries.c */
ChCaOrder *ch_gs_fetch (const ChCaAccess  *access,
                        const char        *ca_order,
                        GCancellable      *cancellable,
                        GError           **error);
GPtrArray *ch_gs_list_changed (const ChCaAccess  *access,
                               gint64             from,
                               gint64             to,
                               GCancellable      *cancellable,
                               GError           **error);
