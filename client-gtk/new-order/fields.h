/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/form.h"
#include "model/service.h"

/**
 * ChOrderPurpose: what a form for an order is about
 * @CH_ORDER_NEW: a new order
 * @CH_ORDER_RENEWAL: the paid successor of one
 * @CH_ORDER_REISSUE: a free new certificate of one
 */
typedef enum
{
  CH_ORDER_NEW,
  CH_ORDER_RENEWAL,
  CH_ORDER_REISSUE,
} ChOrderPurpose;

/**
 * ch_order_fields:
 * @service: whose accounts and profiles there are to choose from; what there is only one of is not asked
 *
 * The names of the fields are those of the settings of Manager.NewOrder(), Order.Renew() and Order.Reissue().
 *
 * Returns: (transfer floating): aa{sv} for ch_form_set_fields()
 */
GVariant *ch_order_fields (ChOrderPurpose purpose,
                           ChService     *service);

/** ch_order_fields_show_needed: hides the questions that do not matter as the form is filled. */
void ch_order_fields_show_needed (ChForm *form);

/** ch_order_fields_set_methods: @rows are those of Manager.ListMethods(): what can be chosen now. */
void ch_order_fields_set_methods (ChForm   *form,
                                  GVariant *rows);

/**
 * ch_order_fields_read:
 * @names: (out) (transfer full): the names that the form holds
 *
 * Shows what cannot be read at its field.
 *
 * Returns: (transfer full) (nullable): a{sv}, the settings for the method of @purpose; the names of a new
 * order are not among them
 */
GVariant *ch_order_fields_read (ChForm        *form,
                                ChOrderPurpose purpose,
                                GStrv         *names);
