/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "shell/page.h"

/** ChJobsPage: long pieces of work, those that run and those that ended a while ago. */
#define CH_TYPE_JOBS_PAGE (ch_jobs_page_get_type ())
G_DECLARE_FINAL_TYPE (ChJobsPage, ch_jobs_page, CH, JOBS_PAGE, ChPage)
