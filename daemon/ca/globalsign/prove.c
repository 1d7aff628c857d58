/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"

#include <string.h>

/* Telling GlobalSign that the value stands: DVDNSVerificationForIssue and URLVerificationForIssue. */

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

static xmlNode *
record_request (const ChCaAccess *access,
                const char       *name)
{
  xmlNode *request = ch_gs_request_new (access, "DVDNSVerificationForIssue", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "ApproverFQDN", name);
  return request;
}

/* Scheme and host; GlobalSign appends the path (docs/globalsign.md, Ordering). */
static xmlNode *
file_request (const ChCaAccess *access,
              const char       *location)
{
  xmlNode *request = ch_gs_request_new (access, "URLVerificationForIssue", CH_GS_ORDER_HEADER);
  gboolean is_v6 = strchr (location, ':') != NULL && *location != '[';
  g_autofree char *url = strstr (location, "://") != NULL ? g_strdup (location)
                           : g_strdup_printf (is_v6 ? "http://[%s]" : "http://%s", location);

  ch_soap_add (request, "ApproverURL", url);
  return request;
}

ChCaOrder *
ch_gs_check_order (const ChCaAccess  *access,
                   const char        *ca_order,
                   ChDcvMethod        method,
                   const char        *location,
                   GCancellable      *cancellable,
                   GError           **error)
{
  xmlNode *request = method == CH_DCV_METHOD_HTTP ? file_request (access, location) : record_request (access, location);

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
