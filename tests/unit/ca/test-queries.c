/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"
#include "world.h"


#include <string.h>

/* ---- fetch ---- */

static void
test_fetch (void)
{
  static const struct { int order, certificate; ChCaStatus status; } cases[] = {
    { 1, 0, CH_CA_WAITING }, { 2, 0, CH_CA_HELD }, { 3, 0, CH_CA_CANCELLED }, { 4, 0, CH_CA_ISSUED },
    { 5, 0, CH_CA_CANCELLED },
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
      assert_holds (&world, 0, "<OrderID>CEAP1</OrderID><OrderQueryOption><ReturnOrderOption>true</ReturnOrderOption><ReturnCertificateInfo>true");
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
    { -9916, CH_ERROR_NOT_FOUND }, { -4003, CH_ERROR_NOT_FOUND }, { -1, CH_ERROR_TRANSIENT },
    { -9902, CH_ERROR_CA_REFUSED },
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
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_trouble (&world, &troubles[i]);
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
    for (gsize i = 0; i <= N_TROUBLES; i++)
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
        if (i < N_TROUBLES)
          world_trouble (&world, &troubles[i]);
        else
          world_answer (&world, answer (operations[step], -1, -9916, ""));
        g_assert_null (world.ca->find (&world.access, "chancery-7-1", 1770127200, NULL, &error));
        assert_failed (error, i < N_TROUBLES ? troubles[i].query : CH_ERROR_BAD_ANSWER);
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
  assert_holds (&world, 0, "<FromDate>2026-02-03T14:00:00.000Z</FromDate><ToDate>2026-02-03T15:00:00.999Z</ToDate><OrderQueryOption><ReturnOrderOption>true</ReturnOrderOption><ReturnCertificateInfo>true</ReturnCertificateInfo></OrderQueryOption></Request>");
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
      assert_holds (&world, 1, "<FromDate>2026-02-03T14:00:00.000Z</FromDate><ToDate>2026-02-03T14:30:00.999Z</ToDate>");
      assert_holds (&world, 2, "<FromDate>2026-02-03T14:30:01.000Z</FromDate><ToDate>2026-02-03T15:00:00.999Z</ToDate>");
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
  for (gsize i = 0; i < N_TROUBLES; i++)
    {
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, full_list (1));
      world_trouble (&world, &troubles[i]);
      g_assert_null (world.ca->list_changed (&world.access, 1770127200, 1770130800, NULL, &error));
      assert_failed (error, troubles[i].query);
      world_stop (&world);
    }
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
  world_init (&argc, &argv);
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
  g_test_add_func ("/globalsign/samples", test_samples);
  g_test_add_func ("/globalsign/schemas-refuse", test_schemas_refuse);
  return g_test_run ();
}
