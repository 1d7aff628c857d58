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
 * @proven: the domain at which the proof was seen
 * @verified: when the proof was seen; 0 before
 * @issue_due: when a verified order is to be issued, while it is held by a vetting delay
 * @wanted_from, @wanted_until: a custom validity, or 0
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
  gint64 issued;
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
  char *common_name;
  char *sub_id;
  char *special_instructions;
  char *first_name;
  char *last_name;
  char *phone;
  char *email;
  char *currency;
  char *token;
  char *proven;
  char *csr;
  char *key_id;
  char *serial;
  char *certificate;
  GStrv sans;
  GStrv names;
  GStrv approvers;
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
