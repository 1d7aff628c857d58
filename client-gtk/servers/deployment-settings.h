/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/form.h"

/* A deployment's settings, as Manager.AddDeployment() wants them, and the lines that people write. */

/** ch_deployment_fill: shows the deployment with that @row. */
void ch_deployment_fill (ChForm   *form,
                         GVariant *row);

/**
 * ch_deployment_collect:
 * @row: (nullable): the deployment as it is; %NULL for a new one
 * @prefilled: what ch_deployment_prefill() put there
 *
 * What was changed. Files and checks that the form cannot show stay as they are in @row.
 *
 * Returns: (transfer full): a{sv}
 */
GVariant *ch_deployment_collect (ChForm     *form,
                                 GVariant   *row,
                                 GHashTable *prefilled);
