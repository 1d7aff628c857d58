/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca/ca.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the CAs ask of people and organisations. Which of it an order of some product cannot do without is the
 * connector's to say (ChCa.may_order). */

#define CONTACT_HELP N_("Whom the CA asks about the order")
#define SECOND_HELP N_("Somebody else whom the CA can ask; leave all three empty when there is nobody")
#define ADDRESS_HELP N_("The registered address of the organisation, as a public register has it")
#define EV_HELP N_("For an ExtendedSSL order")

static gboolean
check_email (const char  *value,
             GError     **error)
{
  const char *at = strchr (value, '@');

  if (at == NULL || at == value || at[1] == '\0' || strchr (at + 1, '@') != NULL || strpbrk (value, " \t\r\n<>,;") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an e-mail address, such as anna@example.com"), value);

  return TRUE;
}

static gboolean
check_country (const char  *value,
               GError     **error)
{
  if (strlen (value) != 2 || !g_ascii_isupper (value[0]) || !g_ascii_isupper (value[1]))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a country in two capital letters, such as BE or US"), value);

  return TRUE;
}

const ChField ch_ca_contact_fields[] = {
  { "first-name", N_("First name"), CONTACT_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "last-name", N_("Last name"), CONTACT_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "phone", N_("Phone"), CONTACT_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "email", N_("E-mail"), CONTACT_HELP, CH_FIELD_REQUIRED, NULL, NULL, check_email },
  { "second-first-name", N_("Second contact's first name"), SECOND_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "second-last-name", N_("Second contact's last name"), SECOND_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "second-email", N_("Second contact's e-mail"), SECOND_HELP, CH_FIELD_ADVANCED, NULL, NULL, check_email },
  { NULL },
};

const ChField ch_ca_organization_fields[] = {
  { "name", N_("Name"), N_("The organisation's full legal name, as a public register has it"),
    CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "address-1", N_("Address"), ADDRESS_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "address-2", N_("Address, second line"), ADDRESS_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "address-3", N_("Address, third line"), ADDRESS_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "postal-code", N_("Postal code"), ADDRESS_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "city", N_("City"), ADDRESS_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "region", N_("State or province"), ADDRESS_HELP, CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "country", N_("Country"), N_("Two capital letters, such as BE or US"), CH_FIELD_REQUIRED, NULL, NULL, check_country },
  { "phone", N_("Phone"), N_("A number of the organisation that a public directory lists: the CA may call it"),
    CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "fax", N_("Fax"), N_("If there is one"), CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "credit-agency", N_("Business register"), N_("Whose number the organisation code is: “duns” is Dun & Bradstreet"),
    CH_FIELD_ADVANCED, NULL, "duns|tdb", NULL },
  { "organization-code", N_("Organisation code"), N_("The organisation's number in that register"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "assumed-name", N_("Assumed name"), N_("For an ExtendedSSL order: a name under which the organisation does business"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "business-category", N_("Kind of organisation"), EV_HELP, CH_FIELD_ADVANCED, NULL, "private|government|business", NULL },

  { "jurisdiction-country", N_("Country of registration"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, check_country },
  { "jurisdiction-state", N_("State of registration"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "jurisdiction-locality", N_("Place of registration"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "jurisdiction-registration-number", N_("Registration number"),
    N_("For an ExtendedSSL order: the number that the register of companies gave"), CH_FIELD_ADVANCED, NULL, NULL, NULL },

  { "requestor-first-name", N_("Requestor's first name"), N_("For an ExtendedSSL order: who asks for the certificate"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-last-name", N_("Requestor's last name"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-function", N_("Requestor's function"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-organization", N_("Requestor's organisation"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-unit", N_("Requestor's department"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-phone", N_("Requestor's phone"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "requestor-email", N_("Requestor's e-mail"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, check_email },

  { "approver-first-name", N_("Approver's first name"),
    N_("For an ExtendedSSL order: who confirms to the CA that the organisation wants it"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-last-name", N_("Approver's last name"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-function", N_("Approver's function"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-organization", N_("Approver's organisation"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-unit", N_("Approver's department"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-phone", N_("Approver's phone"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "approver-email", N_("Approver's e-mail"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, check_email },

  { "signer-first-name", N_("Signer's first name"), N_("For an ExtendedSSL order: who signs the CA's agreement"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "signer-last-name", N_("Signer's last name"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "signer-function", N_("Signer's function"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "signer-organization", N_("Signer's organisation"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "signer-phone", N_("Signer's phone"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "signer-email", N_("Signer's e-mail"), EV_HELP, CH_FIELD_ADVANCED, NULL, NULL, check_email },
  { NULL },
};
