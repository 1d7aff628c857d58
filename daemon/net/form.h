/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define CH_FORM_TYPE "application/x-www-form-urlencoded"

/**
 * ch_form_encode:
 * @pairs: (array zero-terminated=1): name, value, name, value, …
 *
 * Returns: (transfer full): the body of a request with %CH_FORM_TYPE. It may hold secrets, so it is wiped with
 *   its last reference, and no copy of them is made on the way
 */
GBytes *ch_form_encode (const char *const *pairs);
