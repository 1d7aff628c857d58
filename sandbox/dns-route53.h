/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"

#define SB_ROUTE53_XMLNS "https://route53.amazonaws.com/doc/2013-04-01/"
#define SB_STS_XMLNS "https://sts.amazonaws.com/doc/2011-06-15/"

#define SB_ROUTE53_USER "arn:aws:iam::123456789012:user/sandbox"
#define SB_ROUTE53_ROLE "arn:aws:iam::123456789012:role/sandbox"
#define SB_ROUTE53_EXTERNAL_ID "sandbox-external-id"
#define SB_ROUTE53_ACCESS_KEY "AKIASANDBOX012345678"
#define SB_ROUTE53_SECRET "sandbox/secret+0123456789abcdefghijklmno"

/** SbRoute53Session: temporary credentials. @until: Unix seconds */
typedef struct
{
  char *secret;
  char *token;
  gint64 until;
} SbRoute53Session;

/**
 * SbRoute53:
 * @sessions: (element-type utf8 SbRoute53Session): by access key
 * @changes: (element-type utf8 gint64): change id → when it is everywhere (monotonic time)
 * @denied: (element-type utf8): actions such as "GetChange" that the policy does not allow
 * @routed: (element-type utf8): names whose TXT sets are shown as weighted ones
 * @twins: (element-type utf8): zones of which there is a second public one
 * @clock: seconds that the service is ahead
 * @pending: milliseconds until a change is everywhere
 * @rate: requests in a second; 0 for any number
 */
typedef struct
{
  GHashTable *sessions;
  GHashTable *changes;
  GHashTable *denied;
  GHashTable *routed;
  GHashTable *twins;
  gint64 clock;
  gint64 pending;
  gint64 rate;
  gint64 second;        /* that the requests are counted in */
  gint64 requests;
  gboolean only_upsert;
} SbRoute53;

/** sb_route53_answer: @xml: below the declaration. */
void sb_route53_answer (SbDnsCall  *call,
                        const char *xml);

/** sb_route53_fail: an ErrorResponse. */
void sb_route53_fail (SbDnsCall  *call,
                      guint       status,
                      const char *code,
                      const char *format,
                      ...) G_GNUC_PRINTF (4, 5);

/** sb_route53_allow: whether the policy allows it; else the call is answered. */
gboolean sb_route53_allow (SbDnsCall  *call,
                           const char *action,
                           const char *resource);

/** sb_route53_zone: (nullable): the zone of the id in the path, when its records stand in DNS; else answered. */
const char *sb_route53_zone (SbDnsCall *call);

/** sb_route53_order: (transfer full): the key that Route 53 sorts a name by: labels reversed, "test.example." */
char *sb_route53_order (const char *name);

/** sb_route53_name: (transfer full): a name as it is shown: final dot, octal escapes. */
char *sb_route53_name (const char *name);

/** sb_route53_now: the service's clock, Unix seconds. */
gint64 sb_route53_now (SbRoute53 *state);

/** sb_route53_begin_change: (transfer full): the ChangeInfo of a change that begins now. */
char *sb_route53_begin_change (SbRoute53 *state);

/** sb_route53_check: recomputes the signature (dns-route53-auth.c). */
gboolean sb_route53_check (SbDnsCall *call);

/** sb_route53_assume_role: STS. */
void sb_route53_assume_role (SbDnsCall *call);

/** sb_route53_list, sb_route53_change: record sets (dns-route53-records.c). */
void sb_route53_list (SbDnsCall *call);
void sb_route53_change (SbDnsCall *call);
