/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "authority.h"
#include "schema.h"

#include "lib/secret.h"
#include "net/http.h"

#include <string.h>

typedef struct
{
  int status;               /* 0: closes */
  char *type;
  char *body;
} Step;

static void
step_free (Step *step)
{
  g_free (step->type);
  g_free (step->body);
  g_free (step);
}

static void
script (const TestRequest *request,
        gpointer           data)
{
  World *world = data;
  Step *step = g_queue_pop_head (&world->steps);
  const char *path = strchr (request->head, ' ') + 1;

  g_ptr_array_add (world->heads, g_strdup (request->head));
  g_ptr_array_add (world->asked, g_strdup_printf ("%.*s\n%s", (int) strcspn (path, " "), path, request->body));

  if (step == NULL && world->always != NULL)
    test_answer (request, 200, "text/xml", world->always);
  else if (step == NULL)
    test_answer (request, 418, "text/plain", "nothing was put down");
  else if (step->status != 0)
    test_answer (request, step->status, step->type, step->body);
  g_clear_pointer (&step, step_free);
}

static void
start (World           *world,
       const char      *scheme,
       GTlsCertificate *certificate)
{
  g_queue_init (&world->steps);
  world->asked = g_ptr_array_new_with_free_func (g_free);
  world->heads = g_ptr_array_new_with_free_func (g_free);
  world->server = test_server_new (certificate, script, world);
  world->ca = ch_ca_find ("globalsign", NULL);

  world->access.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  world->access.secrets = ch_secret_table_new ();
  g_hash_table_insert (world->access.settings, g_strdup ("environment"), g_strdup ("url"));
  g_hash_table_insert (world->access.settings, g_strdup ("url"),
                       g_strdup_printf ("%s://127.0.0.1:%u/kb/ws/v1/", scheme, test_server_port (world->server)));
  g_hash_table_insert (world->access.settings, g_strdup ("user"), g_strdup ("PAR12345_name"));
  g_hash_table_insert (world->access.secrets, g_strdup ("password"), g_strdup ("hunter2&<"));
}

void
world_init (int    *argc,
            char ***argv)
{
  ch_http_prepare ();
  g_unsetenv ("http_proxy");
  g_unsetenv ("https_proxy");
  g_test_init (argc, argv, NULL);
}

void
world_start (World *world)
{
  start (world, "http", NULL);
}

void
world_start_tls (World *world)
{
  g_autoptr(TestAuthority) authority = test_authority_new ();
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "127.0.0.1", -60, 3600);

  start (world, "https", certificate);
  g_hash_table_insert (world->access.settings, g_strdup ("ca-certificate"), g_strdup (test_authority_pem (authority)));
}

void
world_stop (World *world)
{
  g_assert_cmpuint (world->steps.length, ==, 0);
  test_server_free (world->server);

  for (guint i = 0; i < world->asked->len; i++)
    {
      const char *path = g_ptr_array_index (world->asked, i);
      const char *body = strchr (path, '\n') + 1;
      g_autofree char *url = g_strndup (path, body - path - 1);
      const char *service = strrchr (url, '/') + 1;

      g_assert_true (g_str_has_prefix (url, "/kb/ws/v1/"));
      test_schema_check (service, body);
    }

  g_ptr_array_unref (world->asked);
  g_ptr_array_unref (world->heads);
  g_hash_table_unref (world->access.settings);
  g_hash_table_unref (world->access.secrets);
}

static void
push (World      *world,
      int         status,
      const char *type,
      char       *body)
{
  Step *step = g_new0 (Step, 1);

  step->status = status;
  step->type = g_strdup (type);
  step->body = body;
  g_queue_push_tail (&world->steps, step);
}

void
world_answer (World *world,
              char  *message)
{
  push (world, 200, "text/xml;charset=UTF-8", message);
}

void
world_page (World      *world,
            int         status,
            const char *type,
            const char *body)
{
  push (world, status, type, g_strdup (body));
}

void
world_close (World *world)
{
  push (world, 0, NULL, NULL);
}

