/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/* Product codes (docs/globalsign.md, Products and names). */

/** ch_gs_product_code: (transfer none): what is ordered, such as "DV_LOW_DNS_SHA2". */
const char *ch_gs_product_code (ChProduct   product,
                                ChDcvMethod method);

/** ch_gs_product_family: (transfer none): "DV_LOW", "DV", "OV" or "EV", as DecodeCSR takes it. */
const char *ch_gs_product_family (ChProduct product);

/** ch_gs_product_is_dv: whether control of the names is proven by the order's method. */
gboolean ch_gs_product_is_dv (ChProduct product);

/** ch_gs_product_takes_names: whether there may be others than the common name. */
gboolean ch_gs_product_takes_names (ChProduct product);

/** ch_gs_product_read: whether @code, in any spelling that answers have, is one of ours, and which. */
gboolean ch_gs_product_read (const char *code,
                             ChProduct  *product);

/** ch_gs_product_read_method: whether @code tells how control is proven, and how. */
gboolean ch_gs_product_read_method (const char  *code,
                                    ChDcvMethod *method);
