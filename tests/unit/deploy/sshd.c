/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sshd.h"

#include "stage.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SSHD "/usr/sbin/sshd"

static void
run (const char *const *argv)
{
  GSubprocessFlags quiet = G_SUBPROCESS_FLAGS_STDOUT_SILENCE;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv (argv, quiet, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

char *
test_sshd_keygen (const char *folder,
                  const char *name,
                  const char *type,
                  const char *passphrase)
{
  g_autofree char *path = test_path (folder, name);
  g_autofree char *public_path = g_strconcat (path, ".pub", NULL);
  g_autofree char *line = NULL;
  const char *argv[] = { "ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "", "-f", path, NULL };

  run (argv);
  g_assert_true (g_file_get_contents (public_path, &line, NULL, NULL));
  return g_strdup (g_strstrip (line));
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
wait_until_ready (TestSshd *sshd)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", sshd->port, NULL, NULL);

      if (connection != NULL)
        return;
      g_usleep (10 * 1000);
    }

  g_autofree char *log = NULL;
  g_file_get_contents (sshd->log, &log, NULL, NULL);
  g_error ("sshd does not start: %s", log);
}

static void
start (TestSshd   *sshd,
       const char *conf,
       const char *before)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *script = g_strdup_printf ("set -e; F=%s; mount --make-rprivate /; %s\nexec " SSHD " -D -e -f %s", sshd->folder,
                                             before != NULL ? before : "", conf);
  const char *plain[] = { SSHD, "-D", "-e", "-f", conf, NULL };
  const char *alone[] = { "unshare", "-m", "sh", "-c", script, NULL };
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_set_stderr_file_path (launcher, sshd->log);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  sshd->process = g_subprocess_launcher_spawnv (launcher, before != NULL ? alone : plain, &error);
  g_assert_no_error (error);
  wait_until_ready (sshd);
}

TestSshd *
test_sshd_new (const char *host_key_type,
               const char *lines,
               const char *before)
{
  if (!g_file_test (SSHD, G_FILE_TEST_IS_EXECUTABLE))
    {
      g_test_skip ("sshd is not installed");
      return NULL;
    }
  if (before != NULL && geteuid () != 0)
    {
      g_test_skip ("needs root");
      return NULL;
    }
  if (geteuid () == 0)
    g_mkdir ("/run/sshd", 0755);

  TestSshd *sshd = g_new0 (TestSshd, 1);
  sshd->folder = test_folder_new ();
  sshd->port = test_free_port ();
  sshd->log = test_path (sshd->folder, "sshd.log");
  sshd->host_key = test_sshd_keygen (sshd->folder, "host", host_key_type, "");
  g_autofree char *login = test_sshd_keygen (sshd->folder, "login", "ed25519", "");
  g_autofree char *conf = test_path (sshd->folder, "sshd_config");
  gboolean has_sftp = lines != NULL && strstr (lines, "Subsystem") != NULL;
  g_autofree char *text = g_strdup_printf (
    "%s\nPort %u\nListenAddress 127.0.0.1\nHostKey %s/host\nPidFile none\nUsePAM no\nStrictModes no\nLogLevel VERBOSE\n"
    "AuthorizedKeysFile %s/authorized_keys\n%s\nMaxStartups 200\n",
    lines != NULL ? lines : "", sshd->port, sshd->folder, sshd->folder, has_sftp ? "" : "Subsystem sftp internal-sftp");
  g_autofree char *port = g_strdup_printf ("%u", sshd->port);
  g_autofree char *key_path = test_path (sshd->folder, "login");
  g_autofree char *key = NULL;

  test_write (sshd->folder, "sshd_config", text);
  test_write (sshd->folder, "authorized_keys", login);
  g_assert_true (g_file_get_contents (key_path, &key, NULL, NULL));
  start (sshd, conf, before);

  sshd->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sshd->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sshd->access = (ChServerAccess) { .settings = sshd->settings, .secrets = sshd->secrets };
  test_sshd_set (sshd, "host", "127.0.0.1");
  test_sshd_set (sshd, "port", port);
  test_sshd_set (sshd, "user", g_get_user_name ());
  test_sshd_set (sshd, "auth", "key");
  test_sshd_set (sshd, "host-key", sshd->host_key);
  test_sshd_set_secret (sshd, "private-key", key);
  return sshd;
}

void
test_sshd_stop (TestSshd *sshd)
{
  if (sshd->process == NULL)
    return;

  g_subprocess_force_exit (sshd->process);
  g_subprocess_wait (sshd->process, NULL, NULL);
  g_clear_object (&sshd->process);
}

void
test_sshd_free (TestSshd *sshd)
{
  test_sshd_stop (sshd);
  g_hash_table_unref (sshd->settings);
  g_hash_table_unref (sshd->secrets);
  g_free (sshd->log);
  g_free (sshd->host_key);
  test_folder_free (sshd->folder);
  g_free (sshd);
}

void
test_sshd_set (TestSshd   *sshd,
               const char *name,
               const char *value)
{
  g_hash_table_insert (sshd->settings, g_strdup (name), g_strdup (value));
}

void
test_sshd_set_secret (TestSshd   *sshd,
                      const char *name,
                      const char *value)
{
  g_hash_table_insert (sshd->secrets, g_strdup (name), g_strdup (value));
}

guint
test_sshd_count (TestSshd   *sshd,
                 const char *text)
{
  g_autofree char *log = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (sshd->log, &log, NULL, NULL));
  for (const char *at = log; (at = strstr (at, text)) != NULL; at++)
    n++;

  return n;
}

