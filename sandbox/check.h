/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema.h"
#include "wire.h"

typedef enum
{
  SB_CHECK_STRICT = 0,
  SB_CHECK_ANY_ORDER = 1 << 0, /* as the live service: elements may stand in any order */
} SbCheckFlags;

/**
 * sb_check:
 * @rules: what an operation's `Request` holds
 * @request: the `Request` element
 *
 * Checks a request against its table: -101 for what does not belong there (name, namespace,
 * attribute, place), -102 for what is missing, -103 for wrong lengths and values, -104 for wrong
 * formats. The field is the dotted path below `Request`.
 *
 * Returns: (transfer full) (element-type SbError): everything that is wrong, or an empty array
 */
GPtrArray *sb_check (const SbRule *rules,
                     xmlNode      *request,
                     SbCheckFlags  flags);
