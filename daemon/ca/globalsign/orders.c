/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- placing an order: DVDNSOrder ---- */

/* SANOptionType, section 5.3 */
#define SAN_UNIFIED "1"
#define SAN_SUBDOMAIN "2"
#define SAN_OTHER "7"
#define SAN_WILDCARD "13"

static const struct
{
  ChProduct product;
  const char *code;
} dns_products[] = {
  { CH_PRODUCT_ALPHASSL, "DV_LOW_DNS_SHA2" },
  { CH_PRODUCT_DOMAINSSL, "DV_HIGH_DNS_SHA2" },
};

static const char *
product_code (ChProduct product)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dns_products); i++)
    if (dns_products[i].product == product)
      return dns_products[i].code;

  return NULL;
}

static const char *
without (const char *name,
         const char *prefix)
{
  return g_str_has_prefix (name, prefix) ? name + strlen (prefix) : name;
}

/* The domain of the common name, whose certificate covers it with and without "www." */
static const char *
domain_of (const char *common_name)
{
  return without (without (common_name, "*."), "www.");
}

/* The common name and its twins are in the certificate anyway and may not be listed (section 5.3). */
static gboolean
is_implied (const char *name,
            const char *common_name)
{
  const char *domain = domain_of (common_name);

  if (g_str_equal (name, common_name) || g_str_equal (name, domain))
    return TRUE;

  return !g_str_has_prefix (common_name, "*.")
         && g_str_has_prefix (name, "www.") && g_str_equal (without (name, "www."), domain);
}

static const char *
san_type (const char *name,
          const char *common_name)
{
  static const char *const unified[] = { "mail", "owa", "autodiscover", "www", NULL };
  const char *domain = domain_of (common_name);

  if (g_str_has_prefix (name, "*."))
    return SAN_WILDCARD;

  g_autofree char *tail = g_strconcat (".", domain, NULL);
  if (!g_str_has_suffix (name, tail))
    return SAN_OTHER;

  g_autofree char *label = g_strndup (name, strlen (name) - strlen (tail));
  return g_strv_contains (unified, label) ? SAN_UNIFIED : SAN_SUBDOMAIN;
}

static gboolean
has_further_names (const ChCaRequest *request)
{
  for (gsize i = 1; request->names[i] != NULL; i++)
    if (!is_implied (request->names[i], request->names[0]))
      return TRUE;

  return FALSE;
}

static void
add_parameters (xmlNode           *parent,
                const ChCaRequest *request)
{
  xmlNode *parameter = ch_soap_open (parent, "OrderRequestParameter");
  g_autofree char *months = g_strdup_printf ("%d", request->term_months);

  ch_soap_add (parameter, "ProductCode", product_code (request->product));
  if (g_str_has_prefix (request->names[0], "*."))
    ch_soap_add (parameter, "BaseOption", "wildcard");
  ch_soap_add (parameter, "OrderKind", "new");
  ch_soap_add (parameter, "Licenses", "1");
  if (has_further_names (request))
    {
      xmlNode *option = ch_soap_open (ch_soap_open (parameter, "Options"), "Option");

      ch_soap_add (option, "OptionName", "SAN");
      ch_soap_add (option, "OptionValue", "true");
    }
  ch_soap_add (ch_soap_open (parameter, "ValidityPeriod"), "Months", months);
  ch_soap_add (parameter, "CSR", request->csr);
}

static void
add_names (xmlNode           *parent,
           const ChCaRequest *request)
{
  xmlNode *entries = has_further_names (request) ? ch_soap_open (parent, "SANEntries") : NULL;

  for (gsize i = 1; entries != NULL && request->names[i] != NULL; i++)
    if (!is_implied (request->names[i], request->names[0]))
      {
        xmlNode *entry = ch_soap_open (entries, "SANEntry");

        ch_soap_add (entry, "SANOptionType", san_type (request->names[i], request->names[0]));
        ch_soap_add (entry, "SubjectAltName", request->names[i]);
      }
}

/* All four are mandatory, in this order. */
static const struct
{
  const char *key;
  const char *setting;
  const char *element;
} contact_parts[] = {
  { "first-name", "contact-first-name", "FirstName" },
  { "last-name", "contact-last-name", "LastName" },
  { "phone", "contact-phone", "Phone" },
  { "email", "contact-email", "Email" },
};

/* @i: which of contact_parts. The order's own contact counts, else the account's. */
static const char *
contact_part (const ChCaAccess  *access,
              const ChCaRequest *request,
              gsize              i)
{
  const char *own = request->contact != NULL ? g_hash_table_lookup (request->contact, contact_parts[i].key)
                                             : NULL;

  if (own != NULL && *own != '\0')
    return own;

  return ch_fields_get (ch_gs_fields, access->settings, contact_parts[i].setting);
}

static xmlNode *
order_request (const ChCaAccess  *access,
               const ChCaRequest *request)
{
  xmlNode *root = ch_gs_request_new (access, "DVDNSOrder", CH_GS_ORDER_HEADER);

  add_parameters (root, request);
  ch_soap_add (root, "SubID", request->own_key);
  xmlNode *contact = ch_soap_open (root, "ContactInfo");
  for (gsize i = 0; i < G_N_ELEMENTS (contact_parts); i++)
    ch_soap_add (contact, contact_parts[i].element, contact_part (access, request, i));
  add_names (root, request);

  return root;
}

