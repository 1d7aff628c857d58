/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soap.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* A real answer is a dozen levels deep, and 500 orders in one (docs/globalsign.md, Queries) have some 50 000 elements. */
#define DEPTH_MAX 32
#define NODES_MAX 200000

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA)

#define MESSAGE_MAX 300

#define CODE_HIGH_RISK -5001

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

/* Parsing of one answer, kept in the parser's _private. */
typedef struct
{
  guint nodes;
  gboolean refused;
  gboolean html;
} Guard;

static gboolean
is_html_name (const xmlChar *name)
{
  return name != NULL && g_ascii_strcasecmp ((const char *) name, "html") == 0;
}

static void
refuse (xmlParserCtxt *parser)
{
  ((Guard *) parser->_private)->refused = TRUE;
  xmlStopParser (parser);
}

/* SOAP forbids a DTD (SOAP 1.1, section 3), and without one there are no entities to expand. A web page has
 * one. */
static void
doctype_cb (void          *parser,
            const xmlChar *name,
            const xmlChar *public_id,
            const xmlChar *system_id)
{
  refuse (parser);
  ((Guard *) ((xmlParserCtxt *) parser)->_private)->html = is_html_name (name);
}

static void
element_cb (void           *context,
            const xmlChar  *name,
            const xmlChar  *prefix,
            const xmlChar  *uri,
            int             n_namespaces,
            const xmlChar **namespaces,
            int             n_attributes,
            int             n_defaulted,
            const xmlChar **attributes)
{
  xmlParserCtxt *parser = context;
  Guard *guard = parser->_private;

  guard->nodes += 1 + n_namespaces + n_attributes;
  if (parser->nodeNr >= DEPTH_MAX || guard->nodes > NODES_MAX)
    refuse (parser);
  else
    xmlSAX2StartElementNs (parser, name, prefix, uri, n_namespaces, namespaces,
                           n_attributes, n_defaulted, attributes);
}

static xmlDoc *
parse (GBytes   *body,
       gboolean *refused)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  xmlParserCtxt *parser = xmlNewParserCtxt ();
  Guard guard = { 0 };

  parser->_private = &guard;
  parser->sax->internalSubset = doctype_cb;
  parser->sax->startElementNs = element_cb;
  parser->sax->comment = NULL;
  parser->sax->processingInstruction = NULL;

  xmlDoc *doc = length > 0 && length <= G_MAXINT
                ? xmlCtxtReadMemory (parser, data, length, NULL, NULL, OPTIONS) : NULL;
  if (guard.refused)
    g_clear_pointer (&doc, xmlFreeDoc);
  *refused = guard.refused && !guard.html;
  xmlFreeParserCtxt (parser);

  return doc;
}

/* ---- looking around ---- */

static gboolean
is_element (const xmlNode *node,
            const char    *namespace,
            const char    *name)
{
  return node->type == XML_ELEMENT_NODE
         && g_strcmp0 (node->ns != NULL ? (const char *) node->ns->href : NULL, namespace) == 0
         && g_str_equal ((const char *) node->name, name);
}

/* By its local name: clients were seen that write "nil" without the prefix (docs/globalsign.md, Envelope). */
static gboolean
is_nil (const xmlNode *node)
{
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    if (g_str_equal ((const char *) attribute->name, "nil") && attribute->children != NULL)
      return g_strcmp0 ((const char *) attribute->children->content, "true") == 0
             || g_strcmp0 ((const char *) attribute->children->content, "1") == 0;

  return FALSE;
}

static const xmlNode *
child (const xmlNode *parent,
       const char    *namespace,
       const char    *name)
{
  for (const xmlNode *node = parent->children; node != NULL; node = node->next)
    if (is_element (node, namespace, name))
      return node;

  return NULL;
}

const xmlNode *
ch_soap_next (const xmlNode *parent,
              const xmlNode *after,
              const char    *name)
{
  if (parent == NULL)
    return NULL;

  const xmlNode *node = after != NULL ? after->next : parent->children;
  while (node != NULL && (!is_element (node, NULL, name) || is_nil (node)))
    node = node->next;

  return node;
}

const xmlNode *
ch_soap_find (const xmlNode *from,
              const char    *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  for (gsize i = 0; names[i] != NULL && from != NULL; i++)
    from = ch_soap_next (from, NULL, names[i]);

  return from;
}

char *
ch_soap_text (const xmlNode *from,
              const char    *path)
{
  const xmlNode *element = ch_soap_find (from, path);
  g_autoptr(GString) text = g_string_new (NULL);

  for (const xmlNode *node = element != NULL ? element->children : NULL; node != NULL; node = node->next)
    if (node->type == XML_TEXT_NODE && node->content != NULL)
      g_string_append (text, (const char *) node->content);
  g_strstrip (text->str);

  return *text->str != '\0' ? g_strdup (text->str) : NULL;
}

