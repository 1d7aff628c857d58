/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authority.h"
#include "server.h"

#include "net/http.h"

#include "lib/error.h"

#include <string.h>

static TestAuthority *authority;

typedef struct
{
  TestServer *server;
  char *url;
  char *seen;               /* head and body of the last request */
  GCancellable *cancellable;
} World;

static void
world_start (World           *world,
             GTlsCertificate *certificate,
             TestScript       script)
{
  world->cancellable = g_cancellable_new ();
  world->server = test_server_new (certificate, script, world);
  world->url = g_strdup_printf ("http%s://127.0.0.1:%u", certificate != NULL ? "s" : "",
                                test_server_port (world->server));
}

static void
world_stop (World *world)
{
  test_server_free (world->server);
  g_free (world->url);
  g_free (world->seen);
  g_object_unref (world->cancellable);
}

static ChHttpReply *
ask (World        *world,
     const ChHttp *http,
     GError      **error)
{
  static const char *const headers[] = { "X-Token", "hunter2", NULL };
  g_autoptr(GBytes) body = g_bytes_new_static ("the body", 8);
  ChHttpRequest request = {
    .method = "POST", .path = "/a%2Fb?c=%20d", .headers = headers, .content_type = "text/plain", .body = body,
  };

  return ch_http_send (http, &request, world->cancellable, error);
}

static ChHttpReply *
ask_world (World       *world,
           const char  *ca_pem,
           GError     **error)
{
  ChHttp http = { .base_url = world->url, .ca_pem = ca_pem };
  return ask (world, &http, error);
}

