/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expect.h"
#include "server.h"

#include "dns/provider.h"
#include "net/http.h"

#include "lib/secret.h"

#include <string.h>

/* Every answer that ClouDNS is known to give, and some that nobody should, from a scripted server. */

#define HOST "_dnsauth"
#define NAME HOST ".example.test"
#define JSON "application/json"
#define SECRET "hunter2+&="
#define SECRET_IN_FORM "hunter2%2B%26%3D"

#define FAILED(words) "{\"status\":\"Failed\",\"statusDescription\":\"" words "\"}"
#define SUCCESS "{\"status\":\"Success\",\"statusDescription\":\"Done.\",\"data\":{\"id\":69469245}}"
#define ZONE "{\"name\":\"example.test\",\"type\":\"master\",\"zone\":\"domain\",\"status\":\"1\"}"
#define RECORD "{\"123\":{\"id\":\"123\",\"type\":\"TXT\",\"host\":\"" HOST "\",\"record\":\"value\",\"ttl\":\"60\",\"status\":1}}"

/** Script: what is answered to the calls; %NULL for the usual. */
typedef struct
{
  const char *call;     /* "add-record": the one that gets this answer */
  int status;
  const char *type;
  const char *body;
  const char *records;
  char *form;           /* (owned): what was sent last with @call */
} Script;

static void
script_clear (Script *script)
{
  g_free (script->form);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Script, script_clear)

static void
send_answer (const TestRequest *request,
             int                status,
             const char        *type,
             const char        *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %d Words\r\nConnection: close\r\nContent-Type: %s\r\n\r\n%s", status,
                                           type, body);
  test_send (request, text);
}

/* credentials are in the body of each request, and nowhere else */
static void
play (const TestRequest *request,
      gpointer           data)
{
  static const struct { const char *call, *body; } usual[] = {
    { "dns/records", "[]" }, { "dns/get-zone-info", ZONE }, { "dns/list-zones", "[" ZONE "]" }, { "dns/add-record", SUCCESS },
    { "dns/delete-record", SUCCESS }, { "dns/update-status", "[]" }, { "login/login", SUCCESS },
  };
  Script *script = data;
  g_autofree char *wanted = g_strdup_printf ("/%s.json HTTP", script->call);

  g_assert_true (g_str_has_prefix (request->head, "POST /api/"));
  g_assert_true (g_str_has_prefix (request->body, "sub-auth-id=42&auth-password=" SECRET_IN_FORM));
  g_assert_null (strstr (request->head, "hunter2"));
  g_assert_nonnull (strstr (request->head, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  if (strstr (request->head, wanted) != NULL)
    {
      g_free (script->form);
      script->form = g_strdup (request->body);
      send_answer (request, script->status, script->type, script->body);
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      g_autofree char *line = g_strdup_printf ("POST /api/%s.json HTTP", usual[i].call);

      if (g_str_has_prefix (request->head, line))
        send_answer (request, 200, JSON, i == 0 && script->records != NULL ? script->records : usual[i].body);
    }
}

static ChDnsAccess
access_new (TestServer *server)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };

  g_hash_table_insert (access.settings, g_strdup ("url"),
                       g_strdup_printf ("http://127.0.0.1:%u/api/", test_server_port (server)));
  g_hash_table_insert (access.settings, g_strdup ("sub-auth-id"), g_strdup ("42"));
  g_hash_table_insert (access.secrets, g_strdup ("auth-password"), g_strdup (SECRET));
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
  return ch_dns_find ("cloudns", NULL);
}

static gboolean
run (Script    *script,
     gboolean   is_removal,
     gboolean  *existed,
     GError   **error)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play, script);
  g_auto(ChDnsAccess) access = access_new (server);
  ChTxt txt = { NAME, "value" };

  return is_removal ? provider ()->remove (&access, "example.test", &txt, NULL, error)
                    : provider ()->add (&access, "example.test", &txt, existed, NULL, error);
}

