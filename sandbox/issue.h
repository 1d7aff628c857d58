/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

/**
 * sb_issue:
 * @order: a copy, not committed yet
 *
 * Signs the certificate: the CN, its free twin where the proof covers it, and the ordered names; for
 * as long as GlobalSign's limit of that day, the paid months and a custom validity allow. The order
 * then has status 4.
 */
gboolean sb_issue (SbWorld  *world,
                   SbOrder  *order,
                   gint64    now,
                   GError  **error);

/**
 * sb_issue_when_ready:
 * @order: a copy, not committed yet
 *
 * Issues an order of which all is proven and vetted, at once or after the vetting delay. Otherwise does
 * nothing.
 */
gboolean sb_issue_when_ready (SbWorld  *world,
                              SbOrder  *order,
                              gint64    now,
                              GError  **error);

/**
 * sb_issue_vetted:
 * @order: an OV or EV order: a copy, not committed yet
 * @domains: whether the staff takes its domains for proven, too
 *
 * What GlobalSign's staff does at the end of its vetting.
 */
gboolean sb_issue_vetted (SbWorld   *world,
                          SbOrder   *order,
                          gboolean   domains,
                          gint64     now,
                          GError   **error);
