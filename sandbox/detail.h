/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"

/**
 * SbDetail:
 *
 * What a client asked to see of an order; the flags follow OrderQueryOption.
 */
typedef enum
{
  SB_DETAIL_NONE = 0,
  SB_DETAIL_OPTION = 1 << 0,
  SB_DETAIL_CERTIFICATE_INFO = 1 << 1,
  SB_DETAIL_FULFILLMENT = 1 << 2,
  SB_DETAIL_CA_CERTS = 1 << 3,
  SB_DETAIL_CSR = 1 << 4,
  SB_DETAIL_SANS = 1 << 5,
} SbDetail;

/* @query_option: (nullable): the OrderQueryOption element */
SbDetail sb_detail_read (xmlNode *query_option);

/* The blocks that were not asked for stand there as nil. */
void sb_add_order_detail (SbCall        *call,
                          xmlNode       *parent,
                          const SbOrder *order,
                          SbDetail       wanted);

/* detail-option.c: people, organisations and the approval by mail. */
void sb_add_order_option (SbCall        *call,
                          xmlNode       *parent,
                          const SbOrder *order);

/* Before the issue it holds the status and the name only. */
void sb_add_certificate_info (SbCall        *call,
                              xmlNode       *parent,
                              const SbOrder *order);

void sb_add_fulfillment (SbCall        *call,
                         xmlNode       *parent,
                         const SbOrder *order,
                         SbDetail       wanted);

/* “New” for “new”: the live service answers so. */
char *sb_kind_of_answer (SbCall        *call,
                         const SbOrder *order);

/* The live service answered another code for a one-month order. */
const char *sb_product_of_answer (SbCall        *call,
                                  const SbOrder *order);
