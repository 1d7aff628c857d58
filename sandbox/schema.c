/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"

#include <string.h>

/* Shapes of the requests after GlobalSign's WSDL (version 1; 2015, and 2021 for GASService). All
 * types are xs:string there: the lengths are our own guess, wide enough for any honest value. */

#define TEXT(name, length) { name, SB_MANDATORY, length }
#define EMPTY(name, length) { name, SB_MANDATORY | SB_MAY_BE_EMPTY, length }
#define MAYBE(name, length) { name, SB_NILLABLE, length }
#define PLAIN(name, length) { name, SB_OPTIONAL, length }
#define ONE_OF(name, occurs, values) { name, occurs, 0, values }
#define FORM(name, occurs, length, form) { name, occurs, length, NULL, form }
#define COUNTRY(name) FORM (name, SB_MANDATORY, 2, SB_FORMAT_COUNTRY)
#define BLOCK(name, occurs, children) { name, occurs, 0, NULL, SB_FORMAT_ANY, children }

#define ORDER_ID 50
#define SUB_ID 100
#define PERSON 64
#define PHONE 30
#define EMAIL 255
#define NAME 255
#define LINE 128
#define CSR 16384

#define STATUS "1|2|3|4|5|6|7|8|9|10"
#define BOOLEAN "true|false"
#define KIND "new|renewal|transfer"

static const SbRule auth_token[] = { TEXT ("UserName", 64), TEXT ("Password", 128), { NULL } };
static const SbRule request_header[] = { BLOCK ("AuthToken", SB_MANDATORY, auth_token), { NULL } };

/* Optional in some types of the WSDL, but nothing works without credentials. */
#define ORDER_HEADER BLOCK ("OrderRequestHeader", SB_MANDATORY, request_header)
#define QUERY_HEADER BLOCK ("QueryRequestHeader", SB_MANDATORY, request_header)

static const SbRule option[] = {
  ONE_OF ("OptionName", SB_MANDATORY, "SAN|VPC|EXP|INS|GSS|REX"),
  ONE_OF ("OptionValue", SB_MANDATORY, BOOLEAN),
  { NULL }
};
static const SbRule options[] = { BLOCK ("Option", SB_NILLABLE | SB_REPEATED, option), { NULL } };

static const SbRule validity_period[] = {
  ONE_OF ("Months", SB_MANDATORY, "1|3|6|12"),
  FORM ("NotBefore", SB_NILLABLE, 40, SB_FORMAT_DATE),
  FORM ("NotAfter", SB_NILLABLE, 40, SB_FORMAT_DATE),
  { NULL }
};

#define PARAMETER_HEAD \
  TEXT ("ProductCode", 40), \
  ONE_OF ("BaseOption", SB_NILLABLE, "wildcard|GIP|private"), \
  ONE_OF ("OrderKind", SB_MANDATORY, KIND), \
  FORM ("Licenses", SB_MANDATORY, 2, SB_FORMAT_NUMBER), \
  BLOCK ("Options", SB_NILLABLE, options), \
  BLOCK ("ValidityPeriod", SB_MANDATORY, validity_period)

#define PARAMETER_TAIL \
  MAYBE ("RenewalTargetOrderID", ORDER_ID), \
  MAYBE ("TargetCERT", CSR), \
  MAYBE ("SpecialInstructions", 4000), \
  MAYBE ("Coupon", 50), \
  MAYBE ("Campaign", 50)

static const SbRule parameter[] = { PARAMETER_HEAD, TEXT ("CSR", CSR), PARAMETER_TAIL, { NULL } };
static const SbRule parameter_without_csr[] = {
  PARAMETER_HEAD, EMPTY ("CSR", CSR), PARAMETER_TAIL, TEXT ("Pin", 64),
  FORM ("KeyLength", SB_MANDATORY, 5, SB_FORMAT_NUMBER), { NULL }
};
static const SbRule parameter_to_validate[] = {
  PARAMETER_HEAD, EMPTY ("CSR", CSR), PARAMETER_TAIL,
  FORM ("KeyLength", SB_NILLABLE, 5, SB_FORMAT_NUMBER), MAYBE ("PIN", 64), { NULL }
};

