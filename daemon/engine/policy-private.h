/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What policy.c and policy-file.c share. */

#include "engine/policy.h"

#define CH_POLICY_ALWAYS G_MININT64

typedef enum
{
  STATE_ALLOWED,
  STATE_DISCOURAGED,
  STATE_ENDED,
} State;

/* One row of any table. A row is about some subjects: the products, or the one method, as bits. */
typedef struct
{
  gint64 from;    /* Unix seconds, or CH_POLICY_ALWAYS */
  guint subjects;
  guint days;     /* tables of days */
  State state;    /* the table of methods */
  gboolean wildcard;
} Row;

typedef enum
{
  TABLE_INDUSTRY_LIFETIME,
  TABLE_CA_LIFETIME,
  TABLE_RENEWAL_WINDOW,
  TABLE_VALIDATION_REUSE,
  TABLE_CHALLENGE_LIFETIME,
  TABLE_METHODS,
} Table;

#define N_TABLES (TABLE_METHODS + 1)

struct ChPolicy
{
  GArray *tables[N_TABLES]; /* of Row; loaded ones have a row for every subject and date */
};