static void
assert_refused (ChHttpReply  *reply,
                const GError *error,
                ChError       code,
                const char   *says)
{
  g_assert_null (reply);
  g_assert_error (error, CH_ERROR, (int) code);
  g_assert_null (strstr (error->message, "hunter2"));
  if (says != NULL && strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* ---- scripts ---- */

static void
answer_script (const TestRequest *request,
               gpointer           data)
{
  World *world = data;

  g_free (world->seen);
  world->seen = g_strconcat (request->head, request->body, NULL);
  test_answer (request, 200, "Text/XML; charset=utf-8", "hello");
}

static void
redirect_script (const TestRequest *request,
                 gpointer           data)
{
  World *world = data;
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 302 Found\r\nLocation: %s/other\r\nSet-Cookie: a=b\r\n"
                                           "Content-Length: 0\r\n\r\n", world->url);
  test_send (request, text);
}

static void
unauthorized_script (const TestRequest *request,
                     gpointer           data)
{
  test_send (request, "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
}

static void
close_script (const TestRequest *request,
              gpointer           data)
{
}

static void
half_script (const TestRequest *request,
             gpointer           data)
{
  test_send (request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part");
}

static void
half_chunk_script (const TestRequest *request,
                   gpointer           data)
{
  test_send (request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nonly a part");
}

static void
garbage_script (const TestRequest *request,
                gpointer           data)
{
  test_send (request, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
}

static void
huge_script (const TestRequest *request,
             gpointer           data)
{
  GOutputStream *out = g_io_stream_get_output_stream (request->connection);
  g_autofree char *block = g_malloc0 (64 * 1024);

  test_send (request, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n");
  while (g_output_stream_write_all (out, block, 64 * 1024, NULL, NULL, NULL))
    ;
}

static void
silent_script (const TestRequest *request,
               gpointer           data)
{
  test_wait_for_close (request);
}

static void
stalled_script (const TestRequest *request,
                gpointer           data)
{
  test_send (request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part");
  test_wait_for_close (request);
}

static void
cancel_script (const TestRequest *request,
               gpointer           data)
{
  World *world = data;

  g_cancellable_cancel (world->cancellable);
  test_wait_for_close (request);
}

static void
proxy_refusal_script (const TestRequest *request,
                      gpointer           data)
{
  g_assert_true (g_str_has_prefix (request->head, "CONNECT "));
  test_answer (request, 403, "text/html", "not this host");
}

/* ---- cases ---- */

static void
check_answer (GTlsCertificate *certificate)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, certificate, answer_script);
  g_autoptr(ChHttpReply) reply = ask_world (&world, test_authority_pem (authority), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->content_type, ==, "text/xml");
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "hello", 5);
  g_assert_cmpstr (g_hash_table_lookup (reply->headers, "x-twice"), ==, "one, two");

  g_assert_true (g_str_has_prefix (world.seen, "POST /a%2Fb?c=%20d HTTP/1.1\r\n"));
  g_assert_true (g_str_has_suffix (world.seen, "\r\n\r\nthe body"));
  g_assert_nonnull (strstr (world.seen, "\r\nX-Token: hunter2\r\n"));
  g_assert_nonnull (strstr (world.seen, "\r\nUser-Agent: Chancery/"));
  g_assert_null (strstr (world.seen, "Accept-Encoding"));
  world_stop (&world);
}

static void
test_answer_plain (void)
{
  check_answer (NULL);
}

static void
test_answer_tls (void)
{
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "127.0.0.1", -60, 3600);
  check_answer (certificate);
}

/* an extra anchor that is not the right one, beside the right one */
static void
test_second_anchor (void)
{
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "127.0.0.1", -60, 3600);
  g_autoptr(TestAuthority) other = test_authority_new ();
  g_autofree char *both = g_strconcat (test_authority_pem (other), test_authority_pem (authority), NULL);
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, certificate, answer_script);
  g_autoptr(ChHttpReply) reply = ask_world (&world, both, &error);
  g_assert_no_error (error);
  g_assert_nonnull (reply);
  world_stop (&world);
}

static void
test_untrusted (void)
{
  static const struct { const char *host; int from, until; gboolean anchor; const char *says; } cases[] = {
    { "127.0.0.1", -60, 3600, FALSE, "not trusted here" },
    { "other.example", -60, 3600, TRUE, "another name" },
    { "127.0.0.1", -3600, -60, TRUE, "expired" },
    { "127.0.0.1", 3600, 7200, TRUE, "not valid yet" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, cases[i].host, cases[i].from,
                                                                     cases[i].until);
      g_autoptr(TestAuthority) other = test_authority_new ();
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, certificate, answer_script);
      g_autoptr(ChHttpReply) reply = ask_world (&world, test_authority_pem (cases[i].anchor ? authority : other), &error);
      assert_refused (reply, error, CH_ERROR_TLS, cases[i].says);
      g_assert_cmpuint (test_server_requests (world.server), ==, 0);
      world_stop (&world);
    }
}

static void
test_system_anchors_only (void)
{
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "127.0.0.1", -60, 3600);
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, certificate, answer_script);
  g_autoptr(ChHttpReply) reply = ask_world (&world, NULL, &error);
  assert_refused (reply, error, CH_ERROR_TLS, "not trusted here");
  world_stop (&world);
}

static void
test_bad_anchors (void)
{
  static const char *const cases[] = {
    "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, NULL, answer_script);
      g_autoptr(ChHttpReply) reply = ask_world (&world, cases[i], &error);
      assert_refused (reply, error, CH_ERROR_INVALID, "not PEM");
      world_stop (&world);
    }
}

/* the answer is not there, not whole, or not HTTP: it was asked, so nobody knows */
static void
test_lost_answers (void)
{
  static const TestScript scripts[] = { close_script, half_script, half_chunk_script, garbage_script };
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "127.0.0.1", -60, 3600);

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, i % 2 ? certificate : NULL, scripts[i / 2]);
      g_autoptr(ChHttpReply) reply = ask_world (&world, test_authority_pem (authority), &error);
      assert_refused (reply, error, CH_ERROR_UNKNOWN_OUTCOME, "no whole answer");
      g_assert_cmpuint (test_server_requests (world.server), ==, 1);
      world_stop (&world);
    }
}

