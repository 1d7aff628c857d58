/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "ca/globalsign/approvers.h"
#include "ca/globalsign/codes.h"
#include "ca/globalsign/names.h"

#include <glib/gi18n.h>
#include <string.h>

/* AlphaSSL and DomainSSL: DVDNSOrder, URLVerification and DVOrder (docs/globalsign.md, Ordering). */

#define LOCATIONS_MAX 1000    /* some for each name of an order */

/* ---- by a record, by a file ---- */

static xmlNode *
order_request (const ChCaAccess  *access,
               const ChCaRequest *request,
               const char        *operation)
{
  xmlNode *root = ch_gs_request_new (access, operation, CH_GS_ORDER_HEADER);

  ch_gs_add_parameters (root, request);
  ch_soap_add (root, "SubID", request->own_key);
  ch_gs_add_tail (root, request);
  return root;
}

/* One of the listed names itself is the place. The common name comes first. */
static char **
read_locations (const xmlNode *list,
                const char    *entry_name,
                const char    *common_name)
{
  const char *best = ch_gs_name_base (common_name);
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (const xmlNode *entry = NULL;
       names->len < LOCATIONS_MAX && (entry = ch_soap_next (list, entry, entry_name)) != NULL;)
    {
      char *name = ch_soap_word (entry, "");

      if (name != NULL)
        g_ptr_array_insert (names, g_ascii_strcasecmp (name, best) == 0 ? 0 : -1, name);
    }

  return names->len > 0 ? (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* The value that will be published. Nothing else is: a wrong answer could have an SPF policy or another CA's token
 * put into somebody's DNS. Answers of 2016 had no underscore. */
static char *
read_record (const xmlNode *response)
{
  g_autofree char *value = ch_soap_word (response, "DNSTXT");
  gboolean ours = value != NULL
                  && g_str_has_prefix (value + (*value == '_'), "globalsign-domain-verification=");

  return ours ? g_steal_pointer (&value) : NULL;
}

/* A whole HTML element, and nothing else: somebody's web server will show it. */
static char *
read_meta_tag (const xmlNode *response)
{
  g_autofree char *value = ch_soap_word (response, "MetaTag");
  gboolean ours = value != NULL
                  && g_regex_match_simple ("^<meta +name=([\"'])_?globalsign-domain-verification\\1 +"
                                           "content=([\"'])[A-Za-z0-9_=+/-]{1,200}\\2 */?>$", value, 0, 0);

  return ours ? g_steal_pointer (&value) : NULL;
}

ChCaOrder *
ch_gs_place_by_record (const ChCaAccess   *access,
                       const ChCaRequest  *request,
                       GCancellable       *cancellable,
                       GError            **error)
{
  g_autofree char *number = NULL;
  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_ORDERS, order_request (access, request, "DVDNSOrder"), NULL,
                                              &number, cancellable, error);
  if (reply == NULL)
    return NULL;

  ChCaOrder *order = ch_gs_placed_order (request, reply, number);
  order->value = read_record (reply->response);
  order->locations = read_locations (ch_soap_find (reply->response, "VerificationFQDNList"), "VerificationFQDN",
                                     request->names[0]);
  return order;
}

ChCaOrder *
ch_gs_place_by_file (const ChCaAccess   *access,
                     const ChCaRequest  *request,
                     GCancellable       *cancellable,
                     GError            **error)
{
  g_autofree char *number = NULL;
  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_ORDERS, order_request (access, request, "URLVerification"),
                                              NULL, &number, cancellable, error);
  if (reply == NULL)
    return NULL;

  ChCaOrder *order = ch_gs_placed_order (request, reply, number);
  order->value = read_meta_tag (reply->response);
  order->locations = read_locations (ch_soap_find (reply->response, "VerificationURLList"), "VerificationURL",
                                     request->names[0]);
  return order;
}

/* ---- by e-mail ---- */

static xmlNode *
mail_request (const ChCaAccess  *access,
              const ChCaRequest *request,
              const char        *number)
{
  xmlNode *root = ch_gs_request_new (access, "DVOrder", CH_GS_ORDER_HEADER);

  ch_gs_add_parameters (root, request);
  ch_soap_add (root, "SubID", request->own_key);
  ch_soap_add (root, "OrderID", number);
  ch_soap_add (root, "ApproverEmail", request->approver);
  ch_gs_add_tail (root, request);
  return root;
}

static gboolean
has_approver (char       **approvers,
              const char  *approver)
{
  for (gsize i = 0; approvers[i] != NULL; i++)
    if (g_ascii_strcasecmp (approvers[i], approver) == 0)
      return TRUE;

  return FALSE;
}

/* (transfer full): the number that the order will have. Nothing is placed yet, whatever goes wrong. */
static char *
reserve (const ChCaAccess   *access,
         const ChCaRequest  *request,
         gboolean           *high_risk,
         GCancellable       *cancellable,
         GError            **error)
{
  g_autofree char *number = NULL;
  g_auto(GStrv) approvers = ch_gs_ask_approvers (access, request->names[0], &number, high_risk, cancellable, error);

  if (approvers == NULL)
    return NULL;

  if (!has_approver (approvers, request->approver))
    {
      g_autofree char *list = g_strjoinv (", ", approvers);
      ch_error_set (error, CH_ERROR_INVALID, _("GlobalSign sends no mail to “%s” for “%s”; choose one of these: %s"),
                    request->approver, request->names[0], list);
      return NULL;
    }
  if (number == NULL)
    {
      ch_error_set (error, CH_ERROR_TRANSIENT, _("GlobalSign gave no number for the order; it is tried again later"));
      return NULL;
    }

  return g_steal_pointer (&number);
}

/* Sends it, and once again when nobody knows what became of it: the number can be used only once, so that -4004 for the
 * second says that the first was taken. @reply: (out) (nullable) */
static gboolean
send_mail_order (const ChCaAccess   *access,
                 const ChCaRequest  *request,
                 const char         *number,
                 ChSoapReply       **reply,
                 GCancellable       *cancellable,
                 GError            **error)
{
  g_autoptr(GError) first = NULL;
  g_autoptr(GError) second = NULL;

  *reply = ch_gs_ask (access, CH_GS_ORDERS, mail_request (access, request, number), cancellable, &first);
  if (*reply != NULL)
    return TRUE;

  ch_gs_make_unknown (&first);
  if (!g_error_matches (first, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME) || g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }

  g_autoptr(ChSoapReply) again = ch_gs_call (access, CH_GS_ORDERS, mail_request (access, request, number), cancellable,
                                             &second);
  if (again != NULL && (again->success >= 0 || again->code == CH_GS_CODE_ID_USED))
    {
      *reply = again->success >= 0 ? g_steal_pointer (&again) : NULL;
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

ChCaOrder *
ch_gs_place_by_mail (const ChCaAccess   *access,
                     const ChCaRequest  *request,
                     GCancellable       *cancellable,
                     GError            **error)
{
  gboolean high_risk = FALSE;
  g_autoptr(ChSoapReply) reply = NULL;
  g_autofree char *number = reserve (access, request, &high_risk, cancellable, error);

  if (number == NULL || !send_mail_order (access, request, number, &reply, cancellable, error))
    return NULL;

  /* after a lost answer only the order itself tells whether it is held; tracking will */
  ChCaOrder *order = ch_gs_placed_order (request, reply, number);
  order->approver = g_strdup (request->approver);
  return order;
}
