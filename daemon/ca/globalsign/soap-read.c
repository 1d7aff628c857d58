/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soap.h"

#include "lib/error.h"
#include "lib/text.h"
#include "net/xml.h"

#include <glib/gi18n.h>
#include <string.h>

#define CODE_HIGH_RISK -5001

#define WORD_MAX 1024
#define ERRORS_MAX 100

/* ---- looking around ---- */

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

const xmlNode *
ch_soap_next (const xmlNode *parent,
              const xmlNode *after,
              const char    *name)
{
  const xmlNode *node = ch_xml_next (parent, after, NULL, name);

  while (node != NULL && is_nil (node))
    node = ch_xml_next (parent, node, NULL, name);

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
  g_autofree char *text = ch_xml_text (ch_soap_find (from, path));

  return text != NULL && *g_strstrip (text) != '\0' ? g_steal_pointer (&text) : NULL;
}

char *
ch_soap_word (const xmlNode *from,
              const char    *path)
{
  g_autofree char *text = ch_soap_text (from, path);
  g_autofree char *line = text != NULL && strlen (text) <= WORD_MAX ? ch_text_line (text, -1) : NULL;

  return line != NULL && g_str_equal (line, text) ? g_steal_pointer (&text) : NULL;
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

  return time != NULL ? MAX (g_date_time_to_unix (time), 0) : 0;
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
  g_clear_pointer (&reply->errors, g_ptr_array_unref);
  g_free (reply);
}

static const xmlNode *
find_body (const xmlDoc *doc)
{
  const xmlNode *root = xmlDocGetRootElement (doc);

  return root != NULL && ch_xml_is (root, CH_SOAP_ENVELOPE_NS, "Envelope")
         ? ch_xml_next (root, NULL, CH_SOAP_ENVELOPE_NS, "Body") : NULL;
}

static void
error_free (ChSoapError *error)
{
  g_free (error->field);
  g_free (error->message);
  g_free (error);
}

static void
read_errors (ChSoapReply   *reply,
             const xmlNode *errors)
{
  reply->errors = g_ptr_array_new_with_free_func ((GDestroyNotify) error_free);

  for (const xmlNode *entry = NULL;
       reply->errors->len < ERRORS_MAX && (entry = ch_soap_next (errors, entry, "Error")) != NULL;)
    {
      ChSoapError *error = g_new0 (ChSoapError, 1);

      error->code = ch_soap_int (entry, "ErrorCode", 0);
      error->field = ch_xml_words (ch_soap_text (entry, "ErrorField"));
      error->message = ch_xml_words (ch_soap_text (entry, "ErrorMessage"));
      reply->high_risk |= error->code == CODE_HIGH_RISK;
      g_ptr_array_add (reply->errors, error);
      if (reply->code == 0)
        {
          reply->code = error->code;
          reply->field = error->field;
          reply->message = error->message;
        }
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
  const xmlNode *element = ch_xml_next (body, NULL, CH_SOAP_ENVELOPE_NS, "Fault");
  g_autofree char *reason = ch_xml_words (ch_soap_text (element, "faultstring"));

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
  const xmlNode *wrapper = ch_xml_next (body, NULL, CH_SOAP_V1_NS, wanted);

  if (body == NULL && ch_xml_is_html (reply->doc))
    return not_xml (error);
  if (ch_xml_next (body, NULL, CH_SOAP_ENVELOPE_NS, "Fault") != NULL)
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
  ChXmlTrouble trouble;
  g_autoptr(ChSoapReply) reply = g_new0 (ChSoapReply, 1);

  reply->doc = ch_xml_parse (body, &trouble);
  if (reply->doc == NULL && trouble == CH_XML_REFUSED)
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