static const SbRule contact[] = {
  TEXT ("FirstName", PERSON), TEXT ("LastName", PERSON), TEXT ("Phone", PHONE),
  FORM ("Email", SB_MANDATORY, EMAIL, SB_FORMAT_EMAIL), { NULL }
};
static const SbRule second_contact[] = {
  TEXT ("FirstName", PERSON), TEXT ("LastName", PERSON),
  FORM ("Email", SB_MANDATORY, EMAIL, SB_FORMAT_EMAIL), { NULL }
};
static const SbRule san_entry[] = { TEXT ("SANOptionType", 2), TEXT ("SubjectAltName", NAME), { NULL } };
static const SbRule san_entries[] = { BLOCK ("SANEntry", SB_NILLABLE | SB_REPEATED, san_entry), { NULL } };
static const SbRule extension[] = { TEXT ("Name", LINE), TEXT ("Value", LINE), { NULL } };
static const SbRule extensions[] = { BLOCK ("Extension", SB_NILLABLE | SB_REPEATED, extension), { NULL } };

#define CONTACTS \
  BLOCK ("ContactInfo", SB_MANDATORY, contact), BLOCK ("SecondContactInfo", SB_NILLABLE, second_contact)
#define SANS BLOCK ("SANEntries", SB_NILLABLE, san_entries)
#define EXTENSIONS BLOCK ("Extensions", SB_NILLABLE, extensions)

#define ADDRESS_HEAD \
  TEXT ("AddressLine1", LINE), MAYBE ("AddressLine2", LINE), MAYBE ("AddressLine3", LINE), \
  TEXT ("City", LINE), TEXT ("Region", LINE)
#define ADDRESS_TAIL COUNTRY ("Country"), TEXT ("Phone", PHONE), MAYBE ("Fax", PHONE), { NULL }

static const SbRule address[] = { ADDRESS_HEAD, TEXT ("PostalCode", 20), ADDRESS_TAIL };
static const SbRule address_ev[] = { ADDRESS_HEAD, MAYBE ("PostalCode", 20), ADDRESS_TAIL };
static const SbRule organization[] = {
  TEXT ("OrganizationName", LINE), ONE_OF ("CreditAgency", SB_NILLABLE, "1|2"),
  MAYBE ("OrganizationCode", 50), BLOCK ("OrganizationAddress", SB_MANDATORY, address), { NULL }
};
static const SbRule organization_ev[] = {
  MAYBE ("BusinessAssumedName", LINE), ONE_OF ("CreditAgency", SB_NILLABLE, "1|2"),
  MAYBE ("OrganizationCode", 50), ONE_OF ("BusinessCategoryCode", SB_MANDATORY, "PO|GE|BE"),
  BLOCK ("OrganizationAddress", SB_MANDATORY, address_ev), { NULL }
};
static const SbRule officer[] = {
  TEXT ("FirstName", PERSON), TEXT ("LastName", PERSON), TEXT ("Function", LINE),
  TEXT ("OrganizationName", LINE), TEXT ("OrganizationUnit", LINE), TEXT ("Phone", PHONE),
  FORM ("Email", SB_MANDATORY, EMAIL, SB_FORMAT_EMAIL), { NULL }
};
static const SbRule signer[] = {
  TEXT ("OrganizationName", LINE), TEXT ("FirstName", PERSON), TEXT ("LastName", PERSON),
  TEXT ("Function", LINE), TEXT ("Phone", PHONE), FORM ("Email", SB_MANDATORY, EMAIL, SB_FORMAT_EMAIL), { NULL }
};
static const SbRule jurisdiction[] = {
  COUNTRY ("JurisdictionCountry"), MAYBE ("JurisdictionState", LINE), MAYBE ("JurisdictionLocality", LINE),
  TEXT ("IncorporationAgencyRegistrationNumber", LINE), { NULL }
};
static const SbRule csr_info_dv[] = { COUNTRY ("Country"), { NULL } };
static const SbRule csr_info_ov[] = {
  TEXT ("OrganizationName", LINE), MAYBE ("OrganizationUnit", LINE), TEXT ("Locality", LINE),
  TEXT ("StateOrProvince", LINE), COUNTRY ("Country"), { NULL }
};

