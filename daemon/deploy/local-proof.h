/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

/* The functions of the kind "local" for files that prove control, as target.h describes them. */

gboolean ch_local_survey (const ChServerAccess *access,
                          const ChTargetProof  *proof,
                          guint                *missing,
                          GCancellable         *cancellable,
                          GError              **error);
gboolean ch_local_publish (const ChServerAccess *access,
                           const ChTargetProof  *proof,
                           gboolean             *existed,
                           GCancellable         *cancellable,
                           GError              **error);
gboolean ch_local_withdraw (const ChServerAccess *access,
                            const ChTargetProof  *proof,
                            GCancellable         *cancellable,
                            GError              **error);
