/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/**
 * ch_job_start:
 * @where: in whose window
 * @path: an object
 * @interface: one of CH_IFACE_*
 * @method: a method that answers with the path of a job, "(o)"
 * @parameters: its arguments; a floating one is taken
 *
 * Starts a job because a person wants it, and shows it live in a dialog; tells why it could not be started.
 */
void ch_job_start (GtkWidget  *where,
                   ChService  *service,
                   const char *path,
                   const char *interface,
                   const char *method,
                   GVariant   *parameters);
