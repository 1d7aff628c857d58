/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

/* The file functions of the kind "local", as target.h describes them. */

gboolean ch_local_stage (const ChServerAccess *access,
                         const ChTargetFile   *file,
                         GCancellable         *cancellable,
                         GError              **error);
gboolean ch_local_swap (const ChServerAccess *access,
                        const char           *path,
                        GCancellable         *cancellable,
                        GError              **error);
gboolean ch_local_restore (const ChServerAccess *access,
                           const char           *path,
                           GCancellable         *cancellable,
                           GError              **error);
gboolean ch_local_settle (const ChServerAccess *access,
                          const char           *path,
                          GCancellable         *cancellable,
                          GError              **error);
gboolean ch_local_pending (const ChServerAccess *access,
                           const char           *path,
                           gboolean             *pending,
                           GCancellable         *cancellable,
                           GError              **error);

/** ch_local_try_folder: writes an empty file into @folder and removes it. */
gboolean ch_local_try_folder (const char *folder,
                              GError    **error);
GBytes *ch_local_read (const ChServerAccess *access,
                       const char           *path,
                       GCancellable         *cancellable,
                       GError              **error);
