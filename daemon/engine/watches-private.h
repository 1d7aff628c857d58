/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/watches.h"

/* Between watches.c and watch-look.c. */

/** ch_watch_tell: to whoever listens; and its time may be another now. */
void ch_watch_tell (ChWorld  *world,
                    gint64    id,
                    ChChange  change);

/** ch_watch_note: into the log. */
void ch_watch_note (ChWorld       *world,
                    const ChActor *actor,
                    const ChWatch *watch,
                    const char    *action,
                    const char    *text);

/** ch_watch_next: when it is looked at next after @now. */
gint64 ch_watch_next (ChWorld       *world,
                      const ChWatch *watch,
                      gint64         now);
