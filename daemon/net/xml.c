/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml.h"

#include "lib/text.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

/* A real answer is a dozen levels deep, and 500 orders of GlobalSign in one have some 50 000 elements. */
#define DEPTH_MAX 32
#define NODES_MAX 200000
#define ATTRIBUTES_MAX 256

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA)

#define WORDS_MAX 300

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

/* SOAP forbids a DTD (SOAP 1.1, section 3), no service needs one, and without one there are no entities to
 * expand. A web page has one. */
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

/* libxml2 2.9 compares each attribute of an element with all before it, and tells us of the element only then: a
 * megabyte of them takes it minutes. Each has a "=", and a "<" cannot stand among them. */
static gboolean
has_too_many_attributes (const char *data,
                         gsize       length)
{
  guint n = 0;

  for (gsize i = 0; i < length && n <= ATTRIBUTES_MAX; i++)
    {
      if (data[i] == '<')
        n = 0;
      n += data[i] == '=';
    }

  return n > ATTRIBUTES_MAX;
}

/* Read as UTF-8 whatever it says it is: others need converters of the C library, which have had holes. */
static xmlDoc *
read_document (xmlParserCtxt *parser,
               const char    *data,
               gsize          length)
{
  if (length == 0 || length > G_MAXINT)
    return NULL;

  return xmlCtxtReadMemory (parser, data, (int) length, NULL, "UTF-8", OPTIONS);
}

xmlDoc *
ch_xml_parse (GBytes       *body,
              ChXmlTrouble *trouble)
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

  guard.refused = has_too_many_attributes (data, length);
  xmlDoc *doc = guard.refused ? NULL : read_document (parser, data, length);
  if (guard.refused)
    g_clear_pointer (&doc, xmlFreeDoc);
  *trouble = guard.refused && !guard.html ? CH_XML_REFUSED : CH_XML_NOT_XML;
  xmlFreeParserCtxt (parser);

  return doc;
}

gboolean
ch_xml_is_html (const xmlDoc *doc)
{
  const xmlNode *root = xmlDocGetRootElement (doc);
  return root != NULL && is_html_name (root->name);
}

gboolean
ch_xml_is (const xmlNode *node,
           const char    *namespace,
           const char    *name)
{
  return node->type == XML_ELEMENT_NODE
         && g_strcmp0 (node->ns != NULL ? (const char *) node->ns->href : NULL, namespace) == 0
         && g_str_equal ((const char *) node->name, name);
}

const xmlNode *
ch_xml_next (const xmlNode *parent,
             const xmlNode *after,
             const char    *namespace,
             const char    *name)
{
  if (parent == NULL)
    return NULL;

  const xmlNode *node = after != NULL ? after->next : parent->children;
  while (node != NULL && !ch_xml_is (node, namespace, name))
    node = node->next;

  return node;
}

char *
ch_xml_text (const xmlNode *node)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (const xmlNode *part = node != NULL ? node->children : NULL; part != NULL; part = part->next)
    if (part->type == XML_TEXT_NODE && part->content != NULL)
      g_string_append (text, (const char *) part->content);

  return text->len > 0 ? g_strdup (text->str) : NULL;
}

char *
ch_xml_words (char *text)
{
  if (text == NULL)
    return NULL;

  g_autofree char *line = ch_text_line (text, -1);
  g_free (text);
  return g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), WORDS_MAX));
}
