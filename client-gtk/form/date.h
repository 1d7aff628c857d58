/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/field.h"

/**
 * ch_date_read:
 * @text: a day, such as "2027-03-15"
 * @day: (out): when it begins in UTC, in Unix seconds
 *
 * Returns: whether it is one
 */
gboolean ch_date_read (const char *text,
                       gint64     *day);

/** ch_date_add_calendar: lets the day in a line be chosen from a calendar, too. */
void ch_date_add_calendar (ChFormField *field);
