/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/windows.h"

#include "lib/error.h"

static gint64
read_time (const char *text,
           GTimeZone  *zone)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (at);
  return g_date_time_to_unix (at);
}

/* 2027-06-09 is a Wednesday. In Berlin the clock goes from 02:00 to 03:00 on 2027-03-28 and from 03:00 to 02:00 on
 * 2027-10-31, both Sundays. */
static const struct
{
  const char *windows;      /* with “;” between */
  const char *now;
  const char *next;         /* NULL: open */
} cases[] = {
  { "03:00-04:00", "2027-06-09T02:59:59", "2027-06-09T03:00:00" },
  { "03:00-04:00", "2027-06-09T03:00:00", NULL },
  { "03:00-04:00", "2027-06-09T03:59:59", NULL },
  { "03:00-04:00", "2027-06-09T04:00:00", "2027-06-10T03:00:00" },
  { "00:00-24:00", "2027-06-09T23:59:59", NULL },
  { "22:00-24:00", "2027-06-09T23:59:59", NULL },
  { "22:00-24:00", "2027-06-10T00:00:00", "2027-06-10T22:00:00" },
  { "22:00-00:00", "2027-06-09T23:30:00", NULL },
  { "Mon-Fri 22:00-06:00", "2027-06-09T12:00:00", "2027-06-09T22:00:00" },
  { "Mon-Fri 22:00-06:00", "2027-06-10T05:59:59", NULL },
  { "Mon-Fri 22:00-06:00", "2027-06-12T05:00:00", NULL },                       /* Saturday morning is Friday's */
  { "Mon-Fri 22:00-06:00", "2027-06-12T06:00:00", "2027-06-14T22:00:00" },
  { "Mon-Fri 22:00-06:00", "2027-06-14T05:00:00", "2027-06-14T22:00:00" },      /* Monday morning is Sunday's */
  { "Sat,Sun 02:00-05:00", "2027-06-09T12:00:00", "2027-06-12T02:00:00" },
  { "Sat,Sun 02:00-05:00", "2027-06-13T05:00:00", "2027-06-19T02:00:00" },
  { "sat,SUN 02:00-05:00", "2027-06-13T04:00:00", NULL },
  { "Fri-Mon 10:00-11:00", "2027-06-14T12:00:00", "2027-06-18T10:00:00" },
  { "Wed 10:00-11:00", "2027-06-09T11:00:00", "2027-06-16T10:00:00" },
  { "Wed 10:00-11:00;Thu 01:00-02:00", "2027-06-09T11:00:00", "2027-06-10T01:00:00" },
  { "Mon,Wed-Thu 10:00-11:00", "2027-06-10T12:00:00", "2027-06-14T10:00:00" },
  /* the year's end */
  { "Fri 23:00-01:00", "2027-12-31T12:00:00", "2027-12-31T23:00:00" },
  { "Fri 23:00-01:00", "2028-01-01T00:30:00", NULL },
  /* the hour that is skipped */
  { "Sun 02:15-02:45", "2027-03-27T12:00:00", "2027-04-04T02:15:00" },
  { "Sun 02:30-05:00", "2027-03-27T12:00:00", "2027-03-28T03:00:00" },
  { "Sun 04:00-05:00", "2027-03-27T12:00:00", "2027-03-28T04:00:00" },
  { "Sat 22:00-06:00", "2027-03-28T05:30:00", NULL },
  { "Sun 04:00-05:00", "2027-10-30T12:00:00", "2027-10-31T04:00:00" },
  { "Sat 22:00-04:00", "2027-10-31T03:30:00", NULL },
  { "", "2027-06-09T12:00:00", NULL },
};

static void
test_next (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  if (zone == NULL)
    {
      g_test_skip ("the time zones (tzdata) are not installed");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) windows = g_strsplit (cases[i].windows, ";", -1);
      gint64 now = read_time (cases[i].now, zone);
      gint64 next = cases[i].next != NULL ? read_time (cases[i].next, zone) : now;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s at %s", cases[i].windows, cases[i].now);
      g_assert_true (ch_windows_check ((const char *const *) windows, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ch_windows_next ((const char *const *) windows, zone, now), ==, next);
    }
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "", " ", "03:00", "3:00-4:00", "03:00-03:00", "24:00-03:00", "03:60-04:00", "03:00-24:01", "03:00-25:00",
    "03:00 - 04:00", "Mon", "Mon 03:00", "Mon- 03:00-04:00", "Mon,, 03:00-04:00", "Mon-Tue-Wed 03:00-04:00",
    "Monday 03:00-04:00", "Mon  03:00-04:00", "Mon 03:00-04:00 ", "Mon 03:00-04:00 x", "-1:00-04:00", "03:00-04:00-05:00",
    "Mo 03:00-04:00", "٠٣:٠٠-٠٤:٠٠",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *windows[] = { "Mon 03:00-04:00", bad[i], NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (ch_windows_check (windows, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_many (void)
{
  g_autoptr(GPtrArray) windows = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 21; i++)
    g_ptr_array_add (windows, (gpointer) "03:00-04:00");
  g_ptr_array_add (windows, NULL);
  g_assert_false (ch_windows_check ((const char *const *) windows->pdata, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/windows/next", test_next);
  g_test_add_func ("/engine/windows/refused", test_refused);
  g_test_add_func ("/engine/windows/many", test_many);
  return g_test_run ();
}
