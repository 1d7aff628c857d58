/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "times.h"

#include <glib/gi18n.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

gint64
ch_time_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* The number is what matters here, and a cast keeps ngettext() and the format of one mind. */
static char *
format_span (gint64 seconds)
{
  int n;

  if (seconds < MINUTE)
    return g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) seconds), (int) seconds);
  if (seconds < HOUR)
    {
      n = (int) (seconds / MINUTE);
      return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) n), n);
    }
  if (seconds < 2 * DAY)
    {
      n = (int) (seconds / HOUR);
      return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) n), n);
    }

  n = (int) MIN (seconds / DAY, G_MAXINT);
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) n), n);
}

char *
ch_time_relative (gint64 time)
{
  gint64 now = ch_time_now ();
  g_autofree char *span = NULL;

  if (time <= 0)
    return g_strdup ("");
  if (time == now)
    return g_strdup (_("now"));

  span = format_span (time > now ? time - now : now - time);
  return time > now ? g_strdup_printf (_("in %s"), span) : g_strdup_printf (_("%s ago"), span);
}

static char *
format_local (gint64      time,
              const char *format)
{
  g_autoptr(GDateTime) local = time > 0 ? g_date_time_new_from_unix_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, format) : g_strdup ("");
}

char *
ch_time_minute (gint64 time)
{
  return format_local (time, "%Y-%m-%d %H:%M");
}

char *
ch_time_second (gint64 time)
{
  g_autofree char *day = format_local (time, "%Y-%m-%d");
  g_autofree char *today = format_local (ch_time_now (), "%Y-%m-%d");

  return format_local (time, g_str_equal (day, today) ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S");
}

char *
ch_time_full (gint64 time)
{
  g_autofree char *minute = ch_time_minute (time);
  g_autofree char *relative = ch_time_relative (time);

  return *minute == '\0' ? g_strdup ("") : g_strdup_printf ("%s (%s)", minute, relative);
}

char *
ch_time_day (gint64 time)
{
  g_autoptr(GDateTime) date = time != 0 ? g_date_time_new_from_unix_utc (time) : NULL;

  return date != NULL ? g_date_time_format (date, "%F") : g_strdup ("");
}
