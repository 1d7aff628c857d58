/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * SbOccurs:
 * @SB_MANDATORY: must be there, and not empty
 * @SB_NILLABLE: may carry xsi:nil="true"
 * @SB_REPEATED: any number of times
 * @SB_MAY_BE_EMPTY: with %SB_MANDATORY: the element must be there, its text need not
 */
typedef enum
{
  SB_OPTIONAL = 0,
  SB_MANDATORY = 1 << 0,
  SB_NILLABLE = 1 << 1,
  SB_REPEATED = 1 << 2,
  SB_MAY_BE_EMPTY = 1 << 3,
} SbOccurs;

typedef enum
{
  SB_FORMAT_ANY,
  SB_FORMAT_DATE,   /* ISO 8601 with seconds and zone */
  SB_FORMAT_NUMBER, /* digits */
  SB_FORMAT_EMAIL,
  SB_FORMAT_COUNTRY, /* two capitals */
} SbFormat;

typedef struct _SbRule SbRule;

/**
 * SbRule:
 *
 * One element of a sequence. The position in the table is the position on the wire.
 */
struct _SbRule
{
  const char *name;
  SbOccurs occurs;
  gsize length;           /* most characters; 0 for no limit */
  const char *values;     /* (nullable): what it may be, joined by “|” */
  SbFormat format;
  const SbRule *children; /* (nullable): a block, ended by { NULL } */
};

/**
 * SbOperation:
 * @service: last part of the path, for example `GASService`
 * @rules: what stands below `Request`
 * @header: name of the answer's header, which is not always that of the request's
 * @nils: what a failed answer holds as nil, names joined by blanks; those with “=” are empty
 */
typedef struct
{
  const char *service;
  const char *name;
  const SbRule *rules;
  const char *header;
  const char *nils;
} SbOperation;

/**
 * sb_schema_find:
 *
 * Returns: (transfer none) (nullable): the operation of that name in that service
 */
const SbOperation *sb_schema_find (const char *service,
                                   const char *name);
