/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "lib/text.h"

#include <string.h>

#define FACTS_MAX 32
#define FACT_LENGTH_MAX 200

/* "AccountBalance" → "account-balance" */
static char *
fact_name (const char *element)
{
  GString *name = g_string_new (NULL);

  for (const char *c = element; *c != '\0'; c++)
    {
      if (g_ascii_isupper (*c) && c > element && g_ascii_islower (c[-1]))
        g_string_append_c (name, '-');
      g_string_append_c (name, g_ascii_tolower (*c));
    }

  return g_string_free (name, FALSE);
}

static gboolean
has_elements (const xmlNode *node)
{
  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      return TRUE;

  return FALSE;
}

/* The answer's fields are documented nowhere (docs/globalsign.md, Account): whatever has a text is a fact. */
static void
read_facts (const xmlNode *from,
            GHashTable    *facts)
{
  for (const xmlNode *node = from->children; node != NULL; node = node->next)
    {
      if (node->type != XML_ELEMENT_NODE || g_str_equal ((const char *) node->name, "QueryResponseHeader")
          || g_hash_table_size (facts) >= FACTS_MAX)
        continue;

      g_autofree char *text = has_elements (node) ? NULL : ch_soap_text (node, "");
      if (has_elements (node))
        read_facts (node, facts);
      else if (text != NULL && strlen (text) <= FACT_LENGTH_MAX && strlen ((const char *) node->name) <= FACT_LENGTH_MAX)
        g_hash_table_insert (facts, fact_name ((const char *) node->name), ch_text_line (text, -1));
    }
}

/* Any query shows whether the credentials are good. This one has an answer of a few rows at most. */
static gboolean
verify_by_query (const ChCaAccess  *access,
                 GCancellable      *cancellable,
                 GError           **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *from = ch_soap_date (now - 60);
  g_autofree char *to = ch_soap_date (now);
  xmlNode *request = ch_gs_request_new (access, "GetCertificateOrders", CH_GS_QUERY_HEADER);

  ch_soap_add (request, "FromDate", from);
  ch_soap_add (request, "ToDate", to);

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_QUERIES, request, cancellable, error);
  return reply != NULL;
}

/* The account service may be closed to a user whose orders are welcome. */
static gboolean
is_about_the_service (const GError *error)
{
  return g_error_matches (error, CH_ERROR, CH_ERROR_FORBIDDEN)
         || g_error_matches (error, CH_ERROR, CH_ERROR_TRANSIENT)
         || g_error_matches (error, CH_ERROR, CH_ERROR_BAD_ANSWER)
         || g_error_matches (error, CH_ERROR, CH_ERROR_CA_REFUSED);
}

gboolean
ch_gs_verify (const ChCaAccess  *access,
              GHashTable       **facts,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) cause = NULL;
  xmlNode *request = ch_gs_request_new (access, "AccountSnapshot", CH_GS_QUERY_HEADER);
  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_ACCOUNT, request, cancellable, &cause);

  if (reply != NULL)
    read_facts (reply->response, found);
  else if (!is_about_the_service (cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  else if (!verify_by_query (access, cancellable, error))
    return FALSE;

  if (facts != NULL)
    *facts = g_steal_pointer (&found);
  return TRUE;
}
