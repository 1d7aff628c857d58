/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/names.h"
#include "ca/globalsign/products.h"

#include <glib/gi18n.h>
#include <string.h>

/* A new certificate inside the term (docs/globalsign.md, Reissue): ReIssue for another key, ChangeSubjectAltName for
 * other names. The second takes no request, so the key comes first and the names after it. */

/* The order as it stands; when it cannot be read at once, its number is what counts. */
static ChCaOrder *
made (const ChCaAccess *access,
      const char       *number,
      const char       *target,
      GCancellable     *cancellable)
{
  ChCaOrder *order = ch_gs_fetch (access, number, cancellable, NULL);

  if (order == NULL)
    order = ch_gs_order_new (number, CH_CA_WAITING);
  if (order->reissues == NULL)
    order->reissues = g_strdup (target);

  return order;
}

/* ---- another key ---- */

static ChCaOrder *
change_key (const ChCaAccess  *access,
            const char        *ca_order,
            const char        *csr,
            GCancellable      *cancellable,
            GError           **error)
{
  g_autofree char *number = NULL;
  xmlNode *request = ch_gs_request_new (access, "ReIssue", CH_GS_ORDER_HEADER);

  ch_soap_add (ch_soap_open (request, "OrderParameter"), "CSR", csr);
  ch_soap_add (request, "TargetOrderID", ca_order);

  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_QUERIES, request, ca_order, &number, cancellable, error);
  return reply != NULL ? made (access, number, ca_order, cancellable) : NULL;
}

/* ---- other names ---- */

/* (transfer container): @names with the common name first, by which the types of the others go */
static const char **
sort_names (const char *const *names,
            const char        *common_name)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

  g_ptr_array_add (sorted, (gpointer) common_name);
  for (gsize i = 0; names[i] != NULL; i++)
    if (!g_str_equal (names[i], common_name))
      g_ptr_array_add (sorted, (gpointer) names[i]);
  g_ptr_array_add (sorted, NULL);

  return (const char **) g_ptr_array_free (g_steal_pointer (&sorted), FALSE);
}

static gboolean
may_change_names (const ChCaOrder    *target,
                  const char *const  *names,
                  GError            **error)
{
  if (target->status != CH_CA_ISSUED)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Order “%s” has no certificate in force whose names could change"),
                         target->ca_order);
  if (target->common_name == NULL || !g_strv_contains (names, target->common_name))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The common name “%s” stays with an order as long as it runs; keep it, or make a new "
                           "order"),
                         target->common_name != NULL ? target->common_name : "");
  if (target->known && !ch_gs_product_takes_names (target->product))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is for one name or one wildcard; order “domainssl” for several names"),
                         ch_nick (CH_TYPE_PRODUCT, target->product));

  return TRUE;
}

/* @names: all that are wanted */
static ChCaOrder *
change_names (const ChCaAccess   *access,
              const ChCaOrder    *target,
              const char *const  *names,
              GCancellable       *cancellable,
              GError            **error)
{
  if (!may_change_names (target, names, error))
    return NULL;

  gboolean by_mail = target->known && ch_gs_product_is_dv (target->product) && target->method == CH_DCV_METHOD_EMAIL;
  g_autofree const char **sorted = sort_names (names, target->common_name);
  g_autofree char *number = NULL;
  xmlNode *request = ch_gs_request_new (access, "ChangeSubjectAltName", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "TargetOrderID", target->ca_order);
  ch_soap_add (request, "ApproverEmail", by_mail ? target->approver : NULL);
  ch_gs_names_write (request, sorted);

  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_ORDERS, request, target->ca_order, &number, cancellable,
                                              error);
  return reply != NULL ? made (access, number, target->ca_order, cancellable) : NULL;
}

/* ---- both ---- */

static gboolean
is_same_pem (const char *one,
             const char *other)
{
  if (one == NULL || other == NULL)
    return FALSE;

  for (;; one++, other++)
    {
      one += strspn (one, " \r\n");
      other += strspn (other, " \r\n");
      if (*one != *other)
        return FALSE;
      if (*one == '\0')
        return TRUE;
    }
}

/* What was asked first is done and keeps its number; that the rest did not go is told by its names. */
static ChCaOrder *
then_names (const ChCaAccess   *access,
            ChCaOrder          *rekeyed,
            const char *const  *names,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autoptr(ChCaOrder) first = rekeyed;
  g_autoptr(GError) cause = NULL;

  if (first->status != CH_CA_ISSUED)
    return g_steal_pointer (&first);

  ChCaOrder *second = change_names (access, first, names, cancellable, &cause);
  if (second != NULL)
    return second;
  if (!g_error_matches (cause, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME))
    return g_steal_pointer (&first);

  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

ChCaOrder *
ch_gs_reissue (const ChCaAccess   *access,
               const char         *ca_order,
               const char         *csr,
               const char *const  *names,
               GCancellable       *cancellable,
               GError            **error)
{
  if (csr == NULL || *csr == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A certificate is reissued with a certificate request"));
      return NULL;
    }
  if (names == NULL)
    return change_key (access, ca_order, csr, cancellable, error);

  g_autoptr(ChCaOrder) target = ch_gs_fetch (access, ca_order, cancellable, error);
  if (target == NULL || !may_change_names (target, names, error))
    return NULL;
  if (is_same_pem (target->csr, csr))
    return change_names (access, target, names, cancellable, error);

  ChCaOrder *rekeyed = change_key (access, ca_order, csr, cancellable, error);
  return rekeyed != NULL ? then_names (access, rekeyed, names, cancellable, error) : NULL;
}
