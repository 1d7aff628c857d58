/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/* What a person may do with a deployment: each asks where it should, shows its job, and tells in the window
 * of @where what could not be done. */

/** ch_deployment_run: installs and checks now; asks first if it is paused or has maintenance windows. */
void ch_deployment_run (GtkWidget *where,
                        ChService *service,
                        ChItem    *deployment);
/** ch_deployment_roll_back: asks, then installs the certificate that was there before. */
void ch_deployment_roll_back (GtkWidget *where,
                              ChService *service,
                              ChItem    *deployment);
/** ch_deployment_resume: ends a pause. */
void ch_deployment_resume (GtkWidget *where,
                           ChService *service,
                           ChItem    *deployment);

/** ch_deployment_is_paused: whether it rests because a person wants it. */
gboolean ch_deployment_is_paused (ChItem *deployment);
/** ch_deployment_describe_pause: (transfer full): until when it rests, and why. */
char *ch_deployment_describe_pause (ChItem *deployment);