int
ch_soap_int (const xmlNode *from,
             const char    *path,
             int            otherwise)
{
  g_autofree char *text = ch_soap_text (from, path);
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT, G_MAXINT, &value, NULL))
    return otherwise;

  return value;
}

gint64
ch_soap_time (const xmlNode *from,
              const char    *path)
{
  g_autofree char *text = ch_soap_text (from, path);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

char *
ch_soap_date (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (MAX (time, 0));

  return date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%S.000Z")
                      : g_strdup ("9999-12-31T23:59:59.000Z");
}

/* ---- the answer ---- */

void
ch_soap_reply_free (ChSoapReply *reply)
{
  if (reply == NULL)
    return;

  g_clear_pointer (&reply->doc, xmlFreeDoc);
  g_free (reply->field);
  g_free (reply->message);
  g_free (reply);
}

/* A text from outside as part of a sentence: one line, not endless. */
static char *
clean (char *text)
{
  if (text == NULL)
    return NULL;

  g_autofree char *cut = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MESSAGE_MAX));
  g_free (text);
  for (char *c = cut; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';

  return g_steal_pointer (&cut);
}

static const xmlNode *
find_body (const xmlDoc *doc)
{
  const xmlNode *root = xmlDocGetRootElement (doc);

  return root != NULL && is_element (root, CH_SOAP_ENVELOPE_NS, "Envelope")
         ? child (root, CH_SOAP_ENVELOPE_NS, "Body") : NULL;
}

static gboolean
is_html (const xmlDoc *doc)
{
  const xmlNode *root = xmlDocGetRootElement (doc);
  return root != NULL && is_html_name (root->name);
}

static void
read_errors (ChSoapReply   *reply,
             const xmlNode *errors)
{
  for (const xmlNode *entry = NULL; (entry = ch_soap_next (errors, entry, "Error")) != NULL;)
    {
      int code = ch_soap_int (entry, "ErrorCode", 0);

      reply->high_risk |= code == CODE_HIGH_RISK;
      if (reply->code != 0)
        continue;
      reply->code = code;
      g_free (reply->field);
      g_free (reply->message);
      reply->field = clean (ch_soap_text (entry, "ErrorField"));
      reply->message = clean (ch_soap_text (entry, "ErrorMessage"));
    }
}

/* The header is of the one or of the other kind; GetOrderByOrderID mixes them (docs/globalsign.md, Envelope). */
static gboolean
read_header (ChSoapReply *reply,
             GError     **error)
{
  const xmlNode *header = ch_soap_find (reply->response, "OrderResponseHeader");

  if (header == NULL)
    header = ch_soap_find (reply->response, "QueryResponseHeader");
  reply->success = ch_soap_int (header, "SuccessCode", G_MAXINT);
  if (reply->success == G_MAXINT)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("GlobalSign's answer does not say whether it succeeded"));

  read_errors (reply, ch_soap_find (header, "Errors"));
  return TRUE;
}

static gboolean
fault (const xmlNode *body,
       GError       **error)
{
  g_autofree char *reason = clean (ch_soap_text (child (body, CH_SOAP_ENVELOPE_NS, "Fault"), "faultstring"));

  return ch_error_set (error, CH_ERROR_TRANSIENT, _("GlobalSign's service failed: “%s”"),
                       reason != NULL ? reason : _("no reason given"));
}

static gboolean
not_xml (GError **error)
{
  return ch_error_set (error, CH_ERROR_TRANSIENT, _("GlobalSign answered with something else than a message "
                                                    "(a web page, or an answer that was cut off)"));
}

static gboolean
read_reply (ChSoapReply *reply,
            const char  *operation,
            GError     **error)
{
  g_autofree char *wanted = g_strconcat (operation, "Response", NULL);
  const xmlNode *body = find_body (reply->doc);
  const xmlNode *wrapper = body != NULL ? child (body, CH_SOAP_V1_NS, wanted) : NULL;

  if (body == NULL && is_html (reply->doc))
    return not_xml (error);
  if (body != NULL && child (body, CH_SOAP_ENVELOPE_NS, "Fault") != NULL)
    return fault (body, error);
  if (wrapper == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The service does not answer as GlobalSign does to “%s”"), operation);

  reply->response = ch_soap_find (wrapper, "Response");
  return read_header (reply, error);
}

ChSoapReply *
ch_soap_parse (GBytes     *body,
               const char *operation,
               GError    **error)
{
  gboolean refused;
  g_autoptr(ChSoapReply) reply = g_new0 (ChSoapReply, 1);

  reply->doc = parse (body, &refused);
  if (refused)
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER,
                    _("GlobalSign's answer to “%s” is built in a way that is not accepted (a DTD, too deep "
                      "or too large)"), operation);
      return NULL;
    }
  if (reply->doc == NULL)
    {
      not_xml (error);
      return NULL;
    }
  if (!read_reply (reply, operation, error))
    return NULL;

  return g_steal_pointer (&reply);
}
