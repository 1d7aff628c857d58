/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"


#include <string.h>

#define CSR(what) "-----BEGIN CERTIFICATE REQUEST-----\n" what "\n-----END CERTIFICATE REQUEST-----\n"
#define MADE(number) "<OrderID>" number "</OrderID><TargetOrderID>CEAP1</TargetOrderID>"
#define EARLY "2026-02-03T15:00:00.000+01:00"
#define LATE "2026-02-03T15:00:01.000+01:00"

/* (transfer full): a whole OrderDetail in the answer to GetOrderByOrderID */
static char *
whole (const char *number,
       int         status,
       const char *product,
       const char *reissues,
       const char *csr)
{
  g_autofree char *payload = g_strdup_printf (
    "<OrderID>%s</OrderID><OrderDetail><OrderInfo><OrderId>%s</OrderId><OriginalOrderIDForReIssue>%s</OriginalOrderIDForReIssue>"
    "<ProductCode>%s</ProductCode><DomainName>www.example.com</DomainName><OrderDate>" EARLY "</OrderDate>"
    "<OrderStatus>%d</OrderStatus></OrderInfo><OrderSubInfo/><OrderOption><ApproverEmailAddress>admin@example.com"
    "</ApproverEmailAddress></OrderOption><Fulfillment><OriginalCSR>%s</OriginalCSR></Fulfillment></OrderDetail>",
    number, number, reissues, product, status, csr);

  return answer ("GetOrderByOrderID", 0, 0, payload);
}

/* ---- another key ---- */

static void
test_key (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("ReIssue", 0, 0, MADE ("CEAP2")));
  world_answer (&world, fetched ("CEAP2", 4, FULFILLMENT));
  g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP2");
  g_assert_cmpstr (order->reissues, ==, "CEAP1");
  assert_has_chain (order);
  assert_asked (&world, 0, QUERIES, "ReIssue");
  assert_holds (&world, 0, "</OrderRequestHeader><OrderParameter><CSR>" CSR ("NEW") "</CSR></OrderParameter>"
                           "<TargetOrderID>CEAP1</TargetOrderID></Request>");
  world_stop (&world);
}

/* the number counts, whatever the look behind it gives */
static void
test_key_not_seen_yet (void)
{
  for (gsize i = 0; i <= N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("ReIssue", 0, 0, MADE ("CEAP2")));
      if (i < N_TROUBLES)
        world_trouble (&world, &troubles[i]);
      else
        world_answer (&world, answer ("GetOrderByOrderID", -1, -9916, ""));
      g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, "CEAP2");
      g_assert_cmpstr (order->reissues, ==, "CEAP1");
      g_assert_cmpint (order->status, ==, CH_CA_WAITING);
      world_stop (&world);
    }
}

static void
test_key_refused (void)
{
  static const struct { int success, code; const char *payload; ChError error; } cases[] = {
    { -1, -4016, "", CH_ERROR_CA_REFUSED }, { -1, -4006, "", CH_ERROR_CA_REFUSED },
    { -1, -9902, "", CH_ERROR_CA_REFUSED }, { -1, -9916, "", CH_ERROR_NOT_FOUND },
    { -1, -1, "", CH_ERROR_UNKNOWN_OUTCOME }, { -1, -9943, "", CH_ERROR_UNKNOWN_OUTCOME },
    { -1, -4016, "<OrderID>CEAP2</OrderID>", CH_ERROR_UNKNOWN_OUTCOME },
    { 0, 0, "", CH_ERROR_UNKNOWN_OUTCOME },
    /* the old number is not a new one */
    { 0, 0, "<OrderID>CEAP1</OrderID>", CH_ERROR_UNKNOWN_OUTCOME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("ReIssue", cases[i].success, cases[i].code, cases[i].payload));
      g_assert_null (world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), NULL, NULL, &error));
      assert_failed (error, cases[i].error);
      world_stop (&world);
    }
}

static void
test_key_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_null (world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), NULL, NULL, &error));
      assert_failed (error, troubles[i].submit);
      world_stop (&world);
    }
}

/* ---- other names ---- */

static const char *const more_names[] = { "shop.example.com", "www.example.com", "example.com", "*.example.org",
                                          "203.0.113.7", NULL };
