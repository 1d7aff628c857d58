/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "exchange.h"
#include "world.h"

/**
 * sb_page_prove:
 * @exchange: (transfer full): the press of a button on the order's page
 * @domain: where the value is said to stand: one of the order's `approvers`
 * @by_file: looks for the file in place of the TXT record
 *
 * Looks, notes what was shown, issues what is ready, and answers with a line for people.
 */
void sb_page_prove (SbWorld       *world,
                    SbExchange    *exchange,
                    const SbOrder *order,
                    const char    *domain,
                    gboolean       by_file);
