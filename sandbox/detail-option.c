/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include <string.h>

/* The blocks of OrderOption in WSDL order: names with “!” are always there, others as nil when there is nothing. */
static const char *const address[] = {
  "AddressLine1!", "AddressLine2", "AddressLine3", "City!", "Region!", "PostalCode", "Country!", "Phone!", "Fax", NULL
};
static const char *const officer[] = {
  "FirstName!", "LastName!", "Function!", "OrganizationName!", "OrganizationUnit!", "Phone!", "Email!", NULL
};
static const char *const signer[] = {
  "OrganizationName!", "FirstName!", "LastName!", "Function!", "Phone!", "Email!", NULL
};
static const char *const jurisdiction[] = {
  "JurisdictionCountry!", "JurisdictionState", "JurisdictionLocality", "IncorporationAgencyRegistrationNumber!", NULL
};
static const char *const contact[] = { "FirstName!", "LastName!", "Phone!", "Email!", NULL };
static const char *const second_contact[] = { "FirstName!", "LastName!", "Email!", NULL };
static const char *const organization[] = {
  "OrganizationName!", "CreditAgency", "OrganizationCode", "BusinessAssumedName", "BusinessCategoryCode", NULL
};

static gboolean
has_block (const SbOrder *order,
           const char    *block)
{
  g_autofree char *start = g_strconcat (block, "/", NULL);

  for (gsize i = 0; order->details != NULL && order->details[i] != NULL; i++)
    if (g_str_has_prefix (order->details[i], start))
      return TRUE;

  return FALSE;
}

static void
add_fields (xmlNode           *parent,
            const SbOrder     *order,
            const char        *block,
            const char *const *fields)
{
  for (gsize i = 0; fields[i] != NULL; i++)
    {
      gboolean always = g_str_has_suffix (fields[i], "!");
      g_autofree char *name = g_strndup (fields[i], strlen (fields[i]) - always);
      g_autofree char *path = g_strconcat (block, "/", name, NULL);
      const char *text = sb_order_detail (order, path);

      if (always)
        sb_add_text (parent, name, text);
      else
        sb_add_any (parent, name, text);
    }
}

static void
add_block (xmlNode           *parent,
           const SbOrder     *order,
           const char        *block,
           const char *const *fields)
{
  if (has_block (order, block))
    add_fields (sb_add (parent, block), order, block, fields);
  else
    sb_add_nil (parent, block);
}

/* The request of an EV order calls it OrganizationInfoEV; the answer does not. */
static void
add_organization (xmlNode       *parent,
                  const SbOrder *order)
{
  gboolean is_ev = has_block (order, "OrganizationInfoEV");
  xmlNode *node = sb_add (parent, "OrganizationInfo");

  add_fields (node, order, is_ev ? "OrganizationInfoEV" : "OrganizationInfo", organization);
  add_fields (sb_add (node, "OrganizationAddress"), order,
              is_ev ? "OrganizationInfoEV/OrganizationAddress" : "OrganizationInfo/OrganizationAddress", address);
}

static void
add_date (SbCall     *call,
          xmlNode    *parent,
          const char *name,
          gint64      time)
{
  g_autofree char *text = time != 0 ? sb_call_date (call, time) : NULL;

  sb_add_any (parent, name, text);
}

void
sb_add_order_option (SbCall        *call,
                     xmlNode       *parent,
                     const SbOrder *order)
{
  xmlNode *option = sb_add (parent, "OrderOption");

  add_date (call, option, "ApproverNotifiedDate", order->notified);
  add_date (call, option, "ApproverConfirmDate", order->confirmed);
  sb_add_any (option, "ApproverEmailAddress", order->approver);
  add_organization (option, order);
  add_block (option, order, "RequestorInfo", officer);
  add_block (option, order, "ApproverInfo", officer);
  add_block (option, order, "AuthorizedSignerInfo", signer);
  add_block (option, order, "JurisdictionInfo", jurisdiction);
  add_block (option, order, "ContactInfo", contact);
  add_block (option, order, "SecondContactInfo", second_contact);
}
