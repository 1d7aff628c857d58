/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "new-order/fields.h"
#include "shell/tell.h"

/**
 * ch_order_review_show:
 * @where: over whose window
 * @preview: what Manager.CheckOrder() said: nothing is against it
 * @yes: called if the person wants it so
 * @owner: given to @yes; kept as long as the window is there
 *
 * Shows what would come of an order, and what it costs.
 */
void ch_order_review_show (GtkWidget     *where,
                           ChService     *service,
                           ChOrderPurpose purpose,
                           GVariant      *preview,
                           ChAnsweredFunc yes,
                           gpointer       owner);
