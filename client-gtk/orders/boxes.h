/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/order.h"

#include <gtk/gtk.h>

/* The subjects of the detail, each (transfer floating): it follows @order, and hides where there is
 * nothing to tell. Each is in a file of its own, called like it. */

/** ch_order_steps_new: what was done, is waited for and comes next, and what was seen last. */
GtkWidget *ch_order_steps_new (ChOrder *order);

/** ch_order_challenges_new: what proves control of the names, to be copied for work by hand. */
GtkWidget *ch_order_challenges_new (ChOrder *order);

/** ch_order_facts_new: what was ordered, where and when. */
GtkWidget *ch_order_facts_new (ChOrder *order);

/** ch_order_certificates_new: what was issued. */
GtkWidget *ch_order_certificates_new (ChOrder *order);

/** ch_order_deployments_new: where its certificate is put. */
GtkWidget *ch_order_deployments_new (ChOrder *order);

/** ch_order_plan_new: what comes until the end of the term, and which orders come before and after it. */
GtkWidget *ch_order_plan_new (ChOrder *order);

/** ch_order_notes_new: what people write on it, and what it does by itself. */
GtkWidget *ch_order_notes_new (ChOrder *order);

/** ch_order_events_new: who did what with it. */
GtkWidget *ch_order_events_new (ChOrder *order);
