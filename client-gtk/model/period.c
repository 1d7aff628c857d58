/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/period.h"

#include "lib/row.h"

#include <glib/gi18n.h>

ChPeriodRow
ch_period_row_read (GVariant *row)
{
  ChPeriodRow period = { .from = ch_row_number (row, "From"), .until = ch_row_number (row, "Until") };
  gint64 unattended = ch_row_number (row, "Unattended");

  period.counts[CH_PERIOD_UNATTENDED] = unattended;
  period.counts[CH_PERIOD_ENDS] = MAX (ch_row_number (row, "Ends") - unattended, 0);
  period.counts[CH_PERIOD_REISSUES] = ch_row_number (row, "Reissues");
  period.counts[CH_PERIOD_RENEWALS] = ch_row_number (row, "Renewals");
  period.counts[CH_PERIOD_TERM_ENDS] = ch_row_number (row, "TermEnds");
  return period;
}

gint64
ch_period_row_sum (const ChPeriodRow *row)
{
  gint64 sum = 0;

  for (int i = 0; i < CH_PERIOD_N_PARTS; i++)
    sum += row->counts[i];

  return sum;
}

char *
ch_period_row_name (const ChPeriodRow *row)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_local (row->from);

  /* TRANSLATORS: a month and its year, for g_date_time_format(): “March 2027” */
  return start != NULL ? g_date_time_format (start, C_("month and year", "%OB %Y")) : g_strdup ("");
}

static void
add_phrase (GPtrArray  *phrases,
            const char *format,
            gint64      count)
{
  GString *phrase = g_string_new (format);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  if (count == 0)
    {
      g_string_free (phrase, TRUE);
      return;
    }

  g_string_replace (phrase, "{n}", number, 0);
  g_ptr_array_add (phrases, g_string_free (phrase, FALSE));
}

char *
ch_period_row_describe (const ChPeriodRow *row)
{
  g_autoptr(GPtrArray) phrases = g_ptr_array_new_with_free_func (g_free);
  const gint64 *counts = row->counts;
  gint64 ends = counts[CH_PERIOD_UNATTENDED] + counts[CH_PERIOD_ENDS];

  /* TRANSLATORS: {n} stays as it is: the number stands there */
  add_phrase (phrases, ngettext ("{n} certificate ends", "{n} certificates end", (gulong) ends), ends);
  add_phrase (phrases,
              ngettext ("nothing replaces {n} of them", "nothing replaces {n} of them",
                        (gulong) counts[CH_PERIOD_UNATTENDED]),
              counts[CH_PERIOD_UNATTENDED]);
  add_phrase (phrases,
              ngettext ("{n} free reissue is planned", "{n} free reissues are planned",
                        (gulong) counts[CH_PERIOD_REISSUES]),
              counts[CH_PERIOD_REISSUES]);
  add_phrase (phrases,
              ngettext ("{n} paid renewal is planned", "{n} paid renewals are planned",
                        (gulong) counts[CH_PERIOD_RENEWALS]),
              counts[CH_PERIOD_RENEWALS]);
  add_phrase (phrases, ngettext ("{n} term ends", "{n} terms end", (gulong) counts[CH_PERIOD_TERM_ENDS]),
              counts[CH_PERIOD_TERM_ENDS]);
  if (phrases->len == 0)
    return g_strdup (_("nothing comes"));

  g_ptr_array_add (phrases, NULL);
  return g_strjoinv (C_("between the parts of a list", ", "), (char **) phrases->pdata);
}

/* The largest part gives what the small ones were raised by. */
static void
take_from_largest (int heights[CH_PERIOD_N_PARTS],
                   int excess)
{
  int largest = 0;

  for (int i = 1; i < CH_PERIOD_N_PARTS; i++)
    if (heights[i] > heights[largest])
      largest = i;

  heights[largest] -= MIN (excess, heights[largest]);
}

void
ch_period_row_scale (const ChPeriodRow *row,
                     gint64             most,
                     int                room,
                     int                smallest,
                     int                heights[CH_PERIOD_N_PARTS])
{
  int total = 0;

  for (int i = 0; i < CH_PERIOD_N_PARTS; i++)
    {
      double share = most > 0 ? (double) row->counts[i] / (double) most : 0;

      heights[i] = row->counts[i] > 0 ? MAX ((int) (share * room), smallest) : 0;
      total += heights[i];
    }

  if (total > room && room >= smallest * CH_PERIOD_N_PARTS)
    take_from_largest (heights, total - room);
}
