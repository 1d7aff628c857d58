/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"

#include <glib/gi18n.h>

#define LOCATIONS_MAX 1000    /* some for each name of an order */

/* ---- placing an order: DVDNSOrder ---- */

/* One of the listed names itself is the place (docs/globalsign.md, Ordering). The common name comes first. */
static char **
read_locations (const xmlNode *list,
                const char    *common_name)
{
  const char *best = common_name + (g_str_has_prefix (common_name, "*.") ? 2 : 0);
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (const xmlNode *entry = NULL;
       names->len < LOCATIONS_MAX && (entry = ch_soap_next (list, entry, "VerificationFQDN")) != NULL;)
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
read_value (const xmlNode *response)
{
  g_autofree char *value = ch_soap_word (response, "DNSTXT");
  gboolean ours = value != NULL
                  && g_str_has_prefix (value + (*value == '_'), "globalsign-domain-verification=");

  return ours ? g_steal_pointer (&value) : NULL;
}

static ChCaOrder *
read_placed (const ChCaRequest *request,
             const ChSoapReply *reply,
             const char        *number)
{
  gboolean held = reply->high_risk || reply->success == 1;
  ChCaOrder *order = ch_gs_order_new (number, held ? CH_CA_HELD : CH_CA_WAITING);
  order->own_key = g_strdup (request->own_key);
  order->common_name = g_strdup (request->names[0]);
  order->value = read_value (reply->response);
  order->locations = read_locations (ch_soap_find (reply->response, "VerificationFQDNList"),
                                     request->names[0]);

  return order;
}

ChCaOrder *
ch_gs_submit (const ChCaAccess   *access,
              const ChCaRequest  *request,
              GCancellable       *cancellable,
              GError            **error)
{
  g_autofree char *number = NULL;

  if (request->csr == NULL || *request->csr == '\0' || request->own_key == NULL || *request->own_key == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID, _("An order is placed with a CSR, and with a key of ours by which it can be found again"));
      return NULL;
    }

  if (!ch_gs_place_check (access, request, error))
    return NULL;

  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_ORDERS, ch_gs_place_request (access, request), NULL,
                                              &number, cancellable, error);
  return reply != NULL ? read_placed (request, reply, number) : NULL;
}

/* ---- proving it: DVDNSVerificationForIssue ---- */

/* Codes behind which an order can hide that is issued already: the answer of an earlier check was lost. */
static gboolean
may_be_done (int code)
{
  return code == CH_GS_CODE_INTERNAL || code == CH_GS_CODE_ID_USED
         || code == CH_GS_CODE_NOT_PROCESSED || code == CH_GS_CODE_MODIFIED_ALREADY;
}

/* The order as it stands, unless it still waits; then the refusal stands. */
static ChCaOrder *
look_behind (const ChCaAccess  *access,
             const char        *ca_order,
             const ChSoapReply *refusal,
             GCancellable      *cancellable,
             GError           **error)
{
  g_autoptr(ChCaOrder) order = NULL;

  if (may_be_done (refusal->code))
    order = ch_gs_fetch (access, ca_order, cancellable, NULL);
  if (order != NULL && order->status != CH_CA_WAITING)
    return g_steal_pointer (&order);

  ch_gs_check (access, refusal, error);
  return NULL;
}

ChCaOrder *
ch_gs_check_order (const ChCaAccess  *access,
                   const char        *ca_order,
                   ChDcvMethod        method,
                   const char        *location,
                   GCancellable      *cancellable,
                   GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "DVDNSVerificationForIssue", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "ApproverFQDN", location);
  ch_soap_add (request, "OrderID", ca_order);

  g_autoptr(ChSoapReply) reply = ch_gs_call (access, CH_GS_ORDERS, request, cancellable, error);
  if (reply == NULL)
    return NULL;
  if (!ch_gs_check (access, reply, NULL))
    return look_behind (access, ca_order, reply, cancellable, error);

  /* the payload has this name here too (docs/globalsign.md, Ordering) */
  const xmlNode *issue = ch_soap_find (reply->response, "URLVerificationForIssue");
  g_autoptr(ChCaOrder) order = ch_gs_read_issue (ca_order, issue);
  if (order->certificate == NULL)
    return ch_gs_fetch (access, ca_order, cancellable, error);

  return g_steal_pointer (&order);
}
