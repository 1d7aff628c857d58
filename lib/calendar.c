/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/calendar.h"

/* From the days of the calendar and not by adding seconds: a day may have 23 hours or 25, and one may lack its midnight. */
static void
add_bound (GArray    *bounds,
           GDateTime *day)
{
  GTimeZone *zone = g_date_time_get_timezone (day);
  g_autoptr(GDateTime) midnight = g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                                                   g_date_time_get_day_of_month (day), 0, 0, 0);
  gint64 time = g_date_time_to_unix (midnight);

  g_array_append_val (bounds, time);
}

GArray *
ch_calendar_months (GDateTime *now,
                    guint      n)
{
  GArray *bounds = g_array_new (FALSE, FALSE, sizeof (gint64));
  /* Noon is there on every day. */
  g_autoptr(GDateTime) first = g_date_time_new (g_date_time_get_timezone (now), g_date_time_get_year (now),
                                                g_date_time_get_month (now), 1, 12, 0, 0);

  for (guint i = 0; i <= n; i++)
    {
      g_autoptr(GDateTime) day = g_date_time_add_months (first, (int) i);

      add_bound (bounds, day);
    }

  return bounds;
}

int
ch_calendar_find (GArray *bounds,
                  gint64  time)
{
  for (guint i = 0; i + 1 < bounds->len; i++)
    if (time >= g_array_index (bounds, gint64, i) && time < g_array_index (bounds, gint64, i + 1))
      return (int) i;

  return -1;
}
