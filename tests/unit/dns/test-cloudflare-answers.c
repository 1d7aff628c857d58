/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expect.h"
#include "server.h"

#include "dns/provider.h"
#include "net/http.h"

#include "lib/secret.h"

#include <string.h>

/* Every answer that Cloudflare is known to give, and some that nobody should, from a scripted server. */

#define NAME "_dnsauth.example.test"
#define ZONE_ID "0123456789abcdef0123456789abcdef"
#define RECORD_ID "fedcba9876543210fedcba9876543210"
#define JSON "application/json"
#define SECRET "hunter2-token"

#define ENVELOPE(result, pages) "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":" result \
                                ",\"result_info\":{\"page\":1,\"total_pages\":" pages "}}"
#define ZONE "{\"id\":\"" ZONE_ID "\",\"name\":\"example.test\",\"status\":\"active\",\"type\":\"full\"}"
#define REFUSAL(code) "{\"success\":false,\"errors\":[{\"code\":" code ",\"message\":\"words\"}],\"messages\":[],\"result\":null}"
#define CHAIN(code, inner) "{\"success\":false,\"errors\":[{\"code\":" code ",\"message\":\"outer\",\"error_chain\":[" \
                           "{\"code\":" inner ",\"message\":\"inner words\"}]}],\"messages\":[],\"result\":null}"

typedef struct
{
  const char *where;    /* the begin of a request line that gets the answer */
  int status;
  const char *type;
  const char *body;
  const char *header;   /* (nullable) */
  const char *records;  /* (nullable): what the list of records shows; none by default */
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
play (const TestRequest *request,
      gpointer           data)
{
  const Script *script = data;

  g_assert_nonnull (strstr (request->head, "\r\nAuthorization: Bearer " SECRET "\r\n"));
  if (g_str_has_prefix (request->head, script->where))
    send_answer (request, script->status, script->type, script->header, script->body);
  else if (strstr (request->head, "/dns_records?") != NULL)
    send_answer (request, 200, JSON, NULL, script->records != NULL ? script->records : ENVELOPE ("[]", "1"));
  else
    send_answer (request, 200, JSON, NULL, ENVELOPE ("[" ZONE "]", "1"));
}

static ChDnsAccess
access_new (TestServer *server)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };

  g_hash_table_insert (access.settings, g_strdup ("url"),
                       g_strdup_printf ("http://127.0.0.1:%u/client/v4/", test_server_port (server)));
  g_hash_table_insert (access.secrets, g_strdup ("api-token"), g_strdup (SECRET));
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
  return ch_dns_find ("cloudflare", NULL);
}

