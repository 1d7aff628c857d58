/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "blocks.h"

/* docs/globalsign.md, People and organisations. The order is the WSDL's. */

static const ChGsWord agencies[] = { { "duns", "1" }, { "tdb", "2" }, { NULL } };
static const ChGsWord categories[] = { { "private", "PO" }, { "government", "GE" }, { "business", "BE" }, { NULL } };

static const ChGsPart contact[] = {
  { "FirstName", "first-name", TRUE, NULL },
  { "LastName", "last-name", TRUE, NULL },
  { "Phone", "phone", TRUE, NULL },
  { "Email", "email", TRUE, NULL },
  { NULL },
};

static const ChGsPart second_contact[] = {
  { "FirstName", "first-name", TRUE, NULL },
  { "LastName", "last-name", TRUE, NULL },
  { "Email", "email", TRUE, NULL },
  { NULL },
};

static const ChGsPart organization[] = {
  { "OrganizationName", "name", TRUE, NULL },
  { "CreditAgency", "credit-agency", FALSE, agencies },
  { "OrganizationCode", "organization-code", FALSE, NULL },
  { NULL },
};

/* it has no name: that is in the certificate request */
static const ChGsPart organization_ev[] = {
  { "BusinessAssumedName", "assumed-name", FALSE, NULL },
  { "CreditAgency", "credit-agency", FALSE, agencies },
  { "OrganizationCode", "organization-code", FALSE, NULL },
  { "BusinessCategoryCode", "business-category", TRUE, categories },
  { NULL },
};

static const ChGsPart address[] = {
  { "AddressLine1", "address-1", TRUE, NULL },
  { "AddressLine2", "address-2", FALSE, NULL },
  { "AddressLine3", "address-3", FALSE, NULL },
  { "City", "city", TRUE, NULL },
  { "Region", "region", TRUE, NULL },
  { "PostalCode", "postal-code", TRUE, NULL },
  { "Country", "country", TRUE, NULL },
  { "Phone", "phone", TRUE, NULL },
  { "Fax", "fax", FALSE, NULL },
  { NULL },
};

static const ChGsPart person[] = {
  { "FirstName", "first-name", TRUE, NULL },
  { "LastName", "last-name", TRUE, NULL },
  { "Function", "function", TRUE, NULL },
  { "OrganizationName", "organization", TRUE, NULL },
  { "OrganizationUnit", "unit", TRUE, NULL },
  { "Phone", "phone", TRUE, NULL },
  { "Email", "email", TRUE, NULL },
  { NULL },
};

static const ChGsPart signer[] = {
  { "OrganizationName", "organization", TRUE, NULL },
  { "FirstName", "first-name", TRUE, NULL },
  { "LastName", "last-name", TRUE, NULL },
  { "Function", "function", TRUE, NULL },
  { "Phone", "phone", TRUE, NULL },
  { "Email", "email", TRUE, NULL },
  { NULL },
};

/* These names are the WSDL's; “StateOrProvince” and the like of older guides are ignored by the server. */
static const ChGsPart jurisdiction[] = {
  { "JurisdictionCountry", "country", TRUE, NULL },
  { "JurisdictionState", "state", FALSE, NULL },
  { "JurisdictionLocality", "locality", FALSE, NULL },
  { "IncorporationAgencyRegistrationNumber", "registration-number", TRUE, NULL },
  { NULL },
};

const ChGsBlock ch_gs_contact = { "ContactInfo", "", contact };
const ChGsBlock ch_gs_second_contact = { "SecondContactInfo", "second-", second_contact };
const ChGsBlock ch_gs_organization = { "OrganizationInfo", "", organization };
const ChGsBlock ch_gs_organization_ev = { "OrganizationInfoEV", "", organization_ev };
const ChGsBlock ch_gs_address = { "OrganizationAddress", "", address };
const ChGsBlock ch_gs_requestor = { "RequestorInfo", "requestor-", person };
const ChGsBlock ch_gs_approver = { "ApproverInfo", "approver-", person };
const ChGsBlock ch_gs_signer = { "AuthorizedSignerInfo", "signer-", signer };
const ChGsBlock ch_gs_jurisdiction = { "JurisdictionInfo", "jurisdiction-", jurisdiction };

static const char *
value_of (const ChGsBlock *block,
          const ChGsPart  *part,
          GHashTable      *values)
{
  g_autofree char *key = g_strconcat (block->prefix, part->key, NULL);
  const char *value = values != NULL ? g_hash_table_lookup (values, key) : NULL;

  if (value == NULL || *value == '\0')
    return NULL;

  for (const ChGsWord *word = part->words; word != NULL && word->ours != NULL; word++)
    if (g_str_equal (word->ours, value))
      return word->theirs;

  return value;
}

xmlNode *
ch_gs_block_write (xmlNode         *parent,
                   const ChGsBlock *block,
                   GHashTable      *values)
{
  xmlNode *element = ch_soap_open (parent, block->element);

  for (const ChGsPart *part = block->parts; part->element != NULL; part++)
    ch_soap_add (element, part->element, value_of (block, part, values));

  return element;
}

void
ch_gs_block_read (const ChGsBlock *block,
                  const xmlNode   *element,
                  GHashTable      *values)
{
  for (const ChGsPart *part = block->parts; part->element != NULL; part++)
    {
      char *value = ch_soap_word (element, part->element);

      for (const ChGsWord *word = part->words; value != NULL && word != NULL && word->ours != NULL; word++)
        if (g_ascii_strcasecmp (word->theirs, value) == 0)
          {
            g_free (value);
            value = g_strdup (word->ours);
            break;
          }
      if (value != NULL)
        g_hash_table_insert (values, g_strconcat (block->prefix, part->key, NULL), value);
    }
}

char *
ch_gs_block_missing (const ChGsBlock *block,
                     GHashTable      *values)
{
  for (const ChGsPart *part = block->parts; part->element != NULL; part++)
    if (part->mandatory && value_of (block, part, values) == NULL)
      return g_strconcat (block->prefix, part->key, NULL);

  return NULL;
}

gboolean
ch_gs_block_is_empty (const ChGsBlock *block,
                      GHashTable      *values)
{
  for (const ChGsPart *part = block->parts; part->element != NULL; part++)
    if (value_of (block, part, values) != NULL)
      return FALSE;

  return TRUE;
}
