/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include "dns/provider.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* What the provider makes of each answer that Azure may give, from a scripted server that takes both parts: the
 * log-in and the resource manager. */

#define SUBSCRIPTION "01234567-89ab-cdef-0123-456789abcdef"
#define GOOD_LOGIN "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"tok-%u\"}"
#define NO_SET "{\"code\":\"NotFound\",\"message\":\"The resource record '_x' does not exist.\"}"
#define SET(etag, records) "{\"etag\":\"" etag "\",\"properties\":{\"TTL\":300,\"metadata\":{\"who\":\"me\"}," \
                           "\"TXTRecords\":[" records "]}}"
#define RECORD(value) "{\"value\":[\"" value "\"]}"

/** Answer: status 0 closes the connection; a status -1 ends a list of them. %u in @body is the server's port. */
typedef struct
{
  int status;
  const char *body;
} Answer;

/** Play: what is answered, and what was asked. */
typedef struct
{
  TestServer *server;
  Answer login;
  const Answer *answers;
  guint next;
  guint logins;
  const char *header;   /* (nullable): of each answer of the resource manager */
  GPtrArray *seen;      /* (element-type utf8): whole requests for the resource manager */
  ChDnsAccess access;
} Play;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("azure", NULL);
}

static void
respond (const TestRequest *request,
         const Answer      *answer,
         guint              number)
{
  if (answer->status <= 0)
    return;

  g_auto(GStrv) parts = g_strsplit (answer->body, "%u", -1);
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autofree char *body = g_strjoinv (text, parts);
  test_answer (request, answer->status, *body == '<' ? "text/html" : "application/json", body);
}

