/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/field.h"

/**
 * ch_date_read:
 * @text: a day, such as "2027-03-15"
 * @zone: whose day
 * @day: (out): when it begins, in Unix seconds
 *
 * Returns: whether it is one
 */
gboolean ch_date_read (const char *text,
                       GTimeZone  *zone,
                       gint64     *day);

/** ch_date_blame: says at @field that it has no day. */
void ch_date_blame (ChFormField *field);

/** ch_date_add_calendar: lets the day in a line be chosen from a calendar, too. */
void ch_date_add_calendar (ChFormField *field);
