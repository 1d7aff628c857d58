/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/install.h"

#include "lib/error.h"
#include "stage.h"

#include <signal.h>
#include <string.h>

static gboolean
test_prove (const ChEndpoint *endpoint,
            const char       *fingerprint,
            GCancellable     *cancellable,
            GError          **error)
{
  ChExpected expected = { fingerprint, NULL };

  return ch_prove (endpoint, &expected, NULL, cancellable, error);
}

static void
test_look (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) cert = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *lines = g_strdup_printf ("ssl_certificate %1$s/c.pem; ssl_certificate_key %1$s/k.pem;",
                                            folder);
  g_autoptr(GError) error = NULL;

  test_write (folder, "c.pem", cert->pem);
  test_write (folder, "k.pem", cert->key);
  g_autoptr(TestNginx) nginx = test_nginx_new (folder, lines);
  if (nginx == NULL)
    return;

  ChEndpoint endpoint = { "127.0.0.1", nginx->port, "www.example.test" };
  g_autoptr(GPtrArray) seen = ch_prove_look (&endpoint, NULL, NULL, &error);
  g_assert_no_error (error);
  const ChServed *served = ((const ChSeen *) g_ptr_array_index (seen, 0))->served;
  g_assert_cmpstr (served->leaf->fingerprint, ==, cert->fingerprint);
  g_assert_cmpstr (served->leaf->subject, ==, "CN=www.example.test");
  g_assert_cmpint (served->leaf->not_after, ==, 2000000000);
  g_assert_cmpuint (served->certificates->len, ==, 1);

  g_assert_true (test_prove (&endpoint, cert->fingerprint, NULL, &error));
  endpoint.sni = NULL;
  g_assert_true (test_prove (&endpoint, cert->fingerprint, NULL, &error));
  endpoint.host = "localhost";
  g_assert_true (test_prove (&endpoint, cert->fingerprint, NULL, &error));
  g_assert_no_error (error);
}

static void
test_other_is_served (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) cert = test_cert_new ("old.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *lines = g_strdup_printf ("ssl_certificate %1$s/c.pem; ssl_certificate_key %1$s/k.pem;",
                                            folder);
  g_autoptr(GError) error = NULL;

  test_write (folder, "c.pem", cert->pem);
  test_write (folder, "k.pem", cert->key);
  g_autoptr(TestNginx) nginx = test_nginx_new (folder, lines);
  if (nginx == NULL)
    return;

  ChEndpoint endpoint = { "127.0.0.1", nginx->port, "www.example.test" };
  g_assert_false (test_prove (&endpoint, "00", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SERVED);
  g_assert_nonnull (strstr (error->message, "CN=old.example.test"));
  g_assert_nonnull (strstr (error->message, "2033-05-18"));
  g_assert_nonnull (strstr (error->message, "(as www.example.test)"));
}

/* The name that is asked for decides what is served. */
static void
test_sni (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) one = test_cert_new ("one.example.test", GNUTLS_PK_ECDSA);
  g_autoptr(TestCert) two = test_cert_new ("two.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *lines = g_strdup_printf (
    "ssl_certificate %1$s/$ssl_server_name.pem; ssl_certificate_key %1$s/$ssl_server_name.key;",
    folder);
  g_autoptr(GError) error = NULL;

  test_write (folder, "one.example.test.pem", one->pem);
  test_write (folder, "one.example.test.key", one->key);
  test_write (folder, "two.example.test.pem", two->pem);
  test_write (folder, "two.example.test.key", two->key);
  g_autoptr(TestNginx) nginx = test_nginx_new (folder, lines);
  if (nginx == NULL)
    return;

  ChEndpoint first = { "127.0.0.1", nginx->port, "one.example.test" };
  ChEndpoint second = { "127.0.0.1", nginx->port, "two.example.test" };
  test_prove (&first, one->fingerprint, NULL, &error);
  g_assert_no_error (error);
  test_prove (&second, two->fingerprint, NULL, &error);
  g_assert_no_error (error);
}

