/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

/**
 * ChNotifier:
 *
 * Tells on the desktop what happens while nobody looks at the app: what needs a person from now on, with the
 * button that does it; certificates that were issued, and those that end. What was there when the app began
 * is shown by its overview. What needs nobody any more is taken back.
 */
#define CH_TYPE_NOTIFIER (ch_notifier_get_type ())
G_DECLARE_FINAL_TYPE (ChNotifier, ch_notifier, CH, NOTIFIER, GObject)

/** ch_notifier_new: (transfer full): @application outlives it; @settings is (nullable). */
ChNotifier *ch_notifier_new (GApplication *application,
                             ChService    *service,
                             GSettings    *settings);
