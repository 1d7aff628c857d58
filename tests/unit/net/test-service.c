/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include "net/pause.h"
#include "net/service.h"

#include "lib/error.h"

#include <string.h>

typedef struct
{
  const char *answer;   /* raw bytes; NULL: the connection is closed */
  char *seen;           /* the head of the last request */
} Script;

static void
play (const TestRequest *request,
      gpointer           data)
{
  Script *script = data;

  g_free (script->seen);
  script->seen = g_strdup (request->head);
  if (script->answer != NULL)
    test_send (request, script->answer);
}

static ChHttpReply *
ask (TestServer *server,
     const char *method,
     gboolean    is_question,
     const char *caller,
     GError    **error)
{
  static const char *const common[] = { "X-Token", "hunter2", NULL }, *const own[] = { "If-Match", "etag", NULL };
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/base", test_server_port (server));
  ChService service = { .name = "Example", .http = { .base_url = url }, .caller = caller, .headers = common };
  ChHttpRequest request = { .method = method, .path = "/things", .headers = own, .is_question = is_question };

  return ch_service_ask (&service, &request, error);
}

#define HEAD(status) "HTTP/1.1 " status "\r\nConnection: close\r\n"

static void
test_answers (void)
{
  static const struct { const char *method; const char *answer; int code; const char *says; gboolean is_question; } cases[] = {
    { "GET", HEAD ("200 OK") "Content-Type: application/json\r\n\r\n{}", -1, NULL },
    { "GET", HEAD ("404 Not Found") "Content-Type: application/json\r\n\r\n{}", -1, NULL },
    { "DELETE", HEAD ("204 No Content") "\r\n", -1, NULL },
    { "GET", HEAD ("429 Too Many Requests") "\r\n", CH_ERROR_THROTTLED, "too often" },
    { "GET", HEAD ("429 Too Many Requests") "Content-Type: text/html\r\n\r\n<html>", CH_ERROR_THROTTLED, "too often" },
    { "GET", HEAD ("408 Request Timeout") "\r\n", CH_ERROR_TRANSIENT, "HTTP 408" },
    { "GET", HEAD ("500 Oh") "\r\n{}", CH_ERROR_TRANSIENT, "HTTP 500" },
    { "GET", HEAD ("520 Oh") "Content-Type: text/html\r\n\r\n<html>", CH_ERROR_TRANSIENT, "HTTP 520" },
    { "GET", HEAD ("200 OK") "Content-Type: text/html; charset=x\r\n\r\n<html>", CH_ERROR_TRANSIENT, "web page" },
    { "GET", HEAD ("302 Found") "Location: https://elsewhere.invalid/?t=hunter2\r\n\r\n", CH_ERROR_BAD_ANSWER, "elsewhere" },
    { "GET", NULL, CH_ERROR_UNREACHABLE, "no whole answer" },
    { "POST", NULL, CH_ERROR_UNKNOWN_OUTCOME, "no whole answer" },
    { "POST", NULL, CH_ERROR_UNREACHABLE, "no whole answer", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Script script = { cases[i].answer, NULL };
      g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
      g_autoptr(GError) error = NULL;
      g_autoptr(ChHttpReply) reply = ask (server, cases[i].method, cases[i].is_question, NULL, &error);

      g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "answered");
      g_assert_nonnull (strstr (script.seen, " /base/things "));
      g_assert_nonnull (strstr (script.seen, "X-Token: hunter2\r\n"));
      g_assert_nonnull (strstr (script.seen, "If-Match: etag\r\n"));
      g_assert_cmpint (reply != NULL, ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, CH_ERROR, cases[i].code);
          g_assert_nonnull (strstr (error->message, cases[i].says));
          g_assert_null (strstr (error->message, "hunter2"));
        }
      g_free (script.seen);
    }
}

