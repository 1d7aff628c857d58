/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/patience.h"

ChPatienceVerdict
ch_patience_judge (const ChPatience *patience,
                   ChSpread          spread,
                   gint64            now,
                   gint64           *due)
{
  gint64 end = patience->since + (spread == CH_SPREAD_WHOLE ? patience->least : patience->most);

  /* A time that is still to come is from a clock that was wrong. */
  if (now < end && patience->since <= now)
    {
      *due = end;
      return CH_PATIENCE_WAIT;
    }

  return spread == CH_SPREAD_DENIED ? CH_PATIENCE_OVER : CH_PATIENCE_GO;
}
