/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"

/* DNS messages as values. All of libknot is behind this file: it is used as a codec only, and its
 * ABI changes often. Nothing here does I/O. */

/** ChDnsType: the record types that we ask for (RFC 1035, RFC 3596). */
typedef enum
{
  CH_DNS_TYPE_A = 1,
  CH_DNS_TYPE_NS = 2,
  CH_DNS_TYPE_CNAME = 5,
  CH_DNS_TYPE_SOA = 6,
  CH_DNS_TYPE_TXT = 16,
  CH_DNS_TYPE_AAAA = 28,
} ChDnsType;

/** ChDnsRcode: the answers that we tell apart (RFC 1035, RFC 2136). */
typedef enum
{
  CH_DNS_RCODE_NOERROR = 0,
  CH_DNS_RCODE_FORMERR = 1,
  CH_DNS_RCODE_SERVFAIL = 2,
  CH_DNS_RCODE_NXDOMAIN = 3,
  CH_DNS_RCODE_NOTIMP = 4,
  CH_DNS_RCODE_REFUSED = 5,
  CH_DNS_RCODE_YXDOMAIN = 6,
  CH_DNS_RCODE_YXRRSET = 7,
  CH_DNS_RCODE_NXRRSET = 8,
  CH_DNS_RCODE_NOTAUTH = 9,
  CH_DNS_RCODE_NOTZONE = 10,
} ChDnsRcode;

/** ChDnsAsking: whom a query is for. A resolver is asked to recurse (RD), an authoritative server is not. */
typedef enum
{
  CH_DNS_ASKING_AUTHORITY,
  CH_DNS_ASKING_RESOLVER,
} ChDnsAsking;

/** ChDnsChange: what an update does with one record. There is no "delete the whole set", on purpose. */
typedef enum
{
  CH_DNS_CHANGE_ADD,
  CH_DNS_CHANGE_REMOVE,
} ChDnsChange;

/** ChTsigKey: a shared secret with its name and algorithm (RFC 8945). */
typedef struct ChTsigKey ChTsigKey;

/**
 * ch_tsig_key_new:
 * @name: the key's name, which is part of what is signed
 * @algorithm: "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384" or "hmac-sha512"
 * @secret: in base64
 *
 * Returns: (transfer full): the key, or %NULL with %CH_ERROR_INVALID; the message never holds the secret
 */
ChTsigKey *ch_tsig_key_new (const char *name,
                            const char *algorithm,
                            const char *secret,
                            GError    **error);

/** ch_tsig_key_free: (nullable): wipes and frees it. */
void ch_tsig_key_free (ChTsigKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTsigKey, ch_tsig_key_free)

/** ChDnsRequest: a message ready to be sent, and what is needed to recognise its answer. */
typedef struct ChDnsRequest ChDnsRequest;

/**
 * ch_dns_query_new:
 * @name: in presentation form, with or without final dot
 * @type: what to ask for
 * @asking: whether to ask for recursion
 * @key: (nullable): signs the query; must live longer than the request
 *
 * Builds a query of class IN with EDNS and room for 1232 octets.
 *
 * Returns: (transfer full): the request, or %NULL with %CH_ERROR_INVALID for an impossible name
 */
ChDnsRequest *ch_dns_query_new (const char      *name,
                                ChDnsType        type,
                                ChDnsAsking      asking,
                                const ChTsigKey *key,
                                GError         **error);

/**
 * ch_dns_update_new:
 * @zone: the zone's name
 * @change: add or remove
 * @txt: the one record; a value of more than 255 octets becomes several strings
 * @ttl: seconds, for %CH_DNS_CHANGE_ADD
 * @key: signs the update; must live longer than the request
 *
 * Builds a dynamic update (RFC 2136) that adds or removes exactly one TXT record.
 *
 * Returns: (transfer full): the request, or %NULL with %CH_ERROR_INVALID for a name that is not plain or not
 *   inside @zone, or a value with anything but printable ASCII
 */
