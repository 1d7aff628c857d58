/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"
#include "world.h"


#include <string.h>

/* Every product, every method, every kind: what is sent, and what is made of the answer. */

#define TAG "&lt;meta name=\"_globalsign-domain-verification\" content=\"TOKEN-1_2\" /&gt;"
#define LIST "<Approvers><SearchOrderDetail><ApproverType>GENERIC</ApproverType><ApproverEmail>admin@example.com</ApproverEmail>" \
             "</SearchOrderDetail><SearchOrderDetail><ApproverEmail>hostmaster@example.com</ApproverEmail></SearchOrderDetail>" \
             "</Approvers><OrderID>CEAP9</OrderID>"
#define CONTACT "<ContactInfo><FirstName>Anna</FirstName><LastName>Example</LastName><Phone>1</Phone><Email>a@example.com</Email></ContactInfo>"
#define SECOND "<SecondContactInfo><FirstName>Bert</FirstName><LastName>Example</LastName><Email>b@example.com</Email></SecondContactInfo>"
#define SAN_OPTION "<Option><OptionName>SAN</OptionName><OptionValue>true</OptionValue></Option>"
#define VPC_OPTION "<Option><OptionName>VPC</OptionName><OptionValue>true</OptionValue></Option>"

static const char *const one_name[] = { "www.example.com", NULL };
static const char *const two_names[] = { "www.example.com", "shop.example.com", NULL };
static const char *const wildcard[] = { "*.example.com", NULL };
static const char *const address[] = { "203.0.113.7", NULL };

static GHashTable *
contact_new (void)
{
  return table ("first-name", "Anna", "last-name", "Example", "phone", "1", "email", "a@example.com",
                "second-first-name", "Bert", "second-last-name", "Example", "second-email", "b@example.com", NULL);
}

static GHashTable *
organization_new (void)
{
  return table ("name", "Example NV", "credit-agency", "duns", "organization-code", "123", "assumed-name", "Example",
                "business-category", "private", "address-1", "1 Example Street", "address-2", "", "city", "Leuven",
                "region", "Vlaams-Brabant", "postal-code", "3000", "country", "BE", "phone", "+32 16", "fax", "+32 17",
                "requestor-first-name", "Carl", "requestor-last-name", "C", "requestor-function", "CTO",
                "requestor-unit", "IT", "requestor-phone", "2", "requestor-email", "c@example.com",
                "approver-first-name", "Dora", "approver-last-name", "D", "approver-function", "CEO",
                "approver-organization", "Other NV", "approver-unit", "Board", "approver-phone", "3",
                "approver-email", "d@example.com",
                "signer-first-name", "Emil", "signer-last-name", "E", "signer-function", "CFO", "signer-phone", "4",
                "signer-email", "e@example.com",
                "jurisdiction-country", "BE", "jurisdiction-state", "VB", "jurisdiction-locality", "Leuven",
                "jurisdiction-registration-number", "0000.000.000", NULL);
}

typedef struct
{
  World world;
  GHashTable *contact;
  GHashTable *organization;
  GHashTable *options;
  ChCaRequest request;
} Place;

static void
place_start (Place             *place,
             ChProduct          product,
             ChDcvMethod        method,
             const char *const *names)
{
  memset (place, 0, sizeof *place);
  world_start (&place->world);
  place->contact = contact_new ();
  place->organization = organization_new ();
  place->options = table (NULL, NULL);
  place->request = (ChCaRequest) {
    .own_key = "chancery-7-1", .names = names, .product = product, .method = method, .term_months = 12,
    .csr = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----\n",
    .contact = place->contact, .organization = place->organization, .options = place->options,
    .approver = "Admin@example.com",
  };
}

static void
place_stop (Place *place)
{
  world_stop (&place->world);
  g_hash_table_unref (place->contact);
  g_hash_table_unref (place->organization);
  g_hash_table_unref (place->options);
}