/* who has been told to wait does not ask again, and neither does anybody with the same credentials */
static void
test_told_to_wait (void)
{
  static const char *const answers[] = {
    HEAD ("429 Too Many Requests") "Retry-After: 100\r\n\r\n",
    HEAD ("429 Too Many Requests") "Retry-After: Fri, 31 Dec 2117 23:59:59 GMT\r\n\r\n",
    HEAD ("503 Service Unavailable") "Retry-After: 100\r\n\r\n",
    HEAD ("429 Too Many Requests") "Retry-After: soon\r\n\r\n",
    HEAD ("429 Too Many Requests") "\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Script script = { answers[i], NULL };
      g_autoptr(TestServer) server = test_server_new (NULL, play, &script);
      g_autofree char *word = g_strdup_printf ("told %" G_GSIZE_FORMAT, i);
      g_autofree char *caller = ch_pause_caller ("https://example.test", word);
      g_autofree char *somebody_else = ch_pause_caller ("https://else.test", word);
      g_autoptr(GError) first = NULL, second = NULL, other = NULL;

      g_assert_null (ask (server, "GET", FALSE, caller, &first));
      g_assert_null (ask (server, "POST", FALSE, caller, &second));
      g_assert_error (second, CH_ERROR, CH_ERROR_THROTTLED);
      g_assert_cmpuint (test_server_requests (server), ==, 1);
      g_assert_null (ask (server, "GET", FALSE, somebody_else, &other));
      g_assert_cmpuint (test_server_requests (server), ==, 2);
      g_free (script.seen);
    }
}

static gboolean
may_ask (const char *caller,
         gint64      now,
         const char *says)
{
  g_autoptr(GError) error = NULL;
  gboolean may = ch_pause_check (caller, now, "Example", &error);

  if (!may)
    {
      g_assert_error (error, CH_ERROR, CH_ERROR_THROTTLED);
      g_assert_nonnull (strstr (error->message, says));
    }
  return may;
}

static void
test_pauses (void)
{
  const gint64 second = G_USEC_PER_SEC, start = 1000 * second;

  g_assert_true (may_ask ("p", start, NULL));
  ch_pause_begin ("p", start, 5);
  g_assert_false (may_ask ("p", start, "5 seconds"));
  g_assert_false (may_ask ("p", start + 5 * second - 1, "1 second"));
  g_assert_true (may_ask ("p", start + 5 * second, NULL));
  g_assert_true (may_ask ("q", start, NULL));

  /* the longest counts */
  ch_pause_begin ("p", start, 50);
  ch_pause_begin ("p", start, 5);
  g_assert_false (may_ask ("p", start + 49 * second, "1 second"));

  /* and nobody can stop us for a year */
  ch_pause_begin ("year", start, G_MAXINT64);
  g_assert_false (may_ask ("year", start, "3600 seconds"));
}

static void
test_guessed_pauses (void)
{
  static const int seconds[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
  gint64 now = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      ch_pause_begin ("guess", now, -1);
      g_assert_false (may_ask ("guess", now + seconds[i] * G_USEC_PER_SEC - 1, "1 second"));
      now += seconds[i] * G_USEC_PER_SEC;
      g_assert_true (may_ask ("guess", now, NULL));
    }

  ch_pause_end ("guess");
  ch_pause_begin ("guess", now, -1);
  g_assert_true (may_ask ("guess", now + G_USEC_PER_SEC, NULL));
}

static void
test_many_callers (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *caller = g_strdup_printf ("caller %u", i);
      ch_pause_begin (caller, i * G_USEC_PER_SEC, 1);
      g_assert_false (may_ask (caller, i * G_USEC_PER_SEC, "1 second"));
    }
}

static void
test_callers_keep_no_secret (void)
{
  g_autofree char *one = ch_pause_caller ("https://a.test", "hunter2"), *same = ch_pause_caller ("https://a.test", "hunter2");
  g_autofree char *other = ch_pause_caller ("https://b.test", "hunter2"), *third = ch_pause_caller ("https://a.test", "hunter");

  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (one, !=, other);
  g_assert_cmpstr (one, !=, third);
  g_assert_null (strstr (one, "hunter"));
}

static JsonNode *
parse (const char *text,
       gssize      length,
       GError    **error)
{
  ChService service = { .name = "Example" };
  g_autoptr(GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GBytes) body = g_bytes_new (text, length >= 0 ? (gsize) length : strlen (text));
  ChHttpReply reply = { .status = 200, .headers = headers, .body = body };

  return ch_service_parse_json (&service, &reply, error);
}

