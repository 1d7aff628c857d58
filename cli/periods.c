/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "periods.h"

#include "cli.h"
#include "json.h"
#include "lib/calendar.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

#define BAR_MAX 40
#define NARROW_BAR 10
/* What the numbers of the calendar take, and a rounded cell for each part of a bar. */
#define TABLE_WIDTH 62

/* What a bar is made of, in this order; glyphs that differ without colours, too. */
static const struct
{
  const char *key;
  const char *less;         /* (nullable): a part of @key that has a place of its own */
  const char *glyph;
  const char *meaning;
} parts[] = {
  { "Unattended", NULL, "█", N_("certificate ends, nothing replaces it by itself") },
  { "Ends", "Unattended", "▓", N_("certificate ends") },
  { "Reissues", NULL, "▒", N_("reissue, free") },
  { "Renewals", NULL, "░", N_("renewal, paid") },
  { "TermEnds", NULL, "·", N_("term ends") },
};

GVariant *
ch_periods_read (ChClient *client,
                 GError  **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (ch_time_now ());
  g_autoptr(GArray) bounds = ch_calendar_months (now, CH_CALENDAR_MONTHS);
  GVariant *moments = g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, bounds->data, bounds->len, sizeof (gint64));
  g_autoptr(GVariant) reply = ch_client_call_manager (client, "GetCalendar",
                                                      g_variant_new ("(@ax@a{sv})", moments, ch_no_options ()), "(aa{sv})", NULL, error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static char *
name_month (GVariant *period)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_local (ch_row_number (period, "From"));

  return start != NULL ? g_date_time_format (start, "%Y-%m") : g_strdup ("");
}

/* ---- the certificates that end ---- */

/* Eighths of a cell, so that small numbers can be told apart. */
static char *
draw_bar (gint64 count,
          gint64 most,
          guint  width)
{
  static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  gint64 units = most > 0 ? count * width * 8 / most : 0;
  GString *bar = g_string_new (NULL);

  if (count > 0)
    units = MAX (units, 1);
  for (gint64 i = 0; i < units / 8; i++)
    g_string_append (bar, "█");
  g_string_append (bar, eighths[units % 8]);

  return g_string_free (bar, FALSE);
}

static void
print_ends (GVariant *period,
            gint64    most,
            guint     width)
{
  gint64 ends = ch_row_number (period, "Ends");
  g_autofree char *month = name_month (period);
  g_autofree char *bar = ch_print_is_terminal () ? draw_bar (ends, most, width) : g_strdup ("");
  g_autofree char *painted = ch_paint (ch_row_number (period, "Unattended") > 0 ? CH_COLOUR_BUSY : CH_COLOUR_GOOD, bar);

  ch_print ("  %s  %5" G_GINT64_FORMAT "%s%s", month, ends, *bar != '\0' ? "  " : "", painted);
}

void
ch_periods_print_ends (GVariant *periods)
{
  guint room = ch_print_width () > 20 ? ch_print_width () - 20 : NARROW_BAR;
  gsize n_shown = 0;
  gint64 most = 0;

  for (gsize i = 0; i < g_variant_n_children (periods); i++)
    {
      g_autoptr(GVariant) period = g_variant_get_child_value (periods, i);

      most = MAX (most, ch_row_number (period, "Ends"));
      if (ch_row_number (period, "Ends") > 0)
        n_shown = i + 1;
    }
  if (n_shown == 0)
    return;

  /* The empty months at the end tell nothing and take the lines of what does. */
  ch_print ("\n%s", _("Certificates that end in the next 12 months"));
  for (gsize i = 0; i < n_shown; i++)
    {
      g_autoptr(GVariant) period = g_variant_get_child_value (periods, i);

      print_ends (period, most, MIN (room, BAR_MAX));
    }
}

/* ---- the whole calendar ---- */

static gint64
count_part (GVariant *period,
            gsize     part)
{
  gint64 less = parts[part].less != NULL ? ch_row_number (period, parts[part].less) : 0;

  return MAX (ch_row_number (period, parts[part].key) - less, 0);
}