static void
test_two_kinds_of_key (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) rsa = test_cert_new ("www.example.test", GNUTLS_PK_RSA);
  g_autoptr(TestCert) ec = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *lines = g_strdup_printf (
    "ssl_certificate %1$s/rsa.pem; ssl_certificate_key %1$s/rsa.key; "
    "ssl_certificate %1$s/ec.pem; ssl_certificate_key %1$s/ec.key;", folder);
  g_autoptr(GError) error = NULL;

  test_write (folder, "rsa.pem", rsa->pem);
  test_write (folder, "rsa.key", rsa->key);
  test_write (folder, "ec.pem", ec->pem);
  test_write (folder, "ec.key", ec->key);
  g_autoptr(TestNginx) nginx = test_nginx_new (folder, lines);
  if (nginx == NULL)
    return;

  ChEndpoint endpoint = { "127.0.0.1", nginx->port, "www.example.test" };
  test_prove (&endpoint, rsa->fingerprint, NULL, &error);
  g_assert_no_error (error);
  test_prove (&endpoint, ec->fingerprint, NULL, &error);
  g_assert_no_error (error);
}

/* Old and new workers of nginx serve side by side for a moment; proven means that the old ones are gone. */
static void
test_graceful_reload (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) before = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  g_autoptr(TestCert) after = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *lines = g_strdup_printf ("ssl_certificate %1$s/c.pem; ssl_certificate_key %1$s/k.pem;",
                                            folder);
  g_autoptr(GError) error = NULL;

  test_write (folder, "c.pem", before->pem);
  test_write (folder, "k.pem", before->key);
  g_autoptr(TestNginx) nginx = test_nginx_new (folder, lines);
  if (nginx == NULL)
    return;

  test_write (folder, "c.pem", after->pem);
  test_write (folder, "k.pem", after->key);
  g_subprocess_send_signal (nginx->process, SIGHUP);

  ChEndpoint endpoint = { "127.0.0.1", nginx->port, "www.example.test" };
  g_assert_true (test_prove (&endpoint, after->fingerprint, NULL, &error));
  for (int i = 0; i < 30; i++)
    {
      g_autoptr(GPtrArray) seen = ch_prove_look (&endpoint, NULL, NULL, &error);
      g_assert_no_error (error);
      const ChServed *served = ((const ChSeen *) g_ptr_array_index (seen, 0))->served;
      g_assert_cmpstr (served->leaf->fingerprint, ==, after->fingerprint);
    }
}

static void
test_unreachable (void)
{
  ChEndpoint endpoint = { "127.0.0.1", test_free_port (), NULL };
  g_autofree char *port = g_strdup_printf ("127.0.0.1:%u", endpoint.port);
  g_autoptr(GError) error = NULL;

  g_assert_false (test_prove (&endpoint, "00", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, port));
  g_clear_error (&error);

  endpoint.host = "no-such-host.invalid";
  g_assert_null (ch_prove_look (&endpoint, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
}

/* ---- servers that speak something else ---- */

static gboolean
answer_cb (GThreadedSocketService *service,
           GSocketConnection      *connection,
           GObject                *source,
           gpointer                data)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char buffer[512];
  gpointer *what = data;

  if (g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL) <= 0)
    return TRUE;

  if (what[0] != NULL)
    g_output_stream_write_all (out, what[0], strlen (what[0]), NULL, NULL, NULL);
  else if (what[1] != NULL)
    {
      /* Whoever waits goes on, and lets go of it, before cancelling is done with it. */
      g_autoptr(GCancellable) cancellable = g_object_ref (what[1]);
      g_cancellable_cancel (cancellable);
      /* Says nothing until the other side has gone. */
      while (g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL) > 0)
        ;
    }

  return TRUE;
}

/* Threaded and accepting in a context that a thread turns, since the test itself blocks. */
typedef struct
{
  GSocketService *service;
  GMainLoop *loop;
  GThread *thread;
  guint16 port;
} Server;

