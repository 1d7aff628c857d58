/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"

/* The months from this one on, as Manager.GetCalendar counts them, in local time. */

/** ch_periods_read: (transfer full): rows aa{sv}; %NULL with an error. */
GVariant *ch_periods_read (ChClient *client,
                           GError  **error);

/** ch_periods_print_ends: draws how many certificates end in which month; nothing when none does. */
void ch_periods_print_ends (GVariant *periods);

/** ch_periods_print: all that is counted, month by month, and draws it. */
void ch_periods_print (GVariant *periods);

/** ch_periods_document: (transfer full): rows aa{sv} for JSON, with the name of each month. */
GVariant *ch_periods_document (GVariant *periods);
