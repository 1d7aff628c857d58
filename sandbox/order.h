/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

/* The numbers of GlobalSign's answers. */
typedef enum
{
  SB_STATUS_INITIAL = 1,
  SB_STATUS_PHISHING_CHECK = 2,
  SB_STATUS_CANCELLED = 3,
  SB_STATUS_ISSUED = 4,
  SB_STATUS_CANCELLED_AFTER_ISSUE = 5,
  SB_STATUS_REVOKING = 6,
  SB_STATUS_REVOKED = 7,
} SbStatus;

/**
 * SbOrder:
 * @sans: “type name” each, as ordered
 * @names: what stands in the certificate
 * @approvers: the VerificationFQDNList
 * @events: “NAME milliseconds” each
 * @price: in cents; what was charged and not refunded
 * @token: the value of the proof
 * @page: secret end of the address of the order's own page; %NULL when it has none
 * @proofs: “METHOD milliseconds domain” each: what the issue relies on, perhaps seen for an earlier order
 * @verified: when the proof was seen; 0 before
 * @issue_due: when a verified order is to be issued, while it is held by a vetting delay
 * @vetted: when GlobalSign's staff had looked through an OV or EV order
 * @approver: who is asked by mail
 * @mails: see mails.c
 * @notified, @confirmed: when the approver was last written to, and agreed
 * @revoke_due: when a revocation is done
 * @wanted_from, @wanted_until: a custom validity, or 0
 * @first_issued: the first issue of the chain of reissues that the order belongs to
 * @term_end: the end of what was paid for; the same for all of such a chain
 * @reissue_of: the order that this one takes the place of
 * @no_notice: whether the mails before the end of the term are switched off
 * @coupon, @campaign: what made it cheaper
 * @details: “path=text” each: the blocks of the request about people and organisations
 *
 * One order. All times are milliseconds since 1970. A change is made on a copy and becomes true by
 * sb_state_commit().
 */
typedef struct
{
  gint64 sequence;
  gint64 status;
  gint64 months;
  gint64 licenses;
  gint64 price;
  gint64 ordered;
  gint64 modified;
  gint64 cancelled;
  gint64 verified;
  gint64 issue_due;
  gint64 revoke_due;
  gint64 vetted;
  gint64 no_notice;
  gint64 notified;
  gint64 confirmed;
  gint64 issued;
  gint64 first_issued;
  gint64 term_end;
  gint64 wanted_from;
  gint64 wanted_until;
  gint64 not_before;
  gint64 not_after;
  char *id;
  char *user;
  char *product;
  char *base_option;
  char *kind;
  char *renewal_of;
  char *reissue_of;
  char *common_name;
  char *sub_id;
  char *special_instructions;
  char *currency;
  char *token;
  char *page;
  char *approver;
  char *coupon;
  char *campaign;
  char *csr;
  char *key_id;
  char *serial;
  char *certificate;
  GStrv sans;
  GStrv names;
  GStrv approvers;
  GStrv proofs;
  GStrv details;
  GStrv mails;
  GStrv events;
} SbOrder;

SbOrder *sb_order_copy (const SbOrder *order);
void     sb_order_free (SbOrder       *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbOrder, sb_order_free)

JsonObject *sb_order_to_json   (const SbOrder *order);
SbOrder    *sb_order_from_json (JsonObject    *object);

/* Notes an event at @time, which also becomes the time of the last change. */
void sb_order_note (SbOrder    *order,
                    const char *event,
                    gint64      time);

const char *sb_san_name (const char *san);

/**
 * sb_order_detail:
 * @path: as in the request, for example `ContactInfo/Email`
 *
 * Returns: (transfer none) (nullable): what the order said there
 */
const char *sb_order_detail (const SbOrder *order,
                             const char    *path);

/* Adds @line to one of an order's lists. */
void sb_order_append (GStrv      *list,
                      const char *line);
