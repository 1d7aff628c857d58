/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"


#include <string.h>

#define DAY (24 * 60 * 60)
#define START G_GINT64_CONSTANT (1770127200)     /* 2026-02-03T14:00:00Z */
#define NIL " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>"

/* ---- what is found ---- */

typedef struct
{
  GString *seen;            /* "number@until " each */
  GPtrArray *orders;
  guint stop_after;         /* fails after so many; 0: never */
} Found;

/* A #ChCaFound. */
static gboolean
take (ChCaOrder *order,
      gint64     until,
      gpointer   data,
      GError   **error)
{
  Found *found = data;

  g_string_append_printf (found->seen, "%s@%+" G_GINT64_FORMAT " ", order->ca_order, until - START);
  g_ptr_array_add (found->orders, order);
  if (found->orders->len == found->stop_after)
    return ch_error_set (error, CH_ERROR_NO_SPACE, "full");
  return TRUE;
}

static Found
found_new (void)
{
  return (Found) { g_string_new (NULL), g_ptr_array_new_with_free_func ((GDestroyNotify) ch_ca_order_free), 0 };
}

static void
found_clear (Found *found)
{
  g_string_free (found->seen, TRUE);
  g_ptr_array_unref (found->orders);
}

static char *
list (const char *inside)
{
  g_autofree char *payload = g_strconcat ("<OrderDetails>", inside, "</OrderDetails>", NULL);

  return answer ("GetOrderByDateRange", 0, 0, payload);
}

/* (transfer full): an order that nobody must ask for again */
static char *
waiting (const char *number,
         int         second)
{
  g_autofree char *date = g_strdup_printf ("2026-02-03T15:00:%02d.000+01:00", second);

  return detail (number, 1, "", date);
}

static char *
many (guint n)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("CEAP%u", i);
      g_autofree char *one = waiting (number, i % 60);
      g_string_append (text, one);
    }

  return list (text->str);
}

/* ---- windows ---- */

static void
test_windows (void)
{
  g_autofree char *late = waiting ("CEAP3", 30);
  g_autofree char *early = waiting ("CEAP1", 10);
  g_autofree char *middle = waiting ("CEAP2", 20);
  g_autofree char *undated = detail ("CEAP0", 1, "", "rubbish");
  g_autofree char *first = g_strconcat (late, early, "<OrderDetail/>", undated, early, NULL);
  g_autofree char *second = g_strconcat (early, middle, NULL);
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world_answer (&world, list (first));
  world_answer (&world, list (second));
  g_assert_true (world.ca->list_placed (&world.access, START, START + 50 * DAY, NULL, take, &found, NULL, &error));
  g_assert_no_error (error);
  /* sorted, none twice, and only the last of a window moves on */
  g_assert_cmpstr (found.seen->str, ==, "CEAP0@+0 CEAP1@+0 CEAP3@+2592000 CEAP2@+4320001 ");
  assert_holds (&world, 0, "<FromDate>2026-02-03T14:00:00.000Z</FromDate><ToDate>2026-03-05T13:59:59.999Z</ToDate><OrderQueryOption>"
                           "<ReturnOrderOption>true</ReturnOrderOption><ReturnCertificateInfo>true</ReturnCertificateInfo>"
                           "<ReturnFulfillment>true</ReturnFulfillment><ReturnCACerts>true</ReturnCACerts>"
                           "<ReturnOriginalCSR>true</ReturnOriginalCSR><ReturnSANEntries>true</ReturnSANEntries></OrderQueryOption>");
  assert_holds (&world, 1, "<FromDate>2026-03-05T14:00:00.000Z</FromDate><ToDate>2026-03-25T14:00:00.999Z</ToDate>");
  found_clear (&found);
  world_stop (&world);
}

