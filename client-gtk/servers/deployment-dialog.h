/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/**
 * ChDeploymentDialog: adds or changes a deployment.
 */
#define CH_TYPE_DEPLOYMENT_DIALOG (ch_deployment_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChDeploymentDialog, ch_deployment_dialog, CH, DEPLOYMENT_DIALOG, ChFormDialog)

/** ch_deployment_dialog_show: over the window of @where; @item is (nullable): a new one is added. */
void ch_deployment_dialog_show (GtkWidget *where,
                                ChService *service,
                                ChItem    *item);