static void
test_huge (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, NULL, huge_script);
  g_autoptr(ChHttpReply) reply = ask_world (&world, NULL, &error);
  assert_refused (reply, error, CH_ERROR_BAD_ANSWER, "4096 KiB");
  world_stop (&world);
}

static void
test_slow (void)
{
  static const TestScript scripts[] = { silent_script, stalled_script };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, NULL, scripts[i]);
      ChHttp http = { .base_url = world.url, .timeout = 1 };
      g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);
      assert_refused (reply, error, CH_ERROR_UNKNOWN_OUTCOME, NULL);
      world_stop (&world);
    }
}

static void
test_not_followed (void)
{
  static const struct { TestScript script; guint status; } cases[] = {
    { redirect_script, 302 }, { unauthorized_script, 401 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, NULL, cases[i].script);
      g_autoptr(ChHttpReply) reply = ask_world (&world, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      g_assert_cmpuint (test_server_requests (world.server), ==, 1);
      world_stop (&world);
    }
}

static void
test_cancel (void)
{
  for (int before = 0; before < 2; before++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, NULL, cancel_script);
      if (before)
        g_cancellable_cancel (world.cancellable);
      g_autoptr(ChHttpReply) reply = ask_world (&world, NULL, &error);
      assert_refused (reply, error, CH_ERROR_CANCELLED, NULL);
      world_stop (&world);
    }
}

static void
test_unreachable (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  /* a port that was ours a moment ago: nobody listens */
  world_start (&world, NULL, answer_script);
  g_autofree char *url = g_strdup (world.url);
  world_stop (&world);

  world.cancellable = NULL;
  ChHttp http = { .base_url = url };
  g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);
  assert_refused (reply, error, CH_ERROR_UNREACHABLE, "cannot be reached");
}

static void
test_not_tls (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, NULL, garbage_script);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", test_server_port (world.server));
  ChHttp http = { .base_url = url, .timeout = 1 };
  g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);
  assert_refused (reply, error, CH_ERROR_UNREACHABLE, NULL);
  world_stop (&world);
}

static void
test_no_url (void)
{
  static const char *const cases[] = { "", "ftp://127.0.0.1", "https://", "not a url" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };
      ChHttp http = { .base_url = cases[i] };
      g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);

      assert_refused (reply, error, CH_ERROR_INVALID, NULL);
    }
}

static void
test_proxy (void)
{
  g_autoptr(GError) error = NULL;
  World world = { NULL };

  world_start (&world, NULL, answer_script);
  ChHttp http = { .base_url = "http://ca.example", .proxy = world.url };
  g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (world.seen, "POST http://ca.example/a%2Fb?c=%20d HTTP/1.1\r\n"));
  world_stop (&world);
}

/* a proxy that opens no tunnel: nothing went to the service, and what it says is no answer of the service */
static void
test_proxy_refuses (void)
{
  static const TestScript scripts[] = { proxy_refusal_script, close_script };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(GError) error = NULL;
      World world = { NULL };

      world_start (&world, NULL, scripts[i]);
      ChHttp http = { .base_url = "https://ca.example", .proxy = world.url };
      g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);
      assert_refused (reply, error, CH_ERROR_UNREACHABLE, NULL);
      world_stop (&world);
    }
}