static char *
find (Script  *script,
      GError **error)
{
  g_autoptr(TestServer) server = test_server_new (NULL, play, script);
  g_auto(ChDnsAccess) access = access_new (server);

  return provider ()->find_zone (&access, NAME, NULL, error);
}

#define ANY -2

static const struct
{
  int status;
  const char *type;
  const char *body;
  int code;             /* when it answers a question */
  int code_of_change;   /* when it answers a change; what is in doubt is looked after */
  const char *says;
} rows[] = {
  { 200, JSON, FAILED ("Invalid authentication, incorrect auth-id or auth-password."), CH_ERROR_CREDENTIALS,
    CH_ERROR_CREDENTIALS, "“auth-password”" },
  { 200, JSON, FAILED ("INVALID AUTHENTICATION: no access from here"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS,
    "this machine's address" },
  { 200, JSON, FAILED ("Missing domain-name"), CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND, "no such zone" },
  { 200, JSON, FAILED ("You have exceeded the limit of 20 requests"), CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 200, JSON, FAILED ("Limit per second reached"), CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 200, JSON, FAILED ("Your limit of 50 records is reached."), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "is reached;" },
  { 200, JSON, FAILED ("There is a CNAME with the same host already"), CH_ERROR_CONFLICT, CH_ERROR_CONFLICT, "A CNAME stands" },
  /* and it is not there */
  { 200, JSON, FAILED ("There is already such a record."), CH_ERROR_EXISTS, CH_ERROR_CONFLICT, "such a record" },
  { 200, JSON, FAILED ("The same record exists"), CH_ERROR_EXISTS, CH_ERROR_CONFLICT, "same record" },
  { 200, JSON, FAILED ("You are not allowed to do this"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "not allowed to do this;" },
  { 200, JSON, FAILED ("No permission."), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "delegated to the sub-user" },
  { 200, JSON, FAILED ("API access needs a paid plan"), CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "plan has the API" },
  { 200, JSON, FAILED ("Please, try again later."), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "trouble" },
  { 200, JSON, FAILED ("Invalid TTL."), CH_ERROR_INVALID, CH_ERROR_INVALID, "refuses the request: Invalid TTL" },
  { 200, JSON, FAILED ("%s%n\\u0007 odd"), CH_ERROR_INVALID, CH_ERROR_INVALID, "%s%n  odd" },
  { 200, JSON, "{\"status\":0,\"message\":\"Odd words\"}", CH_ERROR_INVALID, CH_ERROR_INVALID, "Odd words" },
  { 200, JSON, "{\"status\":\"Failed\",\"message\":\"No permission\"}", CH_ERROR_FORBIDDEN, CH_ERROR_FORBIDDEN, "No permission" },
  { 200, JSON, "{\"status\":\"failed\"}", CH_ERROR_INVALID, CH_ERROR_INVALID, "refuses" },
  { 200, JSON, "{\"status\":\"Failed\",\"statusDescription\":7}", CH_ERROR_INVALID, CH_ERROR_INVALID, "refuses" },
  { 403, JSON, FAILED ("Invalid authentication"), CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS, "“auth-password”" },
  { 429, JSON, "{}", CH_ERROR_THROTTLED, CH_ERROR_THROTTLED, "too often" },
  { 500, JSON, FAILED ("Invalid authentication"), CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 500" },
  { 503, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "HTTP 503" },
  { 200, "text/html", "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  { 200, JSON, "<html>", CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT, "web page" },
  /* nonsense */
  { 301, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "elsewhere" },
  { 404, JSON, "{\"error\":\"not found\"}", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "HTTP 404" },
  { 200, JSON, "", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 200, JSON, "null", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "“url”" },
  { 200, JSON, "{", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  { 200, JSON, "\xff", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "no JSON" },
  /* good JSON of the wrong shape */
  { 200, JSON, "true", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "" },
  { 200, JSON, "\"Failed\"", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "" },
  { 200, JSON, "7", CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, "" },
  { 200, JSON, "[7,null,\"x\",{}]", ANY, CH_ERROR_TRANSIENT, "whether it has changed" },
  { 200, JSON, "{\"status\":[],\"data\":7}", ANY, CH_ERROR_TRANSIENT, "whether it has changed" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto(Script) question = { "records", rows[i].status, rows[i].type, rows[i].body, NULL, NULL };
      g_auto(Script) change = { "add-record", rows[i].status, rows[i].type, rows[i].body, NULL, NULL };
      g_autoptr(GError) error = NULL;
      gboolean existed = TRUE;

      g_test_message ("%d %s", rows[i].status, g_str_is_ascii (rows[i].body) ? rows[i].body : "no text");
      if (rows[i].code != ANY)
        expect (run (&question, FALSE, &existed, &error), &error, rows[i].code, rows[i].says);
      expect (run (&change, FALSE, &existed, &error), &error, rows[i].code_of_change, rows[i].says);
      g_assert_false (existed);
    }
}

static void
test_form (void)
{
  g_auto(Script) create = { "add-record", 200, JSON, SUCCESS, NULL, NULL };
  g_auto(Script) delete = { "delete-record", 200, JSON, SUCCESS, RECORD, NULL };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  expect (run (&create, FALSE, &existed, &error), &error, -1, NULL);
  g_assert_true (g_str_has_suffix (create.form, "&domain-name=example.test&record-type=TXT&host=" HOST "&record=value&ttl=60"));
  expect (run (&delete, TRUE, NULL, &error), &error, -1, NULL);
  g_assert_true (g_str_has_suffix (delete.form, "&domain-name=example.test&record-id=123"));
}

#define MEMBER(type, host, value, more) "\"" type "\",\"host\":\"" host "\",\"record\":\"" value "\"" more

static void
test_lists (void)
{
  static const struct { const char *records; gboolean existed; const char *deleted; } cases[] = {
    { RECORD, TRUE, "123" },
    { "[]", FALSE, NULL },
    { "{}", FALSE, NULL },
    /* all the same, should it ever come as an array, or with numbers */
    { "[{\"id\":\"7\",\"type\":" MEMBER ("TXT", HOST, "value", "") "}]", TRUE, "7" },
    { "{\"7\":{\"id\":7,\"type\":" MEMBER ("TXT", "_DNSAUTH", "value", ",\"status\":\"1\"") "}}", TRUE, "7" },
    /* of another type, name or value, as a filter that is not obeyed would give */
    { "{\"7\":{\"id\":7,\"type\":" MEMBER ("A", HOST, "value", "") "}}", FALSE, NULL },
    { "{\"7\":{\"id\":7,\"type\":" MEMBER ("TXT", "", "value", "") "}}", FALSE, NULL },
    { "{\"7\":{\"id\":7,\"type\":" MEMBER ("TXT", HOST, "Value", "") "}}", FALSE, NULL },
    { "{\"7\":null,\"8\":7,\"9\":{\"type\":\"TXT\"},\"10\":{\"type\":\"TXT\",\"host\":[]}}", FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) create = { "add-record", 200, JSON, SUCCESS, cases[i].records, NULL };
      g_auto(Script) delete = { "delete-record", 200, JSON, SUCCESS, cases[i].records, NULL };
      g_autofree char *id = g_strdup_printf ("&record-id=%s", cases[i].deleted);
      g_autoptr(GError) error = NULL;
      gboolean existed = !cases[i].existed;

      g_test_message ("%s", cases[i].records);
      expect (run (&create, FALSE, &existed, &error), &error, -1, NULL);
      g_assert_cmpint (existed, ==, cases[i].existed);
      g_assert_cmpint (create.form != NULL, ==, !cases[i].existed);
      expect (run (&delete, TRUE, NULL, &error), &error, -1, NULL);
      g_assert_cmpint (delete.form != NULL, ==, cases[i].deleted != NULL);
      g_assert_true (delete.form == NULL || g_str_has_suffix (delete.form, id));
    }
}

static void
test_ttl_of_neighbours (void)
{
  static const struct { const char *ttl; const char *sent; } cases[] = {
    { "\"300\"", "&ttl=300" },
    { "86400", "&ttl=86400" },
    { "61", "&ttl=300" },
    { "1", "&ttl=60" },
    { "99999999", "&ttl=2419200" },
    { "-5", "&ttl=60" },
    { "\"soon\"", "&ttl=60" },
    { "null", "&ttl=60" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *records = g_strdup_printf ("{\"7\":{\"id\":7,\"type\":" MEMBER ("TXT", HOST, "other", ",\"ttl\":%s}}"),
                                                  cases[i].ttl);
      g_auto(Script) script = { "add-record", 200, JSON, SUCCESS, records, NULL };
      g_autoptr(GError) error = NULL;
      gboolean existed;

      expect (run (&script, FALSE, &existed, &error), &error, -1, NULL);
      g_assert_true (g_str_has_suffix (script.form, cases[i].sent));
    }
}

/* the status is that of success, and the pause grows all the same */
static void
test_pause_grows (void)
{
  g_auto(Script) script = { "get-zone-info", 200, JSON, FAILED ("limit of requests"), NULL, NULL };
  g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  while (test_server_requests (server) < 2)
    {
      g_clear_error (&error);
      g_assert_null (provider ()->find_zone (&access, NAME, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_THROTTLED);
      g_usleep (G_USEC_PER_SEC / 20);
    }

  g_assert_nonnull (strstr (error->message, "another 2 seconds"));
}

/* a record that is switched off proves nothing */
static void
test_switched_off (void)
{
  g_auto(Script) create = { "add-record", 200, JSON, SUCCESS,
                            "{\"7\":{\"id\":7,\"type\":" MEMBER ("TXT", HOST, "value", ",\"status\":0}}"), NULL };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  expect (run (&create, FALSE, &existed, &error), &error, CH_ERROR_CONFLICT, "switched off");
  g_assert_null (create.form);
}

static void
test_removals (void)
{
  static const struct { int status; const char *body; const char *records; int code; const char *says; } cases[] = {
    { 200, FAILED ("Invalid record-id param."), RECORD, -1, NULL },
    { 500, "{}", RECORD, CH_ERROR_TRANSIENT, "HTTP 500" },
    { 200, "true", RECORD, CH_ERROR_TRANSIENT, "whether it has changed" },
    { 200, FAILED ("No permission"), RECORD, CH_ERROR_FORBIDDEN, "may write" },
    /* ids that are none */
    { 200, SUCCESS, "{\"7\":{\"type\":" MEMBER ("TXT", HOST, "value", "") "}}", CH_ERROR_BAD_ANSWER, "no id" },
    { 200, SUCCESS, "{\"7\":{\"id\":\"7&x=y\",\"type\":" MEMBER ("TXT", HOST, "value", "") "}}", CH_ERROR_BAD_ANSWER, "no id" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) script = { "delete-record", cases[i].status, JSON, cases[i].body, cases[i].records, NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].body);
      expect (run (&script, TRUE, NULL, &error), &error, cases[i].code, cases[i].says);
    }
}

static void
test_zones (void)
{
  static const struct { const char *body; int code; const char *says; } cases[] = {
    { ZONE, -1, NULL },
    { "{\"type\":\"geodns\",\"status\":1}", -1, NULL },
    { "{\"type\":\"slave\"}", CH_ERROR_ZONE_NOT_FOUND, "“slave”" },
    { "{\"type\":\"master\",\"status\":\"0\"}", CH_ERROR_ZONE_NOT_FOUND, "switched off" },
    { FAILED ("Missing domain-name"), CH_ERROR_ZONE_NOT_FOUND, "it shows “example.test”" },
    { FAILED ("You do not have access"), CH_ERROR_FORBIDDEN, "delegated" },
    { FAILED ("Invalid authentication"), CH_ERROR_CREDENTIALS, "“auth-password”" },
    { FAILED ("limit of requests"), CH_ERROR_THROTTLED, "too often" },
    { "{}", CH_ERROR_BAD_ANSWER, "kind of zone" },
    { "[]", CH_ERROR_BAD_ANSWER, "kind of zone" },
    { "1", CH_ERROR_BAD_ANSWER, "kind of zone" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) script = { "get-zone-info", 200, JSON, cases[i].body, NULL, NULL };
      g_autoptr(GError) error = NULL;
      g_autofree char *zone = find (&script, &error);

      expect (zone != NULL, &error, cases[i].code, cases[i].says);
    }
}

static void
test_verify (void)
{
  static const struct { const char *call, *body; int code; guint zones; const char *says; } cases[] = {
    { "list-zones", "[" ZONE "]", -1, 1, NULL },
    { "list-zones", "[{\"name\":\"a.test\"},null,{},{\"name\":\"b.test\"}]", -1, 2, NULL },
    { "list-zones", "[]", -1, 0, NULL },
    { "list-zones", FAILED ("No permission"), -1, 0, NULL },
    { "list-zones", FAILED ("limit of requests"), CH_ERROR_THROTTLED, 0, "too often" },
    { "list-zones", "{}", CH_ERROR_BAD_ANSWER, 0, "list of zones" },
    { "login", FAILED ("Invalid authentication, incorrect auth-id or auth-password."), CH_ERROR_CREDENTIALS, 0, "“auth-password”" },
    { "login", "<html>", CH_ERROR_TRANSIENT, 0, "web page" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) script = { cases[i].call, 200, JSON, cases[i].body, NULL, NULL };
      g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
      g_auto(ChDnsAccess) access = access_new (server);
      g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
      g_autoptr(GError) error = NULL;

      expect (provider ()->verify (&access, zones, NULL, &error), &error, cases[i].code, cases[i].says);
      g_assert_cmpuint (zones->len, ==, cases[i].zones);
    }
}

/* what could be shown beside “no zone” may be nonsense, too */
static void
test_other_zones (void)
{
  static const struct { const char *body; const char *says; } cases[] = {
    { "[]", "no zone at all" },
    { "[{\"name\":\"a.test\"},{\"name\":\"b.test\"}]", "it shows “a.test”, “b.test”" },
    { "[null,{\"name\":7}]", "no zone at all" },
    { "{}", "no zone for" },
    { "<html>", "no zone for" },
    { FAILED ("No permission"), "no zone for" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) script = { "list-zones", 200, JSON, cases[i].body, NULL, NULL };
      g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
      g_auto(ChDnsAccess) access = access_new (server);
      g_autoptr(GError) error = NULL;

      /* a top-level domain is never asked for */
      g_assert_null (provider ()->find_zone (&access, "test", NULL, &error));
      expect (FALSE, &error, CH_ERROR_ZONE_NOT_FOUND, cases[i].says);
      g_assert_cmpuint (test_server_requests (server), ==, 1);
    }
}

/* ---- settling ---- */

static void
test_settled (void)
{
  static const struct { int status; const char *body; gboolean settled; } cases[] = {
    { 200, "[{\"server\":\"a\",\"updated\":true},{\"server\":\"b\",\"updated\":true}]", TRUE },
    { 200, "[{\"server\":\"a\",\"updated\":true},{\"server\":\"b\",\"updated\":false}]", FALSE },
    { 200, FAILED ("limit of requests"), FALSE },
    { 503, "{}", FALSE },
    /* nobody says */
    { 200, "[]", TRUE },
    { 200, "{}", TRUE },
    { 200, "true", TRUE },
    { 200, "{", FALSE },
    { 200, FAILED ("not allowed"), TRUE },
    { 200, FAILED ("Missing domain-name"), TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Script) script = { "update-status", cases[i].status, JSON, cases[i].body, NULL, NULL };
      g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
      g_auto(ChDnsAccess) access = access_new (server);
      g_autofree char *token = NULL;
      g_autoptr(GError) error = NULL;
      ChTxt txt = { NAME, "value" };
      gboolean existed;

      expect (provider ()->begin_add (&access, "example.test", &txt, &existed, &token, NULL, &error), &error, -1, NULL);
      g_assert_null (script.form);
      g_test_message ("%s: %s", token, cases[i].body);
      g_assert_cmpint (provider ()->has_settled (&access, token, NULL), ==, cases[i].settled);
      g_assert_true (g_str_has_suffix (script.form, "&domain-name=example.test"));
    }
}

/* Neither one whose time is over, nor one of a clock that was set back, nor what is no token, is asked for. */
static void
test_not_asked (void)
{
  g_autofree char *far = g_strdup_printf ("example.test %" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC + 3600);
  const char *const tokens[] = { "example.test 1700000000", far, "", "example.test", "example.test x" };
  g_auto(Script) script = { "update-status", 200, JSON, "[{\"updated\":false}]", NULL, NULL };
  g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
  g_auto(ChDnsAccess) access = access_new (server);

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_assert_true (provider ()->has_settled (&access, tokens[i], NULL));
  g_assert_cmpuint (test_server_requests (server), ==, 0);
}

/* ---- settings ---- */

static void
test_settings (void)
{
  static const struct { const char *name, *value, *other, *says; } cases[] = {
    { "auth-id", "1", NULL, NULL },
    { "sub-auth-id", "1", NULL, NULL },
    { "sub-auth-user", "somebody", NULL, NULL },
    { "auth-id", "", NULL, "Give one of" },
    { "auth-id", "1", "sub-auth-id", "no more than one" },
    { "auth-id", "1", "sub-auth-user", "no more than one" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GError) error = NULL;

      g_hash_table_insert (settings, (char *) cases[i].name, (char *) cases[i].value);
      if (cases[i].other != NULL)
        g_hash_table_insert (settings, (char *) cases[i].other, (char *) "2");
      gboolean good = provider ()->prepare (settings, NULL, &error);
      expect (good, &error, cases[i].says == NULL ? -1 : CH_ERROR_INVALID, cases[i].says);
    }
}

static void
test_fields (void)
{
  static const struct { const char *name, *value; gboolean good; } cases[] = {
    { "auth-id", "123456", TRUE },
    { "auth-id", "0", FALSE },
    { "sub-auth-id", "somebody", FALSE },
    { "ttl", "60", TRUE },
    { "ttl", "100", TRUE },
    { "ttl", "59", FALSE },
    { "ttl", "2419201", FALSE },
    { "settle", "0", TRUE },
    { "settle", "301", FALSE },
    { "url", "http://example.test", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GError) error = NULL;

      g_hash_table_insert (settings, (char *) cases[i].name, (char *) cases[i].value);
      g_test_message ("%s %s", cases[i].name, cases[i].value);
      g_assert_cmpint (ch_fields_check (provider ()->fields, settings, NULL, &error), ==, cases[i].good);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ch_http_prepare ();
  expect_hides ("hunter2");
  g_test_add_func ("/cloudns-answers/rows", test_rows);
  g_test_add_func ("/cloudns-answers/form", test_form);
  g_test_add_func ("/cloudns-answers/lists", test_lists);
  g_test_add_func ("/cloudns-answers/ttl-of-neighbours", test_ttl_of_neighbours);
  g_test_add_func ("/cloudns-answers/pause-grows", test_pause_grows);
  g_test_add_func ("/cloudns-answers/switched-off", test_switched_off);
  g_test_add_func ("/cloudns-answers/removals", test_removals);
  g_test_add_func ("/cloudns-answers/zones", test_zones);
  g_test_add_func ("/cloudns-answers/verify", test_verify);
  g_test_add_func ("/cloudns-answers/other-zones", test_other_zones);
  g_test_add_func ("/cloudns-answers/settled", test_settled);
  g_test_add_func ("/cloudns-answers/not-asked", test_not_asked);
  g_test_add_func ("/cloudns-answers/settings", test_settings);
  g_test_add_func ("/cloudns-answers/fields", test_fields);
  return g_test_run ();
}
