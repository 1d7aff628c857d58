/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/**
 * ch_job_run:
 * @path: the object whose method starts the job
 * @interface: its interface
 * @method: such as "Verify"
 * @parameters: (transfer floating)
 *
 * Starts a job and follows it: its lines as they come, its result at the end; with --json the job as one
 * document at the end. Ctrl-C cancels the job and waits for it; a second one leaves it alone.
 *
 * Returns: %TRUE if it is done, else %FALSE with %CH_ERROR_FAILED or %CH_ERROR_CANCELLED, or what
 *   kept it from starting
 */
gboolean ch_job_run (ChCli      *cli,
                     const char *path,
                     const char *interface,
                     const char *method,
                     GVariant   *parameters,
                     GError    **error);