/* cut at 500, refused, or too long to be read: halves, and nothing of it is told */
static void
test_splits (void)
{
  for (int way = 0; way < 4; way++)
    {
      g_autofree char *one = waiting ("CEAP1", 1);
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      Found found = found_new ();

      world_start (&world);
      if (way == 0)
        world_answer (&world, many (500));
      else if (way == 1)
        world_answer (&world, answer ("GetOrderByDateRange", -1, -9100, ""));
      else if (way == 2)
        world_answer (&world, answer ("GetOrderByDateRange", -1, -4005, ""));
      else
        world_page (&world, 200, "text/xml", "<a/>");
      world_answer (&world, list (one));
      world_answer (&world, list (""));
      g_assert_true (world.ca->list_placed (&world.access, START, START + 9, NULL, take, &found, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (found.seen->str, ==, "CEAP1@+5 ");
      assert_holds (&world, 1, "<ToDate>2026-02-03T14:00:04.999Z</ToDate>");
      assert_holds (&world, 2, "<FromDate>2026-02-03T14:00:05.000Z</FromDate><ToDate>2026-02-03T14:00:09.999Z</ToDate>");
      found_clear (&found);
      world_stop (&world);
    }
}

/* windows follow the density: wide where there is little, narrow before the limit would be met */
static void
test_adapts (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world_answer (&world, list (""));
  world_answer (&world, many (450));
  world_answer (&world, list (""));
  world_answer (&world, list (""));
  g_assert_true (world.ca->list_placed (&world.access, START, START + 200 * DAY, NULL, take, &found, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found.orders->len, ==, 450);
  assert_holds (&world, 1, "<FromDate>2026-03-05T14:00:00.000Z</FromDate><ToDate>2026-05-04T13:59:59.999Z</ToDate>");
  assert_holds (&world, 2, "<FromDate>2026-05-04T14:00:00.000Z</FromDate><ToDate>2026-06-13T13:59:59.999Z</ToDate>");
  assert_holds (&world, 3, "<FromDate>2026-06-13T14:00:00.000Z</FromDate><ToDate>2026-08-22T14:00:00.999Z</ToDate>");
  found_clear (&found);
  world_stop (&world);
}

/* more than the limit within a second: nothing may be lost in silence */
static void
test_one_second (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world_answer (&world, many (500));
  world_answer (&world, many (500));
  g_assert_false (world.ca->list_placed (&world.access, START, START + 1, NULL, take, &found, NULL, &error));
  assert_failed (error, CH_ERROR_LIMIT);
  g_assert_cmpuint (found.orders->len, ==, 0);
  found_clear (&found);
  world_stop (&world);
}

/* a service that ignores the dates */
static void
test_without_end (void)
{
  g_autofree char *entries = g_strnfill (450, '.');
  g_auto(GStrv) dots = g_strsplit (entries, ".", -1);
  g_autofree char *empty = g_strjoinv ("<OrderDetail/>", dots);
  g_autofree char *always = list (empty);
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world.always = always;
  g_assert_false (world.ca->list_placed (&world.access, START, START + 3650 * DAY, NULL, take, &found, NULL, &error));
  assert_failed (error, CH_ERROR_BAD_ANSWER);
  g_assert_cmpuint (found.orders->len, ==, 0);
  found_clear (&found);
  world_stop (&world);
}

static void
test_stops (void)
{
  g_autofree char *one = waiting ("CEAP1", 1);
  g_autofree char *two = waiting ("CEAP2", 2);
  g_autofree char *three = waiting ("CEAP3", 3);
  g_autofree char *all = g_strconcat (one, two, three, NULL);

  for (guint stop = 1; stop <= 3; stop++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      Found found = found_new ();

      world_start (&world);
      found.stop_after = stop;
      world_answer (&world, list (all));
      g_assert_false (world.ca->list_placed (&world.access, START, START + 9, NULL, take, &found, NULL, &error));
      assert_failed (error, CH_ERROR_NO_SPACE);
      g_assert_cmpuint (found.orders->len, ==, stop);
      found_clear (&found);
      world_stop (&world);
    }
}

static void
test_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      Found found = found_new ();

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_false (world.ca->list_placed (&world.access, START, START, NULL, take, &found, NULL, &error));
      assert_failed (error, troubles[i].query);
      found_clear (&found);
      world_stop (&world);
    }
}

static void
test_status (void)
{
  static const struct { ChCaStatus status; const char *sent; const char *seen; } cases[] = {
    { CH_CA_WAITING, "<OrderStatus>1</OrderStatus>", "CEAP1@+0 CEAP4@+10 " },
    { CH_CA_HELD, NULL, "CEAP2@+10 " },
    { CH_CA_CANCELLED, NULL, "CEAP3@+0 CEAP5@+10 " },
    { CH_CA_REVOKED, NULL, "" },
  };
  g_autoptr(GString) all = g_string_new (NULL);
  static const int codes[] = { 1, 2, 3, 1, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *number = g_strdup_printf ("CEAP%u", i + 1);
      g_autofree char *date = g_strdup_printf ("2026-02-03T15:00:%02u.000+01:00", i);
      g_autofree char *one = detail (number, codes[i], "", date);
      g_string_append (all, one);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      Found found = found_new ();

      world_start (&world);
      world_answer (&world, list (all->str));
      g_assert_true (world.ca->list_placed (&world.access, START, START + 9, &cases[i].status, take, &found, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (found.seen->str, ==, cases[i].seen);
      if (cases[i].sent != NULL)
        assert_holds (&world, 0, cases[i].sent);
      else
        g_assert_null (strstr (g_ptr_array_index (world.asked, 0), "<OrderStatus>"));
      found_clear (&found);
      world_stop (&world);
    }
}

/* ---- one order ---- */

#define PERSON(first) "<FirstName>" first "</FirstName><LastName>L</LastName><Function>F</Function><OrganizationName>O</OrganizationName>" \
                      "<OrganizationUnit>U</OrganizationUnit><Phone>P</Phone><Email>e@example.com</Email>"
#define EV_DETAIL \
  "<OrderDetail><OrderInfo><OrderId>CEEV2</OrderId><OriginalOrderIDForRenewal>CEEV1</OriginalOrderIDForRenewal>" \
  "<OriginalOrderIDForReIssue>CEEV0</OriginalOrderIDForReIssue><ProductCode>EV_SHA2</ProductCode><OrderKind>Renewal</OrderKind>" \
  "<DomainName>WWW.Example.com</DomainName><OrderDate>2026-02-03T15:00:00.000+01:00</OrderDate><OrderCanceledDate" NIL \
  "<OrderDeactivatedDate>2026-02-05T15:00:00.000+01:00</OrderDeactivatedDate><OrderStatus>7</OrderStatus><Price>249.00</Price>" \
  "<Currency>EUR</Currency><ValidityPeriod><Months>12</Months></ValidityPeriod></OrderInfo><OrderSubInfo>" \
  "<VerificationUrl>https://dvp.example.net/x?y=1&amp;z=2</VerificationUrl><SubId>chancery-7-1</SubId></OrderSubInfo>" \
  "<OrderOption><ApproverNotifiedDate>2026-02-03T15:00:01.000+01:00</ApproverNotifiedDate>" \
  "<ApproverConfirmDate>2026-02-03T15:00:02.000+01:00</ApproverConfirmDate><ApproverEmailAddress>admin@example.com</ApproverEmailAddress>" \
  "<OrganizationInfo><OrganizationName>Example NV</OrganizationName><CreditAgency>1</CreditAgency><BusinessAssumedName>Ex</BusinessAssumedName>" \
  "<BusinessCategoryCode>PO</BusinessCategoryCode><OrganizationAddress><AddressLine1>1 Street</AddressLine1><City>Leuven</City>" \
  "<Country>BE</Country></OrganizationAddress></OrganizationInfo><RequestorInfo>" PERSON ("Carl") "</RequestorInfo><ApproverInfo>" \
  PERSON ("Dora") "</ApproverInfo><AuthorizedSignerInfo>" PERSON ("Emil") "</AuthorizedSignerInfo><JurisdictionInfo>" \
  "<JurisdictionCountry>BE</JurisdictionCountry></JurisdictionInfo><ContactInfo><FirstName>Anna</FirstName><Email>a@example.com</Email>" \
  "</ContactInfo><SecondContactInfo><FirstName>Bert</FirstName></SecondContactInfo></OrderOption>" \
  "<CertificateInfo><CertificateStatus>7</CertificateStatus><StartDate>2026-02-04T15:00:00.000+01:00</StartDate>" \
  "<DNSNames>www.example.com, shop.example.com,example.com</DNSNames></CertificateInfo>" \
  "<SANEntries><SANEntry><SANOptionType>2</SANOptionType><SubjectAltName>shop.example.com</SubjectAltName></SANEntry>" \
  "<SANEntry><SubjectAltName>münchen.example</SubjectAltName></SANEntry><SANEntry><SubjectAltName>a b</SubjectAltName></SANEntry></SANEntries>" \
  "<Fulfillment><OriginalCSR>-----BEGIN NEW CERTIFICATE REQUEST-----&#xD;\nMII&#xD;\n-----END NEW CERTIFICATE REQUEST-----</OriginalCSR>" \
  "<CACertificates/><ServerCertificate><X509Cert>no certificate</X509Cert></ServerCertificate></Fulfillment></OrderDetail>"

static const char *
value (GHashTable *values,
       const char *key)
{
  return g_hash_table_lookup (values, key);
}

static void
test_whole_order (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world_answer (&world, list (EV_DETAIL));
  g_assert_true (world.ca->list_placed (&world.access, START, START + 9, NULL, take, &found, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found.orders->len, ==, 1);
  const ChCaOrder *order = g_ptr_array_index (found.orders, 0);

  g_assert_cmpint (order->status, ==, CH_CA_REVOKED);
  g_assert_true (order->known);
  g_assert_cmpint (order->product, ==, CH_PRODUCT_EXTENDEDSSL);
  g_assert_cmpint (order->kind, ==, CH_ORDER_KIND_RENEWAL);
  g_assert_cmpint (order->term_months, ==, 12);
  g_assert_cmpstr (order->renews, ==, "CEEV1");
  g_assert_cmpstr (order->reissues, ==, "CEEV0");
  g_assert_cmpstr (order->price, ==, "249.00 EUR");
  g_assert_cmpstr (order->page, ==, "https://dvp.example.net/x?y=1&z=2");
  g_assert_cmpstr (order->approver, ==, "admin@example.com");
  g_assert_cmpint (order->ordered_at, ==, START);
  g_assert_cmpint (order->notified_at, ==, START + 1);
  g_assert_cmpint (order->confirmed_at, ==, START + 2);
  g_assert_cmpint (order->issued_at, ==, START + DAY);
  g_assert_cmpint (order->ended_at, ==, START + 2 * DAY);
  g_assert_cmpstrv (order->names, ((const char *[]) { "www.example.com", "shop.example.com", "xn--mnchen-3ya.example",
                                                      "example.com", NULL }));
  g_assert_null (order->certificate);
  g_assert_null (order->chain);
  g_assert_nonnull (strstr (order->csr, "REQUEST-----\nMII\n"));
  g_assert_cmpstr (value (order->contact, "first-name"), ==, "Anna");
  g_assert_cmpstr (value (order->contact, "phone"), ==, NULL);
  g_assert_cmpstr (value (order->contact, "second-first-name"), ==, "Bert");
  g_assert_cmpstr (value (order->organization, "name"), ==, "Example NV");
  g_assert_cmpstr (value (order->organization, "credit-agency"), ==, "duns");
  g_assert_cmpstr (value (order->organization, "business-category"), ==, "private");
  g_assert_cmpstr (value (order->organization, "assumed-name"), ==, "Ex");
  g_assert_cmpstr (value (order->organization, "city"), ==, "Leuven");
  g_assert_cmpstr (value (order->organization, "requestor-first-name"), ==, "Carl");
  g_assert_cmpstr (value (order->organization, "approver-unit"), ==, "U");
  g_assert_cmpstr (value (order->organization, "signer-function"), ==, "F");
  g_assert_cmpstr (value (order->organization, "jurisdiction-country"), ==, "BE");
  found_clear (&found);
  world_stop (&world);
}

static void
test_products (void)
{
  static const struct { const char *code; const char *more; gboolean known; ChProduct product; ChDcvMethod method; } cases[] = {
    { "DV_LOW_DNS_SHA2", "", TRUE, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS },
    { "DV_LOW_URL", "", TRUE, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP },
    { "DV_LOW", "", TRUE, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL },
    { "DV_LOW_MONTH_OP", "<OrderOption><ContactInfo/></OrderOption>", TRUE, CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP },
    { "DV_LOW_MONTH_OP", "<OrderOption><ApproverEmailAddress>a@b.c</ApproverEmailAddress></OrderOption>", TRUE,
      CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL },
    { "DV", "<OrderSubInfo><DNSOrderFlag>true</DNSOrderFlag></OrderSubInfo>", TRUE, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS },
    { "TEST_DV_HIGH_DNS_SHA2", "", TRUE, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_DNS },
    { "dv_high_url_sha2", "", TRUE, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_HTTP },
    { "DV_SHA2", "", TRUE, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL },
    { "DV_SKIP_SHA2", "", TRUE, CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL },
    { "OV", "", TRUE, CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_EMAIL },
    { "TEST_OV_SHA2", "", TRUE, CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_EMAIL },
    { "EV_SHA2", "", TRUE, CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_EMAIL },
    { "PV_SHA2", "", FALSE, 0, 0 }, { "PEV", "", FALSE, 0, 0 }, { "DVX", "", FALSE, 0, 0 }, { "_", "", FALSE, 0, 0 },
    { "", "", FALSE, 0, 0 }, { "TEST_", "", FALSE, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *payload = g_strdup_printf ("<OrderDetail><OrderInfo><OrderId>CEAP1</OrderId><ProductCode>%s</ProductCode>"
                                                  "<OrderStatus>1</OrderStatus></OrderInfo>%s</OrderDetail>",
                                                  cases[i].code, cases[i].more);
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("GetOrderByOrderID", 0, 0, payload));
      g_autoptr(ChCaOrder) order = world.ca->fetch (&world.access, "CEAP1", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (order->known, ==, cases[i].known);
      g_assert_cmpint (order->product, ==, cases[i].product);
      if (cases[i].product == CH_PRODUCT_ALPHASSL || cases[i].product == CH_PRODUCT_DOMAINSSL)
        g_assert_cmpint (order->method, ==, cases[i].method);
      world_stop (&world);
    }
}

/* A person will follow the link, and see the price. */
static void
test_pages_and_prices (void)
{
  static const struct { const char *url; gboolean good; } pages[] = {
    { "https://dvp.example.net/x", TRUE }, { "http://dvp.example.net/x", FALSE }, { "javascript:alert(1)", FALSE },
    { "https://user@dvp.example.net/", FALSE }, { "https:///x", FALSE }, { "https://a b/", FALSE }, { "https://a/&quot;&gt;", FALSE },
    { "https://a/&#x202e;x", FALSE }, { "file:///etc/passwd", FALSE }, { "x", FALSE },
  };
  static const struct { const char *price; const char *currency; const char *text; } prices[] = {
    { "249.00", "EUR", "249.00 EUR" }, { "0", "USD", "0 USD" }, { "249", "", "249" }, { "a lot", "EUR", NULL },
    { "", "EUR", NULL }, { "1", "euros", "1" },
  };

  for (gsize i = 0; i < MAX (G_N_ELEMENTS (pages), G_N_ELEMENTS (prices)); i++)
    {
      gsize p = MIN (i, G_N_ELEMENTS (prices) - 1);
      gsize u = MIN (i, G_N_ELEMENTS (pages) - 1);
      g_autofree char *payload = g_strdup_printf (
        "<OrderDetail><OrderInfo><OrderId>CEAP1</OrderId><OrderStatus>1</OrderStatus><Price>%s</Price><Currency>%s</Currency></OrderInfo>"
        "<OrderSubInfo><VerificationUrl>%s</VerificationUrl></OrderSubInfo></OrderDetail>",
        prices[p].price, prices[p].currency, pages[u].url);
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("GetOrderByOrderID", 0, 0, payload));
      g_autoptr(ChCaOrder) order = world.ca->fetch (&world.access, "CEAP1", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->price, ==, prices[p].text);
      g_assert_cmpint (order->page != NULL, ==, pages[u].good);
      world_stop (&world);
    }
}

#define ISSUED(number) "<OrderDetail><OrderInfo><OrderId>" number "</OrderId><ProductCode>DV_SHA2</ProductCode><OrderStatus>4</OrderStatus>" \
                       "</OrderInfo></OrderDetail>"

/* the list does not carry the certificate: the order does; one that cannot be read by itself does not stop the others */
static void
test_missing_certificates (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;
  Found found = found_new ();

  world_start (&world);
  world_answer (&world, list (ISSUED ("CEAP1") ISSUED ("CEAP2")));
  world_answer (&world, fetched ("CEAP1", 4, FULFILLMENT));
  world_answer (&world, answer ("GetOrderByOrderID", -1, -9916, ""));
  g_assert_true (world.ca->list_placed (&world.access, START, START + 9, NULL, take, &found, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found.orders->len, ==, 2);
  assert_has_chain (g_ptr_array_index (found.orders, 0));
  g_assert_null (((ChCaOrder *) g_ptr_array_index (found.orders, 1))->certificate);
  found_clear (&found);
  world_stop (&world);

  found = found_new ();
  world_start (&world);
  world_answer (&world, list (ISSUED ("CEAP1") ISSUED ("CEAP2")));
  world_answer (&world, answer ("GetOrderByOrderID", -1, -201, ""));
  g_assert_false (world.ca->list_placed (&world.access, START, START + 9, NULL, take, &found, NULL, &error));
  assert_failed (error, CH_ERROR_TRANSIENT);
  g_assert_cmpuint (found.orders->len, ==, 0);
  found_clear (&found);
  world_stop (&world);
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/import/windows", test_windows);
  g_test_add_func ("/globalsign/import/splits", test_splits);
  g_test_add_func ("/globalsign/import/adapts", test_adapts);
  g_test_add_func ("/globalsign/import/one-second", test_one_second);
  g_test_add_func ("/globalsign/import/without-end", test_without_end);
  g_test_add_func ("/globalsign/import/stops", test_stops);
  g_test_add_func ("/globalsign/import/trouble", test_trouble);
  g_test_add_func ("/globalsign/import/status", test_status);
  g_test_add_func ("/globalsign/order/whole", test_whole_order);
  g_test_add_func ("/globalsign/order/products", test_products);
  g_test_add_func ("/globalsign/order/pages-and-prices", test_pages_and_prices);
  g_test_add_func ("/globalsign/import/missing-certificates", test_missing_certificates);
  return g_test_run ();
}
