/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/** ChPauseDialog: lets a deployment rest: until when, and why. */
#define CH_TYPE_PAUSE_DIALOG (ch_pause_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChPauseDialog, ch_pause_dialog, CH, PAUSE_DIALOG, ChFormDialog)

/** ch_pause_dialog_show: opens it over the window of @where. */
void ch_pause_dialog_show (GtkWidget *where,
                           ChService *service,
                           ChItem    *deployment);
