/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkagent.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Registering takes some ten milliseconds; a polkitd that hangs must not stop us for ever. */
#define PATIENCE_MS 5000

struct _ChPkAgent
{
  GSubprocess *process;       /* (owned) */
};

/* It must not outlive us, however we end. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* pkttyagent closes @fd once it is registered; when it fails, its end closes it. */
static void
wait_for_close (int fd)
{
  struct pollfd waiting = { .fd = fd, .events = POLLIN };

  while (poll (&waiting, 1, PATIENCE_MS) < 0 && errno == EINTR)
    ;
}

/* On a desktop its own agent goes first. Elsewhere ours must be no mere fallback: polkitd 122 drops fallbacks
 * for a caller without a login session (su, a container, a serial line), and then asks nobody. */
static const char *
choose_rank (void)
{
  return g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL ? "--fallback" : NULL;
}

ChPkAgent *
ch_pkagent_start (void)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  g_autoptr(GSubprocess) process = NULL;
  ChPkAgent *agent;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, NULL))
    return NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  g_subprocess_launcher_take_fd (launcher, fds[1], 3);
  process = g_subprocess_launcher_spawn (launcher, NULL, "pkttyagent", "--process", pid,
                                         "--notify-fd", "3", choose_rank (), NULL);
  /* Only the child may hold the writing end now, or its closing is never seen. */
  g_clear_object (&launcher);
  if (process != NULL)
    wait_for_close (fds[0]);
  close (fds[0]);
  if (process == NULL)
    return NULL;

  agent = g_new (ChPkAgent, 1);
  agent->process = g_steal_pointer (&process);
  return agent;
}

void
ch_pkagent_stop (ChPkAgent *agent)
{
  /* On SIGTERM pkttyagent turns the echo back on before it ends. */
  g_subprocess_send_signal (agent->process, SIGTERM);
  g_subprocess_wait (agent->process, NULL, NULL);
  g_object_unref (agent->process);
  g_free (agent);
}
