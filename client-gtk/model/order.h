/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

/**
 * ChOrderPart: what the service tells of one order.
 * @CH_ORDER_FACTS: a{sv}: the properties of interface Order
 * @CH_ORDER_STORY: a{sv}: Order.Explain()
 * @CH_ORDER_CHALLENGES: aa{sv}: Order.GetChallenges()
 * @CH_ORDER_CERTIFICATES: aa{sv}: Order.GetCertificates()
 * @CH_ORDER_PLAN: aa{sv}: Order.GetPlan()
 * @CH_ORDER_EVENTS: aa{sv}: Manager.ListEvents() of the order, the newest
 */
typedef enum
{
  CH_ORDER_FACTS,
  CH_ORDER_STORY,
  CH_ORDER_CHALLENGES,
  CH_ORDER_CERTIFICATES,
  CH_ORDER_PLAN,
  CH_ORDER_EVENTS,
  CH_ORDER_N_PARTS,
} ChOrderPart;

/**
 * ChOrder:
 *
 * All that is known of one order; it follows the service. Nothing here blocks. What was read stays while
 * the service is away.
 *
 * Signals:
 * - changed (int): that #ChOrderPart is another one now; comes for each when the order is chosen
 */
#define CH_TYPE_ORDER (ch_order_get_type ())
G_DECLARE_FINAL_TYPE (ChOrder, ch_order, CH, ORDER, GObject)

/** ch_order_new: (transfer full): of no order yet. */
ChOrder *ch_order_new (ChService *service);

/** ch_order_set_path: @path is (nullable): which order from now on. */
void ch_order_set_path (ChOrder    *order,
                        const char *path);
/** ch_order_get_path: (transfer none) (nullable) */
const char *ch_order_get_path (ChOrder *order);
/** ch_order_get_service: (transfer none) */
ChService *ch_order_get_service (ChOrder *order);

/** ch_order_get_part: (transfer none): empty as long as nothing was told. */
GVariant *ch_order_get_part (ChOrder    *order,
                             ChOrderPart part);

/** ch_order_get_text: (transfer none): ch_row_string() of its facts. */
const char *ch_order_get_text (ChOrder    *order,
                               const char *key);

/** ch_order_get_problem: (transfer none): why the service did not tell of it; "" if it did. */
const char *ch_order_get_problem (ChOrder *order);
