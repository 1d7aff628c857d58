/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/** ch_settings_new: (transfer full) (nullable): what the app remembers; %NULL without its schema. */
GSettings *ch_settings_new (void);
