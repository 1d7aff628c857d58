/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

/**
 * sb_seed:
 * @body: `orders` (how many), and perhaps `from` and `to` (dates; the year until now), `zone` (names are made
 *   below it) and `user`
 * @why: (out) (transfer full): on failure: what is wrong with it
 *
 * Makes past orders of all products and states, with renewals and reissues among them, evenly over the time.
 * They have real certificates; their keys are a few, which nobody has.
 *
 * Returns: whether they are stored
 */
gboolean sb_seed (SbWorld     *world,
                  JsonObject  *body,
                  char       **why);
