/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"
#include "world.h"

#include "lib/error.h"
#include "net/http.h"

#include <string.h>

#define ORDERS "/ServerSSLService"
#define QUERIES "/GASService"
#define ACCOUNT "/AccountService"

#define HTML "<!DOCTYPE html><html><head><title>503</title></head><body>Sorry<br></body></html>"
#define FAULT "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault><faultcode>s:Server" \
              "</faultcode><faultstring>broken hunter2&amp;&lt;</faultstring></s:Fault></s:Body></s:Envelope>"
#define PEM(what) "-----BEGIN CERTIFICATE-----&#xD;\n" what "&#xD;\n-----END CERTIFICATE-----&#xD;\n"
#define LF_PEM(what) "-----BEGIN CERTIFICATE-----\n" what "\n-----END CERTIFICATE-----\n"
#define FULFILLMENT "<Fulfillment><CACertificates><CACertificate><CACertType>ROOT</CACertType><CACert>" PEM ("ROOT") \
                    "</CACert></CACertificate><CACertificate><CACertType>INTER</CACertType><CACert>" PEM ("INTER") \
                    "</CACert></CACertificate></CACertificates><ServerCertificate><X509Cert>" PEM ("LEAF") "</X509Cert>" \
                    "<PKCS7Cert>x</PKCS7Cert></ServerCertificate></Fulfillment>"
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

  return world->ca->submit (&world->access, &request, NULL, error);
}

static void
assert_failed (const GError *error,
               ChError       code)
{
  g_assert_error (error, CH_ERROR, (int) code);
  g_assert_null (strstr (error->message, "hunter2"));
}

/* what a service can do instead of an answer, and what each means for a request that is safe to repeat */
static const struct { int status; const char *type, *body; ChError query, submit; } troubles[] = {
  { 0, NULL, NULL, CH_ERROR_UNKNOWN_OUTCOME, CH_ERROR_UNKNOWN_OUTCOME },
  { 200, "text/html", HTML, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 200, "text/xml", "<a", CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 200, "text/xml", "", CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 200, "text/xml", "<a/>", CH_ERROR_BAD_ANSWER, CH_ERROR_UNKNOWN_OUTCOME },
  { 200, "text/xml", FAULT, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 500, "text/xml", FAULT, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 500, "text/html", HTML, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 503, "text/html", HTML, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 404, "text/html", HTML, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 302, "text/html", HTML, CH_ERROR_TRANSIENT, CH_ERROR_UNKNOWN_OUTCOME },
  { 429, "text/html", HTML, CH_ERROR_THROTTLED, CH_ERROR_THROTTLED },
  { 401, "text/html", HTML, CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS },
  { 403, "text/html", HTML, CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN },
};

