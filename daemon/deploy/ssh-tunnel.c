/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "deploy/fd.h"
#include "lib/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <sys/socket.h>

struct _ChSshTunnel
{
  ChSsh *via;             /* (owned): the thread's, until it has ended */
  ssh_channel channel;    /* (owned) */
  int fd;                 /* (owned): the thread's end */
  GThread *thread;        /* (owned) */
};

static gboolean
write_all (int         fd,
           const char *data,
           gsize       length)
{
  while (length > 0)
    {
      ssize_t n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

/* Returns: whether more can come */
static gboolean
carry_in (ChSshTunnel *tunnel)
{
  char buffer[16384];
  int n;

  while ((n = ssh_channel_read_nonblocking (tunnel->channel, buffer, sizeof buffer, 0)) > 0)
    if (!write_all (tunnel->fd, buffer, (gsize) n))
      return FALSE;

  return n == 0 && !ssh_channel_is_eof (tunnel->channel) && ssh_channel_is_open (tunnel->channel);
}

static gboolean
carry_out (ChSshTunnel *tunnel)
{
  char buffer[16384];
  ssize_t n = recv (tunnel->fd, buffer, sizeof buffer, MSG_DONTWAIT);

  if (n < 0)
    return errno == EAGAIN || errno == EINTR;

  return n > 0 && ssh_channel_write (tunnel->channel, buffer, (guint32) n) == n;
}

static gpointer
carry (gpointer data)
{
  ChSshTunnel *tunnel = data;

  /* Before each wait, because what has come already wakes nobody. */
  while (carry_in (tunnel))
    {
      struct pollfd fds[] = { { tunnel->fd, POLLIN, 0 }, { tunnel->via->fd, POLLIN, 0 } };

      if ((poll (fds, G_N_ELEMENTS (fds), 1000) < 0 && errno != EINTR)
          || (fds[0].revents != 0 && !carry_out (tunnel)))
        break;
    }

  shutdown (tunnel->fd, SHUT_RDWR);
  return NULL;
}

ChSshTunnel *
ch_ssh_tunnel_new (const ChServerAccess *via,
                   const char           *host,
                   guint                 port,
                   int                  *fd,
                   GCancellable         *cancellable,
                   GError              **error)
{
  int pair[2];
  ChSsh *ssh = ch_ssh_connect (via, cancellable, error);

  if (ssh == NULL)
    return NULL;

  ch_ssh_watch (ssh, cancellable, 30);
  ssh_channel channel = ssh_channel_new (ssh->session);
  gboolean open = channel != NULL
                  && ssh_channel_open_forward (channel, host, (int) port, "127.0.0.1", 0) == SSH_OK
                  && socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0;
  ch_ssh_unwatch (ssh);
  if (!open)
    {
      if (ch_ssh_is_cut (ssh))
        ch_ssh_fail (ssh, error);
      else
        ch_error_set (error, CH_ERROR_UNREACHABLE, _("“%s” does not lead to %s, port %u: %s; does its sshd allow TCP forwarding, "
                      "and is the other one reachable from there?"), ssh->where, host, port, ssh_get_error (ssh->session));
      ssh_channel_free (channel);
      ch_ssh_free (ssh);
      return NULL;
    }

  ChSshTunnel *tunnel = g_new0 (ChSshTunnel, 1);
  tunnel->via = ssh;
  tunnel->channel = channel;
  tunnel->fd = pair[1];
  tunnel->thread = g_thread_new ("ssh-tunnel", carry, tunnel);
  *fd = pair[0];
  return tunnel;
}

void
ch_ssh_tunnel_free (ChSshTunnel *tunnel)
{
  shutdown (tunnel->fd, SHUT_RDWR);
  g_thread_join (tunnel->thread);
  close (tunnel->fd);
  ssh_channel_free (tunnel->channel);
  ch_ssh_free (tunnel->via);
  g_free (tunnel);
}
