/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "approvers.h"

#include "ca/globalsign/names.h"

#include <glib/gi18n.h>
#include <string.h>

/* Who says yes by e-mail: GetDVApproverList, ChangeApproverEmail, ResendEmail (docs/globalsign.md, Ordering). */

#define APPROVERS_MAX 100

static gboolean
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at > text && at[1] != '\0' && strpbrk (text, " ,;<>\"") == NULL;
}

static char **
read_approvers (const xmlNode *response)
{
  g_autoptr(GPtrArray) approvers = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  const xmlNode *list = ch_soap_find (response, "Approvers");

  /* the items are called so (docs/globalsign.md, Ordering) */
  for (const xmlNode *entry = NULL;
       approvers->len < APPROVERS_MAX && (entry = ch_soap_next (list, entry, "SearchOrderDetail")) != NULL;)
    {
      g_autofree char *approver = ch_soap_word (entry, "ApproverEmail");

      if (approver != NULL && is_address (approver)
          && !g_ptr_array_find_with_equal_func (approvers, approver, g_str_equal, NULL))
        g_ptr_array_add (approvers, g_steal_pointer (&approver));
    }

  return approvers->len > 0 ? (char **) g_ptr_array_free (g_steal_pointer (&approvers), FALSE) : NULL;
}

/* A lost or senseless answer to a question that places nothing: it can be asked again. */
static void
make_transient (GError **error)
{
  if (g_error_matches (*error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME)
      || g_error_matches (*error, CH_ERROR, CH_ERROR_BAD_ANSWER))
    (*error)->code = CH_ERROR_TRANSIENT;
}

char **
ch_gs_ask_approvers (const ChCaAccess  *access,
                     const char        *name,
                     char             **number,
                     gboolean          *high_risk,
                     GCancellable      *cancellable,
                     GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "GetDVApproverList", CH_GS_QUERY_HEADER);
  g_autoptr(GError) cause = NULL;

  ch_soap_add (request, "FQDN", ch_gs_name_base (name));

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_ORDERS, request, cancellable, &cause);
  if (reply == NULL)
    {
      make_transient (&cause);
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }

  char **approvers = read_approvers (reply->response);
  if (approvers == NULL)
    ch_error_set (error, CH_ERROR_CA_REFUSED,
                  _("GlobalSign knows no address that may approve “%s” by e-mail; prove it by “dns” or “http”"),
                  name);
  else if (number != NULL)
    *number = ch_soap_word (reply->response, "OrderID");
  if (high_risk != NULL)
    *high_risk = reply->high_risk || reply->success == 1;

  return approvers;
}

char **
ch_gs_list_approvers (const ChCaAccess  *access,
                      const char        *name,
                      GCancellable      *cancellable,
                      GError           **error)
{
  return ch_gs_ask_approvers (access, name, NULL, NULL, cancellable, error);
}

gboolean
ch_gs_change_approver (const ChCaAccess  *access,
                       const char        *ca_order,
                       const char        *name,
                       const char        *approver,
                       GCancellable      *cancellable,
                       GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "ChangeApproverEmail", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  ch_soap_add (request, "ApproverEmail", approver);
  ch_soap_add (request, "FQDN", ch_gs_name_base (name));

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_ORDERS, request, cancellable, error);
  return reply != NULL;
}

gboolean
ch_gs_resend_mail (const ChCaAccess  *access,
                   const char        *ca_order,
                   GCancellable      *cancellable,
                   GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "ResendEmail", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  ch_soap_add (request, "ResendEmailType", "APPROVEREMAIL");

  g_autoptr(ChSoapReply) reply = ch_gs_ask (access, CH_GS_ORDERS, request, cancellable, error);
  return reply != NULL;
}