static ChCaOrder *
submit (Place   *place,
        GError **error)
{
  return place->world.ca->submit (&place->world.access, &place->request, NULL, error);
}

/* ---- products and methods ---- */

static void
test_products (void)
{
  static const struct { ChProduct product; ChDcvMethod method; const char *const *names; const char *operation; const char *sent; } cases[] = {
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "DVDNSOrder", "<ProductCode>DV_LOW_DNS_SHA2</ProductCode><OrderKind>" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP, one_name, "URLVerification", "<ProductCode>DV_LOW_URL_SHA2</ProductCode><OrderKind>" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, wildcard, "DVOrder",
      "<ProductCode>DV_LOW_SHA2</ProductCode><BaseOption>wildcard</BaseOption><OrderKind>" },
    { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS, two_names, "DVDNSOrder", "<ProductCode>DV_HIGH_DNS_SHA2</ProductCode><OrderKind>" },
    { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_HTTP, address, "URLVerification",
      "<ProductCode>DV_HIGH_URL_SHA2</ProductCode><BaseOption>GIP</BaseOption><OrderKind>" },
    { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL, two_names, "DVOrder", "<ProductCode>DV_SHA2</ProductCode><OrderKind>" },
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, wildcard, "OVOrder",
      "<ProductCode>OV_SHA2</ProductCode><BaseOption>wildcard</BaseOption><OrderKind>" },
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_EMAIL, address, "OVOrder",
      "<ProductCode>OV_SHA2</ProductCode><BaseOption>GIP</BaseOption><OrderKind>" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_HTTP, two_names, "EVOrder", "<ProductCode>EV_SHA2</ProductCode><OrderKind>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean by_mail = g_str_equal (cases[i].operation, "DVOrder");
      g_autoptr(GError) error = NULL;
      Place place;

      place_start (&place, cases[i].product, cases[i].method, cases[i].names);
      if (by_mail)
        world_answer (&place.world, answer ("GetDVApproverList", 0, 0, LIST));
      world_answer (&place.world, answer (cases[i].operation, 0, 0, by_mail ? "<OrderID>CEAP9</OrderID>" : "<OrderID>CEAP1</OrderID>"));
      g_autoptr(ChCaOrder) order = submit (&place, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, by_mail ? "CEAP9" : "CEAP1");
      g_assert_cmpint (order->status, ==, CH_CA_WAITING);
      assert_asked (&place.world, by_mail ? 1 : 0, ORDERS, cases[i].operation);
      assert_holds (&place.world, by_mail ? 1 : 0, cases[i].sent);
      assert_holds (&place.world, by_mail ? 1 : 0, CONTACT SECOND);
      assert_holds (&place.world, by_mail ? 1 : 0, ">chancery-7-1</Sub");
      place_stop (&place);
    }
}

/* ---- kinds and options ---- */

#define PARAMETER(kind, options, period) "<OrderKind>" kind "</OrderKind>" options "<ValidityPeriod><Months>12</Months>" period "</ValidityPeriod><CSR>"
#define OLD "-----BEGIN CERTIFICATE-----\nOLD\n-----END CERTIFICATE-----\n"