#define PARAMETER BLOCK ("OrderRequestParameter", SB_MANDATORY, parameter)
#define PARAMETER_WITHOUT_CSR BLOCK ("OrderRequestParameterWithoutCSR", SB_MANDATORY, parameter_without_csr)
#define DV_CSR_INFO BLOCK ("DVCSRInfo", SB_MANDATORY, csr_info_dv)

static const SbRule dv_approver_list[] = {
  QUERY_HEADER, PLAIN ("FQDN", NAME), PLAIN ("OrderID", ORDER_ID), SANS, { NULL }
};
static const SbRule approver_list[] = { QUERY_HEADER, PLAIN ("FQDN", NAME), SANS, { NULL } };
static const SbRule dv_order[] = {
  ORDER_HEADER, PARAMETER, MAYBE ("SubID", SUB_ID), TEXT ("OrderID", ORDER_ID), TEXT ("ApproverEmail", EMAIL),
  CONTACTS, SANS, { NULL }
};
static const SbRule dv_order_without_csr[] = {
  ORDER_HEADER, PARAMETER_WITHOUT_CSR, TEXT ("OrderID", ORDER_ID), MAYBE ("SubID", SUB_ID),
  TEXT ("FQDN", NAME), DV_CSR_INFO, TEXT ("ApproverEmail", EMAIL), CONTACTS, SANS, { NULL }
};
static const SbRule token_order[] = {
  ORDER_HEADER, PARAMETER, MAYBE ("SubID", SUB_ID), CONTACTS, SANS, { NULL }
};
static const SbRule token_order_without_csr[] = {
  ORDER_HEADER, PARAMETER_WITHOUT_CSR, MAYBE ("SubID", SUB_ID), TEXT ("FQDN", NAME), DV_CSR_INFO, CONTACTS,
  SANS, { NULL }
};
static const SbRule issue_by_url[] = {
  ORDER_HEADER, TEXT ("ApproverURL", 2048), TEXT ("OrderID", ORDER_ID), { NULL }
};
static const SbRule issue_by_dns[] = {
  ORDER_HEADER, TEXT ("ApproverFQDN", NAME), TEXT ("OrderID", ORDER_ID), { NULL }
};
static const SbRule ov_order[] = {
  ORDER_HEADER, PARAMETER, EMPTY ("SubID", SUB_ID), BLOCK ("OrganizationInfo", SB_MANDATORY, organization),
  CONTACTS, SANS, EXTENSIONS, { NULL }
};
static const SbRule ov_order_without_csr[] = {
  ORDER_HEADER, PARAMETER_WITHOUT_CSR, BLOCK ("OrganizationInfo", SB_MANDATORY, organization),
  EMPTY ("SubID", SUB_ID), BLOCK ("OVCSRInfo", SB_MANDATORY, csr_info_ov), TEXT ("FQDN", NAME), CONTACTS,
  BLOCK ("SANEntries", SB_MANDATORY, san_entries), EXTENSIONS, { NULL }
};
static const SbRule ev_order[] = {
  ORDER_HEADER, PARAMETER, MAYBE ("SubId", SUB_ID),
  BLOCK ("OrganizationInfoEV", SB_MANDATORY, organization_ev),
  BLOCK ("RequestorInfo", SB_MANDATORY, officer), BLOCK ("ApproverInfo", SB_MANDATORY, officer),
  BLOCK ("AuthorizedSignerInfo", SB_MANDATORY, signer),
  BLOCK ("JurisdictionInfo", SB_MANDATORY, jurisdiction),
  CONTACTS, SANS, { NULL }
};
static const SbRule modify_order[] = {
  ORDER_HEADER, TEXT ("OrderID", ORDER_ID),
  ONE_OF ("ModifyOrderOperation", SB_MANDATORY, "CANCEL|REVOKE|APPROVE"), { NULL }
};
static const SbRule change_san[] = {
  ORDER_HEADER, MAYBE ("OrderID", ORDER_ID), PLAIN ("TargetOrderID", ORDER_ID),
  MAYBE ("ApproverEmail", EMAIL), SANS, MAYBE ("PIN", 64), { NULL }
};
static const SbRule change_approver[] = {
  ORDER_HEADER, PLAIN ("OrderID", ORDER_ID), PLAIN ("ApproverEmail", EMAIL), PLAIN ("FQDN", NAME), { NULL }
};
static const SbRule resend_email[] = {
  ORDER_HEADER, TEXT ("OrderID", ORDER_ID),
  ONE_OF ("ResendEmailType", SB_MANDATORY, "APPROVEREMAIL"), { NULL }
};