static void
test_proxy_field (void)
{
  static const struct { const char *value; gboolean good; } cases[] = {
    { "http://proxy.example:3128", TRUE }, { "http://10.0.0.1:3128/", TRUE }, { "http://[::1]:3128", TRUE },
    { "http://proxy.example", FALSE }, { "https://proxy.example:3128", FALSE },
    { "socks5://proxy.example:1", FALSE },
    { "http://user:pass@proxy.example:3128", FALSE }, { "http://:3128", FALSE },
    { "proxy.example:3128", FALSE },
    { "http://proxy.example:3128/path", FALSE }, { "http://proxy.example:3128/?q", FALSE }, { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (ch_http_check_proxy (cases[i].value, &error), ==, cases[i].good);
      g_assert_cmpint (g_error_matches (error, CH_ERROR, CH_ERROR_INVALID), ==, !cases[i].good);
    }
}

static void
test_reply_time (void)
{
  static const struct { const char *date; gint64 time; } cases[] = {
    { "Sun, 30 Aug 2015 12:36:00 GMT", 1440938160 },
    { "yesterday", 0 },
    { "", 0 },
    { NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      ChHttpReply reply = { .headers = headers };

      if (cases[i].date != NULL)
        g_hash_table_insert (headers, (gpointer) "date", (gpointer) cases[i].date);
      g_assert_cmpint (ch_http_reply_time (&reply), ==, cases[i].time);
    }
}

/* The name of the URL is asked for, in the request and in TLS, at an address that it does not have. */
static void
answer_host (const TestRequest *request,
             gpointer           data)
{
  test_answer (request, strstr (request->head, "\r\nHost: www.example.test") != NULL ? 200 : 400, "text/plain", "pinned");
}

static void
test_pinned (void)
{
  g_autoptr(GTlsCertificate) certificate = test_authority_issue (authority, "www.example.test", -60, 3600);
  g_autoptr(GTlsCertificate) other = test_authority_issue (authority, "other.example.test", -60, 3600);
  g_autoptr(GInetAddress) here = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  for (int i = 0; i < 3; i++)
    {
      World world = { 0 };
      g_autoptr(GError) error = NULL;

      world_start (&world, i == 0 ? certificate : other, answer_host);
      g_autofree char *url = g_strdup_printf ("https://www.example.test:%u", test_server_port (world.server));
      ChHttp http = { .base_url = url, .ca_pem = test_authority_pem (authority), .address = here, .any_certificate = i == 2,
                      .proxy = "http://127.0.0.1:1" };
      g_autoptr(ChHttpReply) reply = ask (&world, &http, &error);

      if (i == 1)
        g_assert_error (error, CH_ERROR, CH_ERROR_TLS);
      else
        {
          g_assert_no_error (error);
          g_assert_cmpuint (reply->status, ==, 200);
        }
      world_stop (&world);
    }
}

int
main (int    argc,
      char **argv)
{
  ch_http_prepare ();
  g_unsetenv ("http_proxy");
  g_unsetenv ("https_proxy");
  g_test_init (&argc, &argv, NULL);
  authority = test_authority_new ();
  g_test_add_func ("/http/answer/plain", test_answer_plain);
  g_test_add_func ("/http/answer/tls", test_answer_tls);
  g_test_add_func ("/http/tls/second-anchor", test_second_anchor);
  g_test_add_func ("/http/tls/untrusted", test_untrusted);
  g_test_add_func ("/http/tls/system-anchors", test_system_anchors_only);
  g_test_add_func ("/http/tls/bad-anchors", test_bad_anchors);
  g_test_add_func ("/http/tls/none", test_not_tls);
  g_test_add_func ("/http/lost-answers", test_lost_answers);
  g_test_add_func ("/http/huge", test_huge);
  g_test_add_func ("/http/slow", test_slow);
  g_test_add_func ("/http/not-followed", test_not_followed);
  g_test_add_func ("/http/cancel", test_cancel);
  g_test_add_func ("/http/unreachable", test_unreachable);
  g_test_add_func ("/http/no-url", test_no_url);
  g_test_add_func ("/http/reply-time", test_reply_time);
  g_test_add_func ("/http/pinned", test_pinned);
  g_test_add_func ("/http/proxy/used", test_proxy);
  g_test_add_func ("/http/proxy/refuses", test_proxy_refuses);
  g_test_add_func ("/http/proxy/field", test_proxy_field);

  int result = g_test_run ();
  test_authority_free (authority);
  return result;
}
