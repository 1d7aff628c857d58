/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Times come as Unix seconds in UTC and are shown in local time; 0 is shown as nothing. */

/** ch_time_now: Unix seconds. */
gint64 ch_time_now (void);

/** ch_time_relative: (transfer full): such as "in 198 days", "5 minutes ago", "now"; "" for 0. */
char *ch_time_relative (gint64 time);

/** ch_time_minute: (transfer full): such as "2027-06-09 13:55"; "" for 0 and for what is no date. */
char *ch_time_minute (gint64 time);

/** ch_time_second: (transfer full): such as "13:55:02" if it is today, else with the date before it. */
char *ch_time_second (gint64 time);

/** ch_time_full: (transfer full): such as "2027-06-09 13:55 (in 198 days)"; "" for 0. */
char *ch_time_full (gint64 time);

/** ch_time_day: (transfer full): such as "2027-06-09", in UTC, as certificates and rules count their days; "" for 0. */
char *ch_time_day (gint64 time);
