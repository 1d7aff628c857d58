/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "deploy/fd.h"
#include "lib/error.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define HANDSHAKE_SECONDS 30

void
ch_ssh_free (ChSsh *ssh)
{
  g_clear_pointer (&ssh->sftp, sftp_free);
  if (ssh->session != NULL)
    {
      ssh_disconnect (ssh->session);
      ssh_free (ssh->session);
    }
  if (ssh->fd >= 0)
    close (ssh->fd);
  g_clear_pointer (&ssh->tunnel, ch_ssh_tunnel_free);
  g_free (ssh->where);
  g_free (ssh->id);
  g_free (ssh);
}

gboolean
ch_ssh_is_cut (ChSsh *ssh)
{
  char byte;

  return g_atomic_int_get (&ssh->timed_out) || g_cancellable_is_cancelled (ssh->cancellable)
         || !ssh_is_connected (ssh->session)
         || recv (ssh->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

gboolean
ch_ssh_fail (ChSsh   *ssh,
             GError **error)
{
  ssh->broken = TRUE;
  if (g_cancellable_is_cancelled (ssh->cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Talking to “%s” was cancelled"), ssh->where);
  if (g_atomic_int_get (&ssh->timed_out))
    return ch_error_set (error, CH_ERROR_TRANSIENT, _("“%s” has stopped answering"), ssh->where);
  if (ch_ssh_is_cut (ssh))
    return ch_error_set (error, CH_ERROR_TRANSIENT, _("The connection to “%s” was cut"), ssh->where);

  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("“%s” gives an answer that makes no sense: %s"), ssh->where,
                       ssh_get_error (ssh->session));
}

/* ---- the socket ---- */

/* A peer that has gone is noticed after half a minute. */
static void
keep_alive (int fd)
{
  const struct { int level, option, value; } options[] = {
    { SOL_SOCKET, SO_KEEPALIVE, 1 },
    { IPPROTO_TCP, TCP_KEEPIDLE, 15 },
    { IPPROTO_TCP, TCP_KEEPINTVL, 5 },
    { IPPROTO_TCP, TCP_KEEPCNT, 3 },
    { IPPROTO_TCP, TCP_USER_TIMEOUT, 30 * 1000 },
    { IPPROTO_TCP, TCP_NODELAY, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    (void) setsockopt (fd, options[i].level, options[i].option, &options[i].value, sizeof options[i].value);
}

static int
connect_socket (const char    *host,
                guint          port,
                guint          seconds,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) local = NULL;

  g_socket_client_set_timeout (client, seconds);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr(GSocketConnectable) address = g_network_address_new (host, (guint16) port);
  g_autoptr(GSocketConnection) connection = g_socket_client_connect (client, address, cancellable, &local);
  if (connection == NULL)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        ch_error_set (error, CH_ERROR_CANCELLED, _("Connecting to %s was cancelled"), host);
      else
        ch_error_set (error, CH_ERROR_UNREACHABLE, _("No connection to %s, port %u: %s"), host, port, local->message);
      return -1;
    }

  int fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 3);
  if (fd >= 0)
    keep_alive (fd);
  else
    ch_error_set (error, CH_ERROR_FAILED, _("Too many files are open"));
  return fd;
}

/* ---- the host key ---- */

/* A fingerprint does not tell the type of its key, so each type is asked for; a server has one key of a type. */
static gboolean
is_possible_type (const char *pinned,
                  const char *types)
{
  if (g_str_has_prefix (pinned, "SHA256:"))
    return TRUE;
  if (g_str_has_prefix (pinned, "ssh-rsa "))
    return g_str_has_prefix (types, "rsa-");

  return g_str_has_prefix (pinned, types) && pinned[strlen (types)] == ' ';
}

static char *
fingerprint_of (const char *pinned)
{
  if (g_str_has_prefix (pinned, "SHA256:"))
    return g_strdup (pinned);

  g_auto(GStrv) words = g_strsplit (pinned, " ", 3);
  ssh_key key = NULL;

  if (g_strv_length (words) < 2
      || ssh_pki_import_pubkey_base64 (words[1], ssh_key_type_from_name (words[0]), &key) != SSH_OK)
    return g_strdup (pinned);

  char *fingerprint = ch_ssh_key_fingerprint (key);
  ssh_key_free (key);
  return fingerprint;
}

/* Returns: whether it is the right one; if not, @seen: (out): another one's fingerprint */
static gboolean
is_right_host (ChSsh       *ssh,
               const char  *pinned,
               char       **seen)
{
  ssh_key key = NULL;

  if (ssh_get_server_publickey (ssh->session, &key) != SSH_OK)
    return FALSE;

  gboolean right = ch_ssh_key_matches (key, pinned);
  if (!right && *seen == NULL)
    *seen = ch_ssh_key_fingerprint (key);
  ssh_key_free (key);
  return right;
}

/* ---- together ---- */

static guint
number (const ChServerAccess *access,
        const char           *name)
{
  return (guint) g_ascii_strtoull (ch_fields_get (ch_ssh_fields, access->settings, name), NULL, 10);
}

static ChSsh *
open_transport (const ChServerAccess  *access,
                GCancellable          *cancellable,
                GError               **error)
{
  const char *host = ch_fields_get (ch_ssh_fields, access->settings, "host");
  const char *user = ch_fields_get (ch_ssh_fields, access->settings, "user");
  ChSsh *ssh = g_new0 (ChSsh, 1);

  ssh->where = user != NULL ? g_strdup_printf ("%s@%s", user, host) : g_strdup (host);
  ssh->fd = -1;
  if (access->via != NULL)
    ssh->tunnel = ch_ssh_tunnel_new (access->via, host, number (access, "port"), &ssh->fd, cancellable, error);
  else
    ssh->fd = connect_socket (host, number (access, "port"), number (access, "connect-timeout"), cancellable, error);
  if (ssh->fd >= 0)
    return ssh;

  ch_ssh_free (ssh);
  return NULL;
}

/* libssh closes the descriptor that it is given, sometimes; it gets one of its own. */
static gboolean
hand_shake (ChSsh                *ssh,
            const ChServerAccess *access,
            const char           *types,
            GError              **error)
{
  const char *user = ch_fields_get (ch_ssh_fields, access->settings, "user");
  int fd = fcntl (ssh->fd, F_DUPFD_CLOEXEC, 3);

  ssh->session = ssh_new ();
  if (fd < 0 || ssh->session == NULL)
    return ch_error_set (error, CH_ERROR_FAILED, _("Too many files are open"));

  if (!ch_ssh_set_options (ssh->session, ch_fields_get (ch_ssh_fields, access->settings, "host"), number (access, "port"),
                           user != NULL ? user : "nobody", types, error)
      || ssh_options_set (ssh->session, SSH_OPTIONS_FD, &fd) != SSH_OK)
    {
      close (fd);
      return FALSE;
    }

  if (ssh_connect (ssh->session) == SSH_OK)
    return TRUE;

  if (g_cancellable_is_cancelled (ssh->cancellable) || g_atomic_int_get (&ssh->timed_out))
    return ch_ssh_fail (ssh, error);
  gboolean agreed = strstr (ssh_get_error (ssh->session), "no match") == NULL;
  return ch_error_set (error, agreed ? CH_ERROR_UNREACHABLE : CH_ERROR_BAD_ANSWER,
                       _("“%s” does not agree on an SSH connection: %s"), ssh->where, ssh_get_error (ssh->session));
}

ChSsh *
ch_ssh_open (const ChServerAccess  *access,
             const char            *types,
             GCancellable          *cancellable,
             GError               **error)
{
  ChSsh *ssh = open_transport (access, cancellable, error);
  gboolean ok;

  if (ssh == NULL)
    return NULL;

  ch_ssh_watch (ssh, cancellable, HANDSHAKE_SECONDS);
  ok = hand_shake (ssh, access, types, error);
  ch_ssh_unwatch (ssh);
  if (ok)
    return ssh;

  ch_ssh_free (ssh);
  return NULL;
}

/* (nullable): with a host key of one of @types; @seen: (inout): a wrong key's fingerprint */
static ChSsh *
try_types (const ChServerAccess  *access,
           const char            *types,
           char                 **seen,
           GCancellable          *cancellable,
           GError               **error)
{
  const char *pinned = ch_fields_get (ch_ssh_fields, access->settings, "host-key");
  ChSsh *ssh = ch_ssh_open (access, types, cancellable, error);
  gboolean ok;

  if (ssh == NULL)
    return NULL;

  ch_ssh_watch (ssh, cancellable, HANDSHAKE_SECONDS);
  ok = is_right_host (ssh, pinned, seen) && ch_ssh_login (ssh, access, error);
  ch_ssh_unwatch (ssh);
  if (ok)
    return ssh;

  ch_ssh_free (ssh);
  return NULL;
}

static gboolean
refuse (const ChServerAccess *access,
        const char           *seen,
        GError              **error)
{
  const char *host = ch_fields_get (ch_ssh_fields, access->settings, "host");
  g_autofree char *pinned = fingerprint_of (ch_fields_get (ch_ssh_fields, access->settings, "host-key"));

  return ch_error_set (error, CH_ERROR_TLS,
                       _("The host key of %s has changed: it was %s and is %s now. Either the server was set up anew, or "
                         "somebody stands in between; nothing was sent there. If its administrator confirms the new "
                         "fingerprint, put it into the setting “host-key”"), host, pinned, seen);
}

ChSsh *
ch_ssh_connect (const ChServerAccess  *access,
                GCancellable          *cancellable,
                GError               **error)
{
  const char *pinned = ch_fields_get (ch_ssh_fields, access->settings, "host-key");
  g_autofree char *seen = NULL;
  g_autoptr(GError) last = NULL;

  for (const char *const *types = ch_ssh_host_key_types; *types != NULL; types++)
    {
      if (!is_possible_type (pinned, *types))
        continue;

      g_clear_error (&last);
      ChSsh *ssh = try_types (access, *types, &seen, cancellable, &last);
      if (ssh != NULL)
        return ssh;
      /* What is no matter of the key's type. */
      if (last != NULL && !g_error_matches (last, CH_ERROR, CH_ERROR_BAD_ANSWER))
        break;
    }

  if (last != NULL && (seen == NULL || !g_error_matches (last, CH_ERROR, CH_ERROR_BAD_ANSWER)))
    g_propagate_error (error, g_steal_pointer (&last));
  else
    refuse (access, seen != NULL ? seen : "?", error);
  return NULL;
}
