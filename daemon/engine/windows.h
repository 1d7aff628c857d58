/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Maintenance windows, such as "Mon-Fri 22:00-06:00", "Sat,Sun 02:00-05:00" or "03:00-04:00" on every day. The days
 * are those that the window begins on; one that ends before it begins goes on over midnight. 24:00 is a day's end. */

/** ch_windows_check: Returns: whether all of @windows can be read; if not, %CH_ERROR_INVALID says what is wrong. */
gboolean ch_windows_check (const char *const *windows,
                           GError           **error);

/**
 * ch_windows_next:
 * @windows: checked
 * @zone: whose clock they go by
 *
 * Times are looked up day by day, so that a window opens at its hour on the wall clock in summer and winter. One that
 * lies wholly in an hour which the clock skips does not open on that day.
 *
 * Returns: @now if one is open, or none is given; else when the next one opens, Unix seconds
 */
gint64 ch_windows_next (const char *const *windows,
                        GTimeZone         *zone,
                        gint64             now);
