/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChSidebar: the list of pages, each with the number of what needs a person there; it activates win.page.
 */
#define CH_TYPE_SIDEBAR (ch_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (ChSidebar, ch_sidebar, CH, SIDEBAR, AdwBin)

/** ch_sidebar_set_service: whose needs are counted; set once. */
void ch_sidebar_set_service (ChSidebar *sidebar,
                             ChService *service);

/** ch_sidebar_show: marks the page with that id. */
void ch_sidebar_show (ChSidebar  *sidebar,
                      const char *id);
