/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/place.h"
#include "deploy/target.h"

/** ChLooks: what a new file shall look like from outside. */
typedef struct
{
  uid_t uid;
  gid_t gid;
  mode_t mode;
  gboolean keeps_acl;
  const char *model;    /* (nullable) (not owned): the name of the file that it takes after */
} ChLooks;

/**
 * ch_looks_find:
 * @looks: (out caller-allocates): what comes out; names in it belong to @place
 * @file: what is wanted of owner, group and mode; all else is kept from the file that was there before the first
 *   unfinished run
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID for an unknown user or group or a wrong mode, or
 *   %CH_ERROR_FILE when something else than a plain file is at @place
 */
gboolean ch_looks_find (ChLooks            *looks,
                        const ChPlace      *place,
                        const ChTargetFile *file,
                        GError            **error);

/** ch_looks_put_on: gives @fd, an empty file of ours, its owner, mode, ACL and SELinux label. */
gboolean ch_looks_put_on (const ChLooks *looks,
                          const ChPlace *place,
                          int            fd,
                          GError       **error);
