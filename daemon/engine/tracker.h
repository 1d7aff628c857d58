/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/**
 * ch_tracker_ask:
 * @account_id: an account that has orders in the step "track" which are due
 *
 * One bulk question for all orders of the account that wait for the CA. A second call while one
 * is under way does nothing.
 */
void ch_tracker_ask (ChWorld *world, gint64 account_id);
