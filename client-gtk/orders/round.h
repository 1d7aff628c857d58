/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

/**
 * ChRound:
 *
 * The same asked of many orders, one after the other. What is refused for one does not stop the others; it ends early
 * where all others would fare the same: when the person may not do it, or the service has gone. It lives until it has
 * ended.
 *
 * Signals:
 * - progress: one more was asked
 * - ended: the last signal
 */
#define CH_TYPE_ROUND (ch_round_get_type ())
G_DECLARE_FINAL_TYPE (ChRound, ch_round, CH, ROUND, GObject)

/**
 * ChRoundFunc:
 * @facts: a row of Manager.GetOrders
 *
 * Returns: (transfer floating) (nullable): the parameters of the call for this order; %NULL: it needs none
 */
typedef GVariant *(*ChRoundFunc) (GVariant *facts,
                                  gpointer  data);

/**
 * ch_round_new:
 * @ids: (element-type guint64): the orders
 * @method: of org.chancery.Chancery1.Order
 * @reply_type: of its answer, such as "()"
 * @make: the parameters
 * @data: (nullable): for @make
 * @free_data: (nullable): for @data
 *
 * Returns: (transfer full): one that waits for ch_round_start()
 */
ChRound *ch_round_new (ChService     *service,
                       GArray        *ids,
                       const char    *method,
                       const char    *reply_type,
                       ChRoundFunc    make,
                       gpointer       data,
                       GDestroyNotify free_data);

void ch_round_start (ChRound *round);

/** ch_round_stop: after the one that is under way. */
void ch_round_stop (ChRound *round);

/** ch_round_get_asked: how many were asked, and of how many. */
guint ch_round_get_asked (ChRound *round,
                          guint   *all);

/** ch_round_get_well: how many are as they were wanted, also those that needed nothing. */
guint ch_round_get_well (ChRound *round);

/** ch_round_get_done: (transfer none) (element-type GVariant): the facts, from before, of those that were done. */
GPtrArray *ch_round_get_done (ChRound *round);

/** ch_round_get_error: (transfer full) (nullable): what was refused, each with the name of its order. */
GError *ch_round_get_error (ChRound *round);
