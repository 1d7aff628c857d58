/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/** ch_deployment_group_new: (transfer floating): the list of deployments: how they stand; run, switched,
 * changed and removed from there. */
GtkWidget *ch_deployment_group_new (ChService *service);