static gint64
count_all (GVariant *period)
{
  gint64 sum = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    sum += count_part (period, i);

  return sum;
}

/* Whole cells, and at least one of what is there at all. */
static char *
draw_stack (GVariant *period,
            gint64    most,
            guint     width)
{
  GString *bar = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      gint64 count = count_part (period, i);
      gint64 cells = count > 0 ? MAX (count * width / MAX (most, 1), 1) : 0;

      for (gint64 j = 0; j < cells; j++)
        g_string_append (bar, parts[i].glyph);
    }

  return g_string_free (bar, FALSE);
}

static void
add_month (ChTable  *table,
           GVariant *period,
           gint64    most)
{
  static const char *const keys[] = { "Ends", "Unattended", "Reissues", "Renewals", "TermEnds" };
  g_autofree char *month = name_month (period);
  guint room = ch_print_width () > TABLE_WIDTH + NARROW_BAR ? ch_print_width () - TABLE_WIDTH : NARROW_BAR;
  g_autofree char *bar = draw_stack (period, most, MIN (room, BAR_MAX));
  g_auto(GStrv) numbers = g_new0 (char *, G_N_ELEMENTS (keys) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    numbers[i] = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (period, keys[i]));

  ch_table_add (table, month, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], ch_print_is_terminal () ? bar : "");
  if (ch_row_number (period, "Unattended") > 0)
    ch_table_colour (table, 2, CH_COLOUR_BAD);
}

void
ch_periods_print (GVariant *periods)
{
  static const ChColumn columns[] = {
    { N_("MONTH") }, { N_("ENDS"), CH_COLUMN_RIGHT }, { N_("UNATTENDED"), CH_COLUMN_RIGHT }, { N_("REISSUES"), CH_COLUMN_RIGHT },
    { N_("RENEWALS"), CH_COLUMN_RIGHT }, { N_("TERM ENDS"), CH_COLUMN_RIGHT }, { "" }, { NULL }
  };
  g_autoptr(ChTable) table = ch_table_new (columns);
  gint64 most = 0;

  for (gsize i = 0; i < g_variant_n_children (periods); i++)
    {
      g_autoptr(GVariant) period = g_variant_get_child_value (periods, i);

      most = MAX (most, count_all (period));
    }

  for (gsize i = 0; i < g_variant_n_children (periods); i++)
    {
      g_autoptr(GVariant) period = g_variant_get_child_value (periods, i);

      add_month (table, period, most);
    }

  ch_table_print (table);
  for (gsize i = 0; i < G_N_ELEMENTS (parts) && ch_print_is_terminal () && most > 0; i++)
    ch_print ("%s  %s %s", i == 0 ? "\n" : "", parts[i].glyph, _(parts[i].meaning));
}

/* ---- JSON ---- */

static GVariant *
document_row (GVariant *period)
{
  static const char *const keys[] = { "Unattended", "Reissues", "Renewals", "TermEnds" };
  g_autofree char *month = name_month (period);
  g_autoptr(GVariant) row = ch_json_extend (NULL, "Month", g_variant_new_string (month));
  g_autoptr(GVariant) counted = ch_json_extend (row, "Count", g_variant_new_uint32 ((guint32) ch_row_number (period, "Ends")));

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GVariant *extended = ch_json_extend (counted, keys[i], g_variant_new_uint32 ((guint32) ch_row_number (period, keys[i])));

      g_variant_unref (counted);
      counted = extended;
    }

  return g_steal_pointer (&counted);
}

GVariant *
ch_periods_document (GVariant *periods)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; i < g_variant_n_children (periods); i++)
    {
      g_autoptr(GVariant) period = g_variant_get_child_value (periods, i);
      g_autoptr(GVariant) row = document_row (period);

      g_variant_builder_add_value (&rows, row);
    }

  return g_variant_ref_sink (g_variant_builder_end (&rows));
}
