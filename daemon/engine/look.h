/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/config.h"
#include "store/records.h"

#include <gio/gio.h>

/** ChLook: what was seen where a challenge's value is to stand. */
typedef struct
{
  gboolean complete;    /* it stands everywhere */
  gboolean denied;      /* somebody who is in charge says that it is not there */
  gboolean doubtful;    /* somebody has said nothing about it */
  char *summary;        /* one sentence */
  char *observed;       /* as ChChallenge.observed */
  GPtrArray *lines;     /* (element-type utf8): "ns1.example.com (192.0.2.1): shows the value", one for each that was asked */
} ChLook;

void ch_look_free (ChLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChLook, ch_look_free)

/**
 * ch_look_at:
 * @challenge: of a record or a file
 * @account: (nullable): its DNS account
 *
 * Asks every name server for the record, or every address of the host for the file. Blocks; on a worker.
 *
 * Returns: (transfer full): what they said, or %NULL when it could not be found out whom to ask
 */
ChLook *ch_look_at (const ChChallenge *challenge,
                    const ChPeer      *account,
                    const ChConfig    *config,
                    GCancellable      *cancellable,
                    GError           **error);

/** ch_look_instruct: (transfer full): what a person must do for a challenge who does it by hand. */
char *ch_look_instruct (const ChChallenge *challenge);

/** ch_look_location: (transfer full): what the CA is told where the value stands, by what was seen last. */
char *ch_look_location (const ChChallenge *challenge);
