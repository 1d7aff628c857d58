/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "order-proof.h"
#include "order-view.h"
#include "table.h"

#include <glib/gi18n.h>

static const struct
{
  const char *kind;
  const char *mark;
} marks[] = {
  { "done", "✓" }, { "now", "▶" }, { "next", "·" }, { "seen", " " }, { "problem", "✗" },
};

static const char *
find_mark (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i].kind, kind))
      return marks[i].mark;

  return " ";
}

/* What one wants to know before the story: since when, whether there is a certificate, and when it goes on. */
static void
print_facts (GVariant *order)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *since = ch_time_full (ch_row_number (order, "StateSince"));
  g_autofree char *expires = ch_time_full (ch_row_number (order, "NotAfter"));
  g_autofree char *next = ch_order_next (order);

  ch_facts_add (facts, _("Since"), since);
  if (*expires != '\0')
    {
      ch_facts_add (facts, _("Certificate until"), expires);
      ch_table_colour (facts, 1, ch_order_expiry_colour (ch_row_number (order, "NotAfter")));
    }
  ch_facts_add (facts, _("Next"), next);
  ch_facts_add (facts, _("Account"), ch_row_string (order, "AccountName"));
  ch_facts_add (facts, _("DNS account"), ch_row_string (order, "DnsAccountName"));
  ch_facts_add (facts, _("CA's number"), ch_row_string (order, "CaOrder"));
  ch_table_print (facts);
}

static guint
measure_times (GVariant *lines)
{
  guint width = 0;

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr(GVariant) line = g_variant_get_child_value (lines, i);
      g_autofree char *at = ch_time_second (ch_row_number (line, "At"));

      width = MAX (width, ch_text_width (at));
    }

  return width;
}

static void
print_line (GVariant *line,
            guint     width)
{
  const char *kind = ch_row_string (line, "Kind");
  g_autofree char *at = ch_time_second (ch_row_number (line, "At"));
  g_autofree char *mark = ch_paint (ch_state_colour (kind), find_mark (kind));
  g_autofree char *lead = g_strdup_printf ("  %s %*s  ", mark, (int) width, at);

  ch_print_text (lead, g_str_equal (kind, "done") ? CH_COLOUR_NONE : ch_state_colour (kind),
                 ch_row_string (line, "Text"));
}

static void
print_lines (GVariant *lines)
{
  guint width = measure_times (lines);

  if (g_variant_n_children (lines) > 0)
    ch_print ("\n%s", _("What happened"));
  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr(GVariant) line = g_variant_get_child_value (lines, i);

      print_line (line, width);
    }
}

static void
print_story (GVariant *order,
             GVariant *story)
{
  g_autoptr(GVariant) lines = ch_row_list (story, "Lines", "aa{sv}");
  const char *advice = ch_row_string (story, "Advice");

  ch_print_text ("", CH_COLOUR_BOLD, ch_row_string (story, "Headline"));
  print_facts (order);
  print_lines (lines);

  if (*advice != '\0')
    {
      ch_print ("\n%s", _("What you can do"));
      ch_print_text ("  ", CH_COLOUR_BOLD, advice);
    }
}

gboolean
ch_order_explain (ChCli   *cli,
                  GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) story = NULL;

  if (order == NULL)
    return FALSE;

  reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Explain",
                          g_variant_new ("(@a{sv})", ch_no_options ()), "(a{sv})", NULL, error);
  if (reply == NULL)
    return FALSE;

  story = g_variant_get_child_value (reply, 0);
  if (cli->json)
    ch_json_print (story);
  else
    {
      print_story (order->row, story);
      return ch_order_proof_tell (cli, order->path, order->row, error);
    }
  return TRUE;
}
