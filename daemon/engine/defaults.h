/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/field.h"

/** ch_order_default_fields: what every kind of CA account may be told for the orders that do not say it themselves. */
extern const ChField ch_order_default_fields[];

/** ch_order_option_fields: the keys of ChOrder.options. */
extern const ChField ch_order_option_fields[];