static void
put_trouble (World *world,
             gsize  i)
{
  if (troubles[i].status == 0)
    world_close (world);
  else
    world_page (world, troubles[i].status, troubles[i].type, troubles[i].body);
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
  g_assert_cmpstr (order->txt_value, ==, "_globalsign-domain-verification=TOKEN");
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
test_submit_contact_of_the_account (void)
{
  static const struct { const char *name, *value; } parts[] = {
    { "contact-first-name", "Berta" }, { "contact-last-name", "Beispiel" }, { "contact-phone", "1" }, { "contact-email", "b@c.d" },
  };
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  ChCaRequest request = request_new (NULL, one_name);

  world_start (&world);
  world_answer (&world, answer ("DVDNSOrder", 0, 0, PLACED));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_hash_table_insert (world.access.settings, g_strdup (parts[i].name), g_strdup (parts[i].value));
  g_autoptr(ChCaOrder) order = world.ca->submit (&world.access, &request, NULL, &error);
  g_assert_no_error (error);
  assert_holds (&world, 0, "<FirstName>Berta</FirstName><LastName>Beispiel</LastName><Phone>1</Phone><Email>b@c.d</Email>");
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
  g_assert_null (order->txt_value);
  g_assert_null (order->locations);
  world_stop (&world);
}

static void
test_submit_refused (void)
{
  static const struct { int success, code; const char *payload; ChError error; } cases[] = {
    { -1, -4001, "", CH_ERROR_CREDENTIALS }, { -1, -4201, "", CH_ERROR_FORBIDDEN }, { -1, -9939, "", CH_ERROR_FORBIDDEN },
    { -1, -9901, "", CH_ERROR_FORBIDDEN }, { -1, -6101, "", CH_ERROR_MONEY }, { -1, -9911, "", CH_ERROR_MONEY },
    { -1, -102, "<OrderID/>", CH_ERROR_CA_REFUSED }, { -1, -5001, "", CH_ERROR_CA_REFUSED }, { -1, -31337, "", CH_ERROR_CA_REFUSED },
    /* these may hide an order that was taken */
    { -1, -1, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, -201, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, -300, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -9942, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, 0, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -4001, "<OrderID>CEAP1</OrderID>", CH_ERROR_UNKNOWN_OUTCOME },
    { 0, 0, "", CH_ERROR_UNKNOWN_OUTCOME }, { 0, 0, "<OrderID/>", CH_ERROR_UNKNOWN_OUTCOME }, { 1, -5001, "", CH_ERROR_UNKNOWN_OUTCOME },
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
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      put_trouble (&world, i);
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
  static const char *const with_address[] = { "www.example.com", "192.0.2.1", NULL };
  static const struct { ChProduct product; ChDcvMethod method; const char *const *names; const char *own_key; int months;
                        const char *first_name; const char *says; } cases[] = {
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "A", "organizationssl" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "A", "extendedssl" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP, one_name, "k", 12, "A", "http" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name, "k", 12, "A", "email" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, no_names, "k", 12, "A", "name" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, with_address, "k", 12, "A", "192.0.2.1" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "", 12, "A", "key" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "k", 0, "A", "term" },
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "k", 12, "", "contact-first-name" },
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
assert_has_chain (const ChCaOrder *order)
{
  g_assert_cmpint (order->status, ==, CH_CA_ISSUED);
  g_assert_cmpstr (order->certificate, ==, LF_PEM ("LEAF"));
  g_assert_cmpstrv (order->chain, ((const char *[]) { LF_PEM ("ROOT"), LF_PEM ("INTER"), NULL }));
}

static char *
fetched (const char *number,
         int         status,
         const char *more)
{
  g_autofree char *text = detail (number, status, "chancery-7-1", "2026-02-03T15:00:00.000+01:00");
  g_autofree char *open = g_strndup (text, strlen (text) - strlen ("</OrderDetail>"));
  g_autofree char *payload = g_strconcat ("<OrderID>", number, "</OrderID>", open, more, "</OrderDetail>", NULL);

  return answer ("GetOrderByOrderID", 0, 0, payload);
}

static void
test_check (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("DVDNSVerificationForIssue", 0, 0, ISSUED));
  g_autoptr(ChCaOrder) order = world.ca->check (&world.access, "CEAP1", "example.com", NULL, &error);
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
      g_autoptr(ChCaOrder) order = world.ca->check (&world.access, "CEAP1", "example.com", NULL, &error);
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
    { -3012, FALSE, CH_ERROR_NOT_YET }, { -3022, FALSE, CH_ERROR_NOT_YET }, { -3025, FALSE, CH_ERROR_NOT_YET },
    { -3026, FALSE, CH_ERROR_NOT_YET }, { -4147, FALSE, CH_ERROR_NOT_YET }, { -3013, FALSE, CH_ERROR_TRANSIENT },
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
      g_assert_null (world.ca->check (&world.access, "CEAP1", "example.com", NULL, &error));
      assert_failed (error, cases[i].error);
      world_stop (&world);
    }
}

