/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChJobView: one job, live: what it does, how far it is, every line, how it ended, and a button that cancels
 * it.
 */
#define CH_TYPE_JOB_VIEW (ch_job_view_get_type ())
G_DECLARE_FINAL_TYPE (ChJobView, ch_job_view, CH, JOB_VIEW, AdwBin)

/** ch_job_view_new: @path is that of the job, which the models need not have yet. */
ChJobView *ch_job_view_new (ChService  *service,
                            const char *path);

/** ch_job_dialog_show: the same in a window of its own over that of @where. */
void ch_job_dialog_show (GtkWidget  *where,
                         ChService  *service,
                         const char *path);

/** ch_job_state_text: (transfer none): how a job stands, for people. */
const char *ch_job_state_text (const char *state);
/** ch_job_state_icon: (transfer none): the icon that goes with it. */
const char *ch_job_state_icon (const char *state);
