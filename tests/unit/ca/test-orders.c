/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"


#include <string.h>

#define ISSUED "<URLVerificationForIssue><CertificateInfo><CertificateStatus>4</CertificateStatus>" \
               "<CommonName>www.example.com</CommonName></CertificateInfo>" FULFILLMENT "</URLVerificationForIssue>"
#define PLACED "<OrderID>CEAP1</OrderID><DNSTXT>_globalsign-domain-verification=TOKEN</DNSTXT><VerificationFQDNList>" \
               "<VerificationFQDN>example.com</VerificationFQDN><VerificationFQDN>www.example.com</VerificationFQDN>" \
               "</VerificationFQDNList>"

static const char *const one_name[] = { "www.example.com", NULL };

static GHashTable *
contact_new (void)
{
  GHashTable *contact = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (contact, (char *) "first-name", g_strdup ("Änne & <Söhne>"));
  g_hash_table_insert (contact, (char *) "last-name", g_strdup ("O'Example"));
  g_hash_table_insert (contact, (char *) "phone", g_strdup ("+32 2 000 00 00"));
  g_hash_table_insert (contact, (char *) "email", g_strdup ("anna@example.com"));
  return contact;
}

static ChCaRequest
request_new (GHashTable        *contact,
             const char *const *names)
{
  return (ChCaRequest) {
    .own_key = "chancery-7-1", .names = names, .product = CH_PRODUCT_ALPHASSL, .method = CH_DCV_METHOD_DNS,
    .term_months = 12, .csr = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----\n",
    .contact = contact,
  };
}

static ChCaOrder *
submit (World             *world,
        const char *const *names,
        GError           **error)
{
  g_autoptr(GHashTable) contact = contact_new ();
  ChCaRequest request = request_new (contact, names);

  request.product = names[1] != NULL ? CH_PRODUCT_DOMAINSSL : CH_PRODUCT_ALPHASSL;
  return world->ca->submit (&world->access, &request, NULL, error);
}

/* ---- submit ---- */

