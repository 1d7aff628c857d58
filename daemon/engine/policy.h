/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/**
 * ChPolicy: what the industry and the CA allow, from which day on.
 *
 * The rules are data: tables of rows with an effective date, in data/policy.json. A row counts from
 * 00:00 UTC of its day until the next row for the same product or method; a row without a date counts from
 * ever. An administrator replaces whole tables, by name, in a second file. Every question takes the day
 * of the expected issue, because that day's rules count, not those of the day of the order.
 *
 * It never changes once loaded, so any thread may ask it.
 */
typedef struct ChPolicy ChPolicy;

/**
 * ch_policy_load:
 * @path: the file that came with the program
 * @override: (nullable): the administrator's file; it need not be there
 *
 * Returns: (transfer full): the policy, or %NULL with %CH_ERROR_FILE, or with %CH_ERROR_INVALID that
 *   names file, table and row of a mistake
 */
ChPolicy *ch_policy_load (const char *path,
                          const char *override,
                          GError    **error);
void ch_policy_free (ChPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPolicy, ch_policy_free)

/**
 * ch_policy_max_days:
 * @issue_date: when it will be issued, in Unix seconds
 *
 * Returns: how many days of 86400 s a certificate may be valid: the least of the industry's limit and
 *   the CA's own
 */
guint ch_policy_max_days (const ChPolicy *policy,
                          ChProduct       product,
                          gint64          issue_date);

/**
 * ch_policy_renewal_window_days:
 * @date: when it would be renewed, in Unix seconds
 *
 * Returns: how many days before the end of the paid term (not of the certificate) the CA takes a renewal
 */
guint ch_policy_renewal_window_days (const ChPolicy *policy,
                                     ChProduct       product,
                                     gint64          date);

/** ch_policy_reuse_days: for how many days a proof of control may be used, for an issue at @issue_date. */
guint ch_policy_reuse_days (const ChPolicy *policy,
                            ChProduct       product,
                            gint64          issue_date);

/** ch_policy_challenge_days: after how many days the CA no longer takes a challenge's value. */
guint ch_policy_challenge_days (const ChPolicy *policy,
                                ChProduct       product,
                                gint64          date);

/** ch_policy_term_months: for how many months at most an order can be paid that is placed on @date. */
guint ch_policy_term_months (const ChPolicy *policy,
                             ChProduct       product,
                             gint64          date);

/** ch_policy_cancel_days: for how many days after its issue an order can be cancelled. */
guint ch_policy_cancel_days (const ChPolicy *policy,
                             ChProduct       product,
                             gint64          issue_date);

/** ch_policy_organization_reuse_days: for how many days what was found out about an organisation may be used. */
guint ch_policy_organization_reuse_days (const ChPolicy *policy,
                                         ChProduct       product,
                                         gint64          issue_date);

/**
 * ch_policy_names_allowed:
 * @wildcard: whether the name is a wildcard
 * @address: whether it is an IP address
 * @why: (out) (optional) (nullable) (transfer full): a sentence for a person: the reason of a refusal
 *
 * Returns: whether a certificate of @product may have such a name
 */
gboolean ch_policy_names_allowed (const ChPolicy *policy,
                                  ChProduct       product,
                                  gint64          issue_date,
                                  gboolean        wildcard,
                                  gboolean        address,
                                  char          **why);

/** ch_policy_key_allowed: whether a key of this kind may be certified; @why as in ch_policy_method_allowed(). */
gboolean ch_policy_key_allowed (const ChPolicy *policy,
                                ChKeyAlgorithm  algorithm,
                                gint64          issue_date,
                                char          **why);

/** ch_policy_client_notice: (transfer full) (nullable): what to tell those who use certificates on clients. */
char *ch_policy_client_notice (const ChPolicy *policy,
                               ChProduct       product,
                               gint64          issue_date);

/** ChPolicyRule: one row of the policy, for people. */
typedef struct
{
  const char *table;      /* (not owned): its name in the files */
  const char *title;      /* (not owned): what it is about, translated */
  char **subjects;        /* the products, methods or keys that it is about; empty: all */
  gint64 from;            /* Unix seconds; 0: ever */
  gboolean in_force;      /* for at least one of its subjects; else it is still to come */
  guint number;           /* days, months or how many; 0 where the table has none */
  const char *state;      /* (not owned): "allowed", "discouraged", "ended"; empty where the table has none */
  char *text;             /* what it says, in words */
  const char *source;     /* (not owned): of @policy */
} ChPolicyRule;

void ch_policy_rule_free (ChPolicyRule *rule);

/** ch_policy_list: (transfer full) (element-type ChPolicyRule): what is in force on @date, and what comes after it. */
GPtrArray *ch_policy_list (const ChPolicy *policy,
                           gint64          date);

/**
 * ch_policy_method_allowed:
 * @issue_date: when the certificate will be issued, in Unix seconds
 * @wildcard: whether the name to be proven is a wildcard
 * @why: (out) (optional) (nullable) (transfer full): a sentence for a person: the reason of a refusal, or
 *   a warning when the method is still allowed but on its way out
 *
 * Returns: whether control of a name may be proven by @method
 */
gboolean ch_policy_method_allowed (const ChPolicy *policy,
                                   ChDcvMethod     method,
                                   gint64          issue_date,
                                   gboolean        wildcard,
                                   char          **why);