static void
act (const TestRequest *request,
     gpointer           data)
{
  Play *play = data;

  if (strstr (request->head, "/oauth2/v2.0/token ") != NULL)
    {
      play->logins++;
      respond (request, &play->login, play->logins);
      return;
    }

  g_ptr_array_add (play->seen, g_strconcat (request->head, request->body, NULL));
  g_assert_cmpint (play->answers[play->next].status, >=, 0);
  if (play->header != NULL)
    {
      g_autofree char *text = g_strdup_printf ("HTTP/1.1 %d X\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                                               play->answers[play->next++].status, play->header);
      test_send (request, text);
      return;
    }

  respond (request, &play->answers[play->next++], test_server_port (play->server));
}

static void
set (GHashTable *table,
     const char *name,
     const char *value)
{
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
}

static void
play_begin (Play         *play,
            const Answer *answers)
{
  static guint serial;

  *play = (Play) { .answers = answers, .login = { 200, GOOD_LOGIN },
                   .seen = g_ptr_array_new_with_free_func (g_free),
                   .access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                               ch_secret_table_new () } };
  play->server = test_server_new (NULL, act, play);

  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", test_server_port (play->server));
  /* tokens are kept by account: each play is another one */
  g_autofree char *secret = g_strdup_printf ("s3cr~t+/=%u", ++serial);
  set (play->access.settings, "subscription", SUBSCRIPTION);
  set (play->access.settings, "tenant", "example.onmicrosoft.com");
  set (play->access.settings, "client-id", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  set (play->access.settings, "resource-group", "my group");
  set (play->access.settings, "url", url);
  set (play->access.settings, "login-url", url);
  set (play->access.settings, "resolver", "127.0.0.1:1");
  set (play->access.secrets, "client-secret", secret);
}

static void
play_clear (Play *play)
{
  test_server_free (play->server);
  g_ptr_array_unref (play->seen);
  g_hash_table_unref (play->access.settings);
  g_hash_table_unref (play->access.secrets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Play, play_clear)

static gboolean
add (Play     *play,
     gboolean *existed,
     GError  **error)
{
  ChTxt txt = { "_x.example.test", "ours" };

  return provider ()->add (&play->access, "example.test", &txt, existed, NULL, error);
}

static gboolean
take (Play    *play,
      GError **error)
{
  ChTxt txt = { "_x.example.test", "ours" };

  return provider ()->remove (&play->access, "example.test", &txt, NULL, error);
}

static void
expect_seen (Play       *play,
             guint       index,
             const char *start,
             const char *part)
{
  g_assert_cmpuint (index, <, play->seen->len);
  const char *seen = play->seen->pdata[index];

  g_test_message ("%s", seen);
  g_assert_true (g_str_has_prefix (seen, start));
  g_assert_nonnull (strstr (seen, part));
}

static void
expect_error (const GError *error,
              int           code,
              const char   *says,
              Play         *play)
{
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, CH_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_null (strstr (error->message, g_hash_table_lookup (play->access.secrets, "client-secret")));
  g_assert_null (strstr (error->message, "tok-"));
}

/* ---- the error tables ---- */

#define LOGIN_ERROR(word, number) "{\"error\":\"" word "\",\"error_description\":\"AADSTS" number ": No.\\r\\nTrace\"," \
                                  "\"error_codes\":[" number "]}"

static void
test_login_errors (void)
{
  static const struct { Answer answer; int code; const char *says; } cases[] = {
    { { 401, LOGIN_ERROR ("invalid_client", "7000215") }, CH_ERROR_CREDENTIALS, "client-secret" },
    { { 401, LOGIN_ERROR ("invalid_client", "7000222") }, CH_ERROR_CREDENTIALS, "expired" },
    { { 400, LOGIN_ERROR ("unauthorized_client", "700016") }, CH_ERROR_CREDENTIALS, "client-id" },
    { { 400, LOGIN_ERROR ("invalid_request", "90002") }, CH_ERROR_CREDENTIALS, "“tenant”" },
    { { 400, LOGIN_ERROR ("invalid_request", "900023") }, CH_ERROR_CREDENTIALS, "“tenant”" },
    { { 400, LOGIN_ERROR ("invalid_tenant", "1") }, CH_ERROR_CREDENTIALS, "“tenant”" },
    { { 400, LOGIN_ERROR ("invalid_scope", "70011") }, CH_ERROR_INVALID, "“cloud”" },
    { { 400, LOGIN_ERROR ("invalid_resource", "500011") }, CH_ERROR_INVALID, "“cloud”" },
    { { 401, LOGIN_ERROR ("invalid_client", "700024") }, CH_ERROR_CLOCK, "clock" },
    { { 400, LOGIN_ERROR ("invalid_grant", "53003") }, CH_ERROR_CREDENTIALS, "AADSTS53003: No.”" },
    { { 400, "{\"error\":\"invalid_client\",\"error_codes\":\"7000215\"}" }, CH_ERROR_CREDENTIALS, "refuses" },
    { { 400, "{\"error\":\"temporarily_unavailable\"}" }, CH_ERROR_TRANSIENT, "later" },
    { { 429, "{}" }, CH_ERROR_THROTTLED, "left alone" },
    { { 503, "<html>" }, CH_ERROR_TRANSIENT, "later" },
    { { 200, "<html>" }, CH_ERROR_TRANSIENT, "web page" },
    { { 404, "<html>" }, CH_ERROR_TRANSIENT, "web page" },
    { { 404, "[]" }, CH_ERROR_TRANSIENT, "URLs" },
    { { 302, "" }, CH_ERROR_BAD_ANSWER, "elsewhere" },
    { { 200, "{}" }, CH_ERROR_BAD_ANSWER, "no token" },
    { { 200, "{\"token_type\":\"mac\",\"access_token\":\"x\"}" }, CH_ERROR_BAD_ANSWER, "no token" },
    { { 200, "{\"token_type\":\"Bearer\",\"access_token\":\"tok-\\r\\nHost: x\"}" }, CH_ERROR_BAD_ANSWER, "no token" },
    { { 200, "{\"token_type\":\"Bearer\",\"access_token\":[]}" }, CH_ERROR_BAD_ANSWER, "no token" },
    { { 0, NULL }, CH_ERROR_UNREACHABLE, "no whole answer" },
  };
  static const Answer nothing[] = { { -1, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;
      gboolean existed = FALSE;

      play_begin (&play, nothing);
      play.login = cases[i].answer;
      g_assert_false (add (&play, &existed, &error));
      expect_error (error, cases[i].code, cases[i].says, &play);
      g_assert_cmpuint (play.seen->len, ==, 0);
    }
}

#define ARM_ERROR(code, message) "{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}}"
#define BARE_ERROR(code, message) "{\"code\":\"" code "\",\"message\":\"" message "\"}"

/** Refusal: an answer to reading, or with @is_write to writing. */
typedef struct
{
  Answer answer;
  gboolean is_write;
  int code;
  const char *says;
} Refusal;

static const Refusal refusals[] = {
  { { 401, ARM_ERROR ("InvalidAuthenticationTokenTenant", "No.") }, FALSE, CH_ERROR_INVALID, "“tenant”" },
  { { 403, ARM_ERROR ("AuthorizationFailed", "No.") }, FALSE, CH_ERROR_FORBIDDEN, "DNS Zone Contributor" },
  { { 403, ARM_ERROR ("AuthorizationFailed", "No.") }, TRUE, CH_ERROR_FORBIDDEN, "DNS Zone Contributor" },
  { { 403, ARM_ERROR ("LinkedAuthorizationFailed", "No.") }, TRUE, CH_ERROR_FORBIDDEN, "DNS Zone Contributor" },
  { { 403, ARM_ERROR ("RequestDisallowedByPolicy", "No.") }, TRUE, CH_ERROR_FORBIDDEN, "policy" },
  { { 404, ARM_ERROR ("SubscriptionNotFound", "No.") }, FALSE, CH_ERROR_INVALID, "“subscription”" },
  { { 400, ARM_ERROR ("InvalidSubscriptionId", "No.") }, FALSE, CH_ERROR_INVALID, "“subscription”" },
  { { 404, ARM_ERROR ("ResourceGroupNotFound", "No.") }, FALSE, CH_ERROR_INVALID, "“resource-group”" },
  { { 404, ARM_ERROR ("ResourceNotFound", "No.") }, FALSE, CH_ERROR_ZONE_NOT_FOUND, "no zone" },
  { { 404, ARM_ERROR ("ParentResourceNotFound", "No.") }, FALSE, CH_ERROR_ZONE_NOT_FOUND, "no zone" },
  { { 409, ARM_ERROR ("ScopeLocked", "No.") }, TRUE, CH_ERROR_FORBIDDEN, "lock" },
  { { 409, ARM_ERROR ("ReadOnlyDisabledSubscription", "No.") }, TRUE, CH_ERROR_FORBIDDEN, "disabled" },
  { { 409, BARE_ERROR ("Conflict", "A CNAME record with the same name exists.") }, TRUE, CH_ERROR_CONFLICT, "CNAME" },
  { { 400, BARE_ERROR ("InvalidRecordSetCname", "No.") }, TRUE, CH_ERROR_CONFLICT, "CNAME" },
  { { 400, BARE_ERROR ("BadRequest", "The TTL is wrong.\\u001b[31m\\nMore.") }, TRUE, CH_ERROR_INVALID,
    "(Azure says: “The TTL is wrong. [31m”)" },
  { { 429, ARM_ERROR ("TooManyRequests", "No.") }, FALSE, CH_ERROR_THROTTLED, "left alone" },
  { { 429, "" }, TRUE, CH_ERROR_THROTTLED, "left alone" },
  { { 408, "" }, FALSE, CH_ERROR_TRANSIENT, "later" },
  { { 500, ARM_ERROR ("InternalServerError", "No.") }, FALSE, CH_ERROR_TRANSIENT, "later" },
  { { 503, BARE_ERROR ("ServiceUnavailable", "No.") }, FALSE, CH_ERROR_TRANSIENT, "later" },
  { { 502, "<html>" }, FALSE, CH_ERROR_TRANSIENT, "later" },
  { { 200, "<html>" }, FALSE, CH_ERROR_TRANSIENT, "web page" },
  { { 200, "nonsense" }, FALSE, CH_ERROR_BAD_ANSWER, "no JSON" },
  { { 200, "[]" }, FALSE, CH_ERROR_TRANSIENT, "URL" },
  { { 301, "" }, FALSE, CH_ERROR_BAD_ANSWER, "elsewhere" },
  { { 404, "<html>" }, FALSE, CH_ERROR_TRANSIENT, "web page" },
  { { 404, "" }, FALSE, CH_ERROR_TRANSIENT, "URLs" },
  { { 418, "{\"code\":7,\"error\":[]}" }, FALSE, CH_ERROR_TRANSIENT, "URL" },
  { { 0, NULL }, FALSE, CH_ERROR_UNREACHABLE, "no whole answer" },
  { { 200, "{}" }, FALSE, CH_ERROR_BAD_ANSWER, "left alone" },
  { { 200, "{\"etag\":\"e\",\"properties\":{\"ttl\":60,\"txtRecords\":[]}}" }, FALSE, CH_ERROR_BAD_ANSWER, "left alone" },
  { { 200, "{\"etag\":\"e\",\"properties\":{\"TTL\":60,\"TXTRecords\":{}}}" }, FALSE, CH_ERROR_BAD_ANSWER, "left alone" },
  { { 200, "{\"etag\":\"e\\r\\nX: y\",\"properties\":{\"TTL\":60}}" }, FALSE, CH_ERROR_BAD_ANSWER, "left alone" },
  { { 200, "{\"properties\":{\"TTL\":60,\"TXTRecords\":[]}}" }, FALSE, CH_ERROR_BAD_ANSWER, "left alone" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const Refusal *refusal = &refusals[i];
      const Answer answers[] = { refusal->is_write ? (Answer) { 404, NO_SET } : refusal->answer, refusal->answer,
                                 { -1, NULL } };
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;
      gboolean existed = FALSE;

      play_begin (&play, answers);
      g_assert_false (add (&play, &existed, &error));
      expect_error (error, refusal->code, refusal->says, &play);
      g_assert_cmpuint (play.seen->len, ==, refusal->is_write ? 2 : 1);
    }
}

/* Who is asked too often is left alone by all orders of the account, another zone's too. */
static void
test_pause_is_shared (void)
{
  static const Answer answers[] = { { 429, ARM_ERROR ("TooManyRequests", "No.") }, { -1, NULL } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  play_begin (&play, answers);
  play.header = "Retry-After: 100";
  g_assert_false (add (&play, &existed, &error));
  expect_error (error, CH_ERROR_THROTTLED, "another 100 seconds", &play);
  g_clear_error (&error);

  set (play.access.settings, "resource-group", "another");
  g_assert_false (take (&play, &error));
  expect_error (error, CH_ERROR_THROTTLED, "left alone", &play);
  g_assert_cmpuint (play.seen->len, ==, 1);
}

static void
test_secret_is_not_repeated (void)
{
  static const Answer nothing[] = { { -1, NULL } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  play_begin (&play, nothing);
  g_autofree char *body = g_strdup_printf ("{\"error\":\"invalid_client\",\"error_description\":\"“%s” is wrong.\"}",
                                           (char *) g_hash_table_lookup (play.access.secrets, "client-secret"));
  play.login = (Answer) { 401, body };
  g_assert_false (add (&play, &existed, &error));
  expect_error (error, CH_ERROR_CREDENTIALS, "client-secret", &play);
}

/* ---- tokens ---- */

static void
test_token_is_shared (void)
{
  static const struct { const char *body; guint logins; } cases[] = {
    { GOOD_LOGIN, 1 },
    { "{\"token_type\":\"bearer\",\"expires_in\":\"3599\",\"access_token\":\"tok-%u\"}", 1 },
    { "{\"token_type\":\"Bearer\",\"expires_in\":0,\"access_token\":\"tok-%u\"}", 2 },
    { "{\"token_type\":\"Bearer\",\"expires_in\":\"soon\",\"access_token\":\"tok-%u\"}", 2 },
    { "{\"token_type\":\"Bearer\",\"expires_in\":-5,\"access_token\":\"tok-%u\"}", 2 },
    { "{\"token_type\":\"Bearer\",\"access_token\":\"tok-%u\"}", 2 },
  };
  static const Answer answers[] = { { 404, NO_SET }, { 404, NO_SET }, { -1, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, answers);
      play.login.body = cases[i].body;
      g_assert_true (take (&play, &error));
      g_assert_true (take (&play, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (play.logins, ==, cases[i].logins);
      expect_seen (&play, 0, "GET ", "Authorization: Bearer tok-1\r\n");
    }
}

/* accounts with another secret, tenant or application get nothing of it */
static void
test_token_is_not_shared (void)
{
  static const char *const changes[] = { "client-secret", "tenant", "client-id" };
  static const char *const values[] = { "another", "other.onmicrosoft.com", "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee" };
  static const Answer answers[] = { { 404, NO_SET }, { 404, NO_SET }, { -1, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, answers);
      g_assert_true (take (&play, &error));
      set (i == 0 ? play.access.secrets : play.access.settings, changes[i], values[i]);
      g_assert_true (take (&play, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (play.logins, ==, 2);
    }
}

static void
test_token_is_renewed_once (void)
{
  static const Answer expired[] = { { 401, ARM_ERROR ("ExpiredAuthenticationToken", "Old.") }, { 404, NO_SET },
                                    { -1, NULL } };
  static const Answer never[] = { { 401, ARM_ERROR ("InvalidAuthenticationToken", "No.") },
                                  { 401, ARM_ERROR ("InvalidAuthenticationToken", "No.") }, { -1, NULL } };
  g_auto(Play) renewed = { 0 };
  g_auto(Play) refused = { 0 };
  g_autoptr(GError) error = NULL;

  play_begin (&renewed, expired);
  g_assert_true (take (&renewed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (renewed.logins, ==, 2);
  expect_seen (&renewed, 1, "GET ", "Authorization: Bearer tok-2\r\n");

  play_begin (&refused, never);
  g_assert_false (take (&refused, &error));
  expect_error (error, CH_ERROR_CREDENTIALS, "client-secret", &refused);
  g_assert_cmpuint (refused.logins, ==, 2);
}

/* ---- changes ---- */

static void
test_first_value (void)
{
  static const Answer answers[] = { { 404, NO_SET }, { 201, SET ("e1", RECORD ("ours")) }, { -1, NULL } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed = TRUE;

  play_begin (&play, answers);
  g_assert_true (add (&play, &existed, &error));
  g_assert_no_error (error);
  g_assert_false (existed);
  expect_seen (&play, 0, "GET /subscriptions/" SUBSCRIPTION "/resourceGroups/my%20group/providers/Microsoft.Network/"
               "dnsZones/example.test/TXT/_x?api-version=2018-05-01 ", "\r\n");
  expect_seen (&play, 1, "PUT /subscriptions/" SUBSCRIPTION "/resourceGroups/my%20group/providers/Microsoft.Network/"
               "dnsZones/example.test/TXT/_x?api-version=2018-05-01 ", "If-None-Match: *\r\n");
  expect_seen (&play, 1, "PUT ", "{\"properties\":{\"TTL\":60,\"TXTRecords\":[{\"value\":[\"ours\"]}]}}");
}

static void
test_neighbours_and_met_writer (void)
{
  static const Answer answers[] = {
    { 200, SET ("e0", RECORD ("one")) },
    { 409, ARM_ERROR ("AnotherOperationInProgress", "No.") },
    { 200, SET ("e1", RECORD ("one")) },
    { 412, BARE_ERROR ("PreconditionFailed", "No.") },
    { 200, SET ("e2", RECORD ("one") "," "{\"value\":[\"long\",\"er\"]}") },
    { 200, SET ("e3", RECORD ("ours")) },
    { -1, NULL },
  };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed = TRUE;

  play_begin (&play, answers);
  g_assert_true (add (&play, &existed, &error));
  g_assert_no_error (error);
  g_assert_false (existed);
  expect_seen (&play, 1, "PUT ", "If-Match: e0\r\n");
  expect_seen (&play, 3, "PUT ", "If-Match: e1\r\n");
  expect_seen (&play, 5, "PUT ", "If-Match: e2\r\n");
  expect_seen (&play, 5, "PUT ", "{\"properties\":{\"TTL\":300,\"metadata\":{\"who\":\"me\"},\"TXTRecords\":[{\"value\":"
               "[\"one\"]},{\"value\":[\"long\",\"er\"]},{\"value\":[\"ours\"]}]}}");
}

static void
test_there_already (void)
{
  static const Answer answers[] = { { 200, SET ("e1", "{\"value\":[\"ou\",\"rs\"]}") }, { -1, NULL } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed = FALSE;

  play_begin (&play, answers);
  g_assert_true (add (&play, &existed, &error));
  g_assert_no_error (error);
  g_assert_true (existed);
}

static void
test_removal (void)
{
  static const Answer last[] = { { 200, SET ("\\\"e1\\\"", RECORD ("ours")) }, { 204, "" }, { -1, NULL } };
  static const Answer rest[] = { { 200, SET ("e1", RECORD ("ours") "," RECORD ("ours2")) },
                                 { 200, SET ("e2", RECORD ("ours2")) }, { -1, NULL } };
  g_auto(Play) play = { 0 };
  g_auto(Play) other = { 0 };
  g_autoptr(GError) error = NULL;

  play_begin (&play, last);
  g_assert_true (take (&play, &error));
  g_assert_no_error (error);
  expect_seen (&play, 1, "DELETE ", "If-Match: \"e1\"\r\n");

  play_begin (&other, rest);
  g_assert_true (take (&other, &error));
  g_assert_no_error (error);
  expect_seen (&other, 1, "PUT ", "\"TXTRecords\":[{\"value\":[\"ours2\"]}]}}");
}

/** Lost: an answer to a write that leaves a doubt, and what is seen then. */
static const struct { Answer written, seen; int code; } lost[] = {
  { { 0, NULL }, { 200, SET ("e2", RECORD ("ours")) }, -1 },
  { { 500, "<html>" }, { 200, SET ("e2", RECORD ("ours")) }, -1 },
  { { 200, "{\"prop" }, { 200, SET ("e2", RECORD ("ours")) }, -1 },
  { { 0, NULL }, { 404, NO_SET }, CH_ERROR_TRANSIENT },
  { { 201, SET ("e2", RECORD ("another")) }, { 404, NO_SET }, CH_ERROR_TRANSIENT },
  { { 0, NULL }, { 503, "" }, CH_ERROR_UNKNOWN_OUTCOME },
};

static void
test_lost_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lost); i++)
    {
      const Answer answers[] = { { 404, NO_SET }, lost[i].written, lost[i].seen, { -1, NULL } };
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;
      gboolean existed = TRUE;

      play_begin (&play, answers);
      gboolean done = add (&play, &existed, &error);
      g_assert_cmpint (done, ==, lost[i].code < 0);
      if (done)
        g_assert_false (existed);
      else
        expect_error (error, lost[i].code, "_x.example.test", &play);
    }
}

/* ---- zones ---- */

#define ZONE(name, group, type, server) "{\"id\":\"/subscriptions/s/resourcegroups/" group "/providers/x\",\"name\":\"" name \
                                        "\",\"properties\":{\"zoneType\":\"" type "\",\"nameServers\":[\"" server "\"]}}"

/** Listing: pages, and the zone or the error that comes out. */
static const struct { Answer pages[3]; const char *zone; int code; const char *says; } listings[] = {
  { { { 200, "{\"value\":[" ZONE ("test", "g", "Public", "n") "," ZONE ("badexample.test", "g", "Public", "n") ","
        ZONE ("Example.test", "g", "Public", "n") "]}" }, { -1, NULL } }, "example.test", -1, NULL },
  { { { 200, "{\"value\":[" ZONE ("test", "g", "Public", "n") "],\"nextLink\":\"http://127.0.0.1:%u/subscriptions?"
        "$skipToken=a%20b\"}" },
      { 200, "{\"value\":[" ZONE ("example.test", "g", "Public", "n") "],\"nextLink\":\"\"}" }, { -1, NULL } },
    "example.test", -1, NULL },
  { { { 200, "{\"value\":[" ZONE ("test", "g", "Public", "n") "," ZONE ("example.test", "g", "Private", "n") "]}" },
      { -1, NULL } }, "test", -1, NULL },
  { { { 200, "{\"value\":[]}" }, { -1, NULL } }, NULL, CH_ERROR_ZONE_NOT_FOUND, "resource-group" },
  { { { 200, "{\"value\":[" ZONE ("other.test", "g", "Public", "n") "]}" }, { -1, NULL } }, NULL,
    CH_ERROR_ZONE_NOT_FOUND, "other.test" },
  { { { 200, "{\"value\":[" ZONE ("example.test", "g", "Public", "n") "," ZONE ("example.test", "h", "Public", "m") "]}" },
      { -1, NULL } }, NULL, CH_ERROR_ZONE_NOT_FOUND, "resource-group" },
  { { { 200, "{\"value\":[],\"nextLink\":\"http://127.0.0.2:%u/x\"}" }, { -1, NULL } }, NULL, CH_ERROR_BAD_ANSWER,
    "elsewhere" },
  { { { 200, "{\"value\":[],\"nextLink\":\"http://127.0.0.1:1/x\"}" }, { -1, NULL } }, NULL, CH_ERROR_BAD_ANSWER,
    "elsewhere" },
  { { { 200, "{\"value\":[],\"nextLink\":\"http://u@127.0.0.1:%u/x\"}" }, { -1, NULL } }, NULL, CH_ERROR_BAD_ANSWER,
    "elsewhere" },
  { { { 200, "{\"value\":[],\"nextLink\":\"/x\"}" }, { -1, NULL } }, NULL, CH_ERROR_BAD_ANSWER, "elsewhere" },
  { { { 200, "{\"value\":{}}" }, { -1, NULL } }, NULL, CH_ERROR_BAD_ANSWER, "not understood" },
  { { { 200, "{\"value\":[null,1,[],{},{\"id\":1,\"name\":\"example.test\"},{\"id\":\"/resourceGroups/\",\"name\":"
        "\"example.test\"}]}" }, { -1, NULL } }, NULL, CH_ERROR_ZONE_NOT_FOUND, "resource-group" },
};

static void
test_listings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, listings[i].pages);
      g_hash_table_remove (play.access.settings, "resource-group");
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_autofree char *zone = provider ()->find_zone (&play.access, "_x.example.test", NULL, &error);
      g_assert_cmpstr (zone, ==, listings[i].zone);
      if (listings[i].code >= 0)
        expect_error (error, listings[i].code, listings[i].says, &play);
      else
        g_assert_no_error (error);
      if (listings[i].pages[1].status > 0)
        expect_seen (&play, 1, "GET /subscriptions?$skipToken=a%", "Authorization: Bearer");
    }
}

static void
test_endless_listing (void)
{
  Answer answers[300];
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    answers[i] = (Answer) { 200, "{\"value\":[],\"nextLink\":\"http://127.0.0.1:%u/again\"}" };
  play_begin (&play, answers);
  g_hash_table_remove (play.access.settings, "resource-group");
  g_assert_null (provider ()->find_zone (&play.access, "_x.example.test", NULL, &error));
  expect_error (error, CH_ERROR_BAD_ANSWER, "without end", &play);
}

#define NO_ZONE ARM_ERROR ("ResourceNotFound", "No.")
#define NOT_YOURS ARM_ERROR ("AuthorizationFailed", "No.")

/* with the group given, one is asked after the other, and the top-level domain is not */
static void
test_walk (void)
{
  static const struct { Answer answers[4]; const char *zone; int code; } cases[] = {
    { { { 404, NO_ZONE }, { 200, "{\"properties\":{\"zoneType\":\"Public\"}}" }, { -1, NULL } }, "example.test", -1 },
    { { { 403, NOT_YOURS }, { 200, "{}" }, { -1, NULL } }, "example.test", -1 },
    { { { 200, "{\"properties\":{\"zoneType\":\"Private\"}}" }, { 404, NO_ZONE }, { -1, NULL } }, NULL,
      CH_ERROR_ZONE_NOT_FOUND },
    { { { 403, NOT_YOURS }, { 403, NOT_YOURS }, { -1, NULL } }, NULL, CH_ERROR_FORBIDDEN },
    { { { 404, NO_ZONE }, { 404, NO_ZONE }, { -1, NULL } }, NULL, CH_ERROR_ZONE_NOT_FOUND },
    { { { 404, ARM_ERROR ("ResourceGroupNotFound", "No.") }, { -1, NULL } }, NULL, CH_ERROR_INVALID },
    { { { 503, "" }, { -1, NULL } }, NULL, CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, cases[i].answers);
      g_autofree char *zone = provider ()->find_zone (&play.access, "_x.example.test", NULL, &error);
      g_assert_cmpstr (zone, ==, cases[i].zone);
      if (cases[i].code >= 0)
        expect_error (error, cases[i].code, "", &play);
      g_assert_cmpint (cases[i].answers[play.next].status, ==, -1);
    }
}

/* the group that listing found is used again, and looked for again when the zone is not there any more */
static void
test_group_is_remembered (void)
{
  static const Answer answers[] = {
    { 200, "{\"value\":[" ZONE ("example.test", "old", "Public", "n") "]}" },
    { 404, NO_SET },
    { 404, NO_SET },
    { 404, ARM_ERROR ("ResourceGroupNotFound", "No.") },
    { 200, "{\"value\":[" ZONE ("example.test", "new", "Public", "n") "]}" },
    { 404, NO_SET },
    { -1, NULL },
  };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;

  play_begin (&play, answers);
  g_hash_table_remove (play.access.settings, "resource-group");
  for (guint i = 0; i < 3; i++)
    g_assert_true (take (&play, &error));
  g_assert_no_error (error);
  expect_seen (&play, 2, "GET /subscriptions/" SUBSCRIPTION "/resourceGroups/old/", "\r\n");
  expect_seen (&play, 5, "GET /subscriptions/" SUBSCRIPTION "/resourceGroups/new/", "\r\n");
  g_assert_cmpuint (play.seen->len, ==, 6);
}

/* ---- fields ---- */

static void
test_fields (void)
{
  static const struct { const char *name, *value; gboolean good; } cases[] = {
    { "subscription", SUBSCRIPTION, TRUE },
    { "subscription", "my subscription", FALSE },
    { "client-id", "app", FALSE },
    { "tenant", "contoso.onmicrosoft.com", TRUE },
    { "tenant", "11111111-2222-3333-4444-555555555555", TRUE },
    { "tenant", "contoso", FALSE },
    { "tenant", "a/b.c", FALSE },
    { "cloud", "us-government", TRUE },
    { "cloud", "germany", FALSE },
    { "ttl", "0", FALSE },
    { "url", "http://example.test", FALSE },
    { "login-url", "https://example.test/login/", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      static const Answer nothing[] = { { -1, NULL } };
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, nothing);
      g_hash_table_remove (play.access.settings, "resolver");
      set (play.access.settings, cases[i].name, cases[i].value);
      g_test_message ("%s=%s", cases[i].name, cases[i].value);
      g_assert_cmpint (ch_fields_check (provider ()->fields, play.access.settings, play.access.secrets, &error), ==,
                       cases[i].good);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/azure/login-errors", test_login_errors);
  g_test_add_func ("/azure/refusals", test_refusals);
  g_test_add_func ("/azure/pause-is-shared", test_pause_is_shared);
  g_test_add_func ("/azure/secret-is-not-repeated", test_secret_is_not_repeated);
  g_test_add_func ("/azure/token/shared", test_token_is_shared);
  g_test_add_func ("/azure/token/not-shared", test_token_is_not_shared);
  g_test_add_func ("/azure/token/renewed-once", test_token_is_renewed_once);
  g_test_add_func ("/azure/first-value", test_first_value);
  g_test_add_func ("/azure/neighbours-and-met-writer", test_neighbours_and_met_writer);
  g_test_add_func ("/azure/there-already", test_there_already);
  g_test_add_func ("/azure/removal", test_removal);
  g_test_add_func ("/azure/lost-answers", test_lost_answers);
  g_test_add_func ("/azure/listings", test_listings);
  g_test_add_func ("/azure/endless-listing", test_endless_listing);
  g_test_add_func ("/azure/walk", test_walk);
  g_test_add_func ("/azure/group-is-remembered", test_group_is_remembered);
  g_test_add_func ("/azure/fields", test_fields);
  return g_test_run ();
}
