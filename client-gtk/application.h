/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#define CH_APPLICATION_ID "org.chancery.Chancery"

/**
 * ChApplication: the program: its options, and the actions that need no window.
 */
#define CH_TYPE_APPLICATION (ch_application_get_type ())
G_DECLARE_FINAL_TYPE (ChApplication, ch_application, CH, APPLICATION, AdwApplication)

/** ch_application_new: (transfer full): the one that is run. */
ChApplication *ch_application_new (void);
