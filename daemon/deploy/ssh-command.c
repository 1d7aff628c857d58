/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <libssh/callbacks.h>
#include <string.h>

#define OUTPUT_MAX 8192
#define TURN 100    /* milliseconds */

void
ch_ssh_outcome_clear (ChSshOutcome *outcome)
{
  g_clear_pointer (&outcome->signal, g_free);
  g_clear_pointer (&outcome->output, g_free);
}

/* Between apostrophes, a POSIX shell takes everything as it is but the apostrophe (IEEE 1003.1, 2.2.2). */
static void
quote_word (GString    *line,
            const char *word)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,-";

  if (*word != '\0' && word[strspn (word, plain)] == '\0')
    {
      g_string_append (line, word);
      return;
    }

  g_string_append_c (line, '\'');
  for (; *word != '\0'; word++)
    if (*word == '\'')
      g_string_append (line, "'\\''");
    else
      g_string_append_c (line, *word);
  g_string_append_c (line, '\'');
}

char *
ch_ssh_quote (const char *const *argv)
{
  GString *line = g_string_new (NULL);

  for (gsize i = 0; argv[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (line, ' ');
      quote_word (line, argv[i]);
    }

  return g_string_free (line, FALSE);
}

/* ---- running ---- */

typedef struct
{
  ChSshOutcome *outcome;
  GString *output;      /* (owned) */
  gboolean ended;
} Running;

static void
exit_status_cb (ssh_session session,
                ssh_channel channel,
                int         status,
                void       *data)
{
  Running *running = data;

  running->outcome->status = status;
  running->ended = TRUE;
}

static void
exit_signal_cb (ssh_session session,
                ssh_channel channel,
                const char *signal,
                int         core,
                const char *message,
                const char *language,
                void       *data)
{
  Running *running = data;

  g_free (running->outcome->signal);
  running->outcome->signal = g_strndup (signal, 16);
  running->ended = TRUE;
}

/* Returns: how many bytes came, or -1 */
static int
collect (Running     *running,
         ssh_channel  channel,
         gboolean     is_stderr,
         int          timeout)
{
  char buffer[4096];
  int n = timeout > 0 ? ssh_channel_read_timeout (channel, buffer, sizeof buffer, is_stderr, timeout)
                      : ssh_channel_read_nonblocking (channel, buffer, sizeof buffer, is_stderr);

  if (n > 0)
    g_string_append_len (running->output, buffer, MIN ((gssize) n, (gssize) OUTPUT_MAX - (gssize) running->output->len));
  return n;
}

/* Until it says how it ended; what it left running may keep its outputs for longer. */
static gboolean
follow (ChSsh       *ssh,
        Running     *running,
        ssh_channel  channel,
        gint64       deadline)
{
  while (!running->ended && !ssh_channel_is_closed (channel))
    {
      if (collect (running, channel, FALSE, TURN) < 0 && ch_ssh_is_cut (ssh))
        return FALSE;
      while (collect (running, channel, TRUE, 0) > 0)
        ;
      if (ssh_channel_is_eof (channel) && !running->ended && ssh_channel_is_open (channel))
        (void) ssh_channel_get_exit_status (channel);
      if (ch_ssh_is_cut (ssh) || g_get_monotonic_time () > deadline)
        return FALSE;
    }

  while (collect (running, channel, FALSE, 0) > 0 || collect (running, channel, TRUE, 0) > 0)
    ;
  return running->ended;
}

static char *
tidy (GString *output)
{
  g_autofree char *text = g_utf8_make_valid (output->str, (gssize) output->len);

  return g_strdup (g_strstrip (text));
}

static gboolean
start (ChSsh       *ssh,
       ssh_channel  channel,
       const char  *line,
       GError     **error)
{
  if (ssh_channel_open_session (channel) == SSH_OK && ssh_channel_request_exec (channel, line) == SSH_OK)
    return TRUE;
  if (ch_ssh_is_cut (ssh))
    return ch_ssh_fail (ssh, error);

  return ch_error_set (error, CH_ERROR_FORBIDDEN, _("“%s” lets us run no commands"), ssh->where);
}

gboolean
ch_ssh_run (ChSsh             *ssh,
            const char *const *argv,
            guint              seconds,
            ChSshOutcome      *outcome,
            GError           **error)
{
  g_autofree char *line = ch_ssh_quote (argv);
  g_autoptr(GString) output = g_string_new (NULL);
  Running running = { outcome, output, FALSE };
  struct ssh_channel_callbacks_struct callbacks = {
    .userdata = &running,
    .channel_exit_status_function = exit_status_cb,
    .channel_exit_signal_function = exit_signal_cb,
  };
  ssh_channel channel = ssh_channel_new (ssh->session);

  *outcome = (ChSshOutcome) { .status = -1 };
  if (channel == NULL)
    return ch_ssh_fail (ssh, error);

  ssh_callbacks_init (&callbacks);
  ssh_set_channel_callbacks (channel, &callbacks);
  ch_ssh_allow (ssh, seconds + 10);
  gboolean started = start (ssh, channel, line, error);
  gboolean ended = started && (ssh_channel_send_eof (channel) == SSH_OK)
                   && follow (ssh, &running, channel, g_get_monotonic_time () + seconds * G_USEC_PER_SEC);

  if (started && !ended && !ch_ssh_is_cut (ssh) && !ssh_channel_is_closed (channel))
    (void) ssh_channel_request_send_signal (channel, "TERM");
  ssh_remove_channel_callbacks (channel, &callbacks);
  ssh_channel_free (channel);
  outcome->output = tidy (output);
  if (ended || !started)
    return ended;

  if (ch_ssh_is_cut (ssh))
    return ch_ssh_fail (ssh, error);
  ssh->broken = TRUE;
  return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("“%s” did not end within %u seconds on %s: %s"), line, seconds, ssh->where,
                       outcome->output);
}
