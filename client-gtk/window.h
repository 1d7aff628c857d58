/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChWindow:
 *
 * The main window: the list of pages and the one that is shown (pages.h), or why nothing can be shown yet and
 * what to do about it. Once something was shown it stays, with a bar below it that tells when the service is
 * away.
 *
 * Actions, all of which D-Bus can activate:
 * - win.page (s; state: the page that is shown): shows the page with that id
 * - win.open (s): shows the object at that path: an order, an account, …
 * - win.act (s): does at once what can be done about the object at that path; see overview/attention.h
 * - win.search, win.add, win.back: what the page that is shown does (ChPageClass)
 * - win.reload: reads all again; connects again, and starts the service, where that is needed
 * - win.unlock: connects again, and polkit may ask for a password
 * - win.sidebar (state: boolean): shows and hides the list of pages in a narrow window
 * - win.details (ss): a heading and a text in a dialog, for notes that are too short
 */
#define CH_TYPE_WINDOW (ch_window_get_type ())
G_DECLARE_FINAL_TYPE (ChWindow, ch_window, CH, WINDOW, AdwApplicationWindow)

/** ch_window_new: shows @service. */
ChWindow *ch_window_new (AdwApplication *application,
                         ChService      *service);
