/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"
#include "model/order-row.h"

/**
 * ChOrderModelState:
 * @CH_ORDER_MODEL_LOADING: nothing was answered yet
 * @CH_ORDER_MODEL_READY: the list is that of the service
 * @CH_ORDER_MODEL_FAILED: the list, if there is one, is old; see ch_order_model_get_error()
 */
typedef enum
{
  CH_ORDER_MODEL_LOADING,
  CH_ORDER_MODEL_READY,
  CH_ORDER_MODEL_FAILED,
} ChOrderModelState;

/**
 * ChOrderModel:
 *
 * A #GListModel of #ChOrderRow over the service's orders. It holds the ids of all that match, and rows
 * only of those that somebody else holds: for the same id always the same object. The service sorts
 * and filters. Nothing here blocks.
 *
 * It follows the service: changes, and its coming and going. What was searched for and how it was
 * sorted stays over that.
 *
 * Signals:
 * - updated: the state or the list may have changed; comes after items-changed
 */
#define CH_TYPE_ORDER_MODEL (ch_order_model_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderModel, ch_order_model, CH, ORDER_MODEL, GObject)

/** ch_order_model_new: (transfer full): an empty one without a client. */
ChOrderModel *ch_order_model_new (void);

/**
 * ch_order_model_set_client:
 * @client: (nullable): whom to ask from now on; %NULL ends all that is under way
 *
 * Subscribes @client to its signals and loads the list.
 */
void ch_order_model_set_client (ChOrderModel *model,
                                ChClient     *client);

/** ch_order_model_set_search: only orders with @search in a name, the CA's number or the id; "": all. */
void ch_order_model_set_search (ChOrderModel *model,
                                const char   *search);

/** ch_order_model_set_filter: only orders that pass @filter, an a{sv} of Manager.ListOrderIds, besides the search; a
 * floating one is taken. */
void ch_order_model_set_filter (ChOrderModel *model,
                                GVariant     *filter);

/** ch_order_model_set_sort: @sort as Manager.ListOrderIds wants it. */
void ch_order_model_set_sort (ChOrderModel *model,
                              const char   *sort);

/** ch_order_model_reload: asks for the list again, and for all rows that are held. */
void ch_order_model_reload (ChOrderModel *model);

ChOrderModelState ch_order_model_get_state (ChOrderModel *model);

/** ch_order_model_get_error: (transfer none) (nullable): why it failed; a #ChError or #ChClientError. */
const GError *ch_order_model_get_error (ChOrderModel *model);

/** ch_order_model_is_filtered: whether the list is that of a search or a filter. */
gboolean ch_order_model_is_filtered (ChOrderModel *model);

/** ch_order_model_get_id: of the order at @position, which is in the list; the order itself is not asked for. */
guint64 ch_order_model_get_id (ChOrderModel *model,
                               guint         position);

/** ch_order_model_find: whether the order with that id is in the list, and where. */
gboolean ch_order_model_find (ChOrderModel *model,
                              guint64       id,
                              guint        *position);
