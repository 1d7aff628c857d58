/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "call.h"
#include "products.h"

/**
 * sb_read_sans:
 * @order: with its common name; gets its `sans`
 *
 * Reads the request's SANEntries: -6018 for a name that is none or needs no entry, -9101 for a type
 * that does not fit, -6017 for too many.
 */
gboolean sb_read_sans (SbCall          *call,
                       SbOrder         *order,
                       const SbProduct *product);

/**
 * sb_pick_sans:
 * @names: joined by commas
 *
 * Keeps of the order's `sans` those that @names tells. Other names than the order had are refused with
 * -6018: they are for ChangeSubjectAltName.
 */
gboolean sb_pick_sans (SbCall     *call,
                       SbOrder    *order,
                       const char *names);