ChDnsRequest *ch_dns_update_new (const char      *zone,
                                 ChDnsChange      change,
                                 const ChTxt     *txt,
                                 guint32          ttl,
                                 const ChTsigKey *key,
                                 GError         **error);

void ch_dns_request_free (ChDnsRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDnsRequest, ch_dns_request_free)

/** ch_dns_request_get_wire: (transfer none): the octets to send. */
GBytes *ch_dns_request_get_wire (const ChDnsRequest *request);

/** ch_dns_request_is_update: whether sending it may change something. */
gboolean ch_dns_request_is_update (const ChDnsRequest *request);

/**
 * ch_dns_request_is_answered_by:
 *
 * Whether the octets are an answer to just this request: ID, direction, opcode and question. It
 * says nothing about the signature.
 */
gboolean ch_dns_request_is_answered_by (const ChDnsRequest *request,
                                        const guint8       *wire,
                                        gsize               length);

/**
 * ChDnsSignature: what an answer's TSIG is worth.
 * @CH_DNS_SIGNATURE_NONE: there is none
 * @CH_DNS_SIGNATURE_GOOD: made with our key, for our request, at about this time
 * @CH_DNS_SIGNATURE_ERROR: none, but a TSIG record that says why (BADSIG, BADKEY, …); nobody vouches for it
 * @CH_DNS_SIGNATURE_BAD: one that is wrong
 */
typedef enum
{
  CH_DNS_SIGNATURE_NONE,
  CH_DNS_SIGNATURE_GOOD,
  CH_DNS_SIGNATURE_ERROR,
  CH_DNS_SIGNATURE_BAD,
} ChDnsSignature;

#define CH_TSIG_BADSIG 16
#define CH_TSIG_BADKEY 17
#define CH_TSIG_BADTIME 18

/** ChDnsRecord: one record of an answer. */
typedef struct
{
  char *owner;          /* lower case, no final dot, odd octets escaped as in a zone file */
  ChDnsType type;
  guint32 ttl;
  gboolean is_answer;   /* of the answer section; otherwise of the authority section */
  char *text;           /* address, name, or the TXT's strings joined; NULL for SOA */
  gsize length;         /* of @text: a TXT may hold zeros */
} ChDnsRecord;

/** ChDnsAnswer: what a server said. */
typedef struct
{
  ChDnsRcode rcode;
  gboolean authoritative;
  gboolean recursive;       /* it would look further for us: a resolver */
  gboolean truncated;
  ChDnsSignature signature;
  guint16 tsig_error;       /* 0, or CH_TSIG_* */
  gint64 server_time;       /* with BADTIME: seconds since 1970 at the server; 0 when not told */
  GPtrArray *records;       /* (element-type ChDnsRecord): of the types of #ChDnsType */
} ChDnsAnswer;

/**
 * ch_dns_answer_parse:
 * @request: what it answers
 *
 * Takes an answer apart and checks its signature when the request was signed. The verdict about rcode
 * and signature is the caller's.
 *
 * Returns: (transfer full): the answer, or %NULL with %CH_ERROR_BAD_ANSWER when it is no DNS message
 */
ChDnsAnswer *ch_dns_answer_parse (const ChDnsRequest *request,
                                  const guint8       *wire,
                                  gsize               length,
                                  GError            **error);

void ch_dns_answer_free (ChDnsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDnsAnswer, ch_dns_answer_free)

/**
 * ch_dns_answer_find:
 * @name: (nullable): the owner, or %NULL for any
 *
 * Returns: (transfer none) (nullable): the first record of the answer section with that owner and type
 */
const ChDnsRecord *ch_dns_answer_find (const ChDnsAnswer *answer,
                                       const char        *name,
                                       ChDnsType          type);

/** ch_dns_answer_has_txt: whether @value is among the TXT values of @name. */
gboolean ch_dns_answer_has_txt (const ChDnsAnswer *answer,
                                const char        *name,
                                const char        *value);

/** ch_dns_rcode_name: (transfer full): "NXDOMAIN", or "RCODE 23". */
char *ch_dns_rcode_name (ChDnsRcode rcode);
