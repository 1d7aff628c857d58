/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dates.h"

#include <string.h>

gint64
sb_now (void)
{
  return g_get_real_time () / 1000;
}

gboolean
sb_date_parse (const char *text,
               gint64     *time)
{
  /* GDateTime takes dates without a zone as well when it is given one, so it is given none. */
  g_autoptr(GDateTime) date = strlen (text) >= 20 ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (date == NULL || text[4] != '-' || text[10] != 'T')
    return FALSE;

  *time = g_date_time_to_unix (date) * 1000 + g_date_time_get_microsecond (date) / 1000;
  return TRUE;
}

char *
sb_date_format (gint64      time,
                const char *offset)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (offset);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time / 1000);
  g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, zone != NULL ? zone : g_time_zone_new_utc ());
  g_autofree char *head = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *tail = g_date_time_format (local, "%:z");

  return g_strdup_printf ("%s.%03d%s", head, (int) (time % 1000), tail);
}

gint64
sb_add_months (gint64 time,
               gint64 months)
{
  g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc (time / 1000);
  g_autoptr(GDateTime) until = g_date_time_add_months (from, months);

  return g_date_time_to_unix (until) * 1000;
}

gboolean
sb_offset_is_valid (const char *offset)
{
  return g_regex_match_simple ("^[+-](0[0-9]|1[0-4]):[0-5][0-9]$", offset, G_REGEX_DOLLAR_ENDONLY, 0);
}
