/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/** ch_runs_dialog_show: what the runs of the deployment @item did, step by step, the newest first. */
void ch_runs_dialog_show (GtkWidget *where,
                          ChService *service,
                          ChItem    *item);