static void
test_bad_json (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  const struct { const char *text; gssize length; int code; } cases[] = {
    { "{", -1, CH_ERROR_BAD_ANSWER },
    { "nonsense", -1, CH_ERROR_BAD_ANSWER },
    { "\"\xff\"", -1, CH_ERROR_BAD_ANSWER },
    { "\0\0", 2, CH_ERROR_BAD_ANSWER },
    { " ", -1, CH_ERROR_BAD_ANSWER },
    { deep, -1, CH_ERROR_BAD_ANSWER },
    { " \n<html>", -1, CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = parse (cases[i].text, cases[i].length, &error);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (node);
      g_assert_error (error, CH_ERROR, cases[i].code);
    }
}

static void
test_json (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) nothing = parse ("", -1, &error);
  g_autoptr(JsonNode) node = parse ("{\"text\": \"a\", \"number\": 7, \"digits\": \"12\", \"flag\": true, \"null\": null, "
                                    "\"real\": 1.5, \"object\": {\"text\": \"b\"}, \"array\": [{\"text\": \"c\"}, 3]}",
                                    -1, &error);
  g_assert_no_error (error);
  g_assert_null (ch_json_root_object (nothing));
  JsonObject *root = ch_json_root_object (node);

  g_assert_cmpstr (ch_json_get_text (root, "text"), ==, "a");
  g_assert_cmpint (ch_json_get_number (root, "number", -1), ==, 7);
  g_assert_cmpint (ch_json_get_number (root, "digits", -1), ==, 12);
  g_assert_true (ch_json_get_flag (root, "flag"));
  g_assert_cmpstr (ch_json_get_text (ch_json_get_object (root, "object"), "text"), ==, "b");
  g_assert_cmpuint (ch_json_get_length (root, "array"), ==, 2);
  g_assert_cmpstr (ch_json_get_text (ch_json_get_element (root, "array", 0), "text"), ==, "c");
  g_assert_null (ch_json_get_element (root, "array", 1));
  g_assert_null (ch_json_get_element (root, "array", 2));

  /* of another type than expected, or not there */
  static const char *const names[] = { "text", "number", "digits", "flag", "null", "real", "object", "array", "no" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_text = g_str_equal (names[i], "text") || g_str_equal (names[i], "digits");
      gboolean is_number = g_str_equal (names[i], "number") || g_str_equal (names[i], "digits");

      g_assert_cmpint (ch_json_get_text (root, names[i]) != NULL, ==, is_text);
      g_assert_cmpint (ch_json_get_number (root, names[i], -1) != -1, ==, is_number);
      g_assert_cmpint (ch_json_get_flag (root, names[i]), ==, g_str_equal (names[i], "flag"));
      g_assert_cmpint (ch_json_get_object (root, names[i]) != NULL, ==, g_str_equal (names[i], "object"));
      g_assert_cmpint (ch_json_get_array (root, names[i]) != NULL, ==, g_str_equal (names[i], "array"));
    }
  g_assert_null (ch_json_get_text (NULL, "text"));

  g_autoptr(GBytes) bytes = ch_json_to_bytes (json_object_ref (ch_json_get_object (root, "object")));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "{\"text\":\"b\"}", 12);
}

static void
test_words (void)
{
  g_autofree char *endless = g_strnfill (1000, 'x');
  g_autofree char *cut = ch_service_words (endless), *none = ch_service_words (NULL);
  g_autofree char *lines = ch_service_words (" one\ntwo\x1b[31m\xff ");

  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 201);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (lines, ==, "one two [31m\xef\xbf\xbd");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ch_http_prepare ();
  g_test_add_func ("/service/answers", test_answers);
  g_test_add_func ("/service/told-to-wait", test_told_to_wait);
  g_test_add_func ("/service/bad-json", test_bad_json);
  g_test_add_func ("/service/words", test_words);
  g_test_add_func ("/json/members", test_json);
  g_test_add_func ("/pause/told", test_pauses);
  g_test_add_func ("/pause/guessed", test_guessed_pauses);
  g_test_add_func ("/pause/many-callers", test_many_callers);
  g_test_add_func ("/pause/callers", test_callers_keep_no_secret);
  return g_test_run ();
}
