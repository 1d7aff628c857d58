/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/**
 * ChSidebarButton: shows and hides the list of pages; there only while it is folded away. It is found in the
 * page's window. Belongs at the start of the first header bar of a page.
 */
#define CH_TYPE_SIDEBAR_BUTTON (ch_sidebar_button_get_type ())
G_DECLARE_FINAL_TYPE (ChSidebarButton, ch_sidebar_button, CH, SIDEBAR_BUTTON, AdwBin)
