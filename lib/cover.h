/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_names_cover:
 * @have: names of a certificate, as A-labels; may hold wildcards
 * @want: names, as A-labels
 * Returns: whether a certificate for @have is good for all of @want, and there are any
 */
gboolean ch_names_cover (char **have,
                         char **want);
