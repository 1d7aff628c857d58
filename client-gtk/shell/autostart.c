/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/autostart.h"

#include "application.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

/* https://specifications.freedesktop.org/autostart-spec/ */
static char *
get_folder (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", NULL);
}

static char *
get_file (void)
{
  g_autofree char *folder = get_folder ();

  return g_build_filename (folder, CH_APPLICATION_ID ".desktop", NULL);
}

gboolean
ch_autostart_is_on (void)
{
  g_autofree char *file = get_file ();

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

static gboolean
fail (GError    **error,
      const char *file)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", file, g_strerror (code));
  return FALSE;
}

gboolean
ch_autostart_set (gboolean on,
                  GError **error)
{
  static const char text[] = "[Desktop Entry]\n"
                             "Type=Application\n"
                             "Name=Chancery\n"
                             "Exec=chancery-gtk --background\n"
                             "Icon=" CH_APPLICATION_ID "\n";
  g_autofree char *folder = get_folder ();
  g_autofree char *file = get_file ();

  if (!on)
    return g_unlink (file) == 0 || errno == ENOENT || fail (error, file);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (error, folder);

  return g_file_set_contents (file, text, -1, error);
}
