/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Where periods of a calendar begin, as Manager.GetCalendar wants them. They are those of a time zone: clocks go forward and back within. */

/** CH_CALENDAR_MONTHS: one year. */
#define CH_CALENDAR_MONTHS 12

/**
 * ch_calendar_months:
 * @now: a moment in the first month; its time zone counts
 * @n: how many
 *
 * Returns: (transfer full) (element-type gint64): @n + 1 moments in Unix seconds, rising: when each month begins, and the last ends
 */
GArray *ch_calendar_months (GDateTime *now,
                            guint      n);

/** ch_calendar_find: the period of @bounds that holds @time; -1: none. */
int ch_calendar_find (GArray *bounds,
                      gint64  time);
