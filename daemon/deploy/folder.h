/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_folder_open:
 * @path: of a folder, absolute
 *
 * Opens a folder part by part. Symbolic links on the way, such as /var/run, are followed when they belong to
 * root or to the daemon: somebody else's could lead a daemon that is root anywhere. @path itself may be none.
 *
 * Returns: a descriptor, or -1 with %CH_ERROR_FILE
 */
int ch_folder_open (const char *path,
                    GError    **error);