static gboolean
check_request (const ChCaAccess  *access,
               const ChCaRequest *request,
               GError           **error)
{
  if (product_code (request->product) == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” cannot be ordered here yet; choose “alphassl” or “domainssl”"),
                         ch_nick (CH_TYPE_PRODUCT, request->product));
  if (request->method != CH_DCV_METHOD_DNS)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Orders at GlobalSign are proven by “dns” only as yet, not by “%s”"),
                         ch_nick (CH_TYPE_DCV_METHOD, request->method));
  if (request->names == NULL || request->names[0] == NULL || request->csr == NULL || *request->csr == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("An order needs at least one name and a CSR"));
  if (request->own_key == NULL || *request->own_key == '\0')
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("An order needs a key of ours, by which it can be found again"));
  if (request->term_months < 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("A term of %d months cannot be ordered"),
                         request->term_months);

  for (gsize i = 0; request->names[i] != NULL; i++)
    if (g_hostname_is_ip_address (request->names[i]))
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("The address “%s” cannot be proven by DNS; leave it out"), request->names[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (contact_parts); i++)
    if (contact_part (access, request, i) == NULL)
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("GlobalSign wants a contact: “%s” is missing; give it with the order, or “%s” with "
                             "the account"),
                           contact_parts[i].key, contact_parts[i].setting);

  return TRUE;
}

/* Once sent, only a clear no means that nothing was ordered: whatever else comes back may hide an order that
 * was taken. */
static void
make_unknown (GError **error)
{
  if (!g_error_matches (*error, CH_ERROR, CH_ERROR_TRANSIENT)
      && !g_error_matches (*error, CH_ERROR, CH_ERROR_BAD_ANSWER))
    return;

  GError *unknown = g_error_new (CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME,
                                 _("Nobody knows whether GlobalSign took the order: %s"), (*error)->message);
  g_error_free (*error);
  *error = unknown;
}

/* One of the listed names itself is the place (section 6.3). The common name comes first. */
static char **
read_locations (const xmlNode *list,
                const char    *common_name)
{
  const char *best = without (common_name, "*.");
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (const xmlNode *entry = NULL; (entry = ch_soap_next (list, entry, "VerificationFQDN")) != NULL;)
    {
      char *name = ch_soap_text (entry, "");

      if (name != NULL)
        g_ptr_array_insert (names, g_ascii_strcasecmp (name, best) == 0 ? 0 : -1, name);
    }

  return names->len > 0 ? (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE) : NULL;
}

static ChCaOrder *
read_placed (const ChCaAccess  *access,
             const ChCaRequest *request,
             const ChSoapReply *reply,
             GError           **error)
{
  g_autofree char *number = ch_soap_text (reply->response, "OrderID");

  if (number == NULL && !ch_gs_check (access, reply, error))
    return NULL;
  if (number == NULL || reply->success < 0)
    {
      ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME,
                    _("GlobalSign's answer leaves open whether it took the order (result %d, code %d)"),
                    reply->success, reply->code);
      return NULL;
    }

  gboolean held = reply->high_risk || reply->success == 1;
  ChCaOrder *order = ch_gs_order_new (number, held ? CH_CA_HELD : CH_CA_WAITING);
  order->own_key = g_strdup (request->own_key);
  order->common_name = g_strdup (request->names[0]);
  order->txt_value = ch_soap_text (reply->response, "DNSTXT");
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
  g_autoptr(GError) cause = NULL;
  ChCaOrder *order = NULL;

  if (!check_request (access, request, error))
    return NULL;

  g_autoptr(ChSoapReply) reply = ch_gs_call (access, CH_GS_ORDERS, order_request (access, request),
                                             cancellable, &cause);
  if (reply != NULL)
    order = read_placed (access, request, reply, &cause);
  if (order == NULL)
    {
      make_unknown (&cause);
      g_propagate_error (error, g_steal_pointer (&cause));
    }

  return order;
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

  /* the payload has this name here too (section 4.5) */
  const xmlNode *issue = ch_soap_find (reply->response, "URLVerificationForIssue");
  g_autoptr(ChCaOrder) order = ch_gs_read_issue (ca_order, issue);
  if (order->certificate == NULL)
    return ch_gs_fetch (access, ca_order, cancellable, error);

  return g_steal_pointer (&order);
}

/* ---- ending it: ModifyOrder ---- */

static gboolean
is_cancelled (const ChCaAccess *access,
              const char       *ca_order,
              GCancellable     *cancellable)
{
  g_autoptr(ChCaOrder) order = ch_gs_fetch (access, ca_order, cancellable, NULL);

  return order != NULL && order->status == CH_CA_CANCELLED;
}

gboolean
ch_gs_cancel (const ChCaAccess  *access,
              const char        *ca_order,
              GCancellable      *cancellable,
              GError           **error)
{
  xmlNode *request = ch_gs_request_new (access, "ModifyOrder", CH_GS_ORDER_HEADER);

  ch_soap_add (request, "OrderID", ca_order);
  ch_soap_add (request, "ModifyOrderOperation", "CANCEL");

  g_autoptr(ChSoapReply) reply = ch_gs_call (access, CH_GS_ORDERS, request, cancellable, error);
  if (reply == NULL)
    return FALSE;
  if (reply->code == CH_GS_CODE_CANCELLED_ALREADY)
    return TRUE;
  if (reply->code == CH_GS_CODE_MODIFIED_ALREADY && is_cancelled (access, ca_order, cancellable))
    return TRUE;

  return ch_gs_check (access, reply, error);
}
