/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef struct _ChAlarm ChAlarm;

/**
 * ch_alarm_new:
 * @ring: called on the main loop when the time has come, and whenever the wall clock was set or the
 *   machine woke up, since then "when" means something else
 *
 * One alarm at a wall-clock time, without a wake-up in between.
 */
ChAlarm *ch_alarm_new (GSourceFunc ring,
                       gpointer    data);
/** ch_alarm_set: @when: Unix seconds; a time that has passed rings at once; 0 takes the alarm off. */
void ch_alarm_set (ChAlarm *alarm,
                   gint64   when);
void ch_alarm_free (ChAlarm *alarm);

/** ch_now: the wall clock in Unix seconds. The only place that reads it. */
gint64 ch_now (void);