static gpointer
run_loop (gpointer loop)
{
  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (loop));
  return NULL;
}

static void
server_start (Server   *server,
              gpointer *what)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;

  g_main_context_push_thread_default (context);
  server->service = g_threaded_socket_service_new (4);
  g_signal_connect (server->service, "run", G_CALLBACK (answer_cb), what);
  g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL);
  g_assert_nonnull (bound);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_socket_service_start (server->service);
  g_main_context_pop_thread_default (context);

  server->loop = g_main_loop_new (context, FALSE);
  server->thread = g_thread_new ("server", run_loop, server->loop);
}

static void
server_stop (Server *server)
{
  g_main_loop_quit (server->loop);
  g_thread_join (server->thread);
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  while (g_main_context_iteration (g_main_loop_get_context (server->loop), FALSE))
    ;
  g_object_unref (server->service);
  g_main_loop_unref (server->loop);
}

static void
test_no_tls (void)
{
  static const char *const answers[] = { "HTTP/1.0 400 Bad Request\r\n\r\n", "\x15\x03\x03\xff\xff", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      gpointer what[] = { (char *) answers[i], NULL };
      Server server;
      g_autoptr(GError) error = NULL;

      server_start (&server, what);
      ChEndpoint endpoint = { "127.0.0.1", server.port, NULL };
      g_assert_null (ch_prove_look (&endpoint, NULL, NULL, &error));
      g_assert_true (g_error_matches (error, CH_ERROR, CH_ERROR_BAD_ANSWER)
                     || g_error_matches (error, CH_ERROR, CH_ERROR_UNREACHABLE));
      server_stop (&server);
    }
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gpointer what[] = { NULL, cancellable };
  Server server;
  g_autoptr(GError) error = NULL;

  server_start (&server, what);
  ChEndpoint endpoint = { "127.0.0.1", server.port, NULL };
  g_assert_false (test_prove (&endpoint, "00", cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  server_stop (&server);
}

/* Refused for want of a client certificate, but only after the server has shown its own. */
static void
test_client_certificate_wanted (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestCert) cert = test_cert_new ("www.example.test", GNUTLS_PK_ECDSA);
  g_autofree char *c = test_path (folder, "c.pem");
  g_autofree char *k = test_path (folder, "k.pem");
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  static const char *const versions[] = { "-tls1_2", "-tls1_3" };

  if (openssl == NULL)
    {
      g_test_skip ("openssl is not installed");
      return;
    }

  test_write (folder, "c.pem", cert->pem);
  test_write (folder, "k.pem", cert->key);
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      ChEndpoint endpoint = { "127.0.0.1", test_free_port (), NULL };
      g_autofree char *accept = g_strdup_printf ("127.0.0.1:%u", endpoint.port);
      g_autoptr(GError) error = NULL;
      g_autoptr(GSubprocess) server = g_subprocess_new (
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
        openssl, "s_server", "-accept", accept, "-cert", c, "-key", k, "-Verify", "1", "-verify_return_error",
        versions[i], "-quiet", NULL);

      g_assert_no_error (error);
      test_prove (&endpoint, cert->fingerprint, NULL, &error);
      g_assert_no_error (error);
      g_subprocess_force_exit (server);
      g_subprocess_wait (server, NULL, NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/prove/look", test_look);
  g_test_add_func ("/deploy/prove/other-is-served", test_other_is_served);
  g_test_add_func ("/deploy/prove/sni", test_sni);
  g_test_add_func ("/deploy/prove/two-kinds-of-key", test_two_kinds_of_key);
  g_test_add_func ("/deploy/prove/graceful-reload", test_graceful_reload);
  g_test_add_func ("/deploy/prove/unreachable", test_unreachable);
  g_test_add_func ("/deploy/prove/no-tls", test_no_tls);
  g_test_add_func ("/deploy/prove/cancelled", test_cancelled);
  g_test_add_func ("/deploy/prove/client-certificate-wanted", test_client_certificate_wanted);
  return g_test_run ();
}
