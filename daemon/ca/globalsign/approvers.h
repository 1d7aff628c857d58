/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/globalsign/globalsign.h"

/**
 * ch_gs_ask_approvers:
 * @name: a common name
 * @number: (out) (optional) (nullable) (transfer full): the number that was reserved for an order
 * @high_risk: (out) (optional): whether GlobalSign's staff will look at the name first
 *
 * Returns: (transfer full): who may be mailed about @name, never empty. Whatever error comes, nothing was placed.
 */
char **ch_gs_ask_approvers (const ChCaAccess  *access,
                            const char        *name,
                            char             **number,
                            gboolean          *high_risk,
                            GCancellable      *cancellable,
                            GError           **error);
