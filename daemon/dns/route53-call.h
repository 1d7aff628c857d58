/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "net/xml.h"

/* Asking Route 53 and STS: where they are, who asks, and what their refusals mean. */

extern const ChField ch_route53_fields[];

/** ChRoute53Place: where a partition's services are. The region is that of signatures, not the user's. */
typedef struct
{
  const char *partition;
  const char *url;
  const char *region;
  const char *sts_domain;
} ChRoute53Place;

/** ch_route53_place: that of @partition, or %NULL. */
const ChRoute53Place *ch_route53_place (const char *partition);

/** ch_route53_sts_url: (transfer full): STS's for the region that signs; @region NULL: the partition's own. */
char *ch_route53_sts_url (const ChRoute53Place *place,
                          const char           *region);

/** ChRoute53: one account, ready to be asked. */
typedef struct
{
  GHashTable *settings;         /* (not owned) */
  GHashTable *secrets;          /* (not owned) */
  const ChRoute53Place *place;
  char *url;                    /* without final slash */
  char *caller;                 /* for ch_pause_check(): the account's limit of requests */
  GCancellable *cancellable;    /* (not owned) (nullable) */

  /* who asks: the account's own, or those of the assumed role */
  char *access_key;
  char *secret;
  char *session_token;          /* (nullable) */
} ChRoute53;

void ch_route53_clear (ChRoute53 *aws);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChRoute53, ch_route53_clear)

/**
 * ch_route53_open: makes @aws ready; assumes the account's role if it has one (and then asks STS, unless the
 * credentials of the last time are still good).
 */
gboolean ch_route53_open (ChRoute53          *aws,
                          const ChDnsAccess  *access,
                          GCancellable       *cancellable,
                          GError            **error);

/**
 * ch_route53_renew: as ch_route53_open() does it, but with new credentials of the role, because the service does not
 * take the last ones any more.
 */
gboolean ch_route53_renew (ChRoute53  *aws,
                           GError    **error);

/** ChRoute53Refusal: what is to be known of a refusal besides its error. */
typedef enum
{
  CH_ROUTE53_OTHER,
  CH_ROUTE53_RACE,        /* InvalidChangeBatch, because somebody else has changed the set */
  CH_ROUTE53_BUSY,        /* PriorRequestNotComplete */
  CH_ROUTE53_EXPIRED,     /* temporary credentials are over */
} ChRoute53Refusal;

/** ChRoute53Question: one request to one of the two services. */
typedef struct
{
  const char *service;      /* "route53" or "sts" */
  const char *url;
  const char *region;
  const char *path;         /* below the URL, with its query as it is to be sent */
  const char *type;         /* (nullable): of the body */
  GBytes *body;             /* (nullable): makes it a POST */
  const char *right;        /* the IAM action that is needed, to be named when it is missing */
} ChRoute53Question;

/**
 * ch_route53_ask:
 * @refusal: (out): set when it fails
 *
 * Returns: (transfer full): the answer, whose root is there; or %NULL
 */
xmlDoc *ch_route53_ask (ChRoute53                *aws,
                        const ChRoute53Question  *question,
                        ChRoute53Refusal         *refusal,
                        GError                  **error);

/**
 * ch_route53_call:
 * @path: below the URL, with its query as it is to be sent
 * @body: (nullable): of a POST
 * @right: as in #ChRoute53Question
 * @refusal: (out) (optional): set when it fails
 *
 * Asks Route 53, once more with new credentials when those of the role have just expired.
 *
 * Returns: (transfer full): the answer, whose root is there; or %NULL
 */
xmlDoc *ch_route53_call (ChRoute53         *aws,
                         const char        *path,
                         GBytes            *body,
                         const char        *right,
                         ChRoute53Refusal  *refusal,
                         GError           **error);

/* ---- for reading answers: all in the namespace of the element where it begins ---- */

/** ch_route53_find: (nullable) (transfer none): the first element at "A/B" below @from. */
const xmlNode *ch_route53_find (const xmlNode *from,
                                const char    *path);
/** ch_route53_next: as ch_xml_next(). */
const xmlNode *ch_route53_next (const xmlNode *parent,
                                const xmlNode *after,
                                const char    *name);
/** ch_route53_text: (nullable) (transfer full): the text at "A/B" below @from. */
char *ch_route53_text (const xmlNode *from,
                       const char    *path);