static const SbRule query_option[] = {
  ONE_OF ("OrderStatus", SB_NILLABLE, STATUS),
  ONE_OF ("ReturnOrderOption", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnCertificateInfo", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnFulfillment", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnCACerts", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnOriginalCSR", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnPKCS12", SB_NILLABLE, BOOLEAN),
  ONE_OF ("ReturnSANEntries", SB_NILLABLE, BOOLEAN),
  { NULL }
};
#define QUERY_OPTION BLOCK ("OrderQueryOption", SB_NILLABLE, query_option)

static const SbRule decode_csr[] = {
  QUERY_HEADER, TEXT ("CSR", CSR), ONE_OF ("ProductType", SB_MANDATORY, "DV_LOW|DV|OV|EV"), { NULL }
};
static const SbRule validate_order[] = {
  ORDER_HEADER, BLOCK ("OrderRequestParameter", SB_MANDATORY, parameter_to_validate), MAYBE ("FQDN", NAME),
  BLOCK ("DVCSRInfo", SB_NILLABLE, csr_info_dv), BLOCK ("OVCSRInfo", SB_NILLABLE, csr_info_ov), SANS, { NULL }
};
static const SbRule order_by_id[] = { QUERY_HEADER, TEXT ("OrderID", ORDER_ID), QUERY_OPTION, { NULL } };
static const SbRule orders_by_date[] = {
  QUERY_HEADER, FORM ("FromDate", SB_MANDATORY, 40, SB_FORMAT_DATE),
  FORM ("ToDate", SB_MANDATORY, 40, SB_FORMAT_DATE), QUERY_OPTION, { NULL }
};
static const SbRule orders_by_expiration[] = {
  QUERY_HEADER, FORM ("ExpirationFromDate", SB_NILLABLE, 40, SB_FORMAT_DATE),
  FORM ("ExpirationToDate", SB_NILLABLE, 40, SB_FORMAT_DATE), MAYBE ("FQDN", NAME),
  ONE_OF ("OrderKind", SB_NILLABLE, KIND), ONE_OF ("OrderStatus", SB_NILLABLE, STATUS),
  MAYBE ("SubID", SUB_ID), { NULL }
};
static const SbRule certificate_orders[] = {
  QUERY_HEADER, FORM ("FromDate", SB_NILLABLE, 40, SB_FORMAT_DATE),
  FORM ("ToDate", SB_NILLABLE, 40, SB_FORMAT_DATE), MAYBE ("FQDN", NAME), MAYBE ("ProductCode", 40),
  ONE_OF ("OrderStatus", SB_NILLABLE, STATUS), MAYBE ("SubID", SUB_ID), { NULL }
};
static const SbRule reissue_parameter[] = { TEXT ("CSR", CSR), MAYBE ("DNSNames", CSR), { NULL } };
static const SbRule reissue[] = {
  ORDER_HEADER, BLOCK ("OrderParameter", SB_MANDATORY, reissue_parameter), TEXT ("TargetOrderID", ORDER_ID),
  ONE_OF ("HashAlgorithm", SB_OPTIONAL, "SHA1|SHA256"), EXTENSIONS, { NULL }
};
static const SbRule reissue_parameter_without_csr[] = {
  PLAIN ("Pin", 64), FORM ("KeyLength", SB_OPTIONAL, 5, SB_FORMAT_NUMBER), PLAIN ("DNSNames", CSR), { NULL }
};
static const SbRule reissue_without_csr[] = {
  ORDER_HEADER, TEXT ("TargetOrderID", ORDER_ID), ONE_OF ("HashAlgorithm", SB_OPTIONAL, "SHA1|SHA256"),
  BLOCK ("ReIssueParameterWithoutCSR", SB_MANDATORY, reissue_parameter_without_csr), EXTENSIONS, { NULL }
};
static const SbRule renewal_notice[] = {
  ORDER_HEADER, TEXT ("OrderID", ORDER_ID), ONE_OF ("RenewalNotice", SB_MANDATORY, BOOLEAN), { NULL }
};
static const SbRule delete_pkcs12[] = { ORDER_HEADER, TEXT ("OrderId", ORDER_ID), { NULL } };
static const SbRule account_snapshot[] = { QUERY_HEADER, { NULL } };

#define SSL "ServerSSLService"
#define GAS "GASService"
#define ORDER "OrderResponseHeader"
#define QUERY "QueryResponseHeader"
#define TOKEN_NILS "OrderID DNSTXT VerificationFQDNList"
#define URL_NILS "OrderID MetaTag VerificationURLList"

static const SbOperation operations[] = {
  { SSL, "GetDVApproverList", dv_approver_list, QUERY, "=Approvers" },
  { SSL, "GetApproverList", approver_list, QUERY, "Approvers" },
  { SSL, "DVOrder", dv_order, ORDER, "OrderID" },
  { SSL, "DVOrderWithoutCSR", dv_order_without_csr, ORDER, "OrderID" },
  { SSL, "URLVerification", token_order, ORDER, URL_NILS },
  { SSL, "URLVerificationWithoutCSR", token_order_without_csr, ORDER, URL_NILS },
  { SSL, "URLVerificationForIssue", issue_by_url, ORDER, "URLVerificationForIssue" },
  { SSL, "DVDNSOrder", token_order, ORDER, TOKEN_NILS },
  { SSL, "DVDNSOrderWithoutCsr", token_order_without_csr, ORDER, TOKEN_NILS },
  { SSL, "DVDNSVerificationForIssue", issue_by_dns, ORDER, "URLVerificationForIssue" },
  { SSL, "OVOrder", ov_order, ORDER, "OrderID" },
  { SSL, "OVOrderWithoutCSR", ov_order_without_csr, ORDER, "OrderID" },
  { SSL, "EVOrder", ev_order, ORDER, "OrderId" },
  { SSL, "ModifyOrder", modify_order, ORDER, "OrderID" },
  { SSL, "ChangeSubjectAltName", change_san, ORDER, "" },
  { SSL, "ChangeApproverEmail", change_approver, ORDER, "" },
  { SSL, "ResendEmail", resend_email, ORDER, "OrderId" },
  { GAS, "DecodeCSR", decode_csr, QUERY, "" },
  { GAS, "ValidateOrderParameters", validate_order, ORDER, "Price Currency ValidityPeriod ParsedCSR" },
  /* A query header goes in and an order header comes out: seen so on the live service. */
  { GAS, "GetOrderByOrderID", order_by_id, ORDER, "OrderID OrderDetail" },
  { GAS, "GetOrderByDateRange", orders_by_date, QUERY, "FromDate ToDate OrderDetails" },
  { GAS, "GetModifiedOrders", orders_by_date, QUERY, "FromDate ToDate OrderDetails" },
  { GAS, "GetOrderByExpirationDate", orders_by_expiration, QUERY, "SearchOrderDetails" },
  { GAS, "GetCertificateOrders", certificate_orders, QUERY, "SearchOrderDetails" },
  { GAS, "ReIssue", reissue, ORDER, "OrderID TargetOrderID" },
  { GAS, "ReIssueWithoutCSR", reissue_without_csr, ORDER, "OrderID TargetOrderID" },
  { GAS, "ToggleRenewalNotice", renewal_notice, ORDER, "OrderID" },
  { GAS, "DeletePkcs12", delete_pkcs12, ORDER, "OrderId" },
  { "AccountService", "AccountSnapshot", account_snapshot, QUERY, "" },
};

const SbOperation *
sb_schema_find (const char *service,
                const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (strcmp (operations[i].service, service) == 0 && strcmp (operations[i].name, name) == 0)
      return &operations[i];

  return NULL;
}