static const char *const one_name[] = { "www.example.com", NULL };
#define MORE_ENTRIES "<SANEntries><SANEntry><SANOptionType>2</SANOptionType><SubjectAltName>shop.example.com</SubjectAltName>" \
                     "</SANEntry><SANEntry><SANOptionType>13</SANOptionType><SubjectAltName>*.example.org</SubjectAltName>" \
                     "</SANEntry><SANEntry><SANOptionType>3</SANOptionType><SubjectAltName>203.0.113.7</SubjectAltName></SANEntry></SANEntries>"

/* the request is the order's own: only the names change */
static void
test_names (void)
{
  static const struct { const char *const *names; const char *entries; } cases[] = {
    { more_names, MORE_ENTRIES }, { one_name, "<SANEntries/>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, whole ("CEAP1", 4, "DV_SHA2", "", "-----BEGIN CERTIFICATE REQUEST-----&#xD;\nOLD&#xD;\n"
                                                              "-----END CERTIFICATE REQUEST-----&#xD;\n"));
      world_answer (&world, answer ("ChangeSubjectAltName", 0, 0, MADE ("CEAP2")));
      world_answer (&world, whole ("CEAP2", 1, "DV_SHA2", "CEAP1", CSR ("OLD")));
      g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("OLD"), cases[i].names, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (order->ca_order, ==, "CEAP2");
      g_assert_cmpstr (order->csr, ==, CSR ("OLD"));
      g_assert_cmpint (order->status, ==, CH_CA_WAITING);
      assert_asked (&world, 1, ORDERS, "ChangeSubjectAltName");
      assert_holds (&world, 1, "</OrderRequestHeader><TargetOrderID>CEAP1</TargetOrderID><ApproverEmail>admin@example.com"
                               "</ApproverEmail><SANEntries");
      assert_holds (&world, 1, cases[i].entries);
      world_stop (&world);
    }
}

/* ---- both ---- */

static void
test_both (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, whole ("CEAP1", 4, "OV_SHA2", "", CSR ("OLD")));
  world_answer (&world, answer ("ReIssue", 0, 0, MADE ("CEAP2")));
  world_answer (&world, whole ("CEAP2", 4, "OV_SHA2", "CEAP1", CSR ("NEW")));
  world_answer (&world, answer ("ChangeSubjectAltName", 0, 0, MADE ("CEAP3")));
  world_answer (&world, whole ("CEAP3", 4, "OV_SHA2", "CEAP2", CSR ("NEW")));
  g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), more_names, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP3");
  g_assert_cmpstr (order->reissues, ==, "CEAP2");
  assert_asked (&world, 1, QUERIES, "ReIssue");
  assert_holds (&world, 3, "<TargetOrderID>CEAP2</TargetOrderID>");
  world_stop (&world);
}

/* the new key waits for the CA: the names come when it is there */
static void
test_both_waits (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, whole ("CEAP1", 4, "OV_SHA2", "", CSR ("OLD")));
  world_answer (&world, answer ("ReIssue", 0, 0, MADE ("CEAP2")));
  world_answer (&world, whole ("CEAP2", 1, "OV_SHA2", "CEAP1", CSR ("NEW")));
  g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), more_names, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (order->ca_order, ==, "CEAP2");
  g_assert_cmpint (order->status, ==, CH_CA_WAITING);
  world_stop (&world);
}

/* the first half is done: a refusal of the second must not hide its number, and a lost answer must be looked for */
static void
test_both_half (void)
{
  static const struct { int success, code; ChError error; } cases[] = {
    { -1, -6017, 0 }, { -1, -9902, 0 }, { -1, -1, CH_ERROR_UNKNOWN_OUTCOME }, { 0, 0, CH_ERROR_UNKNOWN_OUTCOME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, whole ("CEAP1", 4, "OV_SHA2", "", CSR ("OLD")));
      world_answer (&world, answer ("ReIssue", 0, 0, MADE ("CEAP2")));
      world_answer (&world, whole ("CEAP2", 4, "OV_SHA2", "CEAP1", CSR ("NEW")));
      world_answer (&world, answer ("ChangeSubjectAltName", cases[i].success, cases[i].code, ""));
      g_autoptr(ChCaOrder) order = world.ca->reissue (&world.access, "CEAP1", CSR ("NEW"), more_names, NULL, &error);
      if (cases[i].error != 0)
        assert_failed (error, cases[i].error);
      else
        {
          g_assert_no_error (error);
          g_assert_cmpstr (order->ca_order, ==, "CEAP2");
        }
      world_stop (&world);
    }
}

