/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order-view.h"

#include "lib/row.h"
#include "lib/times.h"

#include <glib/gi18n.h>
#include <string.h>

/* The road of an order as a person sees it; the steps of the service that belong to each part. */
static const struct
{
  const char *title;
  const char *steps;
} road[] = {
  { N_("key"), " make-key " },
  { N_("order"), " submit find withdraw " },
  { N_("publish"), " follow publish " },
  { N_("propagate"), " propagate " },
  { N_("check"), " check track cancel " },
  { N_("fetch"), " fetch " },
  { N_("deploy"), " none " },
};

enum { PART_KEY, PART_ORDER, PART_PUBLISH, PART_PROPAGATE, PART_CHECK, PART_FETCH, PART_DEPLOY };

static gboolean
all_challenges_have (ChOrderView *view,
                     const char  *time)
{
  for (gsize i = 0; i < g_variant_n_children (view->challenges); i++)
    {
      g_autoptr(GVariant) challenge = g_variant_get_child_value (view->challenges, i);

      if (ch_row_number (challenge, time) == 0)
        return FALSE;
    }

  return g_variant_n_children (view->challenges) > 0;
}

/* An order that ended has no step any more; how far it came is seen from what it has. */
static guint
find_end (ChOrderView *view)
{
  if (ch_row_number (view->order, "PlacedAt") == 0)
    return PART_ORDER;
  if (!all_challenges_have (view, "PublishedAt"))
    return PART_PUBLISH;

  return all_challenges_have (view, "SeenAt") ? PART_CHECK : PART_PROPAGATE;
}

/* How far along the road an order is: the parts before are behind it. */
static guint
find_place (ChOrderView *view,
            ChVerdict    verdict)
{
  g_autofree char *step = g_strdup_printf (" %s ", ch_row_string (view->order, "Step"));
  gboolean is_issued = ch_row_number (view->order, "IssuedAt") != 0;

  if (verdict == CH_VERDICT_DONE)
    return G_N_ELEMENTS (road);
  if (verdict == CH_VERDICT_FAILED)
    return is_issued ? PART_DEPLOY : find_end (view);

  for (guint i = 0; i < G_N_ELEMENTS (road); i++)
    if (strstr (road[i].steps, step) != NULL)
      return i;

  return PART_KEY;
}

/* One part of the road, or only its mark where there is no room for the words. */
static char *
draw_part (guint      part,
           guint      place,
           ChVerdict  verdict,
           gboolean   in_words)
{
  gboolean failed = verdict == CH_VERDICT_FAILED;
  const char *mark = part < place ? "✓" : part > place ? "·" : failed ? "✗" : "▶";
  ChColour colour = part < place ? CH_COLOUR_GOOD
                    : part > place ? CH_COLOUR_DIM
                    : failed ? CH_COLOUR_BAD : CH_COLOUR_BUSY;
  g_autofree char *text = in_words || part == place ? g_strdup_printf ("  %s %s", mark, _(road[part].title))
                                                    : g_strdup_printf (" %s", mark);

  return ch_paint (colour, text);
}

static char *
draw_road (ChOrderView *view,
           ChVerdict    verdict)
{
  guint place = find_place (view, verdict);
  guint n_parts = view->deployments->len > 0 ? G_N_ELEMENTS (road) : PART_DEPLOY;
  guint width = 0;
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    width += 4 + ch_text_width (_(road[i].title));

  for (guint i = 0; i < n_parts; i++)
    {
      g_autofree char *part = draw_part (i, place, verdict, width < ch_print_width ());

      g_string_append (line, part);
    }

  return g_string_free (line, FALSE);
}

/* Each line is as long as the terminal at most, so that it is known how many there are. */
static void
add_wrapped (GPtrArray  *lines,
             const char *lead,
             const char *text,
             ChColour    colour)
{
  guint width = MAX (ch_print_width (), 20) - 1;
  g_autofree char *clean = ch_clean (text);
  g_autofree char *wrapped = ch_text_wrap (clean, width, ch_text_width (lead));
  g_auto(GStrv) parts = g_strsplit (wrapped, "\n", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *line = g_strconcat (i == 0 ? lead : "", parts[i], NULL);
      g_autofree char *fitting = ch_text_fit (line, width);

      g_ptr_array_add (lines, ch_paint (colour, fitting));
    }
}

static void
add_fact (const char *key,
          ChColour    colour,
          const char *line,
          gpointer    data)
{
  const char *mark = colour == CH_COLOUR_GOOD ? "  ✓ " : colour == CH_COLOUR_BAD ? "  ✗ " : "  · ";

  if (!g_str_equal (key, "order"))
    add_wrapped (data, mark, line, colour == CH_COLOUR_GOOD ? CH_COLOUR_NONE : colour);
}

static char *
draw_heading (GVariant *order)
{
  const char *name = ch_row_string (order, "Name");
  const char *state = ch_row_string (order, "State");
  g_autofree char *since = ch_time_second (ch_row_number (order, "StateSince"));
  g_autofree char *ago = ch_time_relative (ch_row_number (order, "StateSince"));

  return *since == '\0' ? g_strdup_printf ("%s: %s", name, state)
                        : g_strdup_printf (_("%s: %s since %s, %s"), name, state, since, ago);
}

char *
ch_order_next (GVariant *order)
{
  const char *step = ch_row_string (order, "Step");
  gint64 due = ch_row_number (order, "Due");
  guint failures = (guint) ch_row_number (order, "Failures");
  g_autofree char *when = due > ch_time_now () ? ch_time_relative (due) : g_strdup (_("now"));
  g_autofree char *tried = failures == 0 ? g_strdup ("")
      : g_strdup_printf (ngettext (", tried %u time so far", ", tried %u times so far", failures), failures);

  if (*step == '\0' || g_str_equal (step, "none"))
    return g_strdup ("");

  return g_strdup_printf ("%s %s%s", step, when, tried);
}

GPtrArray *
ch_order_view_lines (ChOrderView *view)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *reason = NULL;
  ChVerdict verdict = ch_order_view_judge (view, &reason);
  g_autofree char *heading = draw_heading (view->order);
  g_autofree char *next = ch_order_next (view->order);

  add_wrapped (lines, "", heading, CH_COLOUR_BOLD);
  g_ptr_array_add (lines, draw_road (view, verdict));
  if (*ch_row_string (view->order, "Reason") != '\0')
    add_wrapped (lines, "  ", ch_row_string (view->order, "Reason"), CH_COLOUR_NONE);
  ch_order_view_facts (view, add_fact, lines);
  if (verdict == CH_VERDICT_WAIT && *next != '\0')
    {
      g_autofree char *text = g_strdup_printf (_("Next: %s"), next);

      add_wrapped (lines, "  ", text, CH_COLOUR_DIM);
    }

  return lines;
}
