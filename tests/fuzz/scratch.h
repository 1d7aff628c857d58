/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fuzz.h"

/** scratch_file: (transfer none): the path of a file in memory that holds just @data. */
const char *scratch_file (const guint8 *data, gsize size);
