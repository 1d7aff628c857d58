/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret-input.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

/* A dump of this process would show what was typed. */
static void
forbid_core_dumps (void)
{
  struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
}

/* Fills @buffer, which has room for one byte more than is allowed. */
static gssize
read_all (int   fd,
          char *buffer)
{
  gsize length = 0;

  while (length <= CH_INPUT_MAX)
    {
      gssize n = read (fd, buffer + length, CH_INPUT_MAX + 1 - length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      length += (gsize) n;
    }

  return (gssize) length;
}

static gboolean
check_input (const char *text,
             gssize      length,
             const char *name,
             const char *what,
             GError    **error)
{
  if (length < 0)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” for “%s” cannot be read: %s"), name, what,
                         g_strerror (errno));
  if (length == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” for “%s” is empty"), name, what);
  if (length > CH_INPUT_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” for “%s” is longer than 64 KiB"), name, what);
  if (!g_utf8_validate_len (text, (gsize) length, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” for “%s” is not text in UTF-8"), name, what);

  return TRUE;
}

char *
ch_input_read (const char *file,
               const char *what,
               GError    **error)
{
  gboolean is_stdin = g_str_equal (file, "-");
  g_autofree char *shown = is_stdin ? g_strdup (_("standard input")) : g_filename_display_name (file);
  int fd = is_stdin ? STDIN_FILENO : open (file, O_RDONLY | O_CLOEXEC);
  ch_autosecret char *buffer = NULL;
  gssize length;

  if (fd < 0)
    {
      ch_error_set (error, CH_ERROR_FILE, _("“%s” for “%s” cannot be read: %s"), shown, what,
                    g_strerror (errno));
      return NULL;
    }

  forbid_core_dumps ();
  buffer = g_malloc0 (CH_INPUT_MAX + 2);
  length = read_all (fd, buffer);
  if (!is_stdin)
    close (fd);

  if (!check_input (buffer, length, shown, what, error))
    {
      /* There may be a zero byte, behind which ch_secret_free() does not wipe. */
      explicit_bzero (buffer, CH_INPUT_MAX + 1);
      return NULL;
    }

  return g_steal_pointer (&buffer);
}

char *
ch_input_read_line (const char *file,
                    const char *what,
                    GError    **error)
{
  ch_autosecret char *text = ch_input_read (file, what, error);
  gsize length;

  if (text == NULL)
    return NULL;

  length = strlen (text);
  if (text[length - 1] == '\n')
    text[--length] = '\0';
  if (length > 0 && text[length - 1] == '\r')
    text[--length] = '\0';

  if (length == 0 || strpbrk (text, "\r\n") != NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be one line; what was read for it is not"), what);
      return NULL;
    }

  return g_steal_pointer (&text);
}

gboolean
ch_input_can_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/* The signal that came while the echo was off; it is sent again once the terminal is as it was. */
static volatile sig_atomic_t caught;

static void
catch_signal (int number)
{
  caught = number;
}

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

/* Without SA_RESTART, so that read() returns. */
static void
catch_signals (struct sigaction *before)
{
  struct sigaction ours = { .sa_handler = catch_signal };

  caught = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &ours, &before[i]);
}

static void
release_signals (const struct sigaction *before)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &before[i], NULL);
}

/* One line from the terminal, which gives lines of up to 4095 bytes (termios(3)). Byte by byte, as what
 * is behind the line may be meant for another question. */
static gssize
read_typed (char *buffer)
{
  gsize length = 0;
  gssize n = 0;

  while (length < CH_INPUT_MAX && caught == 0)
    {
      n = read (STDIN_FILENO, buffer + length, 1);
      if (n <= 0 || buffer[length] == '\n')
        break;
      length++;
    }

  buffer[length] = '\0';
  return n <= 0 && length == 0 ? -1 : (gssize) length;
}

char *
ch_input_ask (const char *question,
              GError    **error)
{
  struct sigaction before[G_N_ELEMENTS (ending_signals)];
  struct termios shown, hidden;
  ch_autosecret char *buffer = g_malloc0 (CH_INPUT_MAX + 1);
  gssize length;

  forbid_core_dumps ();
  catch_signals (before);
  tcgetattr (STDIN_FILENO, &shown);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  g_printerr ("%s: ", question);
  length = read_typed (buffer);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  g_printerr ("\n");
  release_signals (before);
  if (caught != 0)
    raise (caught);

  if (length < 0 || caught != 0)
    {
      ch_error_set (error, CH_ERROR_CANCELLED, _("Nothing was typed, so nothing was done"));
      return NULL;
    }
  if (!g_utf8_validate (buffer, -1, NULL))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("What was typed is not text in UTF-8"));
      return NULL;
    }

  return g_steal_pointer (&buffer);
}
