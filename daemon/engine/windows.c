/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/windows.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define WINDOWS_MAX 20
#define WEEK 7
#define DAY_MINUTES (24 * 60)

typedef struct
{
  gboolean days[WEEK];      /* from Monday on */
  int from;                 /* minutes of the day */
  int to;
} Window;

static const char *const day_names[WEEK] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* ---- reading ---- */

static gboolean
read_day (const char *text,
          int        *day)
{
  for (*day = 0; *day < WEEK; (*day)++)
    if (g_ascii_strcasecmp (text, day_names[*day]) == 0)
      return TRUE;

  return FALSE;
}

/* "Fri-Mon" goes on over Sunday. */
static gboolean
read_days (const char *text,
           Window     *window)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_auto(GStrv) ends = g_strsplit (parts[i], "-", -1);
      guint n = g_strv_length (ends);
      int first, last;

      if (n < 1 || n > 2 || !read_day (ends[0], &first) || !read_day (ends[n - 1], &last))
        return FALSE;
      for (int day = first;; day = (day + 1) % WEEK)
        {
          window->days[day] = TRUE;
          if (day == last)
            break;
        }
    }

  return parts[0] != NULL;
}

static gboolean
read_minute (const char *text,
             int        *minute)
{
  if (strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1])
      || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return FALSE;

  int hours = (text[0] - '0') * 10 + text[1] - '0';
  int minutes = (text[3] - '0') * 10 + text[4] - '0';

  *minute = hours * 60 + minutes;
  return minutes < 60 && *minute <= DAY_MINUTES;
}

static gboolean
read_times (const char *text,
            Window     *window)
{
  g_auto(GStrv) ends = g_strsplit (text, "-", -1);

  return g_strv_length (ends) == 2 && read_minute (ends[0], &window->from) && read_minute (ends[1], &window->to)
         && window->from < DAY_MINUTES && window->from != window->to;
}

static gboolean
read_window (const char *text,
             Window     *window)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  guint n = g_strv_length (words);

  *window = (Window) { .from = 0 };
  if (n == 1)
    {
      for (gsize i = 0; i < WEEK; i++)
        window->days[i] = TRUE;
      return read_times (words[0], window);
    }

  return n == 2 && read_days (words[0], window) && read_times (words[1], window);
}

gboolean
ch_windows_check (const char *const *windows,
                  GError           **error)
{
  gsize i;

  for (i = 0; windows != NULL && windows[i] != NULL; i++)
    {
      Window window;

      if (!read_window (windows[i], &window))
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("“%s” is no maintenance window: write it as “Mon-Fri 22:00-06:00”, “Sat,Sun 02:00-05:00” or "
                               "“03:00-04:00”"), windows[i]);
    }

  if (i > WINDOWS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("A deployment takes at most %d maintenance windows"), WINDOWS_MAX);
  return TRUE;
}

/* ---- when ---- */

/* What the wall clock shows at @minute of the day that is @offset days after that of @today. */
static gint64
moment (GDateTime *today,
        int        offset,
        int        minute)
{
  g_autoptr(GTimeZone) zone = g_time_zone_ref (g_date_time_get_timezone (today));
  GDate date;
  int days = offset + minute / DAY_MINUTES;

  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (today), (GDateMonth) g_date_time_get_month (today),
                  (GDateYear) g_date_time_get_year (today));
  if (days >= 0)
    g_date_add_days (&date, (guint) days);
  else
    g_date_subtract_days (&date, (guint) -days);

  g_autoptr(GDateTime) at = g_date_time_new (zone, g_date_get_year (&date), (int) g_date_get_month (&date),
                                             g_date_get_day (&date), minute % DAY_MINUTES / 60, minute % 60, 0);
  return at != NULL ? g_date_time_to_unix (at) : 0;
}

static gint64
window_next (const Window *window,
             GDateTime    *today,
             gint64        now)
{
  /* Yesterday's may still be open; a week and a day, since one of them may be skipped by the clock. */
  for (int offset = -1; offset <= 2 * WEEK; offset++)
    {
      int weekday = (g_date_time_get_day_of_week (today) - 1 + offset + WEEK) % WEEK;
      gint64 opens = moment (today, offset, window->from);
      gint64 closes = moment (today, offset, window->to + (window->to < window->from ? DAY_MINUTES : 0));

      if (window->days[weekday] && closes > now && closes > opens)
        return MAX (opens, now);
    }

  return G_MAXINT64;
}

gint64
ch_windows_next (const char *const *windows,
                 GTimeZone         *zone,
                 gint64             now)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (now);
  g_autoptr(GDateTime) today = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  gint64 next = G_MAXINT64;

  for (gsize i = 0; windows != NULL && windows[i] != NULL && today != NULL; i++)
    {
      Window window;

      if (read_window (windows[i], &window))
        next = MIN (next, window_next (&window, today, now));
    }

  return next == G_MAXINT64 ? now : next;
}
