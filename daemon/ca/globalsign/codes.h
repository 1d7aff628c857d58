/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/error.h"

/* Codes that the connector itself looks for; the meaning of each is in codes.c. */
#define CH_GS_CODE_INTERNAL -1
#define CH_GS_CODE_ID_USED -4004
#define CH_GS_CODE_LOGICAL_LIMIT -4005
#define CH_GS_CODE_NOT_PROCESSED -9100
#define CH_GS_CODE_PRODUCT_NOT_ENABLED -9901
#define CH_GS_CODE_CANCELLED_ALREADY -9915
#define CH_GS_CODE_MODIFIED_ALREADY -9938

/** ChGsCode: what an ErrorCode means. */
typedef struct
{
  int code;
  ChError error;
  const char *sentence;       /* marked for translation, with the next step */
} ChGsCode;

/** ch_gs_codes: all that are known, ended by code 0. */
extern const ChGsCode ch_gs_codes[];

/** ch_gs_code_error: what kind of failure @code is; %CH_ERROR_CA_REFUSED for a code that is not known. */
ChError ch_gs_code_error (int code);

/** ch_gs_code_sentence: (transfer none): @code in words, translated, with the next step. */
const char *ch_gs_code_sentence (int code);

/**
 * ch_gs_code_set:
 * @code: an ErrorCode
 * @field: (nullable): its ErrorField
 * @message: (nullable): its ErrorMessage, harmless
 *
 * Returns: always %FALSE, with @error set
 */
gboolean ch_gs_code_set (int          code,
                         const char  *field,
                         const char  *message,
                         GError     **error);