static void
test_invalid (void)
{
  static const char *const foreign[] = { "www.example.org", NULL };
  static const struct { const char *csr; const char *const *names; int status; const char *product; const char *says; } cases[] = {
    { "", NULL, 0, NULL, "certificate request" },
    { CSR ("NEW"), foreign, 4, "DV_SHA2", "www.example.com" },
    { CSR ("NEW"), more_names, 1, "DV_SHA2", "CEAP1" },
    { CSR ("NEW"), more_names, 7, "DV_SHA2", "CEAP1" },
    { CSR ("NEW"), more_names, 4, "DV_LOW_DNS", "domainssl" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      if (cases[i].status != 0)
        world_answer (&world, whole ("CEAP1", cases[i].status, cases[i].product, "", CSR ("OLD")));
      g_assert_null (world.ca->reissue (&world.access, "CEAP1", cases[i].csr, cases[i].names, NULL, &error));
      assert_failed (error, CH_ERROR_INVALID);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].says);
      world_stop (&world);
    }
}

/* ---- find_reissue ---- */

#define LINK(number, status, reissues, date) \
  "<OrderDetail><OrderInfo><OrderId>" number "</OrderId><OriginalOrderIDForReIssue>" reissues "</OriginalOrderIDForReIssue>" \
  "<OrderDate>" date "</OrderDate><OrderStatus>" status "</OrderStatus></OrderInfo></OrderDetail>"

static void
test_find (void)
{
  static const struct { const char *list; const char *number; } cases[] = {
    { LINK ("CEAP2", "1", "CEAP1", EARLY), "CEAP2" },
    { LINK ("CEAP2", "4", "CEAP1", EARLY) LINK ("CEAP3", "1", "CEAP1", LATE), "CEAP3" },
    { LINK ("CEAP3", "1", "CEAP2", LATE) LINK ("CEAP2", "4", "CEAP1", EARLY), "CEAP3" },
    { LINK ("CEAP3", "3", "CEAP2", LATE) LINK ("CEAP2", "4", "CEAP1", EARLY), "CEAP2" },
    { LINK ("CEAP2", "4", "CEAP1", EARLY) LINK ("CEAP1", "4", "CEAP2", LATE), NULL },
    { LINK ("CEAP2", "3", "CEAP1", EARLY), NULL },
    { LINK ("CEAP2", "4", "CEAP11", EARLY) LINK ("CEAP1", "4", "", EARLY), NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;
      g_autofree char *payload = g_strconcat ("<OrderDetails>", cases[i].list, "</OrderDetails>", NULL);

      /* two that name each other must not be followed for ever; which of them is right, nobody can say */
      gboolean circle = i == 4;

      world_start (&world);
      world_answer (&world, answer ("GetOrderByDateRange", 0, 0, payload));
      if (cases[i].number != NULL || circle)
        world_answer (&world, fetched (circle ? "CEAP2" : cases[i].number, 4, FULFILLMENT));
      g_autoptr(ChCaOrder) order = world.ca->find_reissue (&world.access, "CEAP1", 1770127200, NULL, &error);
      if (cases[i].number != NULL || circle)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (order->ca_order, ==, circle ? "CEAP2" : cases[i].number);
        }
      else
        assert_failed (error, CH_ERROR_NOT_FOUND);
      assert_asked (&world, 0, QUERIES, "GetOrderByDateRange");
      assert_holds (&world, 0, "<FromDate>2026-02-02T14:00:00.000Z</FromDate>");
      world_stop (&world);
    }
}

/* only a whole list without it means “not found” */
static void
test_find_never_guesses (void)
{
  for (int step = 0; step < 2; step++)
    for (gsize i = 0; i <= N_TROUBLES; i++)
      {
        static const char *const operations[] = { "GetOrderByDateRange", "GetOrderByOrderID" };
        World world = { NULL };
        g_autoptr(GError) error = NULL;

        world_start (&world);
        if (step > 0)
          world_answer (&world, answer ("GetOrderByDateRange", 0, 0,
                                        "<OrderDetails>" LINK ("CEAP2", "1", "CEAP1", EARLY) "</OrderDetails>"));
        if (i < N_TROUBLES)
          world_trouble (&world, &troubles[i]);
        else
          world_answer (&world, answer (operations[step], -1, -9916, ""));
        g_assert_null (world.ca->find_reissue (&world.access, "CEAP1", 1770127200, NULL, &error));
        assert_failed (error, i < N_TROUBLES ? troubles[i].query : CH_ERROR_BAD_ANSWER);
        world_stop (&world);
      }
}

