/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stage.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

char *
test_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("chancery-deploy-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_remove (path);
}

void
test_folder_free (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

char *
test_path (const char *folder,
           const char *name)
{
  return g_build_filename (folder, name, NULL);
}

void
test_write (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = test_path (folder, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

void
test_assert_holds (const char *folder,
                   const char *name,
                   const char *text)
{
  g_autofree char *path = test_path (folder, name);
  g_autofree char *found = NULL;

  g_file_get_contents (path, &found, NULL, NULL);
  g_assert_cmpstr (found, ==, text);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

void
test_assert_names (const char *folder,
                   const char *names)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (found, g_strdup (name));
  g_ptr_array_sort (found, compare_names);
  g_ptr_array_add (found, NULL);

  g_autofree char *text = g_strjoinv (" ", (char **) found->pdata);
  g_assert_cmpstr (text, ==, names);
}

static char *
take_text (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

/* The issuer's name and key are for certificate and key themselves, where it has none. */
static TestCert *
make_cert (const char            *name,
           gnutls_pk_algorithm_t  algorithm,
           const TestCert        *issuer,
           gboolean               is_ca)
{
  TestCert *cert = g_new0 (TestCert, 1);
  gnutls_x509_privkey_t key, issuer_key;
  gnutls_x509_crt_t crt, issuer_crt;
  gnutls_datum_t pem, der;
  guint bits = algorithm == GNUTLS_PK_RSA ? 2048 : GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);

  gnutls_x509_privkey_init (&key);
  gnutls_x509_crt_init (&crt);
  gnutls_x509_privkey_init (&issuer_key);
  gnutls_x509_crt_init (&issuer_crt);
  g_assert_cmpint (gnutls_x509_privkey_generate (key, algorithm, bits, 0), ==, 0);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, "\x01", 1);
  gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name));
  gnutls_x509_crt_set_activation_time (crt, 1700000000);
  gnutls_x509_crt_set_expiration_time (crt, 2000000000);
  gnutls_x509_crt_set_key (crt, key);
  if (is_ca)
    gnutls_x509_crt_set_basic_constraints (crt, 1, -1);
  if (issuer != NULL)
    {
      gnutls_datum_t crt_pem = { (guint8 *) issuer->pem, strlen (issuer->pem) };
      gnutls_datum_t key_pem = { (guint8 *) issuer->key, strlen (issuer->key) };

      g_assert_cmpint (gnutls_x509_crt_import (issuer_crt, &crt_pem, GNUTLS_X509_FMT_PEM), ==, 0);
      g_assert_cmpint (gnutls_x509_privkey_import (issuer_key, &key_pem, GNUTLS_X509_FMT_PEM), ==, 0);
    }
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, issuer != NULL ? issuer_crt : crt, issuer != NULL ? issuer_key : key,
                                          GNUTLS_DIG_SHA256, 0), ==, 0);

  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  cert->pem = take_text (&pem);
  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                      &pem), ==, 0);
  cert->key = take_text (&pem);
  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der), ==, 0);
  cert->fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der.data, der.size);

  gnutls_free (der.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_crt_deinit (issuer_crt);
  gnutls_x509_privkey_deinit (issuer_key);
  return cert;
}

TestCert *
test_cert_new (const char            *name,
               gnutls_pk_algorithm_t  algorithm)
{
  return make_cert (name, algorithm, NULL, FALSE);
}

TestCert *
test_cert_issue (const char     *name,
                 const TestCert *issuer,
                 gboolean        is_ca)
{
  return make_cert (name, GNUTLS_PK_ECDSA, issuer, is_ca);
}

void
test_cert_free (TestCert *cert)
{
  g_free (cert->pem);
  g_free (cert->key);
  g_free (cert->fingerprint);
  g_free (cert);
}

guint16
test_free_port (void)
{
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                            NULL);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* A test that aborts takes its nginx with it. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
write_configuration (const char *folder,
                     guint16     port,
                     const char *tls_lines)
{
  g_autofree char *text = g_strdup_printf (
    "daemon off; user root; worker_processes 1; pid %1$s/nginx.pid; error_log %1$s/error.log;\n"
    "events { }\n"
    "http {\n"
    "  access_log off; client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2; fastcgi_temp_path %1$s/t3;\n"
    "  uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5;\n"
    "  server { listen 127.0.0.1:%2$u ssl; %3$s }\n"
    "}\n", folder, port, tls_lines);

  test_write (folder, "nginx.conf", text);
}

static void
wait_until_listening (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  for (int i = 0; i < 500 && connection == NULL; i++)
    {
      connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
      if (connection == NULL)
        g_usleep (10000);
    }
  g_assert_nonnull (connection);
}

TestNginx *
test_nginx_new (const char *folder,
                const char *tls_lines)
{
  g_autofree char *program = g_find_program_in_path ("nginx");
  g_autofree char *configuration = test_path (folder, "nginx.conf");
  g_autofree char *log = test_path (folder, "error.log");
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GError) error = NULL;

  if (program == NULL)
    program = g_file_test ("/usr/sbin/nginx",
                           G_FILE_TEST_IS_EXECUTABLE) ? g_strdup ("/usr/sbin/nginx") : NULL;
  if (program == NULL)
    {
      g_test_skip ("nginx is not installed");
      return NULL;
    }

  TestNginx *nginx = g_new0 (TestNginx, 1);
  nginx->port = test_free_port ();
  write_configuration (folder, nginx->port, tls_lines);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  nginx->process = g_subprocess_launcher_spawn (launcher, &error, program, "-e", log, "-c", configuration,
                                                NULL);
  g_assert_no_error (error);
  wait_until_listening (nginx->port);
  return nginx;
}

void
test_nginx_free (TestNginx *nginx)
{
  g_subprocess_send_signal (nginx->process, SIGTERM);
  g_subprocess_wait (nginx->process, NULL, NULL);
  g_object_unref (nginx->process);
  g_free (nginx);
}
