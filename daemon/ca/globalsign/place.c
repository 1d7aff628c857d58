/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/names.h"

#include <glib/gi18n.h>

/* docs/globalsign.md, Products and names; AlphaSSL has a single name or a wildcard. */
static const struct
{
  ChProduct product;
  const char *code;
  gboolean further_names;
} dns_products[] = {
  { CH_PRODUCT_ALPHASSL, "DV_LOW_DNS_SHA2", FALSE },
  { CH_PRODUCT_DOMAINSSL, "DV_HIGH_DNS_SHA2", TRUE },
};

static const char *
product_code (ChProduct product)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dns_products); i++)
    if (dns_products[i].product == product)
      return dns_products[i].code;

  return NULL;
}

static gboolean
takes_further_names (ChProduct product)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dns_products); i++)
    if (dns_products[i].product == product)
      return dns_products[i].further_names;

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
  if (ch_gs_names_are_several (request->names))
    {
      xmlNode *option = ch_soap_open (ch_soap_open (parameter, "Options"), "Option");

      ch_soap_add (option, "OptionName", "SAN");
      ch_soap_add (option, "OptionValue", "true");
    }
  ch_soap_add (ch_soap_open (parameter, "ValidityPeriod"), "Months", months);
  ch_soap_add (parameter, "CSR", request->csr);
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

xmlNode *
ch_gs_place_request (const ChCaAccess  *access,
                     const ChCaRequest *request)
{
  xmlNode *root = ch_gs_request_new (access, "DVDNSOrder", CH_GS_ORDER_HEADER);

  add_parameters (root, request);
  ch_soap_add (root, "SubID", request->own_key);
  xmlNode *contact = ch_soap_open (root, "ContactInfo");
  for (gsize i = 0; i < G_N_ELEMENTS (contact_parts); i++)
    ch_soap_add (contact, contact_parts[i].element, contact_part (access, request, i));
  if (ch_gs_names_are_several (request->names))
    ch_gs_names_write (root, request->names);

  return root;
}

gboolean
ch_gs_place_check (const ChCaAccess   *access,
                   const ChCaRequest  *request,
                   GError            **error)
{
  if (product_code (request->product) == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” cannot be ordered here yet; choose “alphassl” or “domainssl”"),
                         ch_nick (CH_TYPE_PRODUCT, request->product));
  if (request->method != CH_DCV_METHOD_DNS)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Orders at GlobalSign are proven by “dns” only as yet, not by “%s”"),
                         ch_nick (CH_TYPE_DCV_METHOD, request->method));
  if (request->names == NULL || request->names[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("An order needs at least one name"));
  if (request->term_months < 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("A term of %d months cannot be ordered"),
                         request->term_months);

  for (gsize i = 0; request->names[i] != NULL; i++)
    if (g_hostname_is_ip_address (request->names[i]))
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("The address “%s” cannot be proven by DNS; leave it out"), request->names[i]);

  if (ch_gs_names_are_several (request->names) && !takes_further_names (request->product))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is for one name or one wildcard; choose “domainssl” for several names"),
                         ch_nick (CH_TYPE_PRODUCT, request->product));

  for (gsize i = 0; i < G_N_ELEMENTS (contact_parts); i++)
    if (contact_part (access, request, i) == NULL)
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("GlobalSign wants a contact: “%s” is missing; give it with the order, or “%s” "
                             "with the account"),
                           contact_parts[i].key, contact_parts[i].setting);

  return TRUE;
}
