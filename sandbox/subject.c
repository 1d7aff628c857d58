/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "subject.h"

#include "products.h"

#include <gnutls/x509.h>
#include <string.h>

/* EV Guidelines 7.1.4.2: the place of incorporation, and the kind of organisation */
#define OID_JURISDICTION_LOCALITY "1.3.6.1.4.1.311.60.2.1.1"
#define OID_JURISDICTION_STATE "1.3.6.1.4.1.311.60.2.1.2"
#define OID_JURISDICTION_COUNTRY "1.3.6.1.4.1.311.60.2.1.3"
#define OID_BUSINESS_CATEGORY "2.5.4.15"
#define OID_SERIAL_NUMBER "2.5.4.5"

typedef struct
{
  const char *oid;
  const char *label;
  const char *path; /* below the block of the organisation, or from the top with a leading “/” */
} Part;

static const Part parts[] = {
  { GNUTLS_OID_X520_COUNTRY_NAME, "C", "OrganizationAddress/Country" },
  { GNUTLS_OID_X520_STATE_OR_PROVINCE_NAME, "ST", "OrganizationAddress/Region" },
  { GNUTLS_OID_X520_LOCALITY_NAME, "L", "OrganizationAddress/City" },
  { GNUTLS_OID_X520_ORGANIZATION_NAME, "O", "OrganizationName" },
  { OID_BUSINESS_CATEGORY, "businessCategory", "BusinessCategoryCode" },
  { OID_SERIAL_NUMBER, "serialNumber", "/JurisdictionInfo/IncorporationAgencyRegistrationNumber" },
  { OID_JURISDICTION_COUNTRY, "jurisdictionC", "/JurisdictionInfo/JurisdictionCountry" },
  { OID_JURISDICTION_STATE, "jurisdictionST", "/JurisdictionInfo/JurisdictionState" },
  { OID_JURISDICTION_LOCALITY, "jurisdictionL", "/JurisdictionInfo/JurisdictionLocality" },
};

static SbMethod
method_of (const SbOrder *order)
{
  const SbProduct *product = sb_product_find (order->product);

  return product != NULL ? product->method : SB_METHOD_DNS;
}

static const char *
spell_out (const char *code)
{
  static const char *const categories[] = {
    "PO", "Private Organization", "GE", "Government Entity", "BE", "Business Entity"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (categories); i += 2)
    if (g_strcmp0 (code, categories[i]) == 0)
      return categories[i + 1];

  return code;
}

static const char *
read_part (const SbOrder *order,
           const Part    *part)
{
  const char *block = method_of (order) == SB_METHOD_EV ? "OrganizationInfoEV/" : "OrganizationInfo/";
  g_autofree char *path = *part->path == '/' ? g_strdup (part->path + 1) : g_strconcat (block, part->path, NULL);

  const char *text = sb_order_detail (order, path);

  return g_strcmp0 (part->oid, OID_BUSINESS_CATEGORY) == 0 ? spell_out (text) : text;
}

const char *
sb_subject_organization (const SbOrder *order)
{
  static const Part name = { NULL, NULL, "OrganizationName" };

  return read_part (order, &name);
}

GStrv
sb_subject (const SbOrder *order)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (!sb_product_is_vetted (sb_product_find (order->product)))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *text = read_part (order, &parts[i]);

      if (text != NULL)
        g_strv_builder_add_many (builder, parts[i].oid, text, NULL);
    }

  return g_strv_builder_end (builder);
}

const char *
sb_subject_policy (const SbOrder *order)
{
  switch (method_of (order))
    {
    case SB_METHOD_OV:
      return "2.23.140.1.2.2";
    case SB_METHOD_EV:
      return "2.23.140.1.1";
    case SB_METHOD_EMAIL:
    case SB_METHOD_URL:
    case SB_METHOD_DNS:
    default:
      return "2.23.140.1.2.1";
    }
}

char *
sb_subject_text (const SbOrder *order)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "CN = %s", order->common_name);
  for (gsize i = G_N_ELEMENTS (parts); sb_subject_organization (order) != NULL && i > 0; i--)
    {
      const char *value = read_part (order, &parts[i - 1]);

      if (value != NULL)
        g_string_append_printf (text, ", %s = %s", parts[i - 1].label, value);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
