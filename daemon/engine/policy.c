/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/policy-private.h"

#include "lib/times.h"

#include <glib/gi18n.h>

void
ch_policy_free (ChPolicy *policy)
{
  for (guint i = 0; i < N_TABLES; i++)
    g_clear_pointer (&policy->tables[i], g_array_unref);
  g_free (policy);
}

/* The latest row about @subject that has begun. There is one: check_complete() saw to it. */
static const Row *
find_row (const ChPolicy *policy,
          Table           table,
          guint           subject,
          gint64          date)
{
  GArray *rows = policy->tables[table];
  const Row *found = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      if ((row->subjects & (1u << subject)) != 0
          && row->from <= date
          && (found == NULL || row->from > found->from))
        found = row;
    }

  return found;
}

guint
ch_policy_everything (Table table)
{
  g_autoptr(GEnumClass) class = g_type_class_ref (ch_policy_tables[table].subject ());

  return (1u << class->n_values) - 1;
}

guint
ch_policy_max_days (const ChPolicy *policy,
                    ChProduct       product,
                    gint64          issue_date)
{
  return MIN (find_row (policy, TABLE_INDUSTRY_LIFETIME, product, issue_date)->number,
              find_row (policy, TABLE_CA_LIFETIME, product, issue_date)->number);
}

guint
ch_policy_renewal_window_days (const ChPolicy *policy,
                               ChProduct       product,
                               gint64          date)
{
  return find_row (policy, TABLE_RENEWAL_WINDOW, product, date)->number;
}

guint
ch_policy_reuse_days (const ChPolicy *policy,
                      ChProduct       product,
                      gint64          issue_date)
{
  return find_row (policy, TABLE_VALIDATION_REUSE, product, issue_date)->number;
}

guint
ch_policy_challenge_days (const ChPolicy *policy,
                          ChProduct       product,
                          gint64          date)
{
  return find_row (policy, TABLE_CHALLENGE_LIFETIME, product, date)->number;
}

guint
ch_policy_term_months (const ChPolicy *policy,
                       ChProduct       product,
                       gint64          date)
{
  return find_row (policy, TABLE_TERM, product, date)->number;
}

guint
ch_policy_cancel_days (const ChPolicy *policy,
                       ChProduct       product,
                       gint64          issue_date)
{
  return find_row (policy, TABLE_CANCEL, product, issue_date)->number;
}

guint
ch_policy_organization_reuse_days (const ChPolicy *policy,
                                   ChProduct       product,
                                   gint64          issue_date)
{
  return find_row (policy, TABLE_ORGANIZATION_REUSE, product, issue_date)->number;
}

/* The first row after @date that ends @subject, or %NULL. */
static const Row *
find_end (const ChPolicy *policy,
          Table           table,
          guint           subject,
          gint64          date)
{
  GArray *rows = policy->tables[table];
  const Row *found = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      if ((row->subjects & (1u << subject)) != 0 && row->state == STATE_ENDED && row->from > date
          && (found == NULL || row->from < found->from))
        found = row;
    }

  return found;
}

static char *
explain_end (const char *nick,
             const Row  *row)
{
  if (row->from == CH_POLICY_ALWAYS)
    return g_strdup_printf (_("Validation by “%s” is not accepted. Use “dns”"), nick);

  g_autofree char *day = ch_time_day (row->from);
  return g_strdup_printf (_("Validation by “%s” is not accepted for certificates issued from %s on. Use "
                            "“dns”"),
                          nick, day);
}

static char *
explain_discouraged (const char *nick,
                     const Row  *end)
{
  if (end == NULL)
    return g_strdup_printf (_("Validation by “%s” is discouraged. Move to “dns”"), nick);

  g_autofree char *day = ch_time_day (end->from);
  return g_strdup_printf (_("Validation by “%s” ends on %s. Move to “dns” before"), nick, day);
}

gboolean
ch_policy_method_allowed (const ChPolicy *policy,
                          ChDcvMethod     method,
                          gint64          issue_date,
                          gboolean        wildcard,
                          char          **why)
{
  const Row *row = find_row (policy, TABLE_METHODS, method, issue_date);
  const char *nick = ch_nick (CH_TYPE_DCV_METHOD, method);
  gboolean covered = row->wildcard || !wildcard;
  g_autofree char *reason = NULL;

  if (row->state == STATE_ENDED)
    reason = explain_end (nick, row);
  else if (!covered)
    reason = g_strdup_printf (_("Validation by “%s” cannot prove control of a wildcard name. Use “dns”"),
                              nick);
  else if (row->state == STATE_DISCOURAGED)
    reason = explain_discouraged (nick, find_end (policy, TABLE_METHODS, method, issue_date));

  if (why != NULL)
    *why = g_steal_pointer (&reason);
  return row->state != STATE_ENDED && covered;
}

gboolean
ch_policy_names_allowed (const ChPolicy *policy,
                         ChProduct       product,
                         gint64          issue_date,
                         gboolean        wildcard,
                         gboolean        address,
                         char          **why)
{
  const Row *row = find_row (policy, TABLE_NAMES, product, issue_date);
  const char *nick = ch_nick (CH_TYPE_PRODUCT, product);
  g_autofree char *reason = NULL;

  if (wildcard && !row->wildcard)
    reason = g_strdup_printf (_("“%s” cannot have wildcard names; choose another product"), nick);
  else if (address && !row->addresses)
    reason = g_strdup_printf (_("“%s” cannot have addresses as names; choose another product"), nick);

  gboolean allowed = reason == NULL;
  if (why != NULL)
    *why = g_steal_pointer (&reason);
  return allowed;
}

gboolean
ch_policy_key_allowed (const ChPolicy *policy,
                       ChKeyAlgorithm  algorithm,
                       gint64          issue_date,
                       char          **why)
{
  const Row *row = find_row (policy, TABLE_KEYS, algorithm, issue_date);
  const char *nick = ch_nick (CH_TYPE_KEY_ALGORITHM, algorithm);
  g_autofree char *reason = NULL;

  if (row->state == STATE_ENDED)
    reason = g_strdup_printf (_("A key of the kind “%s” is not accepted (%s); choose another kind"), nick, row->source);
  else if (row->state == STATE_DISCOURAGED)
    reason = g_strdup_printf (_("A key of the kind “%s” is discouraged; choose another kind"), nick);

  if (why != NULL)
    *why = g_steal_pointer (&reason);
  return row->state != STATE_ENDED;
}

char *
ch_policy_client_notice (const ChPolicy *policy,
                         ChProduct       product,
                         gint64          issue_date)
{
  if (find_row (policy, TABLE_CLIENT_AUTHENTICATION, product, issue_date)->state == STATE_ENDED)
    return g_strdup (_("The certificate is for servers only: it cannot show who a client is"));

  const Row *end = find_end (policy, TABLE_CLIENT_AUTHENTICATION, product, issue_date);
  if (end == NULL)
    return NULL;

  g_autofree char *day = ch_time_day (end->from);
  return g_strdup_printf (_("Certificates issued from %s on are for servers only: they cannot show who a client is"), day);
}