static gboolean
run (Script   *script,
     gboolean  is_removal,
     guint    *requests,
     GError  **error)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play, script);
  g_auto(ChDnsAccess) access = access_new (server);
  ChTxt txt = { NAME, "value" };
  gboolean existed;
  gboolean done = is_removal ? provider ()->remove (&access, "example.test", &txt, NULL, error)
                             : provider ()->add (&access, "example.test", &txt, &existed, NULL, error);

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
  { 400, JSON, CHAIN ("6003", "6103"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“api-key”" },
  { 400, JSON, CHAIN ("6003", "6102"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“email”" },
  { 400, JSON, CHAIN ("6003", "6111"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“api-token”" },
  { 400, JSON, REFUSAL ("6003"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "cannot read the credentials" },
  { 401, JSON, REFUSAL ("1000"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "expired" },
  { 403, JSON, REFUSAL ("1000"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“api-token”" },
  { 403, JSON, REFUSAL ("9103"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“email”" },
  { 400, JSON, REFUSAL ("9106"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“api-token”" },
  { 400, JSON, REFUSAL ("9107"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“api-token”" },
  { 403, JSON, REFUSAL ("10000"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "DNS: Edit" },
  { 403, JSON, REFUSAL ("9109"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "DNS: Edit" },
  { 403, JSON, REFUSAL ("9110"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "address" },
  { 403, JSON, REFUSAL ("12345"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "words (12345)" },
  { 401, JSON, REFUSAL ("12345"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "words (12345)" },
  { 401, JSON, "{}", CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "credentials: HTTP 401;" },
  { 403, JSON, "{}", CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "refuses this: HTTP 403;" },
  { 400, JSON, REFUSAL ("7003"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "“zone-id”" },
  { 404, JSON, REFUSAL ("7000"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "“zone-id”" },
  { 404, JSON, REFUSAL ("1001"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "“zone-id”" },
  { 400, JSON, REFUSAL ("81053"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "CNAME" },
  { 400, JSON, REFUSAL ("81054"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "CNAME" },
  { 400, JSON, REFUSAL ("81056"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "CNAME" },
  { 400, JSON, REFUSAL ("81058"), CH_ERROR_EXISTS, -1, "already" },
  { 400, JSON, REFUSAL ("81057"), CH_ERROR_EXISTS, -1, "already" },
  { 400, JSON, CHAIN ("1004", "9011"), CH_ERROR_INVALID, CH_ERROR_INVALID, "inner words (9011)" },
  { 400, JSON, CHAIN ("1004", "9021"), CH_ERROR_INVALID, CH_ERROR_INVALID, "inner words (9021)" },
  { 200, JSON, REFUSAL ("1004"), CH_ERROR_INVALID, CH_ERROR_INVALID, "words (1004)" },
  { 429, JSON, REFUSAL ("10000"), CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 429, "text/html", "<html>", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 500, JSON, REFUSAL ("1000"), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 500" },
  { 503, JSON, "{}", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 503" },
  { 400, JSON, REFUSAL ("10001"), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "trouble" },
  { 522, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 522" },
  { 200, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  { 200, JSON, "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  /* nonsense */
  { 200, JSON, "{", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  { 200, JSON, "\xff", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  { 200, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 200, JSON, "[]", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 200, JSON, "{\"success\":\"true\"}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 404, JSON, "{\"error\":\"not found\"}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "HTTP 404" },
  { 301, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "elsewhere" },
  { 200, JSON, "{\"success\":false,\"errors\":[7,null,\"x\",{\"code\":[]}]}", CH_ERROR_INVALID, CH_ERROR_INVALID, "refuses" },
  { 200, JSON, "{\"success\":false,\"errors\":{}}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Script question = { "GET /client/v4/zones?", rows[i].status, rows[i].type, rows[i].body, NULL, NULL };
      Script change = { "POST /", rows[i].status, rows[i].type, rows[i].body, NULL, NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%d %s", rows[i].status, g_str_is_ascii (rows[i].body) ? rows[i].body : "no text");
      expect (run (&question, FALSE, NULL, &error), &error, rows[i].code, rows[i].says);
      expect (run (&change, FALSE, NULL, &error), &error, rows[i].code_of_change, rows[i].says);
    }
}

#define RECORD "{\"id\":\"" RECORD_ID "\",\"type\":\"TXT\",\"name\":\"" NAME "\",\"content\":\"\\\"value\\\"\",\"ttl\":60}"

static void
test_removals (void)
{
  static const struct { int status; const char *body; const char *records; int code; const char *says; } cases[] = {
    { 200, ENVELOPE ("{\"id\":\"" RECORD_ID "\"}", "1"), ENVELOPE ("[" RECORD "]", "1"), -1, NULL },
    { 404, REFUSAL ("81044"), ENVELOPE ("[" RECORD "]", "1"), -1, NULL },
    { 404, REFUSAL ("1002"), ENVELOPE ("[" RECORD "]", "1"), -1, NULL },
    { 500, "{}", ENVELOPE ("[" RECORD "]", "1"), CH_ERROR_TRANSIENT, "HTTP 500" },
    { 403, REFUSAL ("9109"), ENVELOPE ("[" RECORD "]", "1"), CH_ERROR_FORBIDDEN, "right" },
    /* nothing to remove, and nothing is asked to be removed */
    { 500, "{}", ENVELOPE ("[]", "1"), -1, NULL },
    { 500, "{}", ENVELOPE ("[null,7,{\"id\":7},{\"type\":\"TXT\"}]", "1"), -1, NULL },
    /* of another type or name, as a filter that is not obeyed would give */
    { 500, "{}", ENVELOPE ("[{\"id\":\"" RECORD_ID "\",\"type\":\"A\",\"name\":\"" NAME "\",\"content\":\"value\"}]", "1"), -1, NULL },
    { 500, "{}", ENVELOPE ("[{\"id\":\"" RECORD_ID "\",\"type\":\"TXT\",\"name\":\"x.test\",\"content\":\"value\"}]", "1"), -1, NULL },
    /* an id that would lead elsewhere */
    { 200, "{}", ENVELOPE ("[{\"id\":\"../../x\",\"type\":\"TXT\",\"name\":\"" NAME "\",\"content\":\"value\"}]", "1"),
      CH_ERROR_BAD_ANSWER, "no id" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Script script = { "DELETE /client/v4/zones/" ZONE_ID "/dns_records/" RECORD_ID, cases[i].status, JSON, cases[i].body, NULL,
                        cases[i].records };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].records);
      expect (run (&script, TRUE, NULL, &error), &error, cases[i].code, cases[i].says);
    }
}

/* what a refusal of credentials or a pause saves: asking on */
static void
test_limit_is_heeded (void)
{
  static const struct { const char *header; guint requests; } cases[] = {
    { "Ratelimit: \"default\";r=0;t=30\r\n", 1 },
    { "Ratelimit: \"default\";r=5;t=30\r\n", 3 },
    { "Ratelimit: nonsense;r=;t=\r\n", 3 },
    { NULL, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Script script = { "GET /client/v4/zones?", 200, JSON, ENVELOPE ("[" ZONE "]", "1"), cases[i].header, NULL };
      guint requests = 0;
      g_autoptr(GError) error = NULL;
      gboolean done = run (&script, FALSE, &requests, &error);

      g_test_message ("%s", cases[i].header);
      expect (done, &error, cases[i].requests == 3 ? -1 : CH_ERROR_THROTTLED, "too often");
      g_assert_cmpuint (requests, ==, cases[i].requests);
    }
}

/* ---- pages ---- */

static void
play_pages (const TestRequest *request,
            gpointer           data)
{
  const char *last = data;
  gboolean is_last = strstr (request->head, last) != NULL;

  if (strstr (request->head, "/dns_records?") != NULL)
    send_answer (request, 200, JSON, NULL, is_last ? ENVELOPE ("[" RECORD "]", "3") : ENVELOPE ("[]", "3"));
  else
    send_answer (request, 200, JSON, NULL, is_last ? ENVELOPE ("[" ZONE "]", "3") : ENVELOPE ("[]", "3"));
}

static void
test_every_page_is_read (void)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play_pages, (gpointer) "&page=3 ");
  g_auto(ChDnsAccess) access = access_new (server);
  ChTxt txt = { NAME, "value" };
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  g_assert_true (provider ()->add (&access, "example.test", &txt, &existed, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (existed);
  g_assert_cmpuint (test_server_requests (server), ==, 6);
}

static void
play_endless (const TestRequest *request,
              gpointer           data)
{
  send_answer (request, 200, JSON, NULL, ENVELOPE ("[]", "1000000000"));
}

static void
test_pages_have_an_end (void)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play_endless, NULL);
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  g_assert_null (provider ()->find_zone (&access, "example.test", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_assert_cmpuint (test_server_requests (server), <=, 200);
}

/* ---- settings ---- */

static void
test_settings (void)
{
  static const struct { const char *token, *key, *email, *zone, *id, *says; } cases[] = {
    { "t", NULL, NULL, NULL, NULL, NULL },
    { NULL, "k", "a@b", NULL, NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL, "api-token" },
    { NULL, "k", NULL, NULL, NULL, "“email”" },
    { NULL, NULL, "a@b", NULL, NULL, "api-token" },
    { "t", "k", "a@b", NULL, NULL, "either" },
    { "t", NULL, "a@b", NULL, NULL, "either" },
    { "t", NULL, NULL, "example.test", ZONE_ID, NULL },
    { "t", NULL, NULL, NULL, ZONE_ID, "“zone”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GError) error = NULL;

      g_hash_table_insert (secrets, (char *) "api-token", (char *) (cases[i].token != NULL ? cases[i].token : ""));
      g_hash_table_insert (secrets, (char *) "api-key", (char *) (cases[i].key != NULL ? cases[i].key : ""));
      g_hash_table_insert (settings, (char *) "email", (char *) (cases[i].email != NULL ? cases[i].email : ""));
      g_hash_table_insert (settings, (char *) "zone", (char *) (cases[i].zone != NULL ? cases[i].zone : ""));
      g_hash_table_insert (settings, (char *) "zone-id", (char *) (cases[i].id != NULL ? cases[i].id : ""));
      gboolean good = provider ()->prepare (settings, secrets, &error);
      g_assert_cmpint (good, ==, cases[i].says == NULL);
      if (!good)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].says));
        }
    }
}

static void
test_fields (void)
{
  static const struct { const char *name, *value; gboolean good; } cases[] = {
    { "ttl", "1", TRUE }, { "ttl", "30", TRUE }, { "ttl", "86400", TRUE },
    { "ttl", "0", FALSE }, { "ttl", "2", FALSE }, { "ttl", "29", FALSE }, { "ttl", "86401", FALSE }, { "ttl", "x", FALSE },
    { "api-token", "abc_DEF-1", TRUE }, { "api-token", "a b", FALSE }, { "api-token", "a\r\nX: y", FALSE },
    { "api-key", "abc\n", FALSE }, { "email", "a@b", TRUE }, { "email", "ab", FALSE }, { "email", "a@b\r\nX: y", FALSE },
    { "zone-id", ZONE_ID, TRUE }, { "zone-id", "0123", FALSE }, { "zone-id", "0123456789ABCDEF0123456789ABCDEF", FALSE },
    { "url", "https://api.example/client/v4", TRUE }, { "url", "http://api.example/client/v4", FALSE },
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
  g_test_add_func ("/cloudflare/answers", test_rows);
  g_test_add_func ("/cloudflare/removals", test_removals);
  g_test_add_func ("/cloudflare/limit-is-heeded", test_limit_is_heeded);
  g_test_add_func ("/cloudflare/every-page-is-read", test_every_page_is_read);
  g_test_add_func ("/cloudflare/pages-have-an-end", test_pages_have_an_end);
  g_test_add_func ("/cloudflare/settings", test_settings);
  g_test_add_func ("/cloudflare/fields", test_fields);
  return g_test_run ();
}
