/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

#define SB_NS_SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define SB_NS_V1 "https://system.globalsign.com/kb/ws/v1/"
#define SB_NS_XSI "http://www.w3.org/2001/XMLSchema-instance"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlNode, xmlFreeNode)

/**
 * SbError:
 * @code: a negative number of GlobalSign's list
 * @field: (nullable): dotted path below `Request`
 * @message: for people; never holds a secret
 */
typedef struct
{
  int code;
  char *field;
  char *message;
} SbError;

SbError *sb_error_new  (int         code,
                        const char *field,
                        const char *message);
void     sb_error_free (SbError    *error);

/**
 * sb_code_text:
 * @code: a code of an answer
 *
 * Returns: (transfer none): what it means, in words like GlobalSign's
 */
const char *sb_code_text (int code);

/**
 * sb_wire_parse:
 * @data: the body of an HTTP request
 * @length: its bytes
 * @operation: (out) (transfer none): the operation element, in the returned document
 * @request: (out) (transfer none): its only child `Request`
 * @fault: (out) (transfer full): on failure: the text for a SOAP fault
 *
 * Opens an envelope. Refuses document types, headers, foreign namespaces and attributes on the
 * levels down to `Request`; what is below is the matter of check.h.
 *
 * Returns: (transfer full) (nullable): the document
 */
xmlDoc *sb_wire_parse (const char  *data,
                       gsize        length,
                       xmlNode    **operation,
                       xmlNode    **request,
                       char       **fault);

/**
 * sb_wire_answer:
 * @operation: name of the operation, without “Response”
 * @response: (transfer full): the finished `Response` element
 *
 * Returns: (transfer full): the bytes of the envelope
 */
GBytes *sb_wire_answer (const char *operation,
                        xmlNode    *response);

GBytes *sb_wire_fault  (const char *text);

/**
 * sb_wire_header:
 * @name: `OrderResponseHeader` or `QueryResponseHeader`
 * @success: SuccessCode
 * @errors: (element-type SbError): may be empty; `Errors` is present all the same
 * @timestamp: in the account's own offset
 *
 * Returns: (transfer full): the header, to be put in front
 */
xmlNode *sb_wire_header (const char *name,
                         int         success,
                         GPtrArray  *errors,
                         const char *timestamp);

/* Reading: @path is names joined by “/”. Absent, nil and empty are all %NULL. */
xmlNode *sb_find     (xmlNode    *parent,
                      const char *path);
char    *sb_content  (xmlNode    *node);
char    *sb_text     (xmlNode    *parent,
                      const char *path);
gboolean sb_flag     (xmlNode    *parent,
                      const char *path);
gboolean sb_is_named (xmlNode    *node,
                      const char *name);

/* Writing: each appends an element to @parent. */
xmlNode *sb_add      (xmlNode    *parent,
                      const char *name);
void     sb_add_text (xmlNode    *parent,
                      const char *name,
                      const char *text);
void     sb_add_int  (xmlNode    *parent,
                      const char *name,
                      gint64      value);
void     sb_add_nil  (xmlNode    *parent,
                      const char *name);
void     sb_add_any  (xmlNode    *parent,
                      const char *name,
                      const char *text);
void     sb_add_pem  (xmlNode    *parent,
                      const char *name,
                      const char *pem);
