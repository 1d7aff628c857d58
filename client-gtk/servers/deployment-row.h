/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChDeploymentRow: one deployment in a list. Activating it shows its runs.
 *
 * Actions: deployment.run, deployment.edit, deployment.remove, deployment.history
 */
#define CH_TYPE_DEPLOYMENT_ROW (ch_deployment_row_get_type ())
G_DECLARE_FINAL_TYPE (ChDeploymentRow, ch_deployment_row, CH, DEPLOYMENT_ROW, AdwActionRow)

ChDeploymentRow *ch_deployment_row_new (ChService *service,
                                        ChItem    *item);
