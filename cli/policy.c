/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "json.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

/* The rules as a table: a line for what is in force, and on it what comes after. */

static const GOptionEntry options[] = {
  CH_OPTION ("on", N_("What is in force on that day, in UTC; today unless given"), N_("YYYY-MM-DD")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("RULE") }, { N_("FOR"), CH_COLUMN_SHRINKS }, { N_("NOW") }, { N_("LATER"), CH_COLUMN_WRAPS }, { NULL }
};

static GPtrArray *
read_rules (ChCli   *cli,
            gint64   day,
            GError **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GVariant) reply = client != NULL
    ? ch_client_call_manager (client, "GetPolicy", g_variant_new ("(x@a{sv})", day, ch_no_options ()), "(aa{sv})", NULL, error)
    : NULL;
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  if (rows == NULL)
    return NULL;

  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    g_ptr_array_add (rules, g_variant_get_child_value (rows, i));

  return rules;
}

/* Whether @later is about some of what @now is about; no list is all. */
static gboolean
concerns (GVariant *now,
          GVariant *later)
{
  g_auto(GStrv) mine = ch_row_strings (now, "For");
  g_auto(GStrv) its = ch_row_strings (later, "For");

  if (mine[0] == NULL || its[0] == NULL)
    return TRUE;

  for (gsize i = 0; its[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) mine, its[i]))
      return TRUE;

  return FALSE;
}

static char *
describe_later (GPtrArray *rules,
                GVariant  *now)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < rules->len; i++)
    {
      GVariant *later = g_ptr_array_index (rules, i);

      if (ch_row_flag (later, "InForce") || !g_str_equal (ch_row_string (later, "Table"), ch_row_string (now, "Table"))
          || !concerns (now, later))
        continue;

      g_autofree char *day = ch_time_day (ch_row_number (later, "From"));
      g_string_append_printf (text, "%s", text->len > 0 ? "; " : "");
      g_string_append_printf (text, _("%s from %s"), ch_row_string (later, "Text"), day);
    }

  return g_strdup (text->str);
}

static void
print_rules (GPtrArray *rules)
{
  g_autoptr(ChTable) table = ch_table_new (columns);
  const char *before = "";

  for (guint i = 0; i < rules->len; i++)
    {
      GVariant *rule = g_ptr_array_index (rules, i);
      g_auto(GStrv) subjects = ch_row_strings (rule, "For");
      g_autofree char *list = g_strjoinv (", ", subjects);
      g_autofree char *later = describe_later (rules, rule);
      const char *title = ch_row_string (rule, "Title");

      if (!ch_row_flag (rule, "InForce"))
        continue;
      ch_table_add (table, g_str_equal (title, before) ? "" : title, list, ch_row_string (rule, "Text"), later);
      before = title;
    }

  ch_table_print (table);
}

static gboolean
run (ChCli   *cli,
     GError **error)
{
  gint64 day = 0;

  if (ch_args_has (cli->args, "on") && !ch_args_day (cli->args, "on", &day, error))
    return FALSE;

  g_autoptr(GPtrArray) rules = read_rules (cli, day, error);
  if (rules == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print_rows (rules);
  else
    print_rules (rules);
  return TRUE;
}

const ChCommand ch_policy_commands[] = {
  { "", "", 0, 0, N_("Show the rules for certificates, and what changes when"),
    "chancery policy --on 2027-03-15", options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, run },
  { NULL }
};