static void
test_check_trouble (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      put_trouble (&world, i);
      g_assert_null (world.ca->check (&world.access, "CEAP1", "example.com", NULL, &error));
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
    { -1, -9938, 4, CH_ERROR_CA_REFUSED }, { -1, -9902, 0, CH_ERROR_FORBIDDEN }, { -1, -1, 0, CH_ERROR_TRANSIENT },
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
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      put_trouble (&world, i);
      g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

/* ---- fetch ---- */

static void
test_fetch (void)
{
  static const struct { int order, certificate; ChCaStatus status; } cases[] = {
    { 1, 0, CH_CA_WAITING }, { 2, 0, CH_CA_HELD }, { 3, 0, CH_CA_CANCELLED }, { 4, 0, CH_CA_ISSUED }, { 5, 0, CH_CA_CANCELLED },
    { 6, 0, CH_CA_REVOKED }, { 7, 0, CH_CA_REVOKED }, { 8, 0, CH_CA_HELD }, { 10, 0, CH_CA_REJECTED },
    { 1, 4, CH_CA_ISSUED }, { 4, 7, CH_CA_REVOKED }, { 4, 5, CH_CA_CANCELLED }, { 0, 4, CH_CA_ISSUED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autofree char *more = g_strdup_printf ("<CertificateInfo><CertificateStatus>%d</CertificateStatus></CertificateInfo>",
                                               cases[i].certificate);

      world_start (&world);
      world_answer (&world, fetched ("CEAP1", cases[i].order, more));
      g_autoptr(ChCaOrder) order = world.ca->fetch (&world.access, "CEAP1", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (order->status, ==, cases[i].status);
      g_assert_cmpstr (order->own_key, ==, "chancery-7-1");
      g_assert_cmpstr (order->common_name, ==, "www.example.com");
      g_assert_cmpint (order->ordered_at, ==, 1770127200);
      g_assert_null (order->certificate);
      g_assert_null (order->chain);
      assert_asked (&world, 0, QUERIES, "GetOrderByOrderID");
      assert_holds (&world, 0, "<OrderID>CEAP1</OrderID><OrderQueryOption><ReturnCertificateInfo>true");
      world_stop (&world);
    }
}

static void
test_fetch_nonsense (void)
{
  static const char *const cases[] = {
    "", "<OrderDetail/>", "<OrderDetail><OrderInfo/></OrderDetail>",
    "<OrderDetail><OrderInfo><OrderId>CEAP1</OrderId></OrderInfo></OrderDetail>",
    "<OrderDetail><OrderInfo><OrderId>CEAP1</OrderId><OrderStatus>77</OrderStatus></OrderInfo></OrderDetail>",
    "<OrderDetail><OrderInfo><OrderId>CEAP1</OrderId><OrderStatus>issued</OrderStatus></OrderInfo></OrderDetail>",
    "<OrderDetail><OrderInfo><OrderId>CEAP2</OrderId><OrderStatus>4</OrderStatus></OrderInfo></OrderDetail>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("GetOrderByOrderID", 0, 0, cases[i]));
      g_assert_null (world.ca->fetch (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, CH_ERROR_BAD_ANSWER);
      world_stop (&world);
    }
}

static void
test_fetch_refused (void)
{
  static const struct { int code; ChError error; } cases[] = {
    { -9916, CH_ERROR_NOT_FOUND }, { -4003, CH_ERROR_NOT_FOUND }, { -1, CH_ERROR_TRANSIENT }, { -9902, CH_ERROR_FORBIDDEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("GetOrderByOrderID", -1, cases[i].code, ""));
      g_assert_null (world.ca->fetch (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, cases[i].error);
      world_stop (&world);
    }
}

static void
test_fetch_trouble (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      put_trouble (&world, i);
      g_assert_null (world.ca->fetch (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

/* ---- find ---- */

static char *
rows (const char *inside)
{
  g_autofree char *payload = g_strconcat ("<SearchOrderDetails>", inside, "</SearchOrderDetails>", NULL);
  return answer ("GetCertificateOrders", 0, 0, payload);
}

static char *
details (const char *operation,
         const char *inside)
{
  g_autofree char *payload = g_strconcat ("<OrderDetails>", inside, "</OrderDetails>", NULL);
  return answer (operation, 0, 0, payload);
}

#define ROW(number, status, sub_id, date) "<SearchOrderDetail><OrderID>" number "</OrderID><OrderRequestDate>" date \
  "</OrderRequestDate><OrderStatus>" status "</OrderStatus><SubId>" sub_id "</SubId><FQDN>a.example</FQDN></SearchOrderDetail>"
#define EARLY "2026-02-03T15:00:00.000+01:00"
#define LATE "2026-02-03T15:00:01.000+01:00"

static void
test_find_by_key (void)
{
  static const struct { const char *rows; const char *number; } cases[] = {
    { ROW ("CEAP1", "1", "chancery-7-1", EARLY), "CEAP1" },
    { ROW ("CEAP1", "4", "other", LATE) ROW ("CEAP2", "3", "chancery-7-1", EARLY), "CEAP2" },
    { ROW ("CEAP1", "1", "chancery-7-1", EARLY) ROW ("CEAP2", "1", "chancery-7-1", LATE), "CEAP2" },
    { ROW ("CEAP1", "1", "chancery-7-1", EARLY) ROW ("CEAP2", "3", "chancery-7-1", LATE), "CEAP1" },
    { "<SearchOrderDetail/>" ROW ("CEAP1", "2", "chancery-7-1", "rubbish"), "CEAP1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, rows (cases[i].rows));
      world_answer (&world, fetched (cases[i].number, 4, FULFILLMENT));
      g_autoptr(ChCaOrder) order = world.ca->find (&world.access, "chancery-7-1", 1770127200, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, cases[i].number);
      assert_has_chain (order);
      assert_asked (&world, 0, QUERIES, "GetCertificateOrders");
      assert_holds (&world, 0, "<FromDate>2026-02-02T14:00:00.000Z</FromDate><ToDate>");
      assert_holds (&world, 0, "</ToDate><SubID>chancery-7-1</SubID></Request>");
      world_stop (&world);
    }
}

static void
test_find_by_date (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *other = detail ("CEAP1", 4, "", LATE);
  g_autofree char *ours = detail ("CEAP2", 1, "chancery-7-1", EARLY);
  g_autofree char *both = g_strconcat (other, ours, NULL);

  world_start (&world);
  world_answer (&world, rows (ROW ("CEAP1", "4", "", LATE)));
  world_answer (&world, details ("GetOrderByDateRange", both));
  world_answer (&world, fetched ("CEAP2", 1, ""));
  g_autoptr(ChCaOrder) order = world.ca->find (&world.access, "chancery-7-1", 1770127200, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP2");
  assert_asked (&world, 1, QUERIES, "GetOrderByDateRange");
  world_stop (&world);
}

static void
test_find_none (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, rows (ROW ("CEAP1", "1", "chancery-7-11", LATE)));
  world_answer (&world, answer ("GetOrderByDateRange", 0, 0,
                                "<OrderDetails xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>"));
  g_assert_null (world.ca->find (&world.access, "chancery-7-1", 1770127200, NULL, &error));
  assert_failed (error, CH_ERROR_NOT_FOUND);
  g_assert_cmpuint (world.asked->len, ==, 2);
  world_stop (&world);
}

/* whatever goes wrong, only two whole lists without it mean “not found” */
static void
test_find_never_guesses (void)
{
  for (int step = 0; step < 3; step++)
    for (gsize i = 0; i <= G_N_ELEMENTS (troubles); i++)
      {
        static const char *const operations[] = { "GetCertificateOrders", "GetOrderByDateRange", "GetOrderByOrderID" };
        g_autofree char *ours = detail ("CEAP1", 1, "chancery-7-1", EARLY);
        World world = { NULL };
        g_autoptr(GError) error = NULL;

        world_start (&world);
        if (step > 0)
          world_answer (&world, rows (""));
        if (step > 1)
          world_answer (&world, details ("GetOrderByDateRange", ours));
        if (i < G_N_ELEMENTS (troubles))
          put_trouble (&world, i);
        else
          world_answer (&world, answer (operations[step], -1, -9916, ""));
        g_assert_null (world.ca->find (&world.access, "chancery-7-1", 1770127200, NULL, &error));
        assert_failed (error, i < G_N_ELEMENTS (troubles) ? troubles[i].query : CH_ERROR_BAD_ANSWER);
        world_stop (&world);
      }
}

/* ---- list_changed ---- */

static void
test_list (void)
{
  g_autofree char *one = detail ("CEAP1", 4, "chancery-7-1", EARLY);
  g_autofree char *two = detail ("CEAP2", 3, "", LATE);
  g_autofree char *all = g_strconcat (one, "<OrderDetail/>", two, one, NULL);
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, details ("GetModifiedOrders", all));
  g_autoptr(GPtrArray) orders = world.ca->list_changed (&world.access, 1770127200, 1770130800, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orders->len, ==, 2);
  g_assert_cmpstr (((ChCaOrder *) orders->pdata[0])->ca_order, ==, "CEAP1");
  g_assert_cmpint (((ChCaOrder *) orders->pdata[0])->status, ==, CH_CA_ISSUED);
  g_assert_cmpstr (((ChCaOrder *) orders->pdata[1])->ca_order, ==, "CEAP2");
  assert_asked (&world, 0, QUERIES, "GetModifiedOrders");
  assert_holds (&world, 0, "<FromDate>2026-02-03T14:00:00.000Z</FromDate><ToDate>2026-02-03T15:00:00.000Z</ToDate></Request>");
  world_stop (&world);
}

static char *
full_list (int first)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (int i = 0; i < 500; i++)
    {
      g_autofree char *number = g_strdup_printf ("CEAP%d", first + i);
      g_autofree char *one = detail (number, 1, "", EARLY);

      g_string_append (text, one);
    }

  return details ("GetModifiedOrders", text->str);
}

/* 500 rows, or an error that may mean as much: both halves are asked for, and nothing is told twice */
static void
test_list_splits (void)
{
  static const int refusals[] = { 0, -9100, -4005 };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *first = detail ("CEAP1", 1, "", EARLY);
      g_autofree char *second = detail ("CEAP2", 1, "", LATE);
      g_autofree char *both = g_strconcat (first, second, NULL);
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, refusals[i] == 0 ? full_list (1) : answer ("GetModifiedOrders", -1, refusals[i], ""));
      world_answer (&world, details ("GetModifiedOrders", first));
      world_answer (&world, details ("GetModifiedOrders", both));
      g_autoptr(GPtrArray) orders = world.ca->list_changed (&world.access, 1770127200, 1770130800, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (orders->len, ==, 2);
      assert_holds (&world, 1, "<FromDate>2026-02-03T14:00:00.000Z</FromDate><ToDate>2026-02-03T14:30:00.000Z</ToDate>");
      assert_holds (&world, 2, "<FromDate>2026-02-03T14:30:01.000Z</FromDate><ToDate>2026-02-03T15:00:00.000Z</ToDate>");
      world_stop (&world);
    }
}

static void
test_list_of_one_second (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, full_list (1));
  world_answer (&world, full_list (1));
  world_answer (&world, full_list (501));
  g_autoptr(GPtrArray) orders = world.ca->list_changed (&world.access, 1770127200, 1770127201, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orders->len, ==, 1000);
  world_stop (&world);
}

/* a service that ignores the dates is not asked for ever */
static void
test_list_without_end (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 500; i++)
    g_string_append (text, "<OrderDetail/>");
  g_autofree char *always = details ("GetModifiedOrders", text->str);

  world_start (&world);
  world.always = always;
  g_assert_null (world.ca->list_changed (&world.access, 0, 1770130800, NULL, &error));
  assert_failed (error, CH_ERROR_BAD_ANSWER);
  world_stop (&world);
}

static void
test_list_trouble (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, full_list (1));
      put_trouble (&world, i);
      g_assert_null (world.ca->list_changed (&world.access, 1770127200, 1770130800, NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

/* ---- verify ---- */

static void
test_verify (void)
{
  World world = { NULL };
  g_autoptr(GHashTable) facts = NULL;
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("AccountSnapshot", 0, 0, "<AccountBalance>1000.00</AccountBalance><Usage><OpenOrders>3</OpenOrders>"
                                                         "<Empty/></Usage><Currency>EUR</Currency>"));
  g_assert_true (world.ca->verify (&world.access, &facts, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (facts), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (facts, "account-balance"), ==, "1000.00");
  g_assert_cmpstr (g_hash_table_lookup (facts, "open-orders"), ==, "3");
  g_assert_cmpstr (g_hash_table_lookup (facts, "currency"), ==, "EUR");
  assert_asked (&world, 0, ACCOUNT, "AccountSnapshot");
  world_stop (&world);
}

static void
test_verify_many_facts (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  World world = { NULL };
  g_autoptr(GHashTable) facts = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "<F%d>x</F%d>", i, i);
  world_start (&world);
  world_answer (&world, answer ("AccountSnapshot", 0, 0, text->str));
  g_assert_true (world.ca->verify (&world.access, &facts, NULL, &error));
  g_assert_cmpuint (g_hash_table_size (facts), ==, 32);
  world_stop (&world);
}

/* @second: the harmless query after a refusal of the account service; 0: it answers, 1: it is not asked */
static void
test_verify_refused (void)
{
  static const struct { int first, second; ChError error; const char *says; } cases[] = {
    { -4001, 1, CH_ERROR_CREDENTIALS, "password" }, { -9200, 0, 0, NULL }, { -1, 0, 0, NULL },
    { -9200, -9200, CH_ERROR_FORBIDDEN, "enable the API" }, { -4201, -4201, CH_ERROR_FORBIDDEN, "allow-list" },
    { -9939, -9939, CH_ERROR_FORBIDDEN, "locked" }, { -1, -4001, CH_ERROR_CREDENTIALS, "password" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GHashTable) facts = NULL;
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("AccountSnapshot", -1, cases[i].first, ""));
      if (cases[i].second != 1)
        world_answer (&world, answer ("GetCertificateOrders", cases[i].second == 0 ? 0 : -1, cases[i].second, ""));
      g_assert_cmpint (world.ca->verify (&world.access, &facts, NULL, &error), ==, cases[i].error == 0);
      if (cases[i].error != 0)
        {
          assert_failed (error, cases[i].error);
          g_assert_nonnull (strstr (error->message, cases[i].says));
          g_assert_null (facts);
        }
      world_stop (&world);
    }
}

/* an account service that is not there does not matter, as long as the queries work */
static void
test_verify_without_account_service (void)
{
  for (gsize i = 1; i < G_N_ELEMENTS (troubles); i++)
    {
      gboolean falls_back = troubles[i].query != CH_ERROR_CREDENTIALS && troubles[i].query != CH_ERROR_THROTTLED;
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      put_trouble (&world, i);
      if (falls_back)
        world_answer (&world, answer ("GetCertificateOrders", 0, 0, ""));
      g_assert_cmpint (world.ca->verify (&world.access, NULL, NULL, &error), ==, falls_back);
      world_stop (&world);
    }
}

/* ---- where, and with what ---- */

static void
set (World      *world,
     const char *name,
     const char *value)
{
  if (value != NULL)
    g_hash_table_insert (world->access.settings, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (world->access.settings, name);
}

static void
test_environment (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  /* a URL alone is enough, and never ends at production */
  world_start (&world);
  set (&world, "environment", NULL);
  world_answer (&world, answer ("ModifyOrder", 0, 0, ""));
  g_assert_true (world.ca->cancel (&world.access, "CEAP1", NULL, &error));

  set (&world, "environment", "production");
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_INVALID);
  g_clear_error (&error);

  set (&world, "environment", "url");
  set (&world, "url", NULL);
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_INVALID);
  world_stop (&world);
}

/* the names of GlobalSign's two systems, seen by the proxy that is asked for them */
static void
test_endpoints (void)
{
  static const struct { const char *environment, *host; } cases[] = {
    { NULL, "system.globalsign.com" }, { "production", "system.globalsign.com" }, { "test", "test-gcc.globalsign.com" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world);
      set (&world, "environment", cases[i].environment);
      set (&world, "url", NULL);
      set (&world, "proxy", "http://127.0.0.1:1");
      g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, CH_ERROR_UNREACHABLE);
      g_assert_nonnull (strstr (error->message, cases[i].host));
      world_stop (&world);
    }
}

static void
test_no_password (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  g_hash_table_remove_all (world.access.secrets);
  g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
  assert_failed (error, CH_ERROR_CREDENTIALS);
  world_stop (&world);
}

static void
test_cancellable (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  world_start (&world);
  g_cancellable_cancel (cancellable);
  g_assert_null (world.ca->fetch (&world.access, "CEAP1", cancellable, &error));
  assert_failed (error, CH_ERROR_CANCELLED);
  world_stop (&world);
}

static void
test_registry (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  g_assert_cmpstr (ch_ca_list ()[0]->kind, ==, "globalsign");
  g_assert_null (ch_ca_find ("letsencrypt", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "globalsign"));
  g_clear_error (&error);

  world_start_tls (&world);
  g_assert_true (ch_fields_check (world.ca->fields, world.access.settings, world.access.secrets, &error));
  g_assert_no_error (error);
  world_stop (&world);
}

/* ---- the samples ---- */

static void
test_samples (void)
{
  static const struct { const char *name; ChCaStatus status; gboolean has_certificate; } cases[] = {
    { "GASService/GetOrderByOrderID.issued.response.xml", CH_CA_ISSUED, TRUE },
    { "GASService/GetOrderByOrderID.pending.response.xml", CH_CA_WAITING, FALSE },
  };

  if (!test_schema_available ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = test_schema_sample (cases[i].name);
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      g_assert_true (g_file_get_contents (path, &text, NULL, &error));
      world_start (&world);
      world_page (&world, 200, "text/xml;charset=UTF-8", text);
      g_autoptr(ChCaOrder) order = world.ca->fetch (&world.access, "CEAP260203000001", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (order->status, ==, cases[i].status);
      g_assert_cmpint (order->certificate != NULL, ==, cases[i].has_certificate);
      world_stop (&world);
    }
}

/* the schemas do refuse: what all these tests rely on */
static void
test_schemas_refuse (void)
{
#define HEADER "<QueryRequestHeader/>"
#define FETCH(inside) "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><g:GetOrderByOrderID " \
                      "xmlns:g=\"https://system.globalsign.com/kb/ws/v1/\"><Request>" inside "</Request>" \
                      "</g:GetOrderByOrderID></s:Body></s:Envelope>"
  if (!test_schema_available ())
    return;

  g_assert_true (test_schema_accepts ("GASService", FETCH (HEADER "<OrderID>1</OrderID>")));
  g_assert_false (test_schema_accepts ("GASService", FETCH ("<OrderID>1</OrderID>" HEADER)));
  g_assert_false (test_schema_accepts ("GASService", FETCH (HEADER)));
  g_assert_false (test_schema_accepts ("GASService", FETCH (HEADER "<g:OrderID>1</g:OrderID>")));
}

int
main (int    argc,
      char **argv)
{
  ch_http_prepare ();
  g_unsetenv ("http_proxy");
  g_unsetenv ("https_proxy");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/globalsign/submit", test_submit);
  g_test_add_func ("/globalsign/submit/names", test_submit_names);
  g_test_add_func ("/globalsign/submit/product", test_submit_product);
  g_test_add_func ("/globalsign/submit/contact-of-the-account", test_submit_contact_of_the_account);
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
  g_test_add_func ("/globalsign/fetch", test_fetch);
  g_test_add_func ("/globalsign/fetch/nonsense", test_fetch_nonsense);
  g_test_add_func ("/globalsign/fetch/refused", test_fetch_refused);
  g_test_add_func ("/globalsign/fetch/trouble", test_fetch_trouble);
  g_test_add_func ("/globalsign/find/by-key", test_find_by_key);
  g_test_add_func ("/globalsign/find/by-date", test_find_by_date);
  g_test_add_func ("/globalsign/find/none", test_find_none);
  g_test_add_func ("/globalsign/find/never-guesses", test_find_never_guesses);
  g_test_add_func ("/globalsign/list", test_list);
  g_test_add_func ("/globalsign/list/splits", test_list_splits);
  g_test_add_func ("/globalsign/list/one-second", test_list_of_one_second);
  g_test_add_func ("/globalsign/list/without-end", test_list_without_end);
  g_test_add_func ("/globalsign/list/trouble", test_list_trouble);
  g_test_add_func ("/globalsign/verify", test_verify);
  g_test_add_func ("/globalsign/verify/many-facts", test_verify_many_facts);
  g_test_add_func ("/globalsign/verify/refused", test_verify_refused);
  g_test_add_func ("/globalsign/verify/without-account-service", test_verify_without_account_service);
  g_test_add_func ("/globalsign/environment", test_environment);
  g_test_add_func ("/globalsign/endpoints", test_endpoints);
  g_test_add_func ("/globalsign/no-password", test_no_password);
  g_test_add_func ("/globalsign/cancellable", test_cancellable);
  g_test_add_func ("/globalsign/registry", test_registry);
  g_test_add_func ("/globalsign/samples", test_samples);
  g_test_add_func ("/globalsign/schemas-refuse", test_schemas_refuse);
  return g_test_run ();
}
