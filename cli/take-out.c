/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "take-out.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "secret-input.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <unistd.h>

/* Asked twice, as nobody sees what is typed. */
static char *
ask_password (GError **error)
{
  ch_autosecret char *first = ch_input_ask (_("Password to encrypt the key with"), error);
  ch_autosecret char *second = first != NULL ? ch_input_ask (_("The same again"), error) : NULL;

  if (second == NULL)
    return NULL;

  if (*first == '\0' || !g_str_equal (first, second))
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    *first == '\0' ? _("An empty password protects nothing; “--plain” exports the key "
                                                                "without one")
                                                            : _("The two passwords differ"));
      return NULL;
    }

  return g_steal_pointer (&first);
}

gboolean
ch_take_out_password (ChArgs  *args,
                      char   **password,
                      GError **error)
{
  const char *file = ch_args_get (args, "password-file");

  if (file != NULL && ch_args_has (args, "plain"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--password-file” and “--plain” exclude each other"));

  if (ch_args_has (args, "plain"))
    {
      if (!ch_args_has (args, "out") && isatty (STDOUT_FILENO))
        return ch_error_set (error, CH_ERROR_INVALID, _("An unencrypted key is not shown on a terminal; "
                                                        "name a file with “--out FILE”"));
      return TRUE;
    }

  if (file == NULL && !ch_input_can_ask ())
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Give a password with “--password-file FILE”, or “--plain” to export "
                                                    "the key unencrypted"));

  *password = file != NULL ? ch_input_read_line (file, "password", error) : ask_password (error);
  return *password != NULL;
}

static gboolean
write_all (int         fd,
           const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          text += n;
          length -= (gsize) n;
        }
    }

  return TRUE;
}

gboolean
ch_take_out_write (const char *file,
                   const void *data,
                   gsize       length,
                   gboolean    secret,
                   GError    **error)
{
  g_autofree char *shown = g_filename_display_name (file);
  int fd = open (file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, secret ? 0600 : 0644);
  gboolean ok;

  if (fd < 0 && errno == EEXIST)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” is there already; nothing was exported over it"),
                         shown);
  if (fd < 0)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be written: %s"), shown, g_strerror (errno));

  ok = write_all (fd, data, length) && fsync (fd) == 0;
  if (!ok)
    ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be written: %s"), shown, g_strerror (errno));
  close (fd);
  if (!ok)
    unlink (file);

  return ok;
}

gboolean
ch_take_out_deliver (ChArgs     *args,
                     const void *data,
                     gsize       length,
                     gboolean    secret,
                     GError    **error)
{
  const char *file = ch_args_get (args, "out");

  if (file != NULL)
    return ch_take_out_write (file, data, length, secret, error);

  return write_all (STDOUT_FILENO, data, length)
         || ch_error_set (error, CH_ERROR_FILE, _("Standard output cannot be written: %s"), g_strerror (errno));
}
