/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/policy-private.h"

#include <glib/gi18n.h>

/* The policy as people read it. */

void
ch_policy_rule_free (ChPolicyRule *rule)
{
  g_strfreev (rule->subjects);
  g_free (rule->text);
  g_free (rule);
}

static char **
name_subjects (Table table,
               guint subjects)
{
  GType type = ch_policy_tables[table].subject ();
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (int i = 0; subjects != ch_policy_everything (table) && i < 32; i++)
    if ((subjects & (1u << i)) != 0)
      g_strv_builder_add (names, ch_nick (type, i));

  return g_strv_builder_end (names);
}

static char *
describe_names (const Row *row)
{
  return g_strdup (row->wildcard && row->addresses ? _("names, wildcards and public addresses")
                   : row->wildcard ? _("names and wildcards")
                   : row->addresses ? _("names and public addresses") : _("names only"));
}

static char *
describe_state (Table      table,
                const Row *row)
{
  const char *state = row->state == STATE_ALLOWED ? _("allowed")
                      : row->state == STATE_DISCOURAGED ? _("discouraged") : _("ended");

  if (table == TABLE_METHODS && row->state != STATE_ENDED && !row->wildcard)
    return g_strdup_printf (_("%s, but not for wildcards"), state);

  return g_strdup (state);
}

static char *
describe (Table      table,
          const Row *row)
{
  const char *number = ch_policy_tables[table].number;

  if (number == NULL)
    return table == TABLE_NAMES ? describe_names (row) : describe_state (table, row);
  if (g_str_equal (number, "days"))
    return g_strdup_printf (ngettext ("%u day", "%u days", row->number), row->number);
  if (g_str_equal (number, "months"))
    return g_strdup_printf (ngettext ("%u month", "%u months", row->number), row->number);

  return g_strdup_printf ("%u", row->number);
}

/* For which of its subjects @row is what counts on @date. */
static guint
in_force (GArray    *rows,
          const Row *row,
          gint64     date)
{
  guint subjects = row->from <= date ? row->subjects : 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *other = &g_array_index (rows, Row, i);

      if (other->from <= date && other->from > row->from)
        subjects &= ~other->subjects;
    }

  return subjects;
}

static void
add_rule (GPtrArray *rules,
          Table      table,
          const Row *row,
          guint      now)
{
  const TableKind *kind = &ch_policy_tables[table];
  gboolean has_state = g_strv_contains (kind->members, "state");
  ChPolicyRule *rule = g_new0 (ChPolicyRule, 1);

  *rule = (ChPolicyRule) {
    .table = kind->name, .title = _(kind->title), .subjects = name_subjects (table, now != 0 ? now : row->subjects),
    .from = row->from == CH_POLICY_ALWAYS ? 0 : row->from, .in_force = now != 0, .number = row->number,
    .state = has_state ? ch_policy_states[row->state] : "", .text = describe (table, row), .source = row->source,
  };
  g_ptr_array_add (rules, rule);
}

static gint
by_day (gconstpointer a,
        gconstpointer b)
{
  const Row *left = *(const Row *const *) a, *right = *(const Row *const *) b;

  return (left->from > right->from) - (left->from < right->from);
}

GPtrArray *
ch_policy_list (const ChPolicy *policy,
                gint64          date)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_policy_rule_free);

  for (Table table = 0; table < N_TABLES; table++)
    {
      GArray *rows = policy->tables[table];
      g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

      for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add (sorted, &g_array_index (rows, Row, i));
      g_ptr_array_sort (sorted, by_day);

      for (guint i = 0; i < sorted->len; i++)
        {
          const Row *row = g_ptr_array_index (sorted, i);
          guint now = in_force (rows, row, date);

          if (now != 0 || row->from > date)
            add_rule (rules, table, row, now);
        }
    }

  return rules;
}
