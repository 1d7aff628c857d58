/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expect.h"
#include "server.h"

#include "dns/provider.h"
#include "net/http.h"

#include "lib/secret.h"

#include <string.h>

/* Every answer that GoDaddy is known to give, and some that nobody should, from a scripted server. */

#define NAME "_dnsauth.example.test"
#define JSON "application/json"
#define SECRET "hunter2-secret"

#define REFUSAL(code) "{\"code\":\"" code "\",\"message\":\"words\"}"
#define FIELD(code) "{\"code\":\"INVALID_BODY\",\"message\":\"Request body doesn't fulfill schema\",\"fields\":[" \
                    "{\"code\":\"" code "\",\"path\":\"records[0].ttl\",\"message\":\"field words\"}]}"
#define DOMAIN "{\"domain\":\"example.test\",\"status\":\"ACTIVE\",\"nameServers\":[\"ns01.domaincontrol.com\"]}"
#define RECORD(name, data) "{\"type\":\"TXT\",\"name\":\"" name "\",\"data\":\"" data "\",\"ttl\":600}"

typedef struct
{
  const char *where;    /* the begin of a request line that gets the answer */
  int status;
  const char *type;
  const char *body;
  const char *header;   /* (nullable) */
  const char *records;  /* (nullable): what the list of records shows; none by default */
  char *last_change;    /* (owned) (nullable): method, path and body */
} Script;

static void
send_answer (const TestRequest *request,
             int                status,
             const char        *type,
             const char        *header,
             const char        *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %d Words\r\nConnection: close\r\nContent-Type: %s\r\n%s\r\n%s", status,
                                           type, header != NULL ? header : "", body);
  test_send (request, text);
}

static void
note_change (Script            *script,
             const TestRequest *request)
{
  const char *end = strstr (request->head, " HTTP/");

  g_free (script->last_change);
  script->last_change = g_strdup_printf ("%.*s %s", (int) (end - request->head), request->head, request->body);
}

static void
play (const TestRequest *request,
      gpointer           data)
{
  Script *script = data;

  g_assert_nonnull (strstr (request->head, "\r\nAuthorization: sso-key the-key:" SECRET "\r\n"));
  if (!g_str_has_prefix (request->head, "GET "))
    note_change (script, request);

  if (g_str_has_prefix (request->head, script->where))
    send_answer (request, script->status, script->type, script->header, script->body);
  else if (strstr (request->head, "/records/TXT/") != NULL)
    send_answer (request, 200, JSON, NULL, script->records != NULL ? script->records : "[]");
  else if (strstr (request->head, "/v1/domains/example.test ") != NULL)
    send_answer (request, 200, JSON, NULL, DOMAIN);
  else
    send_answer (request, 404, JSON, NULL, REFUSAL ("NOT_FOUND"));
}

static ChDnsAccess
access_new (TestServer *server)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };

  g_hash_table_insert (access.settings, g_strdup ("url"),
                       g_strdup_printf ("http://127.0.0.1:%u/", test_server_port (server)));
  g_hash_table_insert (access.settings, g_strdup ("key"), g_strdup ("the-key"));
  g_hash_table_insert (access.secrets, g_strdup ("secret"), g_strdup (SECRET));
  return access;
}

static void
access_clear (ChDnsAccess *access)
{
  g_hash_table_unref (access->settings);
  g_hash_table_unref (access->secrets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChDnsAccess, access_clear)

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("godaddy", NULL);
}

typedef enum
{
  FIND,
  ADD,
  REMOVE,
} Action;

static gboolean
run (Script   *script,
     Action    action,
     guint    *requests,
     GError  **error)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play, script);
  g_auto(ChDnsAccess) access = access_new (server);
  ChTxt txt = { NAME, "value" };
  gboolean existed, done;
  g_autofree char *zone = NULL;

  if (action == FIND)
    done = (zone = provider ()->find_zone (&access, NAME, NULL, error)) != NULL;
  else if (action == ADD)
    done = provider ()->add (&access, "example.test", &txt, &existed, NULL, error);
  else
    done = provider ()->remove (&access, "example.test", &txt, NULL, error);

  if (requests != NULL)
    *requests = test_server_requests (server);
  return done;
}