static void
test_submit (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start_tls (&world);
  world_answer (&world, answer ("DVDNSOrder", 0, 0, PLACED));
  g_autoptr(ChCaOrder) order = submit (&world, one_name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP1");
  g_assert_cmpstr (order->own_key, ==, "chancery-7-1");
  g_assert_cmpint (order->status, ==, CH_CA_WAITING);
  g_assert_nonnull (order->status_text);
  g_assert_cmpstr (order->value, ==, "_globalsign-domain-verification=TOKEN");
  g_assert_cmpstrv (order->locations, ((const char *[]) { "www.example.com", "example.com", NULL }));

  assert_asked (&world, 0, ORDERS, "DVDNSOrder");
  assert_holds (&world, 0, "<Request><OrderRequestHeader><AuthToken><UserName>PAR12345_name</UserName>"
                           "<Password>hunter2&amp;&lt;</Password></AuthToken></OrderRequestHeader><OrderRequestParameter>"
                           "<ProductCode>DV_LOW_DNS_SHA2</ProductCode><OrderKind>new</OrderKind><Licenses>1</Licenses>"
                           "<ValidityPeriod><Months>12</Months></ValidityPeriod><CSR>-----BEGIN");
  assert_holds (&world, 0, "</CSR></OrderRequestParameter><SubID>chancery-7-1</SubID><ContactInfo><FirstName>"
                           "Änne &amp; &lt;Söhne&gt;</FirstName><LastName>O'Example</LastName>"
                           "<Phone>+32 2 000 00 00</Phone><Email>anna@example.com</Email></ContactInfo></Request>");
  const char *head = g_ptr_array_index (world.heads, 0);
  g_assert_nonnull (strstr (head, "\r\nContent-Type: text/xml; charset=utf-8\r\n"));
  g_assert_nonnull (strstr (head, "\r\nSOAPAction: \"\"\r\n"));
  world_stop (&world);
}

/* The CA's word is put into somebody's DNS, where an SPF policy or another CA's token would do harm. */
static void
test_submit_value (void)
{
  static const struct { const char *value; gboolean taken; } cases[] = {
    { "_globalsign-domain-verification=TOKEN", TRUE },
    { "globalsign-domain-verification=TOKEN", TRUE },
    { "TOKEN", FALSE },
    { "v=spf1 +all", FALSE },
    { "v=spf1 +all _globalsign-domain-verification=TOKEN", FALSE },
    { "_globalsign-domain-verification=a&#10;b", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autofree char *placed = g_strdup_printf ("<OrderID>CEAP1</OrderID><DNSTXT>%s</DNSTXT><VerificationFQDNList>"
                                                 "<VerificationFQDN>example.com</VerificationFQDN>"
                                                 "</VerificationFQDNList>", cases[i].value);

      world_start (&world);
      world_answer (&world, answer ("DVDNSOrder", 0, 0, placed));
      g_autoptr(ChCaOrder) order = submit (&world, one_name, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, "CEAP1");
      g_assert_cmpstr (order->value, ==, cases[i].taken ? cases[i].value : NULL);
      world_stop (&world);
    }
}

#define SAN(type, name) "<SANEntry><SANOptionType>" type "</SANOptionType><SubjectAltName>" name "</SubjectAltName></SANEntry>"
#define SAN_OPTION "<Options><Option><OptionName>SAN</OptionName><OptionValue>true</OptionValue></Option></Options>"

static void
test_submit_names (void)
{
  static const struct { const char *names[8]; gboolean wildcard; const char *entries; } cases[] = {
    { { "example.com" }, FALSE, NULL },
    { { "example.com", "www.example.com" }, FALSE, NULL },
    { { "www.example.com", "example.com", "www.example.com" }, FALSE, NULL },
    { { "*.example.com", "example.com" }, TRUE, NULL },
    { { "*.example.com", "www.example.com" }, TRUE, SAN ("1", "www.example.com") },
    { { "example.com", "mail.example.com", "shop.example.com", "a.b.example.com", "example.org", "*.example.net" }, FALSE,
      SAN ("1", "mail.example.com") SAN ("2", "shop.example.com") SAN ("2", "a.b.example.com") SAN ("7", "example.org")
      SAN ("13", "*.example.net") },
    { { "www.example.com", "shop.example.com", "notexample.com" }, FALSE,
      SAN ("2", "shop.example.com") SAN ("7", "notexample.com") },
    { { "shop.example.co.uk", "www.shop.example.co.uk", "example.co.uk" }, FALSE,
      SAN ("1", "www.shop.example.co.uk") SAN ("7", "example.co.uk") },
    { { "www.shop.example.com", "shop.example.com" }, FALSE, NULL },
    { { "example.co.uk", "www.example.co.uk" }, FALSE, NULL },
    { { "xn--mnchen-3ya.example", "www.xn--mnchen-3ya.example", "*.xn--mnchen-3ya.example" }, FALSE,
      SAN ("13", "*.xn--mnchen-3ya.example") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("DVDNSOrder", 0, 0, PLACED));
      g_autoptr(ChCaOrder) order = submit (&world, cases[i].names, &error);
      g_assert_no_error (error);

      const char *asked = g_ptr_array_index (world.asked, 0);
      g_autofree char *entries = g_strdup_printf ("</ContactInfo>%s%s%s</Request>", cases[i].entries ? "<SANEntries>" : "",
                                                  cases[i].entries ? cases[i].entries : "",
                                                  cases[i].entries ? "</SANEntries>" : "");
      assert_holds (&world, 0, entries);
      g_assert_cmpint (strstr (asked, "<BaseOption>wildcard</BaseOption>") != NULL, ==, cases[i].wildcard);
      g_assert_cmpint (strstr (asked, "</Licenses>" SAN_OPTION "<Validity") != NULL, ==, cases[i].entries != NULL);
      world_stop (&world);
    }
}

static void
test_submit_product (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) contact = contact_new ();
  ChCaRequest request = request_new (contact, one_name);

  world_start (&world);
  world_answer (&world, answer ("DVDNSOrder", 0, 0, PLACED));
  request.product = CH_PRODUCT_DOMAINSSL;
  request.term_months = 6;
  g_autoptr(ChCaOrder) order = world.ca->submit (&world.access, &request, NULL, &error);
  g_assert_no_error (error);
  assert_holds (&world, 0, "<ProductCode>DV_HIGH_DNS_SHA2</ProductCode>");
  assert_holds (&world, 0, "<Months>6</Months>");
  world_stop (&world);
}

static void
test_submit_high_risk (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("DVDNSOrder", 1, -5001, "<OrderID>CEAP1</OrderID>"));
  g_autoptr(ChCaOrder) order = submit (&world, one_name, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->status, ==, CH_CA_HELD);
  g_assert_null (order->value);
  g_assert_null (order->locations);
  world_stop (&world);
}

