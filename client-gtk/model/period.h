/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChPeriodPart: what of a period is drawn, from the bottom of a bar to its top.
 */
typedef enum
{
  CH_PERIOD_UNATTENDED,     /* certificates end, and nothing replaces them by itself */
  CH_PERIOD_ENDS,           /* the others that end */
  CH_PERIOD_REISSUES,
  CH_PERIOD_RENEWALS,
  CH_PERIOD_TERM_ENDS,
  CH_PERIOD_N_PARTS,
} ChPeriodPart;

/** ChPeriodRow: one of the periods that Manager.GetCalendar gives. */
typedef struct
{
  gint64 from;
  gint64 until;
  gint64 counts[CH_PERIOD_N_PARTS];
} ChPeriodRow;

/** ch_period_row_read: @row: an a{sv} of Manager.GetCalendar. */
ChPeriodRow ch_period_row_read (GVariant *row);

/** ch_period_row_sum: all that comes in it. */
gint64 ch_period_row_sum (const ChPeriodRow *row);

/** ch_period_row_name: (transfer full): such as “March 2027”. */
char *ch_period_row_name (const ChPeriodRow *row);

/** ch_period_row_describe: (transfer full): such as “3 certificates end, 1 term ends”. */
char *ch_period_row_describe (const ChPeriodRow *row);

/**
 * ch_period_row_scale:
 * @most: the largest sum of all periods
 * @room: how high a bar can be
 * @smallest: how high a part must be at least so that it is seen
 * @heights: (out caller-allocates): of each part
 *
 * In proportion, but nothing that is there is lost; together at most @room, unless that is less than
 * @smallest for each part.
 */
void ch_period_row_scale (const ChPeriodRow *row,
                          gint64             most,
                          int                room,
                          int                smallest,
                          int                heights[CH_PERIOD_N_PARTS]);
