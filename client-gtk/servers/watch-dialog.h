/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/** ChWatchDialog: which endpoint is looked at, and how often. */
#define CH_TYPE_WATCH_DIALOG (ch_watch_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChWatchDialog, ch_watch_dialog, CH, WATCH_DIALOG, ChFormDialog)

/** ch_watch_dialog_show: @item is (nullable): the watch that is changed; %NULL: a new one. */
void ch_watch_dialog_show (GtkWidget *where,
                           ChService *service,
                           ChItem    *item);