static void
test_kinds (void)
{
  static const struct { ChOrderKind kind; const char *sent; const char *after; } cases[] = {
    { CH_ORDER_KIND_NEW, PARAMETER ("new", "<Licenses>1</Licenses>", ""), "</CSR></OrderRequestParameter>" },
    { CH_ORDER_KIND_RENEWAL, PARAMETER ("renewal", "<Licenses>1</Licenses>", ""),
      "</CSR><RenewalTargetOrderID>CEAP0</RenewalTargetOrderID></OrderRequestParameter>" },
    { CH_ORDER_KIND_TRANSFER, PARAMETER ("transfer", "<Licenses>1</Licenses>", ""),
      "</CSR><TargetCERT>" OLD "</TargetCERT></OrderRequestParameter>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      Place place;

      place_start (&place, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS, one_name);
      world_answer (&place.world, answer ("DVDNSOrder", 0, 0, "<OrderID>CEAP1</OrderID>"));
      place.request.kind = cases[i].kind;
      place.request.renews = "CEAP0";
      g_hash_table_insert (place.options, (char *) "replaces", (char *) OLD);
      g_autoptr(ChCaOrder) order = submit (&place, &error);
      g_assert_no_error (error);
      assert_holds (&place.world, 0, cases[i].sent);
      assert_holds (&place.world, 0, cases[i].after);
      place_stop (&place);
    }
}

static void
test_options (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) options = table ("licenses", "3", "coupon", "C1", "campaign", "C2", "instructions", "Ring twice",
                                         "not-before", "1770127200", "not-after", "1780000000", NULL);
  Place place;

  place_start (&place, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS, two_names);
  world_answer (&place.world, answer ("DVDNSOrder", 0, 0, "<OrderID>CEAP1</OrderID>"));
  place.request.options = options;
  g_autoptr(ChCaOrder) order = submit (&place, &error);
  g_assert_no_error (error);
  assert_holds (&place.world, 0, PARAMETER ("new", "<Licenses>3</Licenses><Options>" SAN_OPTION VPC_OPTION "</Options>",
                                            "<NotBefore>2026-02-03T14:00:00.000Z</NotBefore>"
                                            "<NotAfter>2026-05-28T20:26:40.000Z</NotAfter>"));
  assert_holds (&place.world, 0, "</CSR><SpecialInstructions>Ring twice</SpecialInstructions><Coupon>C1</Coupon>"
                                 "<Campaign>C2</Campaign></OrderRequestParameter>");
  place_stop (&place);
}

static void
test_invalid (void)
{
  static const struct { const char *key; const char *value; const char *says; } cases[] = {
    { "licenses", "0", "licences" }, { "licenses", "100", "licences" }, { "licenses", "many", "licences" },
    { "not-after", "tomorrow", "not-after" }, { "not-before", "-1", "not-before" },
    { "not-after", "999999999999", "not-after" },
  };
  static const struct { const char *key; ChProduct product; } needs[] = {
    { "name", CH_PRODUCT_ORGANIZATIONSSL }, { "address-1", CH_PRODUCT_ORGANIZATIONSSL },
    { "postal-code", CH_PRODUCT_ORGANIZATIONSSL }, { "business-category", CH_PRODUCT_EXTENDEDSSL },
    { "requestor-unit", CH_PRODUCT_EXTENDEDSSL }, { "approver-email", CH_PRODUCT_EXTENDEDSSL },
    { "signer-function", CH_PRODUCT_EXTENDEDSSL }, { "jurisdiction-country", CH_PRODUCT_EXTENDEDSSL },
    { "jurisdiction-registration-number", CH_PRODUCT_EXTENDEDSSL },
  };
  g_autoptr(GError) error = NULL;
  Place place;

  place_start (&place, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS, one_name);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_clear_error (&error);
      g_hash_table_insert (place.options, (char *) cases[i].key, (char *) cases[i].value);
      g_assert_null (submit (&place, &error));
      assert_failed (error, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_hash_table_remove_all (place.options);
    }

  g_clear_error (&error);
  g_hash_table_insert (place.options, (char *) "not-before", (char *) "1780000000");
  g_hash_table_insert (place.options, (char *) "not-after", (char *) "1770000000");
  g_assert_null (submit (&place, &error));
  assert_failed (error, CH_ERROR_INVALID);
  g_hash_table_remove_all (place.options);

  for (ChOrderKind kind = CH_ORDER_KIND_RENEWAL; kind <= CH_ORDER_KIND_TRANSFER; kind++)
    {
      g_clear_error (&error);
      place.request.kind = kind;
      g_assert_null (submit (&place, &error));
      assert_failed (error, CH_ERROR_INVALID);
    }
  place.request.kind = CH_ORDER_KIND_NEW;

  for (gsize i = 0; i < G_N_ELEMENTS (needs); i++)
    {
      g_autoptr(GHashTable) organization = organization_new ();

      g_clear_error (&error);
      g_hash_table_remove (organization, needs[i].key);
      place.request.organization = organization;
      place.request.product = needs[i].product;
      g_assert_null (submit (&place, &error));
      assert_failed (error, CH_ERROR_INVALID);
      if (strstr (error->message, needs[i].key) == NULL)
        g_error ("“%s” does not say “%s”", error->message, needs[i].key);
    }

  place.request.product = CH_PRODUCT_DOMAINSSL;
  g_clear_error (&error);
  g_hash_table_remove (place.contact, "second-email");
  g_assert_null (submit (&place, &error));
  assert_failed (error, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "second-email"));
  g_assert_cmpuint (place.world.asked->len, ==, 0);
  place_stop (&place);
}

