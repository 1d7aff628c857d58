/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/** ch_preferences_show: the window of what a person may set about the app; both arguments are (nullable). */
void ch_preferences_show (GtkWindow *parent,
                          GSettings *settings);
