/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "shell/page.h"

/** ChActivityPage: the audit log: who did what; searched, filtered and exported. */
#define CH_TYPE_ACTIVITY_PAGE (ch_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (ChActivityPage, ch_activity_page, CH, ACTIVITY_PAGE, ChPage)
