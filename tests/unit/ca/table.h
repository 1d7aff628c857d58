/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** table: (transfer full): of names and values, which it does not own, ended by NULL. */
GHashTable *table (const char *key, ...) G_GNUC_NULL_TERMINATED;
