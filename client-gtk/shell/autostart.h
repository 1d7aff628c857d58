/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ch_autostart_is_on: whether the app starts, without a window, when the person logs in. */
gboolean ch_autostart_is_on (void);

/** ch_autostart_set: as the desktop wants it, by a file in the person's configuration; which one may edit. */
gboolean ch_autostart_set (gboolean on,
                           GError **error);