/* ---- organisations ---- */

#define ADDRESS "<OrganizationAddress><AddressLine1>1 Example Street</AddressLine1><City>Leuven</City><Region>Vlaams-Brabant</Region>" \
                "<PostalCode>3000</PostalCode><Country>BE</Country><Phone>+32 16</Phone><Fax>+32 17</Fax></OrganizationAddress>"

static void
test_ov (void)
{
  g_autoptr(GError) error = NULL;
  Place place;

  place_start (&place, CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, two_names);
  world_answer (&place.world, answer ("OVOrder", 1, -5001, "<OrderID>CEOV1</OrderID>"));
  g_autoptr(ChCaOrder) order = submit (&place, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->status, ==, CH_CA_HELD);
  assert_holds (&place.world, 0, "<SubID>chancery-7-1</SubID><OrganizationInfo><OrganizationName>Example NV</OrganizationName>"
                                 "<CreditAgency>1</CreditAgency><OrganizationCode>123</OrganizationCode>" ADDRESS
                                 "</OrganizationInfo>" CONTACT SECOND "<SANEntries>");
  place_stop (&place);
}

/* its answer has another spelling, but not always */
static void
test_ev (void)
{
  static const char *const numbers[] = { "<OrderId>CEEV1</OrderId>", "<OrderID>CEEV1</OrderID>" };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr(GError) error = NULL;
      Place place;

      place_start (&place, CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, one_name);
      world_answer (&place.world, answer ("EVOrder", 0, 0, numbers[i]));
      g_autoptr(ChCaOrder) order = submit (&place, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, "CEEV1");
      g_assert_null (order->value);
      assert_holds (&place.world, 0, "<SubId>chancery-7-1</SubId><OrganizationInfoEV><BusinessAssumedName>Example</BusinessAssumedName>"
                                     "<CreditAgency>1</CreditAgency><OrganizationCode>123</OrganizationCode>"
                                     "<BusinessCategoryCode>PO</BusinessCategoryCode>" ADDRESS "</OrganizationInfoEV><RequestorInfo>");
      assert_holds (&place.world, 0, "<Function>CTO</Function><OrganizationName>Example NV</OrganizationName><OrganizationUnit>IT");
      assert_holds (&place.world, 0, "<Function>CEO</Function><OrganizationName>Other NV</OrganizationName>");
      assert_holds (&place.world, 0, "<JurisdictionInfo><JurisdictionCountry>BE</JurisdictionCountry><JurisdictionState>VB"
                                     "</JurisdictionState><JurisdictionLocality>Leuven</JurisdictionLocality>"
                                     "<IncorporationAgencyRegistrationNumber>0000.000.000</Incorp");
      place_stop (&place);
    }
}

