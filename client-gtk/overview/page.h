/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "shell/page.h"

/**
 * ChOverviewPage: how everything stands, and what needs a person.
 */
#define CH_TYPE_OVERVIEW_PAGE (ch_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (ChOverviewPage, ch_overview_page, CH, OVERVIEW_PAGE, ChPage)
