/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"

#include <adwaita.h>

/**
 * ChWindow:
 *
 * The main window: the orders, or why they cannot be shown and what to do about it.
 *
 * Actions: win.search, win.back, win.reload (connects again after a failure), win.unlock (connects
 * again, and polkit may ask for a password).
 */
#define CH_TYPE_WINDOW (ch_window_get_type ())
G_DECLARE_FINAL_TYPE (ChWindow, ch_window, CH, WINDOW, AdwApplicationWindow)

/**
 * ch_window_new:
 * @bus: where the service is
 * @address: (nullable): for %CH_CLIENT_BUS_ADDRESS
 *
 * Connects by itself.
 */
ChWindow *ch_window_new (AdwApplication *application,
                         ChClientBus     bus,
                         const char     *address);
