/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* How an order that follows another one (reissue, change of names) can be proven when no earlier proof
 * is good any more. GlobalSign's answer to ReIssue has no place for a value. */
typedef enum
{
  SB_FOLLOW_PAGE,   /* a new value on the order's own page, whose link is the VerificationUrl */
  SB_FOLLOW_SAME,   /* the value of the order before is asked for again */
  SB_FOLLOW_REFUSE, /* no order: -3012 */
} SbFollow;

typedef enum
{
  SB_NIL_MARKED, /* <X xsi:nil="true"/>, as recorded */
  SB_NIL_OMITTED,
  SB_NIL_EMPTY,
} SbNilStyle;

/**
 * SbSettings:
 * @vetting_delay: milliseconds between a seen proof and the issue
 * @revocation_delay: milliseconds in which an order is “waiting for revocation”; 0 for none
 * @organization_delay: milliseconds after which staff has vetted an OV or EV order, its domains
 *   included; -1 for never
 * @mail_life: milliseconds for which the link in a mail is good
 * @reservation_life: milliseconds for which an OrderID of GetDVApproverList is kept
 * @order_limit: most orders in one answer
 * @limit_is_error: more than @order_limit is an error; else the answer is cut
 * @refund_days: for how long after the first issue an order can be cancelled
 * @renewal_window, @renewal_grace: days before and after the end of the term in which it can be renewed
 * @renewal_reuses: a renewal is issued at once where an earlier proof is still good
 * @reissued_code: the refusal of an order that has a successor: -4016, or -9938
 * @follow: see #SbFollow
 * @http_port, @https_port: where host names are asked in place of 80 and 443
 * @follow_redirects: whether the file may stand behind a redirection
 * @nil_style: see #SbNilStyle
 * @kind_as_sent: OrderKind is answered as it was sent, not with a capital
 * @month_quirk: the ProductCode of a one-month AlphaSSL order is answered as DV_LOW_MONTH_OP
 *
 * What can be chosen while the sandbox runs, mostly where the live service is not known well enough.
 */
typedef struct
{
  gint64 vetting_delay;
  gint64 revocation_delay;
  gint64 organization_delay;
  gint64 mail_life;
  gint64 reservation_life;
  gint64 order_limit;
  gint64 limit_is_error;
  gint64 refund_days;
  gint64 renewal_window;
  gint64 renewal_grace;
  gint64 renewal_reuses;
  gint64 reissued_code;
  gint64 follow;
  gint64 http_port;
  gint64 https_port;
  gint64 follow_redirects;
  gint64 nil_style;
  gint64 kind_as_sent;
  gint64 month_quirk;
} SbSettings;

/* As a sandbox starts without options. */
void sb_settings_init (SbSettings *settings);

/**
 * sb_settings_change:
 * @body: some of the settings by name; others stay
 * @why: (out) (transfer full): on failure: what is wrong with it
 *
 * Returns: %FALSE, and nothing has changed, for an unknown name or a wrong value
 */
gboolean sb_settings_change (SbSettings  *settings,
                             JsonObject  *body,
                             char       **why);

JsonObject *sb_settings_to_json (const SbSettings *settings);
