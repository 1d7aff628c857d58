/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <libxml/parser.h>
#include <string.h>

#define C(text) ((const xmlChar *) (text))

SbError *
sb_error_new (int         code,
              const char *field,
              const char *message)
{
  SbError *error = g_new0 (SbError, 1);

  error->code = code;
  error->field = g_strdup (field);
  error->message = g_strdup (message != NULL ? message : sb_code_text (code));
  return error;
}

void
sb_error_free (SbError *error)
{
  g_free (error->field);
  g_free (error->message);
  g_free (error);
}

static gboolean
in_namespace (xmlNode    *node,
              const char *uri)
{
  return node->ns != NULL && g_strcmp0 ((const char *) node->ns->href, uri) == 0;
}

gboolean
sb_is_named (xmlNode    *node,
             const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

/* The one element child; %NULL when there is none, another one, text, or an attribute on @node. */
static xmlNode *
only_child (xmlNode *node)
{
  xmlNode *found = NULL;

  if (node->properties != NULL)
    return NULL;

  for (xmlNode *child = node->children; child != NULL; child = child->next)
    {
      if (child->type == XML_COMMENT_NODE || xmlIsBlankNode (child))
        continue;
      if (child->type != XML_ELEMENT_NODE || found != NULL)
        return NULL;
      found = child;
    }

  return found;
}

static char *
open_envelope (xmlNode  *envelope,
               xmlNode **operation,
               xmlNode **request)
{
  if (envelope == NULL || !sb_is_named (envelope, "Envelope") || !in_namespace (envelope, SB_NS_SOAP))
    return g_strdup ("The root element is not a SOAP 1.1 Envelope.");

  xmlNode *body = only_child (envelope);
  if (body == NULL || !sb_is_named (body, "Body") || !in_namespace (body, SB_NS_SOAP))
    return g_strdup ("The Envelope must hold one Body and nothing else.");

  xmlNode *call = only_child (body);
  if (call == NULL)
    return g_strdup ("The Body must hold one operation element and nothing else.");
  if (!in_namespace (call, SB_NS_V1))
    return g_strdup_printf ("Message part {%s}%s was not recognized: the namespace is " SB_NS_V1 ".",
                            call->ns != NULL ? (const char *) call->ns->href : "", call->name);

  xmlNode *inner = only_child (call);
  if (inner == NULL || !sb_is_named (inner, "Request") || inner->ns != NULL || inner->properties != NULL)
    return g_strdup_printf ("Unmarshalling error: %s must hold one Request, in no namespace.", call->name);

  *operation = call;
  *request = inner;
  return NULL;
}

xmlDoc *
sb_wire_parse (const char  *data,
               gsize        length,
               xmlNode    **operation,
               xmlNode    **request,
               char       **fault)
{
  int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  g_autoptr(xmlDoc) doc = length > G_MAXINT ? NULL : xmlReadMemory (data, (int) length, NULL, NULL, options);

  if (doc == NULL)
    {
      *fault = g_strdup ("Error reading the request: it is not well-formed XML.");
      return NULL;
    }
  if (doc->intSubset != NULL || doc->extSubset != NULL)
    {
      *fault = g_strdup ("Error reading the request: a document type is not allowed.");
      return NULL;
    }

  g_autofree char *wrong = open_envelope (xmlDocGetRootElement (doc), operation, request);
  if (wrong != NULL)
    {
      *fault = g_steal_pointer (&wrong);
      return NULL;
    }

  return g_steal_pointer (&doc);
}

static xmlNode *
find_child (xmlNode    *parent,
            const char *name)
{
  for (xmlNode *child = parent->children; child != NULL; child = child->next)
    if (sb_is_named (child, name))
      return child;

  return NULL;
}

xmlNode *
sb_find (xmlNode    *parent,
         const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  for (gsize i = 0; names[i] != NULL && parent != NULL; i++)
    parent = find_child (parent, names[i]);

  return parent;
}

char *
sb_content (xmlNode *node)
{
  xmlChar *content = xmlNodeGetContent (node);
  char *text = content != NULL && *content != '\0' ? g_strdup ((const char *) content) : NULL;

  xmlFree (content);
  return text;
}

char *
sb_text (xmlNode    *parent,
         const char *path)
{
  xmlNode *node = sb_find (parent, path);

  return node != NULL ? sb_content (node) : NULL;
}

gboolean
sb_flag (xmlNode    *parent,
         const char *path)
{
  g_autofree char *text = sb_text (parent, path);

  return g_strcmp0 (text, "true") == 0;
}

xmlNode *
sb_add (xmlNode    *parent,
        const char *name)
{
  return xmlNewChild (parent, NULL, C (name), NULL);
}

void
sb_add_text (xmlNode    *parent,
             const char *name,
             const char *text)
{
  xmlNewTextChild (parent, NULL, C (name), text != NULL && *text != '\0' ? C (text) : NULL);
}

void
sb_add_int (xmlNode    *parent,
            const char *name,
            gint64      value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  sb_add_text (parent, name, text);
}

/* The prefix is declared on each nil element itself, as the live service does. */
void
sb_add_nil (xmlNode    *parent,
            const char *name)
{
  xmlNode *node = sb_add (parent, name);
  xmlNs *xsi = xmlNewNs (node, C (SB_NS_XSI), C ("xsi"));

  xmlNewNsProp (node, xsi, C ("nil"), C ("true"));
}

void
sb_add_any (xmlNode    *parent,
            const char *name,
            const char *text)
{
  if (text == NULL || *text == '\0')
    sb_add_nil (parent, name);
  else
    sb_add_text (parent, name, text);
}

/* PEM texts of the live service have CR LF line ends. */
void
sb_add_pem (xmlNode    *parent,
            const char *name,
            const char *pem)
{
  g_autoptr(GString) text = g_string_new (pem);

  g_string_replace (text, "\r\n", "\n", 0);
  g_string_replace (text, "\n", "\r\n", 0);
  sb_add_text (parent, name, text->str);
}

xmlNode *
sb_wire_header (const char *name,
                int         success,
                GPtrArray  *errors,
                const char *timestamp)
{
  xmlNode *header = xmlNewNode (NULL, C (name));

  sb_add_int (header, "SuccessCode", success);

  xmlNode *list = sb_add (header, "Errors");
  for (guint i = 0; i < errors->len; i++)
    {
      SbError *error = g_ptr_array_index (errors, i);
      xmlNode *node = sb_add (list, "Error");

      sb_add_int (node, "ErrorCode", error->code);
      if (error->field != NULL)
        sb_add_text (node, "ErrorField", error->field);
      sb_add_text (node, "ErrorMessage", error->message);
    }

  sb_add_text (header, "Timestamp", timestamp);
  return header;
}

static xmlDoc *
new_envelope (xmlNode **body)
{
  xmlDoc *doc = xmlNewDoc (C ("1.0"));
  xmlNode *envelope = xmlNewNode (NULL, C ("Envelope"));

  xmlDocSetRootElement (doc, envelope);
  xmlSetNs (envelope, xmlNewNs (envelope, C (SB_NS_SOAP), C ("soap")));
  *body = xmlNewChild (envelope, envelope->ns, C ("Body"), NULL);
  return doc;
}

static GBytes *
dump (xmlDoc *doc)
{
  xmlChar *text = NULL;
  int length = 0;

  xmlDocDumpMemoryEnc (doc, &text, &length, "UTF-8");
  GBytes *bytes = g_bytes_new (text, length);
  xmlFree (text);
  return bytes;
}

GBytes *
sb_wire_answer (const char *operation,
                xmlNode    *response)
{
  xmlNode *body = NULL;
  g_autoptr(xmlDoc) doc = new_envelope (&body);
  g_autofree char *name = g_strconcat (operation, "Response", NULL);
  xmlNode *wrapper = xmlNewDocNode (doc, NULL, C (name), NULL);

  /* Not xmlNewChild(): a child made so would inherit the namespace of soap:Body. */
  xmlAddChild (body, wrapper);
  xmlSetNs (wrapper, xmlNewNs (wrapper, C (SB_NS_V1), C ("ns2")));
  xmlAddChild (wrapper, response);

  return dump (doc);
}

GBytes *
sb_wire_fault (const char *text)
{
  xmlNode *body = NULL;
  g_autoptr(xmlDoc) doc = new_envelope (&body);
  xmlNode *fault = xmlNewChild (body, body->ns, C ("Fault"), NULL);
  xmlNode *code = xmlNewDocNode (doc, NULL, C ("faultcode"), C ("soap:Client"));
  xmlNode *string = xmlNewDocNode (doc, NULL, C ("faultstring"), NULL);

  xmlNodeAddContent (string, C (text));
  xmlAddChild (fault, code);
  xmlAddChild (fault, string);
  return dump (doc);
}
