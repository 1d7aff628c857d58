/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/period.h"

#include <adwaita.h>

/**
 * ChTimeline:
 *
 * What comes when: a bar for each period, which is a button with the whole in words, and a legend.
 *
 * Signals:
 * - chosen: another period is pressed, or none is, or what is known of it changed; see
 * ch_timeline_get_chosen()
 */
#define CH_TYPE_TIMELINE (ch_timeline_get_type ())
G_DECLARE_FINAL_TYPE (ChTimeline, ch_timeline, CH, TIMELINE, AdwBin)

/** ch_timeline_set_periods: @periods: the aa{sv} of Manager.GetCalendar; what is pressed stays so. */
void ch_timeline_set_periods (ChTimeline *timeline,
                              GVariant   *periods);

/** ch_timeline_get_chosen: (nullable) (transfer none): the period that is pressed; until the next change. */
const ChPeriodRow *ch_timeline_get_chosen (ChTimeline *timeline);
