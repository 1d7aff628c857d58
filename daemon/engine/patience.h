/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How long a value is waited for in DNS. Pure. */

/**
 * ChSpread: how far a value has come.
 * @CH_SPREAD_WHOLE: all servers show it
 * @CH_SPREAD_DOUBTFUL: none denies it, but some cannot be asked
 * @CH_SPREAD_DENIED: a server that is in charge does not show it
 */
typedef enum
{
  CH_SPREAD_WHOLE,
  CH_SPREAD_DOUBTFUL,
  CH_SPREAD_DENIED,
} ChSpread;

/**
 * ChPatienceVerdict:
 * @CH_PATIENCE_GO: the CA is asked
 * @CH_PATIENCE_WAIT: it is looked for again
 * @CH_PATIENCE_OVER: it was waited for long enough: it is put there once more
 */
typedef enum
{
  CH_PATIENCE_GO,
  CH_PATIENCE_WAIT,
  CH_PATIENCE_OVER,
} ChPatienceVerdict;

/** ChPatience: seconds since 1970 when the value was put there, and for how many seconds to wait at least and at most. */
typedef struct
{
  gint64 since;
  guint least;
  guint most;
} ChPatience;

/**
 * ch_patience_judge:
 * @due: (out): with %CH_PATIENCE_WAIT: when the verdict changes without any news
 *
 * A server that says no is waited for as long as the patience lasts; one that says nothing may be out of our reach only, so
 * that then the CA is asked without it.
 */
ChPatienceVerdict ch_patience_judge (const ChPatience *patience,
                                     ChSpread          spread,
                                     gint64            now,
                                     gint64           *due);
