/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the policy share. */

#include "engine/policy.h"

#define CH_POLICY_ALWAYS G_MININT64

typedef enum
{
  STATE_ALLOWED,
  STATE_DISCOURAGED,
  STATE_ENDED,
} State;

/* One row of any table; what its table does not have is 0. A row is about some subjects, as bits. */
typedef struct
{
  gint64 from;    /* Unix seconds, or CH_POLICY_ALWAYS */
  guint subjects;
  guint number;   /* days, months or how many */
  State state;
  gboolean wildcard;
  gboolean addresses;
  char *source;   /* (owned) */
} Row;

typedef enum
{
  TABLE_INDUSTRY_LIFETIME,
  TABLE_CA_LIFETIME,
  TABLE_TERM,
  TABLE_RENEWAL_WINDOW,
  TABLE_CANCEL,
  TABLE_VALIDATION_REUSE,
  TABLE_ORGANIZATION_REUSE,
  TABLE_CHALLENGE_LIFETIME,
  TABLE_METHODS,
  TABLE_NAMES,
  TABLE_KEYS,
  TABLE_CLIENT_AUTHENTICATION,
  TABLE_VANTAGE_POINTS,
} Table;

#define N_TABLES (TABLE_VANTAGE_POINTS + 1)

/* What a table is about. */
typedef struct
{
  const char *name;           /* in the files */
  const char *title;          /* for people, to be translated */
  GType (*subject) (void);    /* what its rows are about: products, methods or keys */
  const char *number;         /* (nullable): the member that holds its number */
  const char *members[6];     /* what its rows may hold; %NULL ends */
} TableKind;

extern const TableKind ch_policy_tables[N_TABLES];
extern const char *const ch_policy_states[];

struct ChPolicy
{
  GArray *tables[N_TABLES]; /* of Row; loaded ones have a row for every subject and date */
};

/** ch_policy_everything: all subjects of @table, as bits. */
guint ch_policy_everything (Table table);
