/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/job.h"

/* Orders that were placed elsewhere are taken over with their certificates, and followed from then on like our own. */

/** ChImportWish: which orders. */
typedef struct
{
  gint64 from;            /* placed from then on, Unix seconds; 0: all */
  gint64 to;              /* and until then; 0: now */
  char **states;          /* (nullable): nicks of the states that they would have here; none: any */
  char *name;             /* (nullable): a part of one of their names */
  gboolean restart;       /* not from where the same import was interrupted */
} ChImportWish;

/**
 * ch_account_import:
 *
 * Starts the job "account.import". One that was cancelled, failed, or died with the service goes on where it was when
 * the same is asked for again. Its result: found, new, updated, certificates, skipped.
 *
 * Returns: (transfer none): the job, or %NULL with %CH_ERROR_IN_USE while another runs for the account, or %CH_ERROR_INVALID
 */
ChJob *ch_account_import (ChWorld *world, gint64 account_id, const ChImportWish *wish, const ChActor *actor, GError **error);