char *
answer (const char *operation,
        int         success,
        int         code,
        const char *payload)
{
  /* GetOrderByOrderID takes the one header and gives the other (docs/globalsign.md, Envelope) */
  gboolean is_query = g_str_has_prefix (operation, "Get") && !g_str_equal (operation, "GetOrderByOrderID");
  const char *header = is_query || g_str_equal (operation, "AccountSnapshot") ? "Query" : "Order";
  g_autofree char *errors = code == 0 ? g_strdup ("<Errors/>")
    : g_strdup_printf ("<Errors><Error><ErrorCode>%d</ErrorCode><ErrorMessage>their words hunter2&amp;&lt;</ErrorMessage>"
                       "</Error></Errors>", code);

  return g_strdup_printf ("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
                          "<ns2:%sResponse xmlns:ns2=\"https://system.globalsign.com/kb/ws/v1/\"><Response>"
                          "<%sResponseHeader><SuccessCode>%d</SuccessCode>%s"
                          "<Timestamp>2026-02-03T15:04:05.678+01:00</Timestamp></%sResponseHeader>%s"
                          "</Response></ns2:%sResponse></soap:Body></soap:Envelope>",
                          operation, header, success, errors, header, payload, operation);
}

char *
detail (const char *number,
        int         status,
        const char *sub_id,
        const char *date)
{
  return g_strdup_printf ("<OrderDetail><OrderInfo><OrderId>%s</OrderId><DomainName>www.example.com</DomainName>"
                          "<OrderDate>%s</OrderDate><OrderCompleteDate>%s</OrderCompleteDate>"
                          "<OrderStatus>%d</OrderStatus></OrderInfo>"
                          "<OrderSubInfo><SubId>%s</SubId></OrderSubInfo>"
                          "<CertificateInfo xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>"
                          "</OrderDetail>", number, date, date, status, sub_id);
}

void
assert_asked (World      *world,
              guint       n,
              const char *path,
              const char *operation)
{
  g_autofree char *begin = g_strdup_printf ("/kb/ws/v1%s\n", path);
  g_autofree char *element = g_strdup_printf ("<gs:%s ", operation);

  g_assert_cmpuint (world->asked->len, >, n);
  const char *asked = g_ptr_array_index (world->asked, n);
  if (!g_str_has_prefix (asked, begin) || strstr (asked, element) == NULL)
    g_error ("request %u is not %s %s: %s", n, path, operation, asked);
}

void
assert_holds (World      *world,
              guint       n,
              const char *what)
{
  g_assert_cmpuint (world->asked->len, >, n);
  if (strstr (g_ptr_array_index (world->asked, n), what) == NULL)
    g_error ("“%s” is not in %s", what, (char *) g_ptr_array_index (world->asked, n));
}

char *
fetched (const char *number,
         int         status,
         const char *more)
{
  g_autofree char *text = detail (number, status, "chancery-7-1", "2026-02-03T15:00:00.000+01:00");
  g_autofree char *open = g_strndup (text, strlen (text) - strlen ("</OrderDetail>"));
  g_autofree char *payload = g_strconcat ("<OrderID>", number, "</OrderID>", open, more, "</OrderDetail>", NULL);

  return answer ("GetOrderByOrderID", 0, 0, payload);
}

void
assert_has_chain (const ChCaOrder *order)
{
  g_assert_cmpint (order->status, ==, CH_CA_ISSUED);
  g_assert_cmpstr (order->certificate, ==, LF_PEM ("LEAF"));
  g_assert_cmpstrv (order->chain, ((const char *[]) { LF_PEM ("ROOT"), LF_PEM ("INTER"), NULL }));
}

void
assert_failed (const GError *error,
               ChError       code)
{
  g_assert_error (error, CH_ERROR, (int) code);
  g_assert_null (strstr (error->message, "hunter2"));
}

#define HTML "<!DOCTYPE html><html><head><title>503</title></head><body>Sorry<br></body></html>"
#define FAULT "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault><faultcode>s:Server" \
              "</faultcode><faultstring>broken hunter2&amp;&lt;</faultstring></s:Fault></s:Body></s:Envelope>"

const Trouble troubles[N_TROUBLES] = {
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

void
world_trouble (World         *world,
               const Trouble *trouble)
{
  if (trouble->status == 0)
    world_close (world);
  else
    world_page (world, trouble->status, trouble->type, trouble->body);
}