/* ---- revoke, and cancel when it is too late ---- */

static void
test_revoke (void)
{
  static const struct { int success, code, looks; ChError error; } cases[] = {
    { 0, 0, 0, 0 }, { -1, -9938, 7, 0 }, { -1, -9938, 6, 0 }, { -1, -9100, 7, 0 }, { -1, -1, 7, 0 },
    { -1, -9938, 4, CH_ERROR_CA_REFUSED }, { -1, -9938, 1, CH_ERROR_CA_REFUSED }, { -1, -1, 4, CH_ERROR_TRANSIENT },
    { -1, -9915, 5, CH_ERROR_CA_REFUSED },
    { -1, -9902, 0, CH_ERROR_CA_REFUSED }, { -1, -9916, 0, CH_ERROR_NOT_FOUND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("ModifyOrder", cases[i].success, cases[i].code, ""));
      if (cases[i].looks != 0)
        world_answer (&world, fetched ("CEAP1", cases[i].looks, ""));
      g_assert_cmpint (world.ca->revoke (&world.access, "CEAP1", NULL, &error), ==, cases[i].error == 0);
      if (cases[i].error != 0)
        assert_failed (error, cases[i].error);
      assert_asked (&world, 0, ORDERS, "ModifyOrder");
      assert_holds (&world, 0, "<OrderID>CEAP1</OrderID><ModifyOrderOperation>REVOKE</ModifyOrderOperation></Request>");
      world_stop (&world);
    }
}

static void
test_revoke_trouble (void)
{
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
      g_assert_false (world.ca->revoke (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
}

static void
test_cancel_too_late (void)
{
  static const struct { int code; int days; gboolean late; } cases[] = {
    { -9100, 8, TRUE }, { -9938, 30, TRUE }, { -4005, 8, TRUE }, { -1, 8, TRUE },
    { -9100, 1, FALSE }, { -9938, 6, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
      g_autoptr(GDateTime) issued = g_date_time_add_days (now, -cases[i].days);
      g_autofree char *date = g_date_time_format_iso8601 (issued);
      g_autofree char *more = g_strdup_printf ("<CertificateInfo><CertificateStatus>4</CertificateStatus><StartDate>%s</StartDate>"
                                               "</CertificateInfo>", date);
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, answer ("ModifyOrder", -1, cases[i].code, ""));
      world_answer (&world, fetched ("CEAP1", 4, more));
      g_assert_false (world.ca->cancel (&world.access, "CEAP1", NULL, &error));
      assert_failed (error, CH_ERROR_CA_REFUSED);
      g_assert_cmpint (strstr (error->message, "7 days") != NULL, ==, cases[i].late);
      world_stop (&world);
    }
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/reissue/key", test_key);
  g_test_add_func ("/globalsign/reissue/key/not-seen-yet", test_key_not_seen_yet);
  g_test_add_func ("/globalsign/reissue/key/refused", test_key_refused);
  g_test_add_func ("/globalsign/reissue/key/trouble", test_key_trouble);
  g_test_add_func ("/globalsign/reissue/names", test_names);
  g_test_add_func ("/globalsign/reissue/both", test_both);
  g_test_add_func ("/globalsign/reissue/both/waits", test_both_waits);
  g_test_add_func ("/globalsign/reissue/both/half", test_both_half);
  g_test_add_func ("/globalsign/reissue/invalid", test_invalid);
  g_test_add_func ("/globalsign/find-reissue", test_find);
  g_test_add_func ("/globalsign/find-reissue/never-guesses", test_find_never_guesses);
  g_test_add_func ("/globalsign/revoke", test_revoke);
  g_test_add_func ("/globalsign/revoke/trouble", test_revoke_trouble);
  g_test_add_func ("/globalsign/cancel/too-late", test_cancel_too_late);
  return g_test_run ();
}
