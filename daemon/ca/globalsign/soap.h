/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libxml/tree.h>

/* Document/literal wrapped SOAP 1.1 as GlobalSign speaks it: the operation's element alone is in a namespace,
 * all below it is in none, and the order of elements is the WSDL's. */

#define CH_SOAP_ENVELOPE_NS "http://schemas.xmlsoap.org/soap/envelope/"
#define CH_SOAP_V1_NS "https://system.globalsign.com/kb/ws/v1/"

/* ---- writing ---- */

/**
 * ch_soap_request_new:
 * @operation: such as "DVDNSOrder"
 *
 * Returns: (transfer full): the empty element Request inside its envelope; freed with ch_soap_request_free()
 */
xmlNode *ch_soap_request_new (const char *operation);

/** ch_soap_request_free: wipes and frees the whole envelope that @request is in. */
void ch_soap_request_free (xmlNode *request);

/** ch_soap_open: (transfer none): adds an element that will hold others. */
xmlNode *ch_soap_open (xmlNode    *parent,
                       const char *name);

/**
 * ch_soap_add:
 * @text: (nullable): its text; nothing is added when it is %NULL or empty (an empty element gives -102)
 *
 * Adds an element with a text.
 */
void ch_soap_add (xmlNode    *parent,
                  const char *name,
                  const char *text);

/**
 * ch_soap_write:
 * @request: what ch_soap_request_new() gave, filled
 *
 * Returns: (transfer full): the message, wiped at its end; or %NULL with %CH_ERROR_INVALID when a text holds
 *   what XML cannot carry
 */
GBytes *ch_soap_write (xmlNode *request,
                       GError **error);

/* ---- reading ---- */

/** ChSoapError: an entry of Errors, which may be a warning. */
typedef struct
{
  int code;
  char *field;                /* (nullable) */
  char *message;              /* (nullable): cleaned and cut for people */
} ChSoapError;

/** ChSoapReply: an answer that makes sense as SOAP, success or not. */
typedef struct
{
  xmlDoc *doc;
  const xmlNode *response;    /* (not owned): the element Response */
  int success;                /* SuccessCode: 0 done, 1 done with a warning, -1 failed */
  GPtrArray *errors;          /* (element-type ChSoapError): the first of them */
  int code;                   /* of the first error, or 0 */
  const char *field;          /* (nullable) (not owned): of the first error */
  const char *message;        /* (nullable) (not owned): of the first error */
  gboolean high_risk;         /* an entry is -5001: the name waits for the CA's staff */
} ChSoapReply;

void ch_soap_reply_free (ChSoapReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSoapReply, ch_soap_reply_free)

/**
 * ch_soap_parse:
 * @body: an answer from outside
 * @operation: what was asked
 *
 * Refuses DTDs, entities, excess of depth, of elements or of attributes, and all but UTF-8. Every element below the operation's is optional,
 * but the result header is not.
 *
 * Returns: (transfer full): the reply; or %NULL with %CH_ERROR_TRANSIENT (not XML, cut off, or a SOAP fault)
 *   or %CH_ERROR_BAD_ANSWER (XML that makes no sense here)
 */
ChSoapReply *ch_soap_parse (GBytes     *body,
                            const char *operation,
                            GError    **error);

/**
 * ch_soap_find:
 * @from: (nullable): where to begin
 * @path: names with '/', such as "OrderInfo/OrderId"; "" is @from itself
 *
 * Returns: (transfer none) (nullable): the first such element that is not nil
 */
const xmlNode *ch_soap_find (const xmlNode *from,
                             const char    *path);

/**
 * ch_soap_next:
 * @parent: (nullable): whose children
 * @after: (nullable): the one before, %NULL for the first
 *
 * Returns: (transfer none) (nullable): the next child called @name that is not nil
 */
const xmlNode *ch_soap_next (const xmlNode *parent,
                             const xmlNode *after,
                             const char    *name);

/** ch_soap_text: (transfer full) (nullable): the text there, stripped; %NULL when absent, nil or empty. */
char *ch_soap_text (const xmlNode *from,
                    const char    *path);

/**
 * ch_soap_word: (transfer full) (nullable): the text there when it is one that an order number, a name or a value
 * can be; %NULL also for one of more than 1024 bytes or with control characters, which is none.
 */
char *ch_soap_word (const xmlNode *from,
                    const char    *path);

/** ch_soap_int: the number there, or @otherwise. */
int ch_soap_int (const xmlNode *from,
                 const char    *path,
                 int            otherwise);

/** ch_soap_time: Unix seconds of the ISO 8601 date there, or 0. */
gint64 ch_soap_time (const xmlNode *from,
                     const char    *path);

/** ch_soap_date: (transfer full): @time as the queries take it, "2026-01-02T03:04:05.000Z". */
char *ch_soap_date (gint64 time);