static void
test_organization_trouble (void)
{
  for (ChProduct product = CH_PRODUCT_ORGANIZATIONSSL; product <= CH_PRODUCT_EXTENDEDSSL; product++)
    for (gsize i = 0; i < N_TROUBLES; i++)
      {
        g_autoptr(GError) error = NULL;
        Place place;

        place_start (&place, product, CH_DCV_METHOD_DNS, one_name);
        world_trouble (&place.world, &troubles[i]);
        g_assert_null (submit (&place, &error));
        assert_failed (error, troubles[i].submit);
        place_stop (&place);
      }
}

/* ---- by a file ---- */

static void
test_file (void)
{
  static const struct { const char *tag; const char *value; } cases[] = {
    { TAG, "<meta name=\"_globalsign-domain-verification\" content=\"TOKEN-1_2\" />" },
    { "&lt;meta name='globalsign-domain-verification' content='T' /&gt;",
      "<meta name='globalsign-domain-verification' content='T' />" },
    { "&lt;script&gt;alert(1)&lt;/script&gt;", NULL },
    { TAG "&lt;script&gt;", NULL },
    { "&lt;meta name=\"_globalsign-domain-verification\" content=\"x\"&gt;&lt;script src=\"y\" /&gt;", NULL },
    { "&lt;meta name=\"_globalsign-domain-verification\" content=\"x\" onload=\"y\" /&gt;", NULL },
    { "TOKEN", NULL }, { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *payload = g_strdup_printf ("<OrderID>CEAP1</OrderID><MetaTag>%s</MetaTag><VerificationURLList><VerificationURL>"
                                                  "example.com</VerificationURL><VerificationURL>www.example.com</VerificationURL>"
                                                  "</VerificationURLList>", cases[i].tag);
      Place place;

      place_start (&place, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP, one_name);
      world_answer (&place.world, answer ("URLVerification", 0, 0, payload));
      g_autoptr(ChCaOrder) order = submit (&place, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->value, ==, cases[i].value);
      g_assert_cmpstrv (order->locations, ((const char *[]) { "www.example.com", "example.com", NULL }));
      place_stop (&place);
    }
}

/* ---- by e-mail ---- */

static void
test_mail (void)
{
  g_autoptr(GError) error = NULL;
  Place place;

  place_start (&place, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, wildcard);
  world_answer (&place.world, answer ("GetDVApproverList", 0, 0, LIST));
  world_answer (&place.world, answer ("DVOrder", 0, 0, ""));
  g_autoptr(ChCaOrder) order = submit (&place, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP9");
  g_assert_cmpstr (order->approver, ==, "Admin@example.com");
  g_assert_null (order->value);
  assert_holds (&place.world, 0, "</QueryRequestHeader><FQDN>example.com</FQDN></Request>");
  assert_holds (&place.world, 1, "<SubID>chancery-7-1</SubID><OrderID>CEAP9</OrderID><ApproverEmail>Admin@example.com</ApproverEmail>"
                                 CONTACT);
  place_stop (&place);
}

/* nothing is placed before the order itself is sent: no error there may make anybody look for one, nor order twice */
static void
test_mail_before (void)
{
  static const struct { int success, code; const char *payload; ChError error; } cases[] = {
    { 0, 0, "<Approvers><SearchOrderDetail><ApproverEmail>other@example.com</ApproverEmail></SearchOrderDetail></Approvers>"
      "<OrderID>CEAP9</OrderID>", CH_ERROR_INVALID },
    { 0, 0, "<OrderID>CEAP9</OrderID>", CH_ERROR_CA_REFUSED },
    { 0, 0, "<Approvers><SearchOrderDetail><ApproverEmail>admin@example.com</ApproverEmail></SearchOrderDetail></Approvers>",
      CH_ERROR_TRANSIENT },
    { -1, -102, "<Approvers/>", CH_ERROR_CA_REFUSED }, { -1, -4001, "", CH_ERROR_CREDENTIALS }, { -1, -1, "", CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases) + N_TROUBLES; i++)
    {
      gsize t = i - G_N_ELEMENTS (cases);
      g_autoptr(GError) error = NULL;
      Place place;

      place_start (&place, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name);
      if (i < G_N_ELEMENTS (cases))
        world_answer (&place.world, answer ("GetDVApproverList", cases[i].success, cases[i].code, cases[i].payload));
      else
        world_trouble (&place.world, &troubles[t]);
      g_assert_null (submit (&place, &error));
      if (i < G_N_ELEMENTS (cases))
        assert_failed (error, cases[i].error);
      else
        assert_failed (error, troubles[t].query == CH_ERROR_UNKNOWN_OUTCOME || troubles[t].query == CH_ERROR_BAD_ANSWER
                                ? CH_ERROR_TRANSIENT : troubles[t].query);
      g_assert_cmpuint (place.world.asked->len, ==, 1);
      place_stop (&place);
    }
}

/* the number protects it: once more, and -4004 says that it was taken */
static void
test_mail_twice (void)
{
  static const struct { int success, code; gboolean placed; } seconds[] = {
    { 0, 0, TRUE }, { -1, -4004, TRUE },
    /* a refusal for another reason says nothing of the first */
    { -1, -6101, FALSE }, { -1, -4001, FALSE }, { -1, -1, FALSE },
  };

  for (gsize t = 0; t < N_TROUBLES; t++)
    for (gsize i = 0; i < G_N_ELEMENTS (seconds) && troubles[t].submit == CH_ERROR_UNKNOWN_OUTCOME; i++)
      {
        g_autoptr(GError) error = NULL;
        Place place;

        place_start (&place, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name);
        world_answer (&place.world, answer ("GetDVApproverList", 0, 0, LIST));
        world_trouble (&place.world, &troubles[t]);
        world_answer (&place.world, answer ("DVOrder", seconds[i].success, seconds[i].code, ""));
        g_autoptr(ChCaOrder) order = submit (&place, &error);
        if (seconds[i].placed)
          {
            g_assert_no_error (error);
            g_assert_cmpstr (order->ca_order, ==, "CEAP9");
          }
        else
          assert_failed (error, CH_ERROR_UNKNOWN_OUTCOME);
        place_stop (&place);
      }
}

static void
test_mail_refused (void)
{
  static const struct { int code; ChError error; } cases[] = {
    { -4009, CH_ERROR_INVALID }, { -6101, CH_ERROR_MONEY }, { -4004, CH_ERROR_CA_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      Place place;

      place_start (&place, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name);
      world_answer (&place.world, answer ("GetDVApproverList", 0, 0, LIST));
      world_answer (&place.world, answer ("DVOrder", -1, cases[i].code, ""));
      g_assert_null (submit (&place, &error));
      assert_failed (error, cases[i].error);
      place_stop (&place);
    }
}

/* ---- approvers ---- */

static void
test_approvers (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("GetDVApproverList", 1, -5001,
                                "<Approvers><SearchOrderDetail><ApproverEmail>admin@example.com</ApproverEmail></SearchOrderDetail>"
                                "<SearchOrderDetail/><SearchOrderDetail><ApproverEmail>nobody</ApproverEmail></SearchOrderDetail>"
                                "<SearchOrderDetail><ApproverEmail>admin@example.com</ApproverEmail></SearchOrderDetail></Approvers>"));
  g_auto(GStrv) approvers = world.ca->list_approvers (&world.access, "*.example.com", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (approvers, ((const char *[]) { "admin@example.com", NULL }));
  assert_asked (&world, 0, ORDERS, "GetDVApproverList");
  world_stop (&world);
}

static void
test_approver_changes (void)
{
  static const struct { int success, code; ChError error; } cases[] = {
    { 0, 0, 0 }, { -1, -4009, CH_ERROR_INVALID }, { -1, -9916, CH_ERROR_NOT_FOUND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) again = NULL;

      world_start (&world);
      world_answer (&world, answer ("ChangeApproverEmail", cases[i].success, cases[i].code, ""));
      world_answer (&world, answer ("ResendEmail", cases[i].success, cases[i].code, ""));
      g_assert_cmpint (world.ca->change_approver (&world.access, "CEAP1", "www.example.com", "admin@example.com", NULL, &error),
                       ==, cases[i].error == 0);
      g_assert_cmpint (world.ca->resend_mail (&world.access, "CEAP1", NULL, &again), ==, cases[i].error == 0);
      if (cases[i].error != 0)
        {
          assert_failed (error, cases[i].error);
          assert_failed (again, cases[i].error);
        }
      assert_holds (&world, 0, "<OrderID>CEAP1</OrderID><ApproverEmail>admin@example.com</ApproverEmail><FQDN>www.example.com</FQDN>");
      assert_holds (&world, 1, "<OrderID>CEAP1</OrderID><ResendEmailType>APPROVEREMAIL</ResendEmailType>");
      world_stop (&world);
    }
}

/* ---- check of a file ---- */

static void
test_check_file (void)
{
  static const struct { const char *location; const char *sent; } cases[] = {
    { "http://www.example.com", "<ApproverURL>http://www.example.com</ApproverURL><OrderID>CEAP1</OrderID>" },
    { "https://www.example.com", "<ApproverURL>https://www.example.com</ApproverURL>" },
    { "www.example.com", "<ApproverURL>http://www.example.com</ApproverURL>" },
    { "2001:db8::7", "<ApproverURL>http://[2001:db8::7]</ApproverURL>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("URLVerificationForIssue", 0, 0,
                                    "<URLVerificationForIssue><CertificateInfo><CertificateStatus>4</CertificateStatus></CertificateInfo>"
                                    FULFILLMENT "</URLVerificationForIssue>"));
      g_autoptr(ChCaOrder) order = world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_HTTP, cases[i].location, NULL, &error);
      g_assert_no_error (error);
      assert_has_chain (order);
      assert_asked (&world, 0, ORDERS, "URLVerificationForIssue");
      assert_holds (&world, 0, cases[i].sent);
      world_stop (&world);
    }
}

static void
test_check_file_refused (void)
{
  static const struct { int code; ChError error; } cases[] = {
    { -4147, CH_ERROR_NOT_YET }, { -9152, CH_ERROR_CA_REFUSED }, { -4001, CH_ERROR_CREDENTIALS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("URLVerificationForIssue", -1, cases[i].code, ""));
      g_assert_null (world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_HTTP, "http://www.example.com", NULL, &error));
      assert_failed (error, cases[i].error);
      world_stop (&world);
    }
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/place/products", test_products);
  g_test_add_func ("/globalsign/place/kinds", test_kinds);
  g_test_add_func ("/globalsign/place/options", test_options);
  g_test_add_func ("/globalsign/place/invalid", test_invalid);
  g_test_add_func ("/globalsign/place/ov", test_ov);
  g_test_add_func ("/globalsign/place/ev", test_ev);
  g_test_add_func ("/globalsign/place/organization-trouble", test_organization_trouble);
  g_test_add_func ("/globalsign/place/file", test_file);
  g_test_add_func ("/globalsign/place/mail", test_mail);
  g_test_add_func ("/globalsign/place/mail/before", test_mail_before);
  g_test_add_func ("/globalsign/place/mail/twice", test_mail_twice);
  g_test_add_func ("/globalsign/place/mail/refused", test_mail_refused);
  g_test_add_func ("/globalsign/approvers", test_approvers);
  g_test_add_func ("/globalsign/approvers/changes", test_approver_changes);
  g_test_add_func ("/globalsign/check/file", test_check_file);
  g_test_add_func ("/globalsign/check/file/refused", test_check_file_refused);
  return g_test_run ();
}
