/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include <sys/mman.h>
#include <unistd.h>

const char *
scratch_file (const guint8 *data,
              gsize         size)
{
  static int fd = -1;
  static char *path;

  if (fd < 0)
    {
      fd = memfd_create ("fuzz", MFD_CLOEXEC);
      path = g_strdup_printf ("/proc/self/fd/%d", fd);
    }

  g_assert_true (fd >= 0 && ftruncate (fd, 0) == 0);
  g_assert_true (pwrite (fd, data, size, 0) == (gssize) size);
  return path;
}
