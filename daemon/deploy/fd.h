/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <unistd.h>

/* A file descriptor that is closed at the end of its scope: `ch_autofd int fd = -1;` */
#define ch_autofd __attribute__ ((cleanup (ch_fd_cleanup)))
static inline void
ch_fd_cleanup (int *fd)
{
  if (*fd >= 0)
    close (*fd);
}
