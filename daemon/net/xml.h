/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* Reading of XML that came from outside. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

/**
 * ChXmlTrouble: why there is no document.
 * @CH_XML_NOT_XML: not XML at all, cut off, or a web page
 * @CH_XML_REFUSED: XML with a DTD, or too deep or too large
 */
typedef enum
{
  CH_XML_NOT_XML,
  CH_XML_REFUSED,
} ChXmlTrouble;

/**
 * ch_xml_parse:
 * @body: an answer from outside
 * @trouble: (out): set when %NULL is returned
 *
 * Refuses DTDs (and so entities), more than 32 levels, more than 200 000 elements, attributes and namespaces,
 * and more than 256 attributes at one element. Takes UTF-8 only. Comments and processing instructions are dropped. Loads nothing from anywhere.
 *
 * Returns: (transfer full) (nullable): the document
 */
xmlDoc *ch_xml_parse (GBytes       *body,
                      ChXmlTrouble *trouble);

/** ch_xml_is_html: whether the document is a web page by the name of its root. */
gboolean ch_xml_is_html (const xmlDoc *doc);

/** ch_xml_is: whether @node is the element @name; @namespace NULL is none. */
gboolean ch_xml_is (const xmlNode *node,
                    const char    *namespace,
                    const char    *name);

/**
 * ch_xml_next:
 * @parent: (nullable): whose children
 * @after: (nullable): the one before, %NULL for the first
 * @namespace: (nullable): of the element
 *
 * Returns: (transfer none) (nullable): the next child element called @name
 */
const xmlNode *ch_xml_next (const xmlNode *parent,
                            const xmlNode *after,
                            const char    *namespace,
                            const char    *name);

/** ch_xml_text: (transfer full) (nullable): the text right in @node, as it stands; %NULL when that is empty. */
char *ch_xml_text (const xmlNode *node);

/**
 * ch_xml_words:
 * @text: (nullable) (transfer full): a text from outside
 *
 * Returns: (transfer full) (nullable): it as part of a sentence: one line without controls, at most 300 characters
 */
char *ch_xml_words (char *text);