static void
test_submit_refused (void)
{
  static const struct { int success, code; const char *payload; ChError error; } cases[] = {
    { -1, -4001, "", CH_ERROR_CREDENTIALS }, { -1, -4201, "", CH_ERROR_FORBIDDEN },
    { -1, -9939, "", CH_ERROR_FORBIDDEN },
    { -1, -9901, "", CH_ERROR_FORBIDDEN }, { -1, -6101, "", CH_ERROR_MONEY },
    { -1, -9911, "", CH_ERROR_MONEY },
    { -1, -102, "<OrderID/>", CH_ERROR_CA_REFUSED }, { -1, -5001, "", CH_ERROR_CA_REFUSED },
    { -1, -31337, "", CH_ERROR_CA_REFUSED },
    /* these may hide an order that was taken */
    { -1, -1, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, -201, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -300, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -9942, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, 0, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -4001, "<OrderID>CEAP1</OrderID>", CH_ERROR_UNKNOWN_OUTCOME },
    { 0, 0, "", CH_ERROR_UNKNOWN_OUTCOME }, { 0, 0, "<OrderID/>", CH_ERROR_UNKNOWN_OUTCOME },
    { 1, -5001, "", CH_ERROR_UNKNOWN_OUTCOME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("DVDNSOrder", cases[i].success, cases[i].code, cases[i].payload));
      g_assert_null (submit (&world, one_name, &error));
      assert_failed (error, cases[i].error);
      g_assert_cmpuint (world.asked->len, ==, 1);
      world_stop (&world);
    }
}

static void
test_submit_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_null (submit (&world, one_name, &error));
      assert_failed (error, troubles[i].submit);
      world_stop (&world);
    }
}

/* an answer that was cut off anywhere never says “not placed” */
static void
test_submit_truncated (void)
{
  g_autofree char *whole = answer ("DVDNSOrder", 0, 0, PLACED);

  for (gsize length = 0; length < strlen (whole); length += 97)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autofree char *cut = g_strndup (whole, length);

      world_start (&world);
      world_page (&world, 200, "text/xml", cut);
      g_assert_null (submit (&world, one_name, &error));
      assert_failed (error, CH_ERROR_UNKNOWN_OUTCOME);
      world_stop (&world);
    }
}

static void
test_submit_unreachable (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  g_hash_table_insert (world.access.settings, g_strdup ("proxy"), g_strdup ("http://127.0.0.1:1"));
  g_assert_null (submit (&world, one_name, &error));
  assert_failed (error, CH_ERROR_UNREACHABLE);
  world_stop (&world);
}

static void
test_submit_untrusted (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start_tls (&world);
  g_hash_table_remove (world.access.settings, "ca-certificate");
  g_assert_null (submit (&world, one_name, &error));
  assert_failed (error, CH_ERROR_TLS);
  g_assert_cmpuint (world.asked->len, ==, 0);
  world_stop (&world);
}

/* nothing of this is sent */
static void
test_submit_invalid (void)
{
  static const char *const no_names[] = { NULL };
  static const char *const two_names[] = { "www.example.com", "example.com", "shop.example.com", NULL };
  static const char *const wildcard[] = { "*.example.com", NULL };
  static const char *const with_address[] = { "www.example.com", "192.0.2.1", NULL };
  static const struct { ChProduct product; ChDcvMethod method; const char *const *names; const char *own_key; int months;
                        const char *first_name; const char *says; } cases[] = {
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "A", "organizationssl" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "A", "extendedssl" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, two_names, "k", 12, "A", "domainssl" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP, wildcard, "k", 12, "A", "*.example.com" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name, "k", 12, "A", "who is mailed" },
    { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS, with_address, "k", 12, "A", "by DNS" },
    { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL, with_address, "k", 12, "A", "by e-mail" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, wildcard, "k", 12, "A", "extended-validation" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, with_address, "k", 12, "A", "192.0.2.1" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, no_names, "k", 12, "A", "name" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, with_address, "k", 12, "A", "192.0.2.1" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "", 12, "A", "key" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "k", 0, "A", "term" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "", "“first-name”" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "A\001", "FirstName" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autoptr(GHashTable) contact = contact_new ();
      ChCaRequest request = request_new (contact, cases[i].names);

      world_start (&world);
      request.product = cases[i].product;
      request.method = cases[i].method;
      request.own_key = cases[i].own_key;
      request.term_months = cases[i].months;
      g_hash_table_insert (contact, (char *) "first-name", g_strdup (cases[i].first_name));
      g_assert_null (world.ca->submit (&world.access, &request, NULL, &error));
      assert_failed (error, CH_ERROR_INVALID);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].says);
      g_assert_cmpuint (world.asked->len, ==, 0);
      world_stop (&world);
    }
}

/* ---- check ---- */

static void
test_check (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("DVDNSVerificationForIssue", 0, 0, ISSUED));
  g_autoptr(ChCaOrder) order = world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_DNS, "example.com", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP1");
  assert_has_chain (order);
  assert_asked (&world, 0, ORDERS, "DVDNSVerificationForIssue");
  assert_holds (&world, 0, "</OrderRequestHeader><ApproverFQDN>example.com</ApproverFQDN><OrderID>CEAP1</OrderID></Request>");
  world_stop (&world);
}