static const struct
{
  int status;
  const char *type;
  const char *body;
  int code;           /* when it answers a question */
  int code_of_change; /* when it answers a change; what is in doubt is looked after */
  const char *says;
} rows[] = {
  { 401, JSON, REFUSAL ("UNABLE_TO_AUTHENTICATE"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“environment”" },
  { 401, JSON, REFUSAL ("MISSING_CREDENTIALS"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“secret”" },
  { 401, JSON, REFUSAL ("MALFORMED_CREDENTIALS"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“key”" },
  { 400, JSON, REFUSAL ("MALFORMED_CREDENTIALS"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“key”" },
  { 401, JSON, "{}", CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“key”" },
  { 403, JSON, REFUSAL ("ACCESS_DENIED"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "ten or more domains" },
  { 403, JSON, REFUSAL ("OTHER"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "words (OTHER)" },
  { 403, JSON, "{}", CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "GoDaddy refuses" },
  { 404, JSON, REFUSAL ("NOT_FOUND"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "“key”" },
  { 404, JSON, REFUSAL ("UNKNOWN_DOMAIN"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "no such domain" },
  { 422, JSON, REFUSAL ("UNKNOWN_DOMAIN"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "no such domain" },
  { 404, JSON, REFUSAL ("OTHER"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "no such domain" },
  /* there already, but not the value: something else keeps it out */
  { 422, JSON, REFUSAL ("DUPLICATE_RECORD"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "CNAME" },
  { 422, JSON, FIELD ("DUPLICATE_RECORD"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "CNAME" },
  { 409, JSON, REFUSAL ("OTHER"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "words (OTHER)" },
  { 422, JSON, FIELD ("X"), CH_ERROR_INVALID, CH_ERROR_INVALID, "records[0].ttl field words (INVALID_BODY)" },
  { 422, JSON, REFUSAL ("INVALID_BODY"), CH_ERROR_INVALID, CH_ERROR_INVALID, "words (INVALID_BODY)" },
  { 400, JSON, REFUSAL ("INVALID_JSON"), CH_ERROR_INVALID, CH_ERROR_INVALID, "words (INVALID_JSON)" },
  { 429, JSON, "{\"code\":\"TOO_MANY_REQUESTS\",\"retryAfterSec\":17}", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "17 seconds" },
  { 429, JSON, REFUSAL ("TOO_MANY_REQUESTS"), CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 429, JSON, "{\"retryAfterSec\":\"soon\"}", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 429, JSON, "{\"retryAfterSec\":-5}", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 429, "text/html", "<html>", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 500, JSON, REFUSAL ("ERROR_INTERNAL"), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 500" },
  { 502, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 502" },
  { 504, JSON, REFUSAL ("GATEWAY_TIMEOUT"), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 504" },
  { 200, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  { 403, JSON, "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  /* nonsense */
  { 400, JSON, "{", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  { 400, JSON, "\xff", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  { 400, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 404, JSON, "[]", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 404, JSON, "{\"error\":\"not found\"}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "HTTP 404" },
  { 422, JSON, "{\"code\":[],\"fields\":[7,null,\"x\",{\"code\":{}}]}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 301, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "elsewhere" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Script question = { "GET /v1/domains/example.test/records/", rows[i].status, rows[i].type, rows[i].body };
      Script change = { "PATCH /v1/domains/example.test/records ", rows[i].status, rows[i].type, rows[i].body };
      g_autoptr(GError) error = NULL;

      g_test_message ("%d %s", rows[i].status, g_str_is_ascii (rows[i].body) ? rows[i].body : "no text");
      expect (run (&question, ADD, NULL, &error), &error, rows[i].code, rows[i].says);
      g_assert_null (question.last_change);
      expect (run (&change, ADD, NULL, &error), &error, rows[i].code_of_change, rows[i].says);
      g_assert_cmpstr (change.last_change, ==, "PATCH /v1/domains/example.test/records "
                       "[{\"data\":\"value\",\"ttl\":600,\"type\":\"TXT\",\"name\":\"_dnsauth\"}]");
      g_free (change.last_change);
    }
}

/* what the list of records shows, for a value to be taken away */
static void
test_removals (void)
{
  static const struct { const char *records; int status; const char *body; int code; const char *change, *says; } cases[] = {
    { "[]", 500, "{}", -1, NULL, NULL },
    /* an empty one, and what a filter that is not obeyed would give */
    { "[" RECORD ("_dnsauth", "") "," RECORD ("www", "value") ",{\"type\":\"A\",\"name\":\"_dnsauth\",\"data\":\"value\"}]", 500,
      "{}", -1, NULL, NULL },
    /* the last, with an empty one beside it: the set goes */
    { "[" RECORD ("_DNSauth", "value") "," RECORD ("_dnsauth", "") "]", 401, "{}", CH_ERROR_CREDENTIALS,
      "DELETE /v1/domains/example.test/records/TXT/_dnsauth ", "“key”" },
    { "[" RECORD ("_dnsauth", "value") "]", 500, "{}", CH_ERROR_TRANSIENT,
      "DELETE /v1/domains/example.test/records/TXT/_dnsauth ", "HTTP 500" },
    /* the rest is written back, each with its own TTL */
    { "[" RECORD ("_dnsauth", "value") ",{\"type\":\"TXT\",\"name\":\"_dnsauth\",\"data\":\"a \\\"b\\\"\",\"ttl\":3600},"
      "{\"type\":\"TXT\",\"name\":\"_dnsauth\",\"data\":\"c\",\"ttl\":60}]", 403, "{}", CH_ERROR_FORBIDDEN,
      "PUT /v1/domains/example.test/records/TXT/_dnsauth "
      "[{\"data\":\"a \\\"b\\\"\",\"ttl\":3600},{\"data\":\"c\",\"ttl\":600}]", "refuses" },
    /* what is not understood is not written back */
    { "[" RECORD ("_dnsauth", "value") ",7]", 200, "", CH_ERROR_BAD_ANSWER, NULL, "nothing is changed" },
    { "[" RECORD ("_dnsauth", "value") ",{\"type\":\"TXT\",\"name\":\"_dnsauth\"}]", 200, "", CH_ERROR_BAD_ANSWER, NULL, "not understood" },
    { "[" RECORD ("_dnsauth", "value") ",{\"type\":\"TXT\",\"name\":\"_dnsauth\",\"data\":7}]", 200, "", CH_ERROR_BAD_ANSWER, NULL,
      "not understood" },
    { "{}", 200, "", CH_ERROR_BAD_ANSWER, NULL, "not understood" },
    { "", 200, "", CH_ERROR_BAD_ANSWER, NULL, "not understood" },
    { "\"text\"", 200, "", CH_ERROR_BAD_ANSWER, NULL, "not understood" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *method = cases[i].change != NULL && cases[i].change[0] == 'P' ? "PUT " : "DELETE ";
      Script script = { method, cases[i].status, JSON, cases[i].body, NULL, cases[i].records };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].records);
      expect (run (&script, REMOVE, NULL, &error), &error, cases[i].code, cases[i].says);
      g_assert_cmpstr (script.last_change, ==, cases[i].change);
      g_free (script.last_change);
    }
}

/* what a look for the zone may be told */
static void
test_zones (void)
{
  static const struct { const char *where; int status; const char *body; int code; const char *says; } cases[] = {
    { "GET /v1/domains/example.test ", 200, DOMAIN, -1, NULL },
    { "GET /v1/domains/example.test ", 200, "{\"domain\":\"EXAMPLE.TEST\",\"status\":\"ACTIVE\",\"nameServers\":null}", -1, NULL },
    { "GET /v1/domains/example.test ", 200, "{\"domain\":\"example.test\",\"status\":\"ACTIVE\",\"nameServers\":[7,\"x.test\"]}",
      CH_ERROR_ZONE_NOT_FOUND, "“x.test” answers" },
    { "GET /v1/domains/example.test ", 200, "{\"domain\":\"example.test\",\"status\":\"PENDING_DNS\"}", CH_ERROR_ZONE_NOT_FOUND,
      "(PENDING_DNS)" },
    { "GET /v1/domains/example.test ", 200, "{\"domain\":\"example.test\"}", CH_ERROR_BAD_ANSWER, "not understood" },
    { "GET /v1/domains/example.test ", 200, "{\"domain\":\"other.test\",\"status\":\"ACTIVE\"}", CH_ERROR_BAD_ANSWER, "not understood" },
    { "GET /v1/domains/example.test ", 200, "[]", CH_ERROR_BAD_ANSWER, "not understood" },
    { "GET /v1/domains/example.test ", 200, "", CH_ERROR_BAD_ANSWER, "not understood" },
    { "GET /v1/domains/example.test ", 403, REFUSAL ("ACCESS_DENIED"), CH_ERROR_FORBIDDEN, "ten or more" },
    { "GET /v1/domains/example.test ", 503, "{}", CH_ERROR_TRANSIENT, "HTTP 503" },
    /* no such domain: then the list of domains is asked for */
    { "GET /v1/domains", 404, REFUSAL ("NOT_FOUND"), CH_ERROR_ZONE_NOT_FOUND, "“key”" },
    { "GET /v1/domains", 422, REFUSAL ("INVALID_DOMAIN"), CH_ERROR_INVALID, "INVALID_DOMAIN" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Script script = { cases[i].where, cases[i].status, JSON, cases[i].body };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].body);
      expect (run (&script, FIND, NULL, &error), &error, cases[i].code, cases[i].says);
    }
}

static void
play_list (const TestRequest *request,
           gpointer           data)
{
  if (g_str_has_prefix (request->head, "GET /v1/domains?statuses=ACTIVE&limit=6 "))
    send_answer (request, 200, JSON, NULL, data);
  else
    send_answer (request, 404, JSON, NULL, REFUSAL ("NOT_FOUND"));
}

static void
test_no_zone (void)
{
  static const struct { const char *list; int code; const char *says; } cases[] = {
    { "[]", CH_ERROR_ZONE_NOT_FOUND, "no domain at all" },
    { "[{\"domain\":\"a.test\"},{\"domain\":\"b.test\"}]", CH_ERROR_ZONE_NOT_FOUND, "“a.test”, “b.test”" },
    { "[{\"domain\":\"a\"},{\"domain\":\"b\"},{\"domain\":\"c\"},7,{\"domain\":\"e\\n\"},{\"domain\":\"f\"}]",
      CH_ERROR_ZONE_NOT_FOUND, ", …" },
    { "{}", CH_ERROR_BAD_ANSWER, "list of domains" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TestServer) server = test_server_new (NULL, play_list, (gpointer) cases[i].list);
      g_auto(ChDnsAccess) access = access_new (server);
      g_autoptr(GError) error = NULL;
      g_autofree char *zone = provider ()->find_zone (&access, NAME, NULL, &error);

      expect (zone != NULL, &error, cases[i].code, cases[i].says);
    }
}

static void
play_domains (const TestRequest *request,
              gpointer           data)
{
  g_assert_true (g_str_has_prefix (request->head, "GET /v1/domains?statuses=ACTIVE&limit=100 "));
  send_answer (request, 200, JSON, NULL, data);
}

static void
test_verify (void)
{
  static const struct { const char *list; int code; const char *zones; } cases[] = {
    { "[]", -1, "" },
    { "[{\"domain\":\"A.test\",\"status\":\"ACTIVE\"},7,{\"domain\":7},{\"domain\":\"no name\"},{\"domain\":\"b.test\"}]", -1,
      "a.test b.test" },
    { "{\"domain\":\"a.test\"}", CH_ERROR_BAD_ANSWER, "" },
    { "", CH_ERROR_BAD_ANSWER, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TestServer) server = test_server_new (NULL, play_domains, (gpointer) cases[i].list);
      g_auto(ChDnsAccess) access = access_new (server);
      g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
      g_autoptr(GError) error = NULL;
      gboolean done = provider ()->verify (&access, zones, NULL, &error);

      expect (done, &error, cases[i].code, "list of domains");
      g_ptr_array_add (zones, NULL);
      g_autofree char *shown = g_strjoinv (" ", (char **) zones->pdata);
      g_assert_cmpstr (shown, ==, cases[i].zones);
    }
}

/* a customer of a reseller */
static void
play_shopper (const TestRequest *request,
              gpointer           data)
{
  g_assert_nonnull (strstr (request->head, "\r\nX-Shopper-Id: 1234567\r\n"));
  g_assert_nonnull (strstr (request->head, "\r\nAccept: application/json\r\n"));
  send_answer (request, 200, JSON, NULL, DOMAIN);
}

static void
test_shopper (void)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play_shopper, NULL);
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (access.settings, g_strdup ("shopper-id"), g_strdup ("1234567"));
  g_autofree char *zone = provider ()->find_zone (&access, "example.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
}

static void
test_fields (void)
{
  static const struct { const char *name, *value; gboolean good; } cases[] = {
    { "ttl", "600", TRUE }, { "ttl", "604800", TRUE }, { "ttl", "599", FALSE }, { "ttl", "604801", FALSE }, { "ttl", "x", FALSE },
    { "key", "abc_DEF-1", TRUE }, { "key", "a:b", FALSE }, { "key", "a b", FALSE }, { "secret", "a\r\nX: y", FALSE },
    { "shopper-id", "123", TRUE }, { "shopper-id", "1\n", FALSE },
    { "url", "https://api.example", TRUE }, { "url", "http://api.example", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (const ChField *field = provider ()->fields; field->name != NULL; field++)
      if (g_str_equal (field->name, cases[i].name))
        {
          g_autoptr(GError) error = NULL;

          g_test_message ("%s %s", cases[i].name, cases[i].value);
          g_assert_cmpint (field->check (cases[i].value, &error), ==, cases[i].good);
        }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ch_http_prepare ();
  expect_hides (SECRET);
  g_test_add_func ("/godaddy/answers", test_rows);
  g_test_add_func ("/godaddy/removals", test_removals);
  g_test_add_func ("/godaddy/zones", test_zones);
  g_test_add_func ("/godaddy/no-zone", test_no_zone);
  g_test_add_func ("/godaddy/verify", test_verify);
  g_test_add_func ("/godaddy/shopper", test_shopper);
  g_test_add_func ("/godaddy/fields", test_fields);
  return g_test_run ();
}