/* ---- the proxy ---- */

struct _TestProxy
{
  GSocketListener *listener;
  GCancellable *stop;
  GThread *thread;
  guint16 port, to;
  gsize n_bytes;
};

/* Returns: whether it may go on */
static gboolean
hand_on (GSocket *from,
         GSocket *to,
         gsize   *left)
{
  char buffer[4096];
  gssize n = g_socket_receive (from, buffer, MIN (sizeof buffer, *left), NULL, NULL);

  *left -= (gsize) MAX (n, 0);
  return n > 0 && g_socket_send (to, buffer, (gsize) n, NULL, NULL) == n && *left > 0;
}

static void
serve (TestProxy         *proxy,
       GSocketConnection *from)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) to = g_socket_client_connect_to_host (client, "127.0.0.1", proxy->to, NULL, NULL);
  GSocket *a = g_socket_connection_get_socket (from), *b = g_socket_connection_get_socket (to);
  gsize left = proxy->n_bytes, back = G_MAXSSIZE;
  gboolean open = TRUE;

  while (open && !g_cancellable_is_cancelled (proxy->stop))
    {
      GPollFD fds[] = { { g_socket_get_fd (a), G_IO_IN, 0 }, { g_socket_get_fd (b), G_IO_IN, 0 } };

      g_poll (fds, 2, 100);
      open = (fds[0].revents == 0 || hand_on (a, b, &left)) && (fds[1].revents == 0 || hand_on (b, a, &back));
    }

  g_io_stream_close (G_IO_STREAM (from), NULL, NULL);
  g_io_stream_close (G_IO_STREAM (to), NULL, NULL);
}

static gpointer
proxy_run (gpointer data)
{
  TestProxy *proxy = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (proxy->listener, NULL, proxy->stop, NULL)) != NULL)
    {
      serve (proxy, connection);
      g_object_unref (connection);
    }

  return NULL;
}

TestProxy *
test_proxy_new (guint16 to,
                gsize   n_bytes)
{
  TestProxy *proxy = g_new0 (TestProxy, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;

  proxy->listener = g_socket_listener_new ();
  proxy->stop = g_cancellable_new ();
  proxy->to = to;
  proxy->n_bytes = n_bytes;
  g_assert_true (g_socket_listener_add_address (proxy->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &address, NULL));
  proxy->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  proxy->thread = g_thread_new ("proxy", proxy_run, proxy);
  return proxy;
}

guint16
test_proxy_port (TestProxy *proxy)
{
  return proxy->port;
}

void
test_proxy_free (TestProxy *proxy)
{
  g_cancellable_cancel (proxy->stop);
  g_thread_join (proxy->thread);
  g_object_unref (proxy->stop);
  g_object_unref (proxy->listener);
  g_free (proxy);
}
