/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/calendar.h"

static GDateTime *
read_time (const char *text,
           const char *zone)
{
  g_autoptr(GTimeZone) its_zone = g_time_zone_new_identifier (zone);
  GDateTime *time = NULL;

  if (its_zone != NULL)
    time = g_date_time_new_from_iso8601 (text, its_zone);

  return time;
}

/* What people see: the beginnings in their time zone. */
static void
assert_bounds (GArray     *bounds,
               const char *zone,
               const char *want)
{
  g_autoptr(GTimeZone) its_zone = g_time_zone_new_identifier (zone);
  g_autoptr(GString) got = g_string_new (NULL);

  for (guint i = 0; i < bounds->len; i++)
    {
      g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (g_array_index (bounds, gint64, i));
      g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, its_zone);
      g_autofree char *text = g_date_time_format (local, "%m-%dT%H:%M");

      g_string_append_printf (got, "%s%s", i > 0 ? " " : "", text);
      if (i > 0)
        g_assert_cmpint (g_array_index (bounds, gint64, i), >, g_array_index (bounds, gint64, i - 1));
    }
  g_assert_cmpstr (got->str, ==, want);
}

static const struct
{
  const char *now, *zone, *months;
} cases[] = {
  /* the year's end */
  { "2026-11-23T12:00:00", "UTC", "11-01T00:00 12-01T00:00 01-01T00:00 02-01T00:00" },
  { "2026-12-31T23:59:59", "Europe/Berlin", "12-01T00:00 01-01T00:00 02-01T00:00 03-01T00:00" },
  /* the clocks go forward and back */
  { "2027-03-28T12:00:00", "Europe/Berlin", "03-01T00:00 04-01T00:00 05-01T00:00 06-01T00:00" },
  { "2026-10-31T00:30:00", "America/New_York", "10-01T00:00 11-01T00:00 12-01T00:00 01-01T00:00" },
  /* the last day of a long month, and a leap year */
  { "2028-01-31T10:00:00", "Asia/Kathmandu", "01-01T00:00 02-01T00:00 03-01T00:00 04-01T00:00" },
};

static void
test_bounds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GDateTime) now = read_time (cases[i].now, cases[i].zone);

      if (now == NULL)
        {
          g_test_skip ("the time zones are not installed");
          return;
        }

      g_autoptr(GArray) months = ch_calendar_months (now, 3);
      assert_bounds (months, cases[i].zone, cases[i].months);
      g_assert_cmpint (ch_calendar_find (months, g_date_time_to_unix (now)), ==, 0);
    }
}

static void
test_edges (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_utc (2026, 12, 1, 0, 0, 0);
  g_autoptr(GArray) months = ch_calendar_months (now, 2);
  gint64 start = g_date_time_to_unix (now);
  gint64 next = start + 31 * 24 * 60 * 60;

  g_assert_cmpint (ch_calendar_find (months, start - 1), ==, -1);
  g_assert_cmpint (ch_calendar_find (months, start), ==, 0);
  g_assert_cmpint (ch_calendar_find (months, next - 1), ==, 0);
  g_assert_cmpint (ch_calendar_find (months, next), ==, 1);
  g_assert_cmpint (ch_calendar_find (months, next + 31 * 24 * 60 * 60), ==, -1);
}

/* A month of which the first day has no midnight. */
static void
test_no_midnight (void)
{
  g_autoptr(GDateTime) now = read_time ("2023-09-20T12:00:00", "America/Asuncion");

  if (now == NULL)
    {
      g_test_skip ("the time zones are not installed");
      return;
    }

  g_autoptr(GArray) months = ch_calendar_months (now, 2);
  assert_bounds (months, "America/Asuncion", "09-01T00:00 10-01T01:00 11-01T00:00");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/bounds", test_bounds);
  g_test_add_func ("/calendar/edges", test_edges);
  g_test_add_func ("/calendar/no-midnight", test_no_midnight);
  return g_test_run ();
}