static void
test_check_then_fetch (void)
{
  static const struct { int success, code; const char *payload; } cases[] = {
    { 0, 0, "" },
    { 0, 0, "<URLVerificationForIssue xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>" },
    { 0, 0, "<URLVerificationForIssue><CertificateInfo><CertificateStatus>4</CertificateStatus></CertificateInfo>"
      "</URLVerificationForIssue>" },
    { 1, -5001, "" },
    /* an earlier check did it and its answer was lost */
    { -1, -9938, "" }, { -1, -1, "" }, { -1, -4004, "" }, { -1, -9100, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("DVDNSVerificationForIssue", cases[i].success, cases[i].code, cases[i].payload));
      world_answer (&world, fetched ("CEAP1", 4, FULFILLMENT));
      g_autoptr(ChCaOrder) order = world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_DNS, "example.com", NULL, &error);
      g_assert_no_error (error);
      assert_has_chain (order);
      assert_asked (&world, 1, QUERIES, "GetOrderByOrderID");
      world_stop (&world);
    }
}

static void
test_check_refused (void)
{
  static const struct { int code; gboolean looks; ChError error; } cases[] = {
    { -3012, FALSE, CH_ERROR_NOT_YET }, { -3022, FALSE, CH_ERROR_NOT_YET },
    { -3025, FALSE, CH_ERROR_NOT_YET },
    { -3026, FALSE, CH_ERROR_NOT_YET }, { -4147, FALSE, CH_ERROR_NOT_YET },
    { -3013, FALSE, CH_ERROR_TRANSIENT },
    { -4001, FALSE, CH_ERROR_CREDENTIALS }, { -9916, FALSE, CH_ERROR_NOT_FOUND },
    { -1, TRUE, CH_ERROR_TRANSIENT }, { -9938, TRUE, CH_ERROR_CA_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("DVDNSVerificationForIssue", -1, cases[i].code, ""));
      if (cases[i].looks)
        world_answer (&world, fetched ("CEAP1", 1, ""));
      g_assert_null (world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_DNS, "example.com", NULL, &error));
      assert_failed (error, cases[i].error);
      world_stop (&world);
    }
}

static void
test_check_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_null (world.ca->check (&world.access, "CEAP1", CH_DCV_METHOD_DNS, "example.com", NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

/* ---- cancel ---- */

static void
test_cancel (void)
{
  static const struct { int success, code, looks; ChError error; } cases[] = {
    { 0, 0, 0, 0 }, { -1, -9915, 0, 0 }, { -1, -9938, 3, 0 }, { -1, -9938, 5, 0 },
    { -1, -9938, 4, CH_ERROR_CA_REFUSED }, { -1, -9902, 0, CH_ERROR_CA_REFUSED },
    { -1, -1, 0, CH_ERROR_TRANSIENT },
    { -1, -9916, 0, CH_ERROR_NOT_FOUND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("ModifyOrder", cases[i].success, cases[i].code, ""));
      if (cases[i].looks != 0)
        world_answer (&world, fetched ("CEAP1", cases[i].looks, ""));
      g_assert_cmpint (world.ca->cancel (&world.access, "CEAP1", NULL, &error), ==, cases[i].error == 0);
      if (cases[i].error != 0)
        assert_failed (error, cases[i].error);
      assert_asked (&world, 0, ORDERS, "ModifyOrder");
      assert_holds (&world, 0, "<OrderID>CEAP1</OrderID><ModifyOrderOperation>CANCEL</ModifyOrderOperation></Request>");
      world_stop (&world);
    }
}

static void
test_cancel_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/submit", test_submit);
  g_test_add_func ("/globalsign/submit/value", test_submit_value);
  g_test_add_func ("/globalsign/submit/names", test_submit_names);
  g_test_add_func ("/globalsign/submit/product", test_submit_product);
  g_test_add_func ("/globalsign/submit/high-risk", test_submit_high_risk);
  g_test_add_func ("/globalsign/submit/refused", test_submit_refused);
  g_test_add_func ("/globalsign/submit/trouble", test_submit_trouble);
  g_test_add_func ("/globalsign/submit/truncated", test_submit_truncated);
  g_test_add_func ("/globalsign/submit/unreachable", test_submit_unreachable);
  g_test_add_func ("/globalsign/submit/untrusted", test_submit_untrusted);
  g_test_add_func ("/globalsign/submit/invalid", test_submit_invalid);
  g_test_add_func ("/globalsign/check", test_check);
  g_test_add_func ("/globalsign/check/then-fetch", test_check_then_fetch);
  g_test_add_func ("/globalsign/check/refused", test_check_refused);
  g_test_add_func ("/globalsign/check/trouble", test_check_trouble);
  g_test_add_func ("/globalsign/cancel", test_cancel);
  g_test_add_func ("/globalsign/cancel/trouble", test_cancel_trouble);
  return g_test_run ();
}
