/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soap.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* Above any request of ours: the buffer must not grow, or copies of the password stay behind. */
#define ROOM (128 * 1024)

xmlNode *
ch_soap_request_new (const char *operation)
{
  xmlDoc *doc = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *envelope = xmlNewDocNode (doc, NULL, BAD_CAST "Envelope", NULL);

  xmlDocSetRootElement (doc, envelope);
  xmlSetNs (envelope, xmlNewNs (envelope, BAD_CAST CH_SOAP_ENVELOPE_NS, BAD_CAST "soap"));

  xmlNode *body = xmlNewChild (envelope, envelope->ns, BAD_CAST "Body", NULL);
  xmlNode *wrapper = xmlNewChild (body, NULL, BAD_CAST operation, NULL);
  xmlSetNs (wrapper, xmlNewNs (wrapper, BAD_CAST CH_SOAP_V1_NS, BAD_CAST "gs"));

  return ch_soap_open (wrapper, "Request");
}

static void
wipe (xmlNode *node)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type == XML_TEXT_NODE && node->content != NULL)
        explicit_bzero (node->content, strlen ((char *) node->content));
      else if (node->type == XML_ELEMENT_NODE)
        wipe (node->children);
    }
}

void
ch_soap_request_free (xmlNode *request)
{
  wipe (request->children);
  xmlFreeDoc (request->doc);
}

xmlNode *
ch_soap_open (xmlNode    *parent,
              const char *name)
{
  /* not xmlNewChild(), by which a child inherits its parent's namespace */
  return xmlAddChild (parent, xmlNewDocNode (parent->doc, NULL, BAD_CAST name, NULL));
}

void
ch_soap_add (xmlNode    *parent,
             const char *name,
             const char *text)
{
  if (text != NULL && *text != '\0')
    xmlAddChild (ch_soap_open (parent, name), xmlNewDocText (parent->doc, BAD_CAST text));
}

static gboolean
is_sendable (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!xmlIsCharQ (g_utf8_get_char (c)))
      return FALSE;

  return TRUE;
}

static gboolean
check (const xmlNode *element,
       GError       **error)
{
  for (const xmlNode *node = element->children; node != NULL; node = node->next)
    {
      if (node->type == XML_TEXT_NODE && !is_sendable ((const char *) node->content))
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("“%s” holds a character that cannot be sent to GlobalSign"),
                             (const char *) element->name);
      if (node->type == XML_ELEMENT_NODE && !check (node, error))
        return FALSE;
    }

  return TRUE;
}

GBytes *
ch_soap_write (xmlNode *request,
               GError **error)
{
  if (!check (request, error))
    return NULL;

  xmlBuffer *buffer = xmlBufferCreateSize (ROOM);
  int length = xmlNodeDump (buffer, request->doc, xmlDocGetRootElement (request->doc), 0, 0);
  xmlChar *text = buffer->content;
  GBytes *bytes = ch_secret_take (g_memdup2 (text, length), length);

  explicit_bzero (text, length);
  xmlBufferFree (buffer);
  return bytes;
}
