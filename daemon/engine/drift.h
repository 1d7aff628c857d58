/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* What happens to a certificate after it was installed: somebody puts an old one back, a server is restored from a
 * backup, a name leads elsewhere. It is told, and nothing is installed by itself. */

/** ch_drift_next: when the checks of @deployment are to be looked at again, 0: never. */
gint64 ch_drift_next (ChWorld *world, const ChDeployment *deployment, gint64 now);

/** ch_drift_run: looks at the checks of the deployments whose time it is. */
void ch_drift_run (ChWorld *world, gint64 now);

/** ch_drift_resume: at start: those that were installed before there was looking are looked at, too. */
gboolean ch_drift_resume (ChWorld *world, GError **error);
